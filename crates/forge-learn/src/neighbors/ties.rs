//! Which of equally distant rows come first.
//!
//! By default the order is that of row numbers. scikit-learn leaves ties as its search happens upon them, and methods that
//! look at one neighbour after another (k-nearest-neighbour Shapley values, near duplicate sets) show it. To agree with
//! them, rows that are asked about and have ties are searched for again, step by step as scikit-learn does: its tree with
//! its heap, or its selection from all rows. Distances are not changed.

mod heap;
mod network;
mod trees;

use serde::{Deserialize, Serialize};

use super::{Metric, NearestNeighbors, NeighborGraph, map_or_share};
use crate::{Host, LearnError, sort_rows};
use heap::Heap;
use trees::{Shape, Tree};

/// Most columns for which scikit-learn grows a tree.
const TREE_COLUMNS: usize = 15;
/// Up to this many rows cleanlab measures the euclidean distance by a function of `scipy`.
const FUNCTION_ROWS: usize = 100;
/// Up to this many rows scikit-learn merges its heaps once more, on one thread.
const MERGED_ROWS: usize = 1024;
/// Rows that are searched for again as one unit of work.
const UNIT: usize = 64;

/// The order of neighbours at equal distances. Orders are those of one thread on a processor with 256-bit vectors under
/// Linux, where they are fixed; where they are not (more than 256 rows by cosine distance, or searched without a tree
/// by a function), it is the order of row numbers.
///
/// Where scikit-learn searches without a tree by euclidean distance, it measures by matrix products, whose rounding decides
/// between distances that differ in their last digits; only the order of equal rows agrees there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieOrder {
    /// By row number.
    #[default]
    RowNumber,
    /// As `sklearn.neighbors.NearestNeighbors` of 1.9 with a metric given by its name.
    ScikitLearn,
    /// The same with the metric that cleanlab chooses: up to 100 rows the euclidean distance is a function.
    Cleanlab,
}

/// How scikit-learn searches.
enum Search {
    Tree(Tree),
    /// All rows through one heap.
    Heap,
    /// NumPy's `argpartition`, then `argsort`.
    Network,
}

impl NearestNeighbors {
    /// Puts equally distant neighbours of the rows among themselves in the order of [`NearestNeighbors::tie_order`].
    ///
    /// `wider` has one neighbour more per row than are wanted, where there are as many.
    pub(super) fn reorder_ties(
        &self,
        wider: NeighborGraph,
        k: usize,
        host: &dyn Host,
    ) -> Result<NeighborGraph, LearnError> {
        let mut graph = wider.first(k);
        let Some(search) = self.scikit_learn_search(k) else {
            return Ok(graph);
        };
        let tied = |distances: &[f64]| distances.is_sorted_by(|a, b| a < b);
        let all = matches!(search, Search::Network);
        let asked: Vec<usize> =
            wider.distances().enumerate().filter(|(_, d)| all || !tied(d)).map(|(i, _)| i).collect();
        let n_pairs = asked.len().saturating_mul(self.n_rows);
        let found = map_or_share(host, (asked.len().div_ceil(UNIT), n_pairs), |unit| {
            let rows = asked.get(unit * UNIT..((unit + 1) * UNIT).min(asked.len())).unwrap_or_default();
            Ok(rows.iter().map(|&row| self.as_scikit_learn(&search, row, k)).collect::<Vec<_>>())
        })?;
        for (row, neighbors) in asked.into_iter().zip(found.into_iter().flatten()) {
            graph.rows[row * k..(row + 1) * k].copy_from_slice(&neighbors);
        }
        Ok(graph)
    }

    /// scikit-learn's `NeighborsBase._fit` with the algorithm left to it; nothing where its order is not fixed.
    fn scikit_learn_search(&self, k: usize) -> Option<Search> {
        let named = match self.ties {
            TieOrder::RowNumber => return None,
            TieOrder::ScikitLearn => true,
            TieOrder::Cleanlab => self.n_rows > FUNCTION_ROWS,
        };
        let selected = (self.n_rows <= network::MOST).then_some(Search::Network);
        if self.metric == Metric::Cosine {
            return selected;
        }
        if self.n_columns > TREE_COLUMNS || k >= self.n_rows / 2 {
            return if named { Some(Search::Heap) } else { selected };
        }
        let shape = if named { Shape::Box } else { Shape::Ball };
        Some(Search::Tree(Tree::new(&self.rows, self.n_columns, shape)))
    }

    /// The `k` nearest other rows of a row as scikit-learn finds them: one more is found, and the row itself left out, or
    /// the first where so many are as near that the row itself is not among them.
    fn as_scikit_learn(&self, search: &Search, row: usize, k: usize) -> Vec<u32> {
        let mut found = match search {
            Search::Tree(tree) => tree.nearest(&self.rows, self.row(row), k + 1),
            Search::Heap => self.through_heap(row, k + 1),
            Search::Network => network::smallest(&self.keys_as_measured(row), k + 1),
        };
        let own = found.iter().position(|&other| other as usize == row).unwrap_or(0);
        found.remove(own);
        found
    }

    /// scikit-learn's `ArgKmin` on one thread.
    fn through_heap(&self, row: usize, k: usize) -> Vec<u32> {
        let mut heap = Heap::new(k);
        for (other, values) in self.rows.chunks_exact(self.n_columns).enumerate() {
            heap.push(self.metric.key(self.row(row), values), other as u32);
        }
        if self.n_rows <= MERGED_ROWS {
            heap = heap.merged();
        }
        heap.sorted()
    }

