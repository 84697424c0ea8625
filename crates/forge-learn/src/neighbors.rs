//! Exact nearest neighbours: the k closest rows by euclidean or cosine distance, equal distances in order of row number.
//!
//! In few dimensions a k-d tree (Friedman, Bentley and Finkel, 1977) skips most rows; in many, all rows are screened in
//! single precision with a bound on its error, and only those that can be among the k closest are measured. Both give the
//! same bytes: a distance always comes from the same sum in the same order, whatever the machine's vector unit. The
//! scikit-learn counterpart is `neighbors.NearestNeighbors`. Where exact search takes too long, [`ApproximateNeighbors`] finds
//! most of them.

mod approximate;
mod average;
mod duplicates;
mod graph;
mod nearest;
mod screen;
mod ties;
mod tree;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use ndarray::{ArrayView1, ArrayView2};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Host, LearnError, Progress, map_units, share_units};
pub use approximate::{ApproximateNeighbors, ApproximateOptions};
use average::Columns;
pub use graph::NeighborGraph;
use nearest::Nearest;
use screen::Panels;
pub use ties::TieOrder;
use tree::Tree;

/// Largest magnitude of a feature: sums of squares of larger numbers would overflow.
const LARGEST: f64 = 1e150;
/// Rows shorter than this are not scaled to length 1 for the cosine distance, as in scikit-learn.
const NO_LENGTH: f64 = 10.0 * f64::EPSILON;
/// Queries that are answered as one unit of work.
const BLOCK: usize = 64;
/// Pairs of rows from which on they are compared by all who share a job.
const SHARED: usize = 16_000_000;
/// Beyond this many dimensions a tree skips too little to be worth its walk.
const TREE_DIMENSIONS: usize = 8;
/// Beyond this many neighbours all rows are measured and selected from, rather than kept sorted one by one.
const KEPT_SORTED: usize = 256;

/// How far apart two rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Root of the sum of squared differences.
    Euclidean,
    /// 1 − cosine of the angle, in [0, 2]; a row of zeros, or of a length below 2.2e-15, is at distance 1 from every row.
    Cosine,
}

impl Metric {
    /// What rows are ordered by: the squared distance or the cosine distance. Sums run over the columns in order.
    fn key(self, x: &[f64], y: &[f64]) -> f64 {
        match self {
            Self::Euclidean => x.iter().zip(y).fold(0.0, |sum, (a, b)| sum + (a - b) * (a - b)),
            Self::Cosine => (1.0 - x.iter().zip(y).fold(0.0, |sum, (a, b)| sum + a * b)).clamp(0.0, 2.0),
        }
    }

    fn distance(self, key: f64) -> f64 {
        match self {
            Self::Euclidean => key.sqrt(),
            Self::Cosine => key,
        }
    }
}

/// Rows that neighbours are searched among.
///
/// *Invariant*: at least one row and one column; every value is finite and at most 1e150 in magnitude; for the cosine
/// distance rows have length 1 or next to none.
#[derive(Debug)]
pub struct NearestNeighbors {
    metric: Metric,
    ties: TieOrder,
    rows: Vec<f64>,
    n_rows: usize,
    n_columns: usize,
    tree: OnceLock<Tree>,
    panels: OnceLock<Panels>,
    columns: OnceLock<Columns>,
}

/// Where queries come from.
#[derive(Clone, Copy)]
enum Queries<'a> {
    /// The rows themselves, each without itself.
    Own,
    /// Other rows, row by row.
    Given(&'a [f64]),
}

impl NearestNeighbors {
    /// Takes the rows to search among, n × d.
    ///
    /// # Errors
    /// [`LearnError::TooFewRows`] or [`LearnError::NoFeatures`] for an empty matrix; [`LearnError::Matrix`] for a value
    /// that is not finite or larger than 1e150.
    pub fn new(features: ArrayView2<'_, f64>, metric: Metric) -> Result<Self, LearnError> {
        let (n_rows, n_columns) = features.dim();
        if n_rows == 0 {
            return Err(LearnError::TooFewRows { n_rows, least: 1 });
        }
        if n_columns == 0 {
            return Err(LearnError::NoFeatures);
        }
        if n_rows >= u32::MAX as usize {
            return Err(LearnError::Matrix { row: n_rows, rule: "more rows than a row number can count" });
        }
        let rows = checked(features, metric)?;
        let (tree, panels, columns) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Ok(Self { metric, ties: TieOrder::RowNumber, rows, n_rows, n_columns, tree, panels, columns })
    }

