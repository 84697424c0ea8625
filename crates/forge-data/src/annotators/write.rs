//! Labels by annotators as a table again, wide or long.

use super::Annotations;
use crate::{Column, DataError, MISSING, Table, Values};

/// A category column of codes into names that need not be sorted.
pub(crate) fn category(name: &str, codes: &[u32], names: &[String]) -> Column {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|&a, &b| names[a].cmp(&names[b]));
    let mut new_codes = vec![MISSING; names.len()];
    for (new, &old) in order.iter().enumerate() {
        new_codes[old] = new as u32;
    }
    let codes = codes.iter().map(|&code| new_codes.get(code as usize).copied().unwrap_or(MISSING)).collect();
    Column::new(name, Values::Category { codes, levels: order.into_iter().map(|old| names[old].clone()).collect() })
}

impl Annotations {
    /// A row per example: its name in the column `example`, then a column per annotator.
    ///
    /// # Errors
    /// [`DataError::DuplicateColumn`] where an annotator is called `example`.
    pub fn to_wide(&self) -> Result<Table, DataError> {
        let m = self.annotators.len();
        let names = self.examples.iter().map(|name| Some(name.as_str().into())).collect();
        let mut columns = vec![Column::new("example", Values::Text(names))];
        for (index, annotator) in self.annotators.iter().enumerate() {
            let codes: Vec<u32> = self.labels.iter().skip(index).step_by(m.max(1)).copied().collect();
            columns.push(category(annotator, &codes, &self.classes));
        }
        Table::new(columns)
    }

    /// A row per label that was given, in the columns `example`, `annotator` and `label`, example after example.
    ///
    /// # Errors
    /// None for annotations that [`read_annotators`](crate::read_annotators) has read; otherwise names that are not distinct.
    pub fn to_long(&self) -> Result<Table, DataError> {
        let m = self.annotators.len().max(1);
        let (mut examples, mut annotators, mut labels) = (Vec::new(), Vec::new(), Vec::new());
        for (cell, &label) in self.labels.iter().enumerate().filter(|(_, label)| **label != MISSING) {
            examples.push((cell / m) as u32);
            annotators.push((cell % m) as u32);
            labels.push(label);
        }
        Table::new(vec![
            category("example", &examples, &self.examples),
            category("annotator", &annotators, &self.annotators),
            category("label", &labels, &self.classes),
        ])
    }
}