    /// The keys of all rows, rounded as matrix products and the norm of `scipy` do where it decides an order.
    fn keys_as_measured(&self, row: usize) -> Vec<f64> {
        let (query, rows) = (self.row(row), self.rows.chunks_exact(self.n_columns));
        if self.metric == Metric::Euclidean {
            return rows.map(|other| trees::norm_of_difference(query, other)).collect();
        }
        let mut keys: Vec<f64> = rows.clone().map(|other| self.metric.key(query, other)).collect();
        let mut order: Vec<u32> = (0..keys.len() as u32).collect();
        sort_rows(&mut order, &|a, b| keys[a as usize].total_cmp(&keys[b as usize]));
        let rounding = (self.n_columns + 4) as f64 * f64::EPSILON;
        let close = |pair: &&[u32]| keys[pair[1] as usize] - keys[pair[0] as usize] <= rounding;
        let close: Vec<usize> = order.windows(2).filter(close).flatten().map(|&row| row as usize).collect();
        for other in close {
            let pairs = query.iter().zip(self.row(other));
            keys[other] = (1.0 - pairs.fold(0.0, |sum, (a, &b): (&f64, _)| a.mul_add(b, sum))).clamp(0.0, 2.0);
        }
        keys[row] = 0.0;
        keys
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::Quiet;

    /// Rows of a lattice, of which most distances are shared by many.
    fn lattice(n: usize) -> Array2<f64> {
        Array2::from_shape_fn((n, 2), |(i, column)| if column == 0 { (i * 5 % 12) as f64 } else { (i / 12) as f64 })
    }

    fn neighbors(rows: &Array2<f64>, metric: Metric, ties: TieOrder, k: usize) -> Vec<Vec<u32>> {
        let index = NearestNeighbors::new(rows.view(), metric).unwrap().with_ties(ties);
        index.among_themselves(k, &Quiet).unwrap().neighbors().map(<[u32]>::to_vec).collect()
    }

    /// Row numbers weighted by place, which every change of order changes.
    fn checksum(rows: &[Vec<u32>]) -> u64 {
        rows.iter().flat_map(|row| row.iter().zip(1..)).map(|(&row, place): (&u32, u64)| u64::from(row) * place).sum()
    }

    #[test]
    fn ties_come_in_the_order_of_the_k_d_tree() {
        let found = neighbors(&lattice(132), Metric::Euclidean, TieOrder::Cleanlab, 6);
        assert_eq!(found[0], [12, 5, 17, 24, 10, 22]);
        assert_eq!((found[50].as_slice(), checksum(&found)), (&[57, 38, 55, 62, 45, 43][..], 174_620));
        let found = neighbors(&lattice(96), Metric::Euclidean, TieOrder::ScikitLearn, 20);
        assert_eq!(found[50][..12], [38, 55, 57, 62, 43, 45, 69, 67, 52, 26, 74, 33]);
        assert_eq!(checksum(&found), 962_903);
    }

    #[test]
    fn ties_come_in_the_order_of_the_ball_tree() {
        let found = neighbors(&lattice(96), Metric::Euclidean, TieOrder::Cleanlab, 5);
        assert_eq!((found[50].as_slice(), checksum(&found)), (&[57, 38, 55, 62, 67][..], 68_517));
    }

    #[test]
    fn ties_come_in_the_order_of_the_heap_without_a_tree() {
        let found = neighbors(&lattice(96), Metric::Euclidean, TieOrder::ScikitLearn, 48);
        assert_eq!(found[0][..12], [5, 12, 17, 24, 10, 22, 29, 34, 36, 3, 41, 15]);
        assert_eq!(checksum(&found), 5_339_214);
    }

    #[test]
    fn ties_come_in_the_order_of_the_sorting_network() {
        let rows = Array2::from_shape_fn((80, 4), |(i, column)| match column {
            0 => (i % 3 + 1) as f64,
            1 => (i / 3 % 3) as f64,
            2 => (i / 9 % 3) as f64,
            _ => (i % 2) as f64,
        });
        let found = neighbors(&rows, Metric::Cosine, TieOrder::Cleanlab, 7);
        assert_eq!(found[0], [2, 28, 56, 54, 32, 38, 29]);
        assert_eq!((found[50].as_slice(), checksum(&found)), (&[40, 22, 76, 26, 14, 68, 23][..], 86_493));
    }

    #[test]
    fn only_rows_at_equal_distances_change_places() {
        for metric in [Metric::Euclidean, Metric::Cosine] {
            for n in [12, 60, 130, 400] {
                let index = NearestNeighbors::new(lattice(n).view(), metric).unwrap();
                let plain = index.among_themselves(5, &Quiet).unwrap();
                let index = index.with_ties(TieOrder::Cleanlab);
                let ordered = index.among_themselves(5, &Quiet).unwrap();
                assert!(plain.distances().eq(ordered.distances()));
                for (row, (neighbors, distances)) in ordered.neighbors().zip(ordered.distances()).enumerate() {
                    for (&neighbor, distance) in neighbors.iter().zip(distances) {
                        let key = metric.key(index.row(row), index.row(neighbor as usize));
                        assert!((metric.distance(key) - distance).abs() < 1e-12, "{metric:?}, {n} rows, row {row}");
                    }
                }
            }
        }
    }
}
