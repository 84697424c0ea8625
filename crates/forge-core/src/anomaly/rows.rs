//! The encoded rows that strategies work on, with the neighbours they share.

use std::cell::OnceCell;

use forge_learn::{Host, Matrix, Metric, NearestNeighbors, NeighborGraph, TieOrder};

use crate::CoreError;

/// Encoded rows; their neighbours are searched for once, whichever strategies ask.
#[derive(Debug)]
pub struct Rows {
    matrix: Matrix,
    n_neighbors: usize,
    graph: OnceCell<NeighborGraph>,
}

impl Rows {
    /// Takes encoded rows, of each of which `n_neighbors` neighbours are looked at.
    ///
    /// # Errors
    /// [`CoreError::Unusable`] for fewer than two rows or a missing value.
    pub fn new(matrix: Matrix, n_neighbors: usize) -> Result<Self, CoreError> {
        if matrix.n_rows() < 2 {
            let n_rows = matrix.n_rows();
            return Err(CoreError::Unusable(format!(
                "Finding anomalies needs at least 2 rows to compare, but there are {n_rows}."
            )));
        }
        if matrix.has_missing() {
            return Err(CoreError::Unusable("A feature is missing in some rows: impute it first.".to_owned()));
        }
        Ok(Self { matrix, n_neighbors, graph: OnceCell::new() })
    }

    /// The features, n × d.
    pub fn matrix(&self) -> &Matrix {
        &self.matrix
    }

    /// The nearest other rows of each row by euclidean distance, all of them where there are too few.
    ///
    /// Ties are in scikit-learn's order: the local outlier factor looks at which of equally near rows are neighbours.
    ///
    /// # Errors
    /// Rows that cannot be searched, or [`CoreError::Cancelled`].
    pub(super) fn graph(&self, host: &dyn Host) -> Result<&NeighborGraph, CoreError> {
        if let Some(graph) = self.graph.get() {
            return Ok(graph);
        }
        let dense = self.matrix.to_dense();
        let index = NearestNeighbors::new(dense.view(), Metric::Euclidean)?.with_ties(TieOrder::ScikitLearn);
        let graph = index.among_themselves(self.n_neighbors.min(self.matrix.n_rows() - 1), host)?;
        Ok(self.graph.get_or_init(|| graph))
    }
}
