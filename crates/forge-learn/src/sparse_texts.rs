//! The words and letters of texts as sparse numbers: what linear models read in place of the few dimensions that
//! distances and trees are made from.

use std::ops::Range;

/// The weighted words and letters of the texts of one column.
pub(crate) struct TextColumnRows {
    /// Number of columns that sequences have.
    pub(crate) n_columns: usize,
    /// Column and value, ascending by column, per row.
    pub(crate) rows: Vec<Vec<(usize, f64)>>,
}

/// Rows of (column, value), beside a [`Matrix`](crate::Matrix) of the same rows.
///
/// *Invariant*: every column is below `n_columns`, ascending within a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SparseTexts {
    /// Row i's entries are those from `starts[i]` to `starts[i + 1]`.
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
    n_columns: usize,
    /// Dense columns of the matrix that hold the same texts in few dimensions.
    reduced: Range<usize>,
}

impl SparseTexts {
    /// Puts the texts of several columns side by side.
    pub(crate) fn new(n_rows: usize, texts: &[TextColumnRows], reduced: Range<usize>) -> Self {
        let mut found = Self { starts: vec![0], reduced, ..Self::default() };
        for row in 0..n_rows {
            let mut first = 0;
            for TextColumnRows { n_columns, rows } in texts {
                for &(column, value) in rows.get(row).into_iter().flatten() {
                    found.columns.push((first + column) as u32);
                    found.values.push(value as f32);
                }
                first += n_columns;
            }
            found.starts.push(found.columns.len());
        }
        found.n_columns = texts.iter().map(|text| text.n_columns).sum();
        found
    }

    /// Number of columns.
    pub(crate) fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// Dense columns of the matrix that hold the same texts in few dimensions.
    pub(crate) fn reduced(&self) -> Range<usize> {
        self.reduced.clone()
    }

    /// Columns and values of a row.
    pub(crate) fn row(&self, row: usize) -> impl Iterator<Item = (u32, f64)> {
        let entries = match (self.starts.get(row), self.starts.get(row + 1)) {
            (Some(&start), Some(&end)) => start..end,
            _ => 0..0,
        };
        self.columns[entries.clone()].iter().copied().zip(self.values[entries].iter().map(|&value| f64::from(value)))
    }

    /// The chosen rows in the given order.
    pub(crate) fn select(&self, rows: &[u32]) -> Self {
        let mut found =
            Self { starts: vec![0], n_columns: self.n_columns, reduced: self.reduced.clone(), ..Self::default() };
        for &row in rows {
            for (column, value) in self.row(row as usize) {
                found.columns.push(column);
                found.values.push(value as f32);
            }
            found.starts.push(found.columns.len());
        }
        found
    }
}
