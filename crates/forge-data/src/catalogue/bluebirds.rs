//! The files of the Bluebirds data set as its authors publish them: mappings in YAML, of which only this much is read:
//! `{item: true, …}` for the truth, `worker: {item: true, …}` line after line for the labels.

use std::collections::BTreeMap;

use crate::{Annotations, Column, DataError, MISSING, Table, Values};

/// What such a file holds.
pub(super) enum Yaml {
    /// Columns `item` and `truth`.
    Truth(Table),
    /// Labels 0 and 1 by workers.
    Labels(Annotations),
}

/// The text of a file that looks like one of these.
pub(super) fn text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let start: String = text.trim_start().chars().take(12).collect();
    let after_number = start.trim_start_matches(|c: char| c.is_ascii_digit());
    (start.starts_with('{') || (after_number.len() < start.len() && after_number.starts_with(": {"))).then_some(text)
}

/// The error is what is wrong, and where.
pub(super) fn read(text: &str) -> Result<Yaml, String> {
    let mut rest = text.trim();
    if let Some(inside) = rest.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'))
        && !inside.contains('{')
    {
        let truth = mapping(inside)?;
        let numbers = |values: Vec<f64>| Values::Number(values);
        let items = truth.keys().map(|&item| f64::from(item)).collect();
        let values = truth.values().map(|&value| f64::from(value)).collect();
        let columns = vec![Column::new("item", numbers(items)), Column::new("truth", numbers(values))];
        return Table::new(columns).map(Yaml::Truth).map_err(|error: DataError| error.to_string());
    }
    if let Some(inside) = rest.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        rest = inside.trim();
    }
    let mut workers: BTreeMap<u32, BTreeMap<u32, u32>> = BTreeMap::new();
    while !rest.is_empty() {
        let (worker, after) = rest.split_once(':').ok_or("expected a worker and a colon")?;
        let worker = worker.trim().parse().map_err(|_| format!("\"{}\" is no number of a worker", worker.trim()))?;
        let inside =
            after.trim_start().strip_prefix('{').ok_or_else(|| format!("no mapping follows worker {worker}"))?;
        let (inside, after) =
            inside.split_once('}').ok_or_else(|| format!("the mapping of worker {worker} is not closed"))?;
        workers.insert(worker, mapping(inside)?);
        rest = after.trim_start().trim_start_matches(',').trim_start();
    }
    let mut items: Vec<u32> = workers.values().flat_map(BTreeMap::keys).copied().collect();
    items.sort_unstable();
    items.dedup();
    if items.is_empty() || items.len() * workers.len() > 1 << 24 {
        return Err(format!("{} items by {} workers", items.len(), workers.len()));
    }
    let mut labels = vec![MISSING; items.len() * workers.len()];
    for (column, given) in workers.values().enumerate() {
        for (row, item) in items.iter().enumerate() {
            if let Some(&label) = given.get(item) {
                labels[row * workers.len() + column] = label;
            }
        }
    }
    let used: Vec<u32> = (0..2).filter(|class| labels.contains(class)).collect();
    if used == [1] {
        labels.iter_mut().filter(|label| **label == 1).for_each(|label| *label = 0);
    }
    Ok(Yaml::Labels(Annotations {
        labels,
        examples: items.iter().map(u32::to_string).collect(),
        annotators: workers.keys().map(u32::to_string).collect(),
        classes: used.iter().map(u32::to_string).collect(),
    }))
}

/// Items with their marks.
fn mapping(text: &str) -> Result<BTreeMap<u32, u32>, String> {
    let mut found = BTreeMap::new();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let entry = pair.split_once(':').and_then(|(item, mark)| {
            let mark = match mark.trim() {
                "true" => 1,
                "false" => 0,
                _ => return None,
            };
            Some((item.trim().parse().ok()?, mark))
        });
        let (item, mark) = entry.ok_or_else(|| format!("\"{pair}\" is no item with true or false"))?;
        found.insert(item, mark);
    }
    Ok(found)
}
