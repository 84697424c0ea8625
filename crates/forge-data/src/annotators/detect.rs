//! Tells long tables from wide ones, and which column names the examples.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{AnnotatorLayout, AnnotatorOptions};
use crate::{Column, DataError, MISSING, Table, Values};

/// Names that the columns of long tables go by, in lower case.
const EXAMPLES: [&str; 11] =
    ["item", "example", "task", "id", "item_id", "example_id", "task_id", "image", "document", "unit", "question"];
const ANNOTATORS: [&str; 13] = [
    "annotator",
    "worker",
    "rater",
    "user",
    "labeler",
    "labeller",
    "annotator_id",
    "worker_id",
    "rater_id",
    "user_id",
    "workerid",
    "coder",
    "judge",
];
const LABELS: [&str; 9] =
    ["label", "rating", "annotation", "class", "answer", "response", "judgment", "judgement", "vote"];

/// The columns of a table by what they hold.
pub(super) enum Places {
    Wide { example: Option<usize>, annotators: Vec<usize> },
    Long { example: usize, annotator: usize, label: usize },
}

pub(super) fn places(table: &Table, options: &AnnotatorOptions) -> Result<Places, DataError> {
    let find = |name: &Option<String>| name.as_deref().map(|name| position(table, name)).transpose();
    let (example, annotator, label) = (find(&options.example)?, find(&options.annotator)?, find(&options.label)?);
    let chosen = match options.layout {
        Some(layout) => Some(layout),
        None if annotator.is_some() || label.is_some() => Some(AnnotatorLayout::Long),
        None if !options.annotators.is_empty() => Some(AnnotatorLayout::Wide),
        None => None,
    };
    if chosen != Some(AnnotatorLayout::Wide) {
        let named = |names: &[&str]| {
            table.columns().iter().position(|column| names.contains(&&*column.name().trim().to_lowercase()))
        };
        let annotator = annotator.or_else(|| named(&ANNOTATORS));
        let label = label.or_else(|| named(&LABELS));
        let example = example.or_else(|| named(&EXAMPLES));
        if let (Some(example), Some(annotator), Some(label)) = (example, annotator, label) {
            return distinct(table, example, annotator, label);
        }
        let three = table.columns().len() == 3 && example.is_none_or(|n| n == 0) && annotator.is_none_or(|n| n == 1);
        if three && label.is_none_or(|n| n == 2) && (chosen.is_some() || looks_long(table)) {
            return distinct(table, 0, 1, 2);
        }
        if chosen.is_some() {
            let missing = match (example, annotator) {
                (None, _) => "names the examples",
                (_, None) => "names the annotators",
                _ => "holds the labels",
            };
            return Err(DataError::Annotators { reason: format!("no column {missing}; choose it") });
        }
    }
    let annotators = if options.annotators.is_empty() {
        let example = example.or_else(|| looks_like_names(table).then_some(0));
        (0..table.columns().len()).filter(|&column| Some(column) != example).collect()
    } else {
        options.annotators.iter().map(|name| position(table, name)).collect::<Result<Vec<usize>, DataError>>()?
    };
    let example = example.or_else(|| (!annotators.contains(&0) && looks_like_names(table)).then_some(0));
    if let Some(&both) = annotators.iter().find(|&&column| Some(column) == example) {
        let name = table.columns()[both].name();
        return Err(DataError::Annotators {
            reason: format!("column \"{name}\" cannot name the examples and hold labels"),
        });
    }
    if annotators.is_empty() {
        return Err(DataError::Annotators { reason: "there is no column of labels".to_owned() });
    }
    Ok(Places::Wide { example, annotators })
}

fn distinct(table: &Table, example: usize, annotator: usize, label: usize) -> Result<Places, DataError> {
    if example == annotator || example == label || annotator == label {
        let name = table.columns()[if annotator == label { label } else { example }].name();
        let reason = format!("column \"{name}\" is chosen twice; examples, annotators and labels need three columns");
        return Err(DataError::Annotators { reason });
    }
    Ok(Places::Long { example, annotator, label })
}

fn position(table: &Table, name: &str) -> Result<usize, DataError> {
    table.position(name).ok_or_else(|| {
        let known: Vec<&str> = table.columns().iter().map(Column::name).collect();
        DataError::UnknownColumn { column: name.to_owned(), known: known.join(", ") }
    })
}

/// A value that equals another exactly when they are written the same.
pub(super) fn key(column: &Column, row: usize) -> u64 {
    match column.values() {
        Values::Number(values) | Values::Date(values) => (values.get(row).copied().unwrap_or(f64::NAN) + 0.0).to_bits(),
        Values::Category { codes, .. } => codes.get(row).copied().unwrap_or(MISSING).into(),
        Values::Boolean(values) => values.get(row).copied().flatten().map_or(2, u64::from),
        Values::Text(_) => row as u64,
    }
}

/// Whether three columns look like example, annotator and label: both names repeat, their pairs hardly ever do, and there
/// are more examples than labels.
fn looks_long(table: &Table) -> bool {
    let [examples, annotators, labels] = table.columns() else { return false };
    let n = table.n_rows();
    let keys = |column: &Column| -> HashSet<u64> { (0..n).map(|row| key(column, row)).collect() };
    let (n_examples, n_annotators, n_labels) = (keys(examples).len(), keys(annotators).len(), keys(labels).len());
    let pairs: HashSet<(u64, u64)> = (0..n).map(|row| (key(examples, row), key(annotators, row))).collect();
    n_examples < n && n_annotators < n && n_examples > n_labels && pairs.len() * 10 >= n * 9
}

/// Whether the first column names examples: its values are all different and no labels of the other columns.
fn looks_like_names(table: &Table) -> bool {
    let Some((first, others)) = table.columns().split_first().filter(|(_, others)| !others.is_empty()) else {
        return false;
    };
    let n = table.n_rows();
    let names: HashSet<Cow<'_, str>> = (0..n).filter_map(|row| first.text(row)).collect();
    if names.len() < n {
        return false;
    }
    let named = EXAMPLES.contains(&&*first.name().trim().to_lowercase()) || first.name() == "column_1";
    let is_name = |column: &Column| (0..n).filter_map(|row| column.text(row)).any(|text| names.contains(&text));
    named || !others.iter().any(is_name)
}
