//! The k smallest keys seen so far.

use serde::{Deserialize, Serialize};

/// At most `k` rows by (key, row number), smallest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Nearest {
    k: usize,
    found: Vec<(f64, u32)>,
}

impl Nearest {
    pub(super) fn new(k: usize) -> Self {
        Self { k, found: Vec::with_capacity(k + 1) }
    }

    /// The `k` smallest of `all`.
    pub(super) fn select(mut all: Vec<(f64, u32)>, k: usize) -> Self {
        let order = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if k > 0 && k < all.len() {
            all.select_nth_unstable_by(k - 1, order);
        }
        all.truncate(k);
        all.sort_unstable_by(order);
        Self { k, found: all }
    }

    /// The key that a row must not exceed to be among the k; infinite while there are fewer.
    pub(super) fn limit(&self) -> f64 {
        if self.found.len() < self.k { f64::INFINITY } else { self.found.last().map_or(f64::INFINITY, |last| last.0) }
    }

    /// Keeps a row if it is among the k smallest.
    pub(super) fn offer(&mut self, key: f64, row: u32) {
        if self.found.len() == self.k {
            if self.found.last().is_none_or(|&last| last <= (key, row)) {
                return;
            }
            self.found.pop();
        }
        let place = self.found.partition_point(|&other| other < (key, row));
        self.found.insert(place, (key, row));
    }

    pub(super) fn as_slice(&self) -> &[(f64, u32)] {
        &self.found
    }
}