    /// Has ties of rows among themselves in this order; by row number unless asked otherwise.
    #[must_use]
    pub fn with_ties(mut self, ties: TieOrder) -> Self {
        self.ties = ties;
        self
    }

    /// The order of equally distant rows in [`NearestNeighbors::among_themselves`].
    pub fn tie_order(&self) -> TieOrder {
        self.ties
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Number of columns.
    pub fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// The distance used.
    pub fn metric(&self) -> Metric {
        self.metric
    }

    /// The `k` nearest other rows of every row, closest first. scikit-learn: `kneighbors(None)`.
    ///
    /// # Errors
    /// [`LearnError::Setting`] unless 1 ≤ k < n; [`LearnError::Cancelled`].
    pub fn among_themselves(&self, k: usize, host: &dyn Host) -> Result<NeighborGraph, LearnError> {
        self.check_own(k)?;
        match self.ties {
            TieOrder::RowNumber => self.search(Queries::Own, self.n_rows, k, host),
            TieOrder::ScikitLearn | TieOrder::Cleanlab => {
                let wider = self.search(Queries::Own, self.n_rows, (k + 1).min(self.n_rows - 1), host)?;
                self.reorder_ties(wider, k, host)
            }
        }
    }

    /// The `k` nearest rows of every query (m × d), closest first; a query that is itself a row finds it.
    /// scikit-learn: `kneighbors(X)`.
    ///
    /// # Errors
    /// [`LearnError::Setting`] unless 1 ≤ k ≤ n; [`LearnError::Matrix`] for queries that are no such rows;
    /// [`LearnError::Cancelled`].
    pub fn of(&self, queries: ArrayView2<'_, f64>, k: usize, host: &dyn Host) -> Result<NeighborGraph, LearnError> {
        let rows = self.queries(queries, k)?;
        self.search(Queries::Given(&rows), queries.nrows(), k, host)
    }

    /// The mean distance of every query (m × d) to its `k` nearest rows, in memory that does not grow with `k`.
    ///
    /// # Errors
    /// As [`NearestNeighbors::of`].
    pub fn mean_distances(
        &self,
        queries: ArrayView2<'_, f64>,
        k: usize,
        host: &dyn Host,
    ) -> Result<Vec<f64>, LearnError> {
        let rows = self.queries(queries, k)?;
        if self.keeps_sorted(k) {
            let graph = self.search(Queries::Given(&rows), queries.nrows(), k, host)?;
            return Ok(graph.mean_distances());
        }
        let columns = self.columns.get_or_init(|| Columns::new(&self.rows, self.n_columns));
        let blocks: Vec<&[f64]> = rows.chunks(BLOCK * self.n_columns).collect();
        let finished = AtomicUsize::new(0);
        let means = map_or_share(host, (blocks.len(), queries.nrows().saturating_mul(self.n_rows)), |i| {
            let queries = blocks.get(i).map_or(&[][..], |block| block);
            let means = columns.mean_distances(queries, k, self.metric);
            report(host, &finished, blocks.len());
            Ok(means)
        })?;
        Ok(means.concat())
    }

    fn check_own(&self, k: usize) -> Result<(), LearnError> {
        if k == 0 || k >= self.n_rows {
            let range = "at least 1 and below the number of rows";
            return Err(LearnError::Setting { setting: "k", value: k.to_string(), range });
        }
        Ok(())
    }

    fn queries(&self, queries: ArrayView2<'_, f64>, k: usize) -> Result<Vec<f64>, LearnError> {
        if k == 0 || k > self.n_rows {
            let range = "at least 1 and at most the number of rows";
            return Err(LearnError::Setting { setting: "k", value: k.to_string(), range });
        }
        if queries.ncols() != self.n_columns {
            return Err(LearnError::Matrix { row: 0, rule: "queries differ in columns from the rows searched" });
        }
        checked(queries, self.metric)
    }

    fn keeps_sorted(&self, k: usize) -> bool {
        k <= KEPT_SORTED && k * 4 < self.n_rows
    }

    fn row(&self, row: usize) -> &[f64] {
        self.rows.get(row * self.n_columns..(row + 1) * self.n_columns).unwrap_or_default()
    }

    fn search(&self, queries: Queries<'_>, n: usize, k: usize, host: &dyn Host) -> Result<NeighborGraph, LearnError> {
        let tree = (self.keeps_sorted(k) && self.n_columns <= TREE_DIMENSIONS)
            .then(|| self.tree.get_or_init(|| Tree::new(&self.rows, self.n_columns)));
        // Made by whoever does a unit, not by whoever only reads what others found.
        let panels = || {
            (tree.is_none() && self.keeps_sorted(k))
                .then(|| self.panels.get_or_init(|| Panels::new(&self.rows, self.n_columns, self.metric)))
        };
        // In the tree's own order queries near each other follow each other, and so do the leaves they touch.
        let order = tree.filter(|_| matches!(queries, Queries::Own)).map(Tree::order);
        let n_blocks = n.div_ceil(BLOCK);
        let finished = AtomicUsize::new(0);
        let blocks = map_or_share(host, (n_blocks, n.saturating_mul(self.n_rows)), |block| {
            let asked = (block * BLOCK..((block + 1) * BLOCK).min(n))
                .map(|i| order.and_then(|order| order.get(i)).map_or(i, |&row| row as usize));
            let queries: Vec<Query<'_>> = asked.map(|i| self.query(queries, i)).collect();
            let found = match (tree, panels()) {
                (Some(tree), _) => queries.iter().map(|query| tree.nearest(*query, k, self.metric)).collect(),
                (None, Some(panels)) => panels.nearest(&queries, k, self, host)?,
                (None, None) => queries.iter().map(|query| self.scan(*query, k)).collect(),
            };
            report(host, &finished, n_blocks);
            Ok(found)
        })?;
        Ok(NeighborGraph::collect(n, k, self.metric, blocks.into_iter().flatten(), order))
    }

    fn query<'a>(&'a self, queries: Queries<'a>, i: usize) -> Query<'a> {
        match queries {
            Queries::Own => Query { values: self.row(i), own: Some(i as u32) },
            Queries::Given(rows) => {
                let values = rows.get(i * self.n_columns..(i + 1) * self.n_columns).unwrap_or_default();
                Query { values, own: None }
            }
        }
    }

    /// Measures every row.
    fn scan(&self, query: Query<'_>, k: usize) -> Nearest {
        let keys = self.rows.chunks_exact(self.n_columns).zip(0_u32..);
        let keys = keys.filter(|&(_, row)| query.own != Some(row));
        Nearest::select(keys.map(|(values, row)| (self.metric.key(query.values, values), row)).collect(), k)
    }
}

/// A row whose neighbours are asked for.
#[derive(Clone, Copy)]
struct Query<'a> {
    values: &'a [f64],
    /// Its own number among the rows searched, which is no neighbour.
    own: Option<u32>,
}

