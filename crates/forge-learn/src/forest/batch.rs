//! Some rows unfolded for a while, so that a tree finds any feature at one place.

use std::ops::Range;

use super::columns::single;
use crate::Matrix;

/// Numbers a batch may hold: what fits into the cache beside a tree.
const ROOM: usize = 1 << 15;

/// Unfolded rows in single precision.
pub(crate) struct Batch {
    /// Numbers per row.
    pub(crate) width: usize,
    /// Rows × width.
    pub(crate) values: Vec<f32>,
    set: Vec<usize>,
}

impl Batch {
    /// A batch for rows of `n_features` features, as the model knows them.
    pub(crate) fn new(n_features: usize, n_rows: usize) -> Self {
        let width = n_features.max(1);
        let rows = (ROOM / width).clamp(16, 4096).min(n_rows.max(1));
        Self { width, values: vec![0.0; rows * width], set: Vec::new() }
    }

    /// Rows that fit.
    pub(crate) fn capacity(&self) -> usize {
        self.values.len() / self.width
    }

    /// Fills in the given rows, at most [`Self::capacity`] of them; features beyond the model's are left out.
    pub(crate) fn fill(&mut self, features: &Matrix, rows: Range<usize>) {
        for &at in &self.set {
            self.values[at] = 0.0;
        }
        self.set.clear();
        let known = self.width.min(features.n_features());
        for (i, row) in rows.enumerate() {
            let first = i * self.width;
            let Some(values) = self.values.get_mut(first..first + self.width) else { break };
            for (value, &x) in values.iter_mut().zip(features.dense_row(row)) {
                *value = single(x);
            }
            for &slot in features.slot_row(row).iter().filter(|&&slot| (slot as usize) < known) {
                values[slot as usize] = 1.0;
                self.set.push(first + slot as usize);
            }
        }
    }
}
