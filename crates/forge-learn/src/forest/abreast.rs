//! Random cuts of all dense columns of a node at once, four columns side by side.
//!
//! Trees that look at every feature spend their time in nodes of a few rows, where starting a loop costs more than
//! running it. Here two loops serve four columns, and the four fit a vector register.

use rand_chacha::ChaCha8Rng;

use super::columns::Store;
use super::split::{Found, NodeView, draw_cut, weigh};
use super::target::{LANES, Target};

/// The dense values of some rows, row by row, and what was found in the latest node.
pub(super) struct Abreast<T: Target> {
    n_dense: usize,
    /// Groups of four columns.
    n_groups: usize,
    table: Vec<[f32; LANES]>,
    /// Of each column, its cut and the sums of the rows up to it; none where all values are equal.
    cuts: Vec<Option<f32>>,
    sums: Vec<T>,
}

impl<T: Target> Abreast<T> {
    pub(super) fn new(n_dense: usize, target: &T) -> Self {
        let n_groups = n_dense.div_ceil(LANES);
        let sums = vec![target.clone(); n_groups * LANES];
        Self { n_dense, n_groups, table: Vec::new(), cuts: vec![None; n_groups * LANES], sums }
    }

    /// Takes the rows of a store, by whose numbers [`Self::look`] finds them.
    pub(super) fn take(&mut self, store: &Store<f32>) {
        self.table.clear();
        self.table.resize(self.n_groups * store.n_rows(), [0.0; LANES]);
        for feature in 0..self.n_dense {
            let (group, lane) = (feature / LANES, feature % LANES);
            let places = self.table.iter_mut().skip(group).step_by(self.n_groups);
            for (place, &value) in places.zip(store.column(feature)) {
                place[lane] = value;
            }
        }
    }

    /// Draws a cut for every column of a node and sums the rows up to it.
    pub(super) fn prepare(&mut self, node: &NodeView<'_, T>, rng: &mut ChaCha8Rng) {
        for group in 0..self.n_groups {
            let (low, high) = extremes(&self.table[group..], self.n_groups, node.rows);
            let mut cuts = [f32::MIN; LANES];
            for lane in 0..LANES {
                let cut = draw_cut(low[lane], high[lane], rng);
                cuts[lane] = cut.unwrap_or(f32::MIN);
                self.cuts[group * LANES + lane] = cut;
            }
            let values = node.rows.iter().map(|&row| self.table[row as usize * self.n_groups + group]);
            T::sum_lanes(&mut self.sums[group * LANES..][..LANES], cuts, values, node.items);
        }
    }

    /// What [`Self::prepare`] found in a column.
    pub(super) fn look(&self, feature: usize, node: &NodeView<'_, T>, right: &mut T) -> Found<f32> {
        match self.cuts[feature] {
            None => Found::Constant,
            Some(cut) => weigh(cut, &self.sums[feature], right, node),
        }
    }
}

/// The least and the greatest value of each lane in the rows of a table, which follow each other in steps of `stride`.
// Not inlined: the small function keeps its eight numbers in two registers, which the large one around it does not.
#[inline(never)]
fn extremes(table: &[[f32; LANES]], stride: usize, rows: &[u32]) -> ([f32; LANES], [f32; LANES]) {
    let (mut low, mut high) = ([f32::MAX; LANES], [f32::MIN; LANES]);
    for &row in rows {
        let values = table[row as usize * stride];
        low = std::array::from_fn(|lane| if values[lane] < low[lane] { values[lane] } else { low[lane] });
        high = std::array::from_fn(|lane| if values[lane] > high[lane] { values[lane] } else { high[lane] });
    }
    (low, high)
}
