//! Rows that are equal value by value, and what they mean for a graph of neighbours.

use std::cmp::Ordering;

use ndarray::ArrayView2;

use super::NeighborGraph;
use crate::sort_rows;

impl NeighborGraph {
    /// Makes rows of `features` (n × d) that are equal in every value each other's first neighbours, at distance 0.
    ///
    /// Rounding may put a copy of a row at a small distance, behind others. Here its copies come first, by row number, and
    /// the others follow as they were. Of a set of more than k + 1 copies, the first k + 1 have each other as neighbours
    /// and the rest have the first k. The graph must be one of these rows among themselves; rows that it lacks are left
    /// out. cleanlab: `internal.neighbor.knn_graph.correct_knn_graph`, which beyond 16 neighbours loses their order: it
    /// sorts unstably there and keeps some of the others in place of the nearest. That is not followed.
    pub fn correct_exact_duplicates(&mut self, features: ArrayView2<'_, f64>) {
        let k = self.k;
        let mut kept: Vec<(u32, f64)> = Vec::with_capacity(k);
        for copies in sets_of_equal_rows(features) {
            let first = copies.get(..=k).unwrap_or(&copies);
            for &row in &copies {
                let place = row as usize * k..(row as usize + 1) * k;
                let (Some(rows), Some(distances)) = (self.rows.get_mut(place.clone()), self.distances.get_mut(place))
                else {
                    continue;
                };
                let others = rows.iter().copied().zip(distances.iter().copied());
                kept.clear();
                kept.extend(first.iter().filter(|&&copy| copy != row).map(|&copy| (copy, 0.0)));
                kept.extend(others.filter(|(other, _)| copies.binary_search(other).is_err()));
                for ((place, distance), &(other, measured)) in rows.iter_mut().zip(distances).zip(&kept) {
                    (*place, *distance) = (other, measured);
                }
            }
        }
    }
}

/// The sets of two or more equal rows, each ascending.
fn sets_of_equal_rows(features: ArrayView2<'_, f64>) -> Vec<Vec<u32>> {
    let compare = |a: u32, b: u32| {
        let (a, b) = (features.row(a as usize), features.row(b as usize));
        let pairs = a.iter().zip(&b).map(|(x, y)| x.partial_cmp(y).unwrap_or(Ordering::Equal));
        pairs.fold(Ordering::Equal, Ordering::then)
    };
    let mut order: Vec<u32> = (0..features.nrows() as u32).collect();
    let first = |row: u32| features.get([row as usize, 0]).copied().unwrap_or_default();
    sort_rows(&mut order, &|a, b| {
        first(a).partial_cmp(&first(b)).unwrap_or(Ordering::Equal).then_with(|| compare(a, b))
    });
    order.chunk_by(|&a, &b| compare(a, b) == Ordering::Equal).filter(|set| set.len() > 1).map(<[u32]>::to_vec).collect()
}
