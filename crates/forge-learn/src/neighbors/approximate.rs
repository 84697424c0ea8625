//! Most of the nearest neighbours by a graph of links between near rows.
//!
//! The graph is a hierarchical navigable small world (Malkov and Yashunin, 2018) of the crate `vicinity`, in single
//! precision. What it finds is measured again as the exact search measures, so that distances are exact and only rows can
//! be missed; [`ApproximateNeighbors::recall`] says how many are. Unlike the exact search, what is found depends on the
//! machine's vector unit, since sums in single precision do.

use std::sync::atomic::AtomicUsize;

use ndarray::ArrayView2;
use vicinity::DistanceMetric;
use vicinity::hnsw::{HNSWIndex, HNSWParams};

use super::nearest::Nearest;
use super::{BLOCK, Metric, NearestNeighbors, NeighborGraph, Queries, Query, map_or_share, report};
use crate::{Host, LearnError, map_units};

/// Settings of [`ApproximateNeighbors`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApproximateOptions {
    /// Links of a row per level, from 2 to 256; the lowest level has twice as many. Default: 16. The paper's M.
    pub links: usize,
    /// Rows kept in view while the graph is built, at least 1. Default: 100. The paper's efConstruction.
    pub build_width: usize,
    /// Rows kept in view while it is searched, at least 1; k where that is more. Default: 100. The paper's ef.
    pub search_width: usize,
    /// Seed of the levels that rows reach up to. Default: 0.
    pub seed: u64,
}

impl Default for ApproximateOptions {
    fn default() -> Self {
        Self { links: 16, build_width: 100, search_width: 100, seed: 0 }
    }
}

impl ApproximateOptions {
    fn validate(self) -> Result<(), LearnError> {
        let refuse =
            |setting, value: usize, range| Err(LearnError::Setting { setting, value: value.to_string(), range });
        match self {
            Self { links, .. } if !(2..=256).contains(&links) => refuse("links", links, "2 to 256"),
            Self { build_width: 0, .. } => refuse("build_width", 0, "at least 1"),
            Self { search_width: 0, .. } => refuse("search_width", 0, "at least 1"),
            _ => Ok(()),
        }
    }
}

/// A graph over the rows of a [`NearestNeighbors`] that finds most neighbours in a time that hardly grows with the rows.
///
/// *Invariant*: the same rows, options and vector unit give the same neighbours, whatever the number of threads.
pub struct ApproximateNeighbors<'a> {
    exact: &'a NearestNeighbors,
    graph: HNSWIndex,
    change: Change,
    search_width: usize,
}

/// What brings rows within reach of single precision: for the euclidean distance a shift and a scale.
struct Change {
    center: Vec<f64>,
    scale: f64,
}

impl NearestNeighbors {
    /// Builds the graph for approximate search, on the calling thread; it cannot be interrupted.
    ///
    /// # Errors
    /// [`LearnError::Setting`] for an option outside its range; [`LearnError::Cancelled`].
    pub fn approximate(
        &self,
        options: ApproximateOptions,
        host: &dyn Host,
    ) -> Result<ApproximateNeighbors<'_>, LearnError> {
        options.validate()?;
        if host.cancelled() {
            return Err(LearnError::Cancelled);
        }
        let params = HNSWParams {
            m: options.links,
            m_max: 2 * options.links,
            m_l: HNSWParams::level_multiplier(options.links),
            ef_construction: options.build_width.max(options.links),
            ef_search: options.search_width,
            metric: match self.metric {
                Metric::Euclidean => DistanceMetric::L2,
                // Rows have length 1, but for those of no length, which the crate's cosine distance refuses.
                Metric::Cosine => DistanceMetric::InnerProduct,
            },
            seed: Some(options.seed),
            ..HNSWParams::default()
        };
        let change = Change::of(self);
        let unfit = |_| LearnError::Matrix { row: 0, rule: "no graph of neighbours can be built over these rows" };
        let mut graph = HNSWIndex::with_params(self.n_columns, params).map_err(unfit)?;
        for (values, row) in self.rows.chunks_exact(self.n_columns).zip(0_u32..) {
            graph.add_slice(row, &change.changed(values)).map_err(unfit)?;
        }
        graph.build().map_err(unfit)?;
        if host.cancelled() {
            return Err(LearnError::Cancelled);
        }
        Ok(ApproximateNeighbors { exact: self, graph, change, search_width: options.search_width })
    }
}

