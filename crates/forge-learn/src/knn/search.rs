//! Nearest rows of a [`Matrix`], by whichever search suits its form.

use std::sync::OnceLock;

use ndarray::Array2;

use super::mixed::MixedRows;
use crate::{Host, LearnError, Matrix, Metric, NearestNeighbors, NeighborGraph};

/// The `k` nearest training rows of each query, row by row, closest first.
#[derive(Debug, PartialEq)]
pub(crate) struct NearestRows {
    k: usize,
    rows: Vec<u32>,
    distances: Vec<f64>,
}

impl NearestRows {
    pub(super) fn new(k: usize, rows: Vec<u32>, distances: Vec<f64>) -> Self {
        Self { k, rows, distances }
    }

    /// Row numbers and distances of each query in turn.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u32], &[f64])> {
        self.rows.chunks_exact(self.k).zip(self.distances.chunks_exact(self.k))
    }
}

impl From<NeighborGraph> for NearestRows {
    fn from(graph: NeighborGraph) -> Self {
        let rows = graph.neighbors().flatten().copied().collect();
        Self::new(graph.k(), rows, graph.distances().flatten().copied().collect())
    }
}

/// Training rows that neighbours are searched among.
#[derive(Debug)]
pub(crate) struct RowSearch {
    metric: Metric,
    n_features: usize,
    form: Form,
}

#[derive(Debug)]
enum Form {
    /// Numbers alone, or one-hot columns unfolded.
    Unfolded(NearestNeighbors),
    /// Numbers and category indices; unfolded too when queries of another form come.
    Mixed(Box<MixedRows>, OnceLock<NearestNeighbors>),
}

impl RowSearch {
    pub(crate) fn new(features: &Matrix, metric: Metric) -> Result<Self, LearnError> {
        features.refuse_missing()?;
        let mixed = (metric == Metric::Euclidean).then(|| MixedRows::new(features)).flatten();
        let form = match mixed {
            Some(mixed) => Form::Mixed(Box::new(mixed), OnceLock::new()),
            None => Form::Unfolded(NearestNeighbors::new(features.to_dense().view(), metric)?),
        };
        Ok(Self { metric, n_features: features.n_features(), form })
    }

    /// The `k` nearest training rows of each row of `features`, closest first, equal distances by row number.
    ///
    /// Features beyond those of the training rows are left out, missing ones are read as 0.
    pub(crate) fn nearest(&self, features: &Matrix, k: usize, host: &dyn Host) -> Result<NearestRows, LearnError> {
        features.refuse_missing()?;
        let index = match &self.form {
            Form::Unfolded(index) => index,
            Form::Mixed(mixed, _) if mixed.can_answer(features) => return mixed.nearest(features, k, host),
            Form::Mixed(mixed, unfolded) => {
                let index = NearestNeighbors::new(mixed.matrix().to_dense().view(), self.metric)?;
                unfolded.get_or_init(|| index)
            }
        };
        if features.n_features() == self.n_features {
            return Ok(index.of(features.to_dense().view(), k, host)?.into());
        }
        let given = features.to_dense();
        let shape = (features.n_rows(), self.n_features);
        let fitted = Array2::from_shape_fn(shape, |place| given.get(place).copied().unwrap_or(0.0));
        Ok(index.of(fitted.view(), k, host)?.into())
    }
}
