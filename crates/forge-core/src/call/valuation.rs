//! `data_valuation.*`.

use super::args::Args;
use super::sparse_graph::SparseGraph;
use super::{Function, output};
use crate::CoreError;
use crate::outlier::{Features, neighbor_graph};
use crate::valuation::{NeighborRows, data_shapley_knn};

/// cleanlab's `k`.
const DEFAULT_K: usize = 10;

pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: "data_valuation.data_shapley_knn",
    parameters: &["labels", "features", "knn_graph", "metric", "k"],
    run: |args| {
        let labels = args.labels()?;
        let neighbors = neighbors(args, args.parsed_or("k", DEFAULT_K)?)?;
        Ok(output::numbers(data_shapley_knn(&labels, &neighbors)?))
    },
}];

/// The neighbours of a given graph, or else of the features.
fn neighbors(args: &Args, k: usize) -> Result<NeighborRows, CoreError> {
    if args.has("knn_graph") {
        let sparse: SparseGraph = args.parsed("knn_graph")?;
        return NeighborRows::new(sparse.rows()?.into_iter(), k);
    }
    let features = args.optional_matrix("features")?.ok_or(CoreError::Missing {
        argument: "features",
        rule: "neighbours are taken from `knn_graph` or found among `features`; pass one of them",
    })?;
    let (graph, _) = neighbor_graph(&Features::new(features)?, Some(k), args.parsed("metric")?, args.host())?;
    NeighborRows::new(graph.neighbors(), k)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;

    fn call(kwargs: Value) -> Result<Value, CoreError> {
        let kwargs = kwargs.as_object().cloned().unwrap_or_else(Map::new);
        super::super::call("data_valuation.data_shapley_knn", &[], &kwargs)
    }

    #[test]
    fn rows_on_a_line_get_the_values_of_the_library() {
        let out = call(json!({ "labels": [0, 1, 0, 1, 0], "features": [[0], [1], [2], [3], [4]], "k": 4 })).unwrap();
        let values: Vec<f64> = serde_json::from_value(out).unwrap();
        assert!(values.iter().zip([0.5, 0.45, 0.5, 0.45, 0.5]).all(|(a, b)| (a - b).abs() < 1e-12), "{values:?}");
    }

    #[test]
    fn a_graph_with_broken_row_ends_is_refused() {
        let graph = json!({ "$csr": { "indptr": [0, 2, 1], "indices": [1, 0] } });
        let error = call(json!({ "labels": [0, 1], "knn_graph": graph, "k": 1 })).unwrap_err().to_string();
        assert!(error.contains("`knn_graph.indptr[1]` is 2, then 1"), "{error}");
    }
}
