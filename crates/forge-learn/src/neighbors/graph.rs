//! The neighbours of many rows.

use super::Metric;
use super::nearest::Nearest;
use crate::LearnError;

/// The `k` neighbours of each of n rows: a k-nearest-neighbour graph.
///
/// *Invariant*: n × k row numbers and as many distances, row by row, distances ascending within a row.
#[derive(Clone, Debug, PartialEq)]
pub struct NeighborGraph {
    pub(super) k: usize,
    pub(super) rows: Vec<u32>,
    pub(super) distances: Vec<f64>,
}

impl NeighborGraph {
    /// Takes a graph measured elsewhere: for each of n rows `k` row numbers and their distances, closest first.
    ///
    /// # Errors
    /// [`LearnError::Setting`] for no neighbours; [`LearnError::Matrix`] naming the first row whose neighbours are not k row
    /// numbers below n with ascending, finite distances of at least 0.
    pub fn new(k: usize, rows: Vec<u32>, distances: Vec<f64>) -> Result<Self, LearnError> {
        if k == 0 {
            return Err(LearnError::Setting { setting: "k", value: "0".to_owned(), range: "at least 1" });
        }
        let n = rows.len() / k;
        if rows.len() != n * k || distances.len() != rows.len() {
            return Err(LearnError::Matrix {
                row: n,
                rule: "it has not as many neighbours and distances as the others",
            });
        }
        for (row, (neighbors, distances)) in rows.chunks_exact(k).zip(distances.chunks_exact(k)).enumerate() {
            if neighbors.iter().any(|&neighbor| neighbor as usize >= n) {
                return Err(LearnError::Matrix { row, rule: "a neighbour is no row" });
            }
            let ascending = distances.is_sorted_by(|a, b| a <= b);
            if !(ascending && distances.iter().all(|&distance| distance >= 0.0 && distance.is_finite())) {
                return Err(LearnError::Matrix { row, rule: "distances are not finite, of at least 0 and ascending" });
            }
        }
        Ok(Self { k, rows, distances })
    }

    /// Puts what was found for `n` queries in order; the i-th found belongs to query `order[i]`, or `i` without an order.
    pub(super) fn collect(
        n: usize,
        k: usize,
        metric: Metric,
        found: impl Iterator<Item = Nearest>,
        order: Option<&[u32]>,
    ) -> Self {
        let (mut rows, mut distances) = (vec![0; n * k], vec![0.0; n * k]);
        for (i, nearest) in found.enumerate() {
            let query = order.and_then(|order| order.get(i)).map_or(i, |&row| row as usize);
            let place = query * k..(query + 1) * k;
            let (Some(rows), Some(distances)) = (rows.get_mut(place.clone()), distances.get_mut(place)) else {
                continue;
            };
            for ((row, distance), &(key, found)) in rows.iter_mut().zip(distances).zip(nearest.as_slice()) {
                (*row, *distance) = (found, metric.distance(key));
            }
        }
        Self { k, rows, distances }
    }

    /// The first `k` neighbours of each row; all where there are no more.
    #[must_use]
    pub fn first(&self, k: usize) -> Self {
        let k = k.min(self.k);
        let rows = self.neighbors().flat_map(|row| row.iter().take(k)).copied().collect();
        Self { k, rows, distances: self.distances().flat_map(|row| row.iter().take(k)).copied().collect() }
    }

    /// Neighbours per row.
    pub fn k(&self) -> usize {
        self.k
    }

    /// Number of rows that neighbours were searched for.
    pub fn n_rows(&self) -> usize {
        self.rows.len() / self.k.max(1)
    }

    /// The neighbours of each row in turn, closest first.
    pub fn neighbors(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        self.rows.chunks_exact(self.k.max(1))
    }

    /// The distances of each row's neighbours in turn, ascending.
    pub fn distances(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.distances.chunks_exact(self.k.max(1))
    }

    /// The mean distance of each row to its neighbours.
    pub fn mean_distances(&self) -> Vec<f64> {
        self.distances().map(|row| row.iter().sum::<f64>() / self.k as f64).collect()
    }
}