/// Units of work that look at so many pairs of rows; for few of them it does not pay to ask others.
fn map_or_share<T: Send + Serialize + DeserializeOwned>(
    host: &dyn Host,
    (n_units, n_pairs): (usize, usize),
    unit: impl Fn(usize) -> Result<T, LearnError> + Sync,
) -> Result<Vec<T>, LearnError> {
    if n_pairs < SHARED { map_units(host, n_units, unit) } else { share_units(host, n_units, unit) }
}

fn report(host: &dyn Host, finished: &AtomicUsize, total: usize) {
    let done = finished.fetch_add(1, Ordering::Relaxed) + 1;
    host.progress(Progress { stage: "finding nearest neighbours", done, total });
}

/// The values row by row, scaled to length 1 for the cosine distance.
fn checked(features: ArrayView2<'_, f64>, metric: Metric) -> Result<Vec<f64>, LearnError> {
    let mut rows = Vec::with_capacity(features.len());
    for (row, values) in features.outer_iter().enumerate() {
        if !values.iter().all(|value| value.abs() <= LARGEST) {
            return Err(LearnError::Matrix { row, rule: "a value is not finite or larger than 1e150" });
        }
        let length = match metric {
            Metric::Euclidean => 1.0,
            Metric::Cosine => length(values),
        };
        let length = if length < NO_LENGTH { 1.0 } else { length };
        rows.extend(values.iter().map(|value| value / length));
    }
    Ok(rows)
}

/// The root of the sum of squares, summed as NumPy's `einsum` does: even and odd columns apart, eight at a time from the
/// back.
fn length(values: ArrayView1<'_, f64>) -> f64 {
    let mut sums = [0.0; 2];
    let square = |sums: &mut [f64; 2], pair: usize| {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum += values.get(2 * pair + lane).map_or(0.0, |value| value * value);
        }
    };
    let whole = values.len() / 8;
    for block in 0..whole {
        (0..4).rev().for_each(|pair| square(&mut sums, 4 * block + pair));
    }
    (4 * whole..values.len().div_ceil(2)).for_each(|pair| square(&mut sums, pair));
    (sums[0] + sums[1]).sqrt()
}

#[cfg(test)]
mod tests;
