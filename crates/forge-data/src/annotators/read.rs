//! Reads labels by annotators from a table.

use std::collections::HashMap;

use super::detect::{Places, places};
use super::{Annotations, AnnotatorLayout, AnnotatorOptions, AnnotatorTable, MAX_CELLS};
use crate::labels::MAX_CLASSES;
use crate::{Column, ColumnType, DataError, MISSING, Table};

/// Reads the labels of several annotators from a wide or long table.
///
/// Examples and annotators of a long table stand in order of appearance. Of two labels that an annotator gave to one
/// example the last counts, with a warning. Rows of a wide table without names are called by their number, from 0.
///
/// # Errors
/// A column that does not exist, an example or annotator without a name, more classes than [`MAX_CLASSES`], no label at
/// all, more than 2²⁸ cells of examples by annotators.
pub fn read_annotators(table: &Table, options: &AnnotatorOptions) -> Result<AnnotatorTable, DataError> {
    let (used, read, layout) = match places(table, options)? {
        Places::Wide { example, annotators } => {
            let mut used = annotators.clone();
            used.extend(example);
            (used, wide(table, example, &annotators)?, AnnotatorLayout::Wide)
        }
        Places::Long { example, annotator, label } => {
            (vec![example, annotator, label], long(table, [example, annotator, label])?, AnnotatorLayout::Long)
        }
    };
    let (annotations, mut warnings) = read;
    let others: Vec<String> = (0..table.columns().len())
        .filter(|column| !used.contains(column))
        .map(|column| table.columns()[column].name().to_owned())
        .collect();
    let m = annotations.annotators.len();
    let silent = annotations.labels.chunks(m.max(1)).filter(|row| row.iter().all(|&label| label == MISSING)).count();
    if silent > 0 {
        let examples = if silent == 1 { "example has" } else { "examples have" };
        warnings.push(format!("{silent} {examples} no label"));
    }
    Ok(AnnotatorTable { annotations, layout, others, warnings })
}

type Read = (Annotations, Vec<String>);

fn wide(table: &Table, example: Option<usize>, annotators: &[usize]) -> Result<Read, DataError> {
    let columns: Vec<&Column> = annotators.iter().map(|&column| &table.columns()[column]).collect();
    let (n, m) = (table.n_rows(), columns.len());
    check_size(n, m)?;
    let mut examples = Names::default();
    for row in 0..n {
        let name = match example {
            Some(column) => present(&table.columns()[column], row, "every example needs a name")?,
            None => row.to_string(),
        };
        if examples.code(name.clone()) as usize != row {
            let (column, rule) = (example.map_or("", |column| table.columns()[column].name()), "it names two rows");
            return Err(DataError::InvalidValue { column: column.to_owned(), row, value: format!("\"{name}\""), rule });
        }
    }
    let mut classes = Names::default();
    let mut labels = Vec::with_capacity(n * m);
    for row in 0..n {
        labels.extend(columns.iter().map(|column| match column.text(row) {
            Some(label) => classes.code(label.into_owned()),
            None => MISSING,
        }));
    }
    let annotators: Vec<String> = columns.iter().map(|column| column.name().to_owned()).collect();
    let all_numbers = columns.iter().all(|column| column.column_type() == ColumnType::Number);
    let classes = sorted(classes, all_numbers, &mut labels, &annotators.join(", "))?;
    Ok((Annotations { labels, examples: examples.names, annotators, classes }, Vec::new()))
}