impl Change {
    fn of(index: &NearestNeighbors) -> Self {
        let (n, d) = (index.n_rows as f64, index.n_columns);
        let mut center = vec![0.0; d];
        if index.metric == Metric::Cosine {
            return Self { center, scale: 1.0 };
        }
        for row in index.rows.chunks_exact(d) {
            center.iter_mut().zip(row).for_each(|(sum, value)| *sum += value / n);
        }
        let gaps = index.rows.chunks_exact(d).flat_map(|row| std::iter::zip(row, &center).map(|(v, c)| (v - c).abs()));
        let extent = gaps.fold(0.0, f64::max);
        Self { center, scale: if extent > 0.0 { extent } else { 1.0 } }
    }

    fn changed(&self, row: &[f64]) -> Vec<f32> {
        // Queries may lie anywhere; so far out every row is as near as any other.
        row.iter().zip(&self.center).map(|(v, c)| ((v - c) / self.scale).clamp(-1e15, 1e15) as f32).collect()
    }
}

impl ApproximateNeighbors<'_> {
    /// About the `k` nearest other rows of every row, closest first.
    ///
    /// # Errors
    /// As [`NearestNeighbors::among_themselves`].
    pub fn among_themselves(&self, k: usize, host: &dyn Host) -> Result<NeighborGraph, LearnError> {
        self.exact.check_own(k)?;
        let rows: Vec<usize> = (0..self.exact.n_rows).collect();
        self.search(Queries::Own, &rows, k, host)
    }

    /// About the `k` nearest rows of every query (m × d), closest first.
    ///
    /// # Errors
    /// As [`NearestNeighbors::of`].
    pub fn of(&self, queries: ArrayView2<'_, f64>, k: usize, host: &dyn Host) -> Result<NeighborGraph, LearnError> {
        let values = self.exact.queries(queries, k)?;
        let rows: Vec<usize> = (0..queries.nrows()).collect();
        self.search(Queries::Given(&values), &rows, k, host)
    }

    /// The share of the true `k` nearest other rows that is found, over `sample` rows evenly spread (all where there are
    /// fewer). A row as near as the k-th counts as true.
    ///
    /// # Errors
    /// As [`NearestNeighbors::among_themselves`]; [`LearnError::Setting`] for a sample of none.
    pub fn recall(&self, k: usize, sample: usize, host: &dyn Host) -> Result<f64, LearnError> {
        self.exact.check_own(k)?;
        if sample == 0 {
            return Err(LearnError::Setting { setting: "sample", value: "0".to_owned(), range: "at least 1" });
        }
        let n = self.exact.n_rows;
        let sample = sample.min(n);
        let rows: Vec<usize> = (0..sample).map(|i| (i as u64 * n as u64 / sample as u64) as usize).collect();
        let found = self.search(Queries::Own, &rows, k, host)?;
        let furthest = map_units(host, sample, |i| {
            let query = self.exact.query(Queries::Own, rows.get(i).copied().unwrap_or_default());
            let key = self.exact.scan(query, k).as_slice().last().map_or(0.0, |last| last.0);
            Ok(self.exact.metric.distance(key))
        })?;
        let near = |(distances, limit): (&[f64], &f64)| distances.iter().filter(|&distance| distance <= limit).count();
        let hits: usize = found.distances().zip(&furthest).map(near).sum();
        Ok(hits as f64 / (sample * k) as f64)
    }

    fn search(
        &self,
        queries: Queries<'_>,
        rows: &[usize],
        k: usize,
        host: &dyn Host,
    ) -> Result<NeighborGraph, LearnError> {
        let (blocks, finished) = (rows.len().div_ceil(BLOCK), AtomicUsize::new(0));
        let found = map_or_share(host, (blocks, rows.len().saturating_mul(self.exact.n_rows)), |block| {
            let asked = rows.iter().skip(block * BLOCK).take(BLOCK);
            let found: Vec<Nearest> = asked.map(|&row| self.nearest(self.exact.query(queries, row), k)).collect();
            report(host, &finished, blocks);
            Ok(found)
        })?;
        Ok(NeighborGraph::collect(rows.len(), k, self.exact.metric, found.into_iter().flatten(), None))
    }

    /// Every row is measured where the graph does not lead to `k`.
    fn nearest(&self, query: Query<'_>, k: usize) -> Nearest {
        let wanted = k + usize::from(query.own.is_some());
        let found = self.graph.search(&self.change.changed(query.values), wanted, self.search_width);
        let rows = found.unwrap_or_default().into_iter().map(|(row, _)| row).filter(|&row| query.own != Some(row));
        let key = |row: u32| (self.exact.metric.key(query.values, self.exact.row(row as usize)), row);
        let measured: Vec<(f64, u32)> = rows.map(key).collect();
        if measured.len() < k { self.exact.scan(query, k) } else { Nearest::select(measured, k) }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::Quiet;

    fn noise(n: usize, d: usize) -> Array2<f64> {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        Array2::from_shape_fn((n, d), |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / 2.0_f64.powi(52) - 1.0
        })
    }

    #[test]
    fn most_neighbours_are_found_and_their_distances_are_exact() {
        for metric in [Metric::Euclidean, Metric::Cosine] {
            let index = NearestNeighbors::new(noise(1500, 10).view(), metric).unwrap();
            let graph = index.approximate(ApproximateOptions::default(), &Quiet).unwrap();
            let recall = graph.recall(10, 300, &Quiet).unwrap();
            assert!(recall > 0.95, "{recall}");
            let (found, exact) =
                (graph.among_themselves(10, &Quiet).unwrap(), index.among_themselves(10, &Quiet).unwrap());
            let same = found.distances().zip(exact.distances()).filter(|(a, b)| a == b).count();
            assert!(same > 1200, "{same}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_neighbours() {
        let index = NearestNeighbors::new(noise(400, 12).view(), Metric::Euclidean).unwrap();
        let options = ApproximateOptions { links: 4, build_width: 8, search_width: 8, seed: 7 };
        let found = || index.approximate(options, &Quiet).unwrap().among_themselves(5, &Quiet).unwrap();
        assert_eq!(found(), found());
    }

    #[test]
    fn copies_rows_of_zeros_and_far_queries_have_neighbours() {
        for metric in [Metric::Euclidean, Metric::Cosine] {
            let index = NearestNeighbors::new(Array2::zeros((50, 3)).view(), metric).unwrap();
            let graph = index.approximate(ApproximateOptions::default(), &Quiet).unwrap();
            assert_eq!(graph.among_themselves(4, &Quiet).unwrap().n_rows(), 50);
            let far = Array2::from_elem((2, 3), 1e140);
            assert_eq!(graph.of(far.view(), 3, &Quiet).unwrap().rows.len(), 6);
            assert_eq!(graph.recall(4, 10, &Quiet).unwrap(), 1.0);
        }
    }

    #[test]
    fn options_outside_their_range_are_refused() {
        let index = NearestNeighbors::new(noise(20, 2).view(), Metric::Euclidean).unwrap();
        let refused = |options| index.approximate(options, &Quiet).err().unwrap().to_string();
        let default = ApproximateOptions::default();
        assert!(refused(ApproximateOptions { links: 1, ..default }).contains("links is 1"));
        assert!(refused(ApproximateOptions { search_width: 0, ..default }).contains("search_width is 0"));
        let graph = index.approximate(default, &Quiet).unwrap();
        assert!(graph.among_themselves(20, &Quiet).is_err());
        assert!(graph.recall(3, 0, &Quiet).is_err());
    }
}
