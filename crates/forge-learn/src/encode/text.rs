//! A text column: hashed words and letters in a few dimensions.

use forge_data::{Table, Values};

use crate::sparse_texts::TextColumnRows;
use crate::{Host, LearnError, TextEncoder, TextModel};

/// A fitted text column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TextColumn {
    position: usize,
    name: String,
    model: TextModel,
}

impl TextColumn {
    /// Learns from `rows`; `None` when all of them are missing.
    pub(super) fn fit(
        (position, name): (usize, &str),
        values: &[Option<Box<str>>],
        rows: &[u32],
        host: &dyn Host,
    ) -> Result<Option<Self>, LearnError> {
        let texts = chosen(values, rows);
        if texts.iter().all(Option::is_none) {
            return Ok(None);
        }
        let model = TextEncoder::default().fit(&texts, host)?;
        Ok(Some(Self { position, name: name.to_owned(), model }))
    }

    /// Writes the numbers of each row into `dense`, which has `width` columns, from column `first` on, and gives the
    /// weights of its words and letters.
    pub(super) fn transform(
        &self,
        table: &Table,
        rows: &[u32],
        (first, width): (usize, usize),
        dense: &mut [f64],
    ) -> TextColumnRows {
        let values = match table.columns().get(self.position).map(forge_data::Column::values) {
            Some(Values::Text(values)) => values.as_slice(),
            _ => &[],
        };
        let (rows, numbers) = self.model.transform_both(&chosen(values, rows));
        for (cells, numbers) in dense.chunks_exact_mut(width.max(1)).zip(numbers.outer_iter()) {
            cells.iter_mut().skip(first).zip(numbers).for_each(|(cell, &number)| *cell = number);
        }
        TextColumnRows { n_columns: self.model.n_columns(), rows }
    }

    pub(super) fn n_columns(&self) -> usize {
        self.model.n_components()
    }

    pub(super) fn feature_names(&self) -> impl Iterator<Item = String> + '_ {
        (1..=self.n_columns()).map(|dimension| format!("{}~{dimension}", self.name))
    }
}

fn chosen<'a>(values: &'a [Option<Box<str>>], rows: &[u32]) -> Vec<Option<&'a str>> {
    rows.iter().map(|&row| values.get(row as usize).and_then(Option::as_deref)).collect()
}