fn long(table: &Table, [example, annotator, label]: [usize; 3]) -> Result<Read, DataError> {
    let columns = [&table.columns()[example], &table.columns()[annotator], &table.columns()[label]];
    let (mut examples, mut annotators, mut classes) = (Names::default(), Names::default(), Names::default());
    let mut entries = Vec::with_capacity(table.n_rows());
    for row in 0..table.n_rows() {
        let example = examples.code(present(columns[0], row, "every label needs an example")?);
        let annotator = annotators.code(present(columns[1], row, "every label needs an annotator")?);
        if let Some(label) = columns[2].text(row) {
            entries.push((row, example, annotator, classes.code(label.into_owned())));
        }
    }
    let m = annotators.names.len();
    check_size(examples.names.len(), m)?;
    let mut labels = vec![MISSING; examples.names.len() * m];
    let (mut n_repeated, mut first) = (0, None);
    for (row, example, annotator, class) in entries {
        let slot = &mut labels[example as usize * m + annotator as usize];
        if *slot != MISSING {
            n_repeated += 1;
            first.get_or_insert((row, example, annotator));
        }
        *slot = class;
    }
    let mut warnings = Vec::new();
    if let Some((row, example, annotator)) = first {
        let times = if n_repeated == 1 { "once".to_owned() } else { format!("{n_repeated} times") };
        warnings.push(format!(
            "an annotator labelled an example again {times}, the last label counts; the first: row {row}, example \
             \"{}\", annotator \"{}\"",
            examples.names[example as usize], annotators.names[annotator as usize]
        ));
    }
    let numbers = columns[2].column_type() == ColumnType::Number;
    // A label that another replaced may have been the only one of its class.
    let classes = sorted(classes, numbers, &mut labels, columns[2].name())?;
    Ok((Annotations { labels, examples: examples.names, annotators: annotators.names, classes }, warnings))
}

fn check_size(n: usize, m: usize) -> Result<(), DataError> {
    if n.saturating_mul(m) > MAX_CELLS {
        let reason = format!("{n} examples by {m} annotators are more than {MAX_CELLS} cells");
        return Err(DataError::Annotators { reason });
    }
    Ok(())
}

fn present(column: &Column, row: usize, rule: &'static str) -> Result<String, DataError> {
    let missing =
        || DataError::InvalidValue { column: column.name().to_owned(), row, value: "a missing value".to_owned(), rule };
    column.text(row).map(std::borrow::Cow::into_owned).ok_or_else(missing)
}

/// Names with codes in order of appearance.
#[derive(Default)]
pub(crate) struct Names {
    codes: HashMap<String, u32>,
    pub(crate) names: Vec<String>,
}

impl Names {
    pub(crate) fn code(&mut self, name: String) -> u32 {
        if let Some(&code) = self.codes.get(&name) {
            return code;
        }
        let code = self.names.len() as u32;
        self.names.push(name.clone());
        self.codes.insert(name, code);
        code
    }
}

/// The classes in order, without those that no label has; `labels` get their new codes.
fn sorted(classes: Names, numbers: bool, labels: &mut [u32], column: &str) -> Result<Vec<String>, DataError> {
    let mut used = vec![false; classes.names.len()];
    for &label in labels.iter().filter(|&&label| label != MISSING) {
        used[label as usize] = true;
    }
    let mut order: Vec<u32> = (0..classes.names.len() as u32).filter(|&code| used[code as usize]).collect();
    let n_distinct = order.len();
    if n_distinct == 0 || n_distinct > MAX_CLASSES {
        let rule = if n_distinct == 0 { "at least one value that is present" } else { "at most 1,000" };
        return Err(DataError::NotClasses { column: column.to_owned(), n_distinct, rule });
    }
    order.sort_by(|&a, &b| class_order(&classes.names[a as usize], &classes.names[b as usize], numbers));
    let mut new_codes = vec![MISSING; classes.names.len()];
    for (new, &old) in order.iter().enumerate() {
        new_codes[old as usize] = new as u32;
    }
    for label in labels {
        *label = new_codes.get(*label as usize).copied().unwrap_or(MISSING);
    }
    Ok(order.iter().map(|&code| classes.names[code as usize].clone()).collect())
}

/// Numbers by value, other names by bytes.
pub(crate) fn class_order(a: &str, b: &str, numbers: bool) -> std::cmp::Ordering {
    let number = |name: &str| name.parse::<f64>().ok().filter(|_| numbers);
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => a.cmp(b),
    }
}
