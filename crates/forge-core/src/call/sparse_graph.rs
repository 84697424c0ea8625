//! A graph of neighbours as JSON: a sparse matrix of distances by rows, `{"$csr": {"indptr", "indices", "data"}}`.

use forge_learn::NeighborGraph;
use serde::Deserialize;

use crate::CoreError;

/// A sparse matrix by rows (`scipy.sparse.csr_matrix`); the entries of a row are in order of distance.
#[derive(Default, Deserialize)]
pub(super) struct SparseGraph {
    #[serde(rename = "$csr")]
    csr: Csr,
}

#[derive(Default, Deserialize)]
struct Csr {
    indptr: Vec<usize>,
    indices: Vec<u32>,
    #[serde(default)]
    data: Vec<f64>,
}

impl SparseGraph {
    /// The neighbours of each row, closest first.
    ///
    /// # Errors
    /// Row ends that do not ascend or lie outside.
    pub(super) fn rows(&self) -> Result<Vec<&[u32]>, CoreError> {
        let Csr { indptr, indices, .. } = &self.csr;
        let row = |(i, ends): (usize, &[usize])| match ends {
            &[start, end] => indices.get(start..end).ok_or_else(|| {
                let (n, value) = (indices.len(), format!("{start}, then {end}"));
                CoreError::setting(&format!("knn_graph.indptr[{i}]"), value, format!("ascending places up to {n}"))
            }),
            _ => Ok(&[][..]),
        };
        indptr.windows(2).enumerate().map(row).collect()
    }

    /// The graph, in which each row has as many neighbours.
    ///
    /// # Errors
    /// As [`SparseGraph::rows`]; rows of different lengths; distances that are no such.
    pub(super) fn graph(&self) -> Result<NeighborGraph, CoreError> {
        let rows = self.rows()?;
        let k = rows.first().map_or(0, |row| row.len());
        if let Some(row) = rows.iter().position(|row| row.len() != k) {
            let value = format!("{} entries", rows[row].len());
            return Err(CoreError::setting(&format!("knn_graph[{row}]"), value, format!("{k}, as the first row has")));
        }
        Ok(NeighborGraph::new(k, rows.concat(), self.csr.data.clone())?)
    }
}
