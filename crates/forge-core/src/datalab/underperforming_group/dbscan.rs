//! Density-based clusters of a graph of neighbours: DBSCAN (Ester, Kriegel, Sander and Xu, 1996).

use forge_learn::NeighborGraph;
use serde::Deserialize;

use crate::CoreError;

/// Settings of the clustering, scikit-learn's `DBSCAN(metric="precomputed")`.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dbscan {
    /// Largest distance between neighbours [0.5; above 0].
    pub eps: f64,
    /// Rows within `eps`, itself included, that make a row the core of a cluster [5; at least 1].
    pub min_samples: usize,
}

impl Default for Dbscan {
    fn default() -> Self {
        Self { eps: 0.5, min_samples: 5 }
    }
}

impl Dbscan {
    /// The cluster of each row, from 0, and −1 for rows in none.
    ///
    /// # Errors
    /// A setting outside its range.
    pub fn cluster(self, graph: &NeighborGraph) -> Result<Vec<i64>, CoreError> {
        if self.eps.is_nan() || self.eps <= 0.0 {
            return Err(CoreError::setting("clustering_kwargs.eps", self.eps, "a number above 0"));
        }
        if self.min_samples == 0 {
            return Err(CoreError::setting("clustering_kwargs.min_samples", 0, "at least 1"));
        }
        let near: Vec<&[u32]> = graph
            .neighbors()
            .zip(graph.distances())
            .map(|(rows, distances)| rows.get(..distances.partition_point(|&d| d <= self.eps)).unwrap_or_default())
            .collect();
        let is_core = |row: usize| near.get(row).is_some_and(|rows| rows.len() + 1 >= self.min_samples);
        let mut clusters = vec![-1; near.len()];
        let mut stack: Vec<usize> = Vec::new();
        let mut cluster = 0;
        for seed in 0..near.len() {
            if clusters[seed] != -1 || !is_core(seed) {
                continue;
            }
            stack.push(seed);
            while let Some(row) = stack.pop() {
                if clusters[row] != -1 {
                    continue;
                }
                clusters[row] = cluster;
                if is_core(row) {
                    let unclaimed = |&other: &usize| clusters.get(other).is_some_and(|&cluster| cluster == -1);
                    stack.extend(near[row].iter().map(|&other| other as usize).filter(unclaimed));
                }
            }
            cluster += 1;
        }
        Ok(clusters)
    }
}
