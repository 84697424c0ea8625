//! Random cuts of all dense columns of a node at once, four columns side by side.
//!
//! Trees that look at every feature spend their time in nodes of a few rows, where starting a loop costs more than
//! running it. Here two loops serve four columns, and the four fit a vector register.

use rand_chacha::ChaCha8Rng;

use super::columns::Columns;
use super::lanes;
use super::split::{Contest, Cut, NodeView, Overall, draw_cut};
use super::target::{LANES, Target};

/// The dense values of some rows, row by row, and sums over those of the latest node.
pub(super) struct Abreast<T: Target> {
    n_dense: usize,
    /// Groups of four columns.
    n_groups: usize,
    near: Vec<[f32; LANES]>,
    left: [T; LANES],
    right: T,
}

impl<T: Target> Abreast<T> {
    pub(super) fn new(n_dense: usize, target: &T) -> Self {
        let left = std::array::from_fn(|_| target.clone());
        Self { n_dense, n_groups: n_dense.div_ceil(LANES), near: Vec::new(), left, right: target.clone() }
    }

    /// Takes rows, by whose places nodes find them.
    pub(super) fn take(&mut self, columns: &Columns<f32>, rows: &[u32]) {
        self.near.clear();
        for &row in rows {
            self.near.extend_from_slice(&columns.table[row as usize * self.n_groups..][..self.n_groups]);
        }
    }

    /// Draws a cut for every column of a node and finds the best of them.
    pub(super) fn best(
        &mut self,
        columns: &Columns<f32>,
        node: &NodeView<'_, T>,
        rng: &mut ChaCha8Rng,
    ) -> Overall<f32> {
        let table = if node.is_near { &self.near } else { &columns.table };
        let mut contest = Contest::new();
        for group in 0..self.n_groups {
            let (low, high) = extremes(&table[group..], self.n_groups, node.rows);
            let drawn: [Option<f32>; LANES] = std::array::from_fn(|lane| draw_cut(low[lane], high[lane], rng));
            let values = node.rows.iter().map(|&row| table[row as usize * self.n_groups + group]);
            T::sum_lanes(&mut self.left, drawn.map(|cut| cut.unwrap_or(f32::MIN)), values, node.items);
            let features = group * LANES..self.n_dense;
            for ((feature, cut), left) in features.zip(drawn).zip(&self.left) {
                let Some(cut) = cut else { continue };
                self.right.become_rest(node.total, left);
                let least = node.min_samples_leaf;
                if least <= 1 || (left.rows() >= least && self.right.rows() >= least) {
                    contest.offer(feature, Cut::up_to(cut, T::scores(left, &self.right)), rng);
                }
            }
        }
        contest.end()
    }
}

/// The least and the greatest value of each lane in the rows of a table, which follow each other in steps of `stride`.
// Not inlined: the small function keeps its eight numbers in two registers, which the large one around it does not.
#[inline(never)]
fn extremes(table: &[[f32; LANES]], stride: usize, rows: &[u32]) -> ([f32; LANES], [f32; LANES]) {
    lanes::extremes(rows.iter().map(|&row| table[row as usize * stride]))
}
