//! What rests on nearest neighbours: `outlier`, `regression.rank` and `data_valuation`.

use anyhow::Result;
use forge_core::outlier::{FeatureOod, FeatureOodOptions, Features, neighbor_graph};
use forge_core::regression::rank::{Predicted, RegressionScore, get_label_quality_scores};
use forge_core::valuation::{NeighborRows, data_shapley_knn};
use forge_core::{Labels, Quiet};

use crate::{Arrays, Stopwatch};

/// Neighbours of a row in the valuation, cleanlab's default.
const SHAPLEY_NEIGHBORS: usize = 10;

pub(super) fn outliers(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let features = given.array("features")?;
    let (_, scores) =
        stopwatch.time(|| FeatureOod::fit_score(&Features::new(features)?, FeatureOodOptions::default(), &Quiet))?;
    Ok(Arrays::default().with_floats("scores", scores))
}

pub(super) fn outre(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let (labels, predictions) = (given.floats("labels")?, given.floats("predictions")?);
    let scores = stopwatch
        .time(|| get_label_quality_scores(&Predicted::new(labels, predictions)?, RegressionScore::Outre, &Quiet))?;
    Ok(Arrays::default().with_floats("scores", scores))
}

pub(super) fn shapley(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let (labels, features) = (given.counts("labels")?, given.array("features")?);
    let scores = stopwatch.time(|| {
        let (graph, _) = neighbor_graph(&Features::new(features)?, Some(SHAPLEY_NEIGHBORS), None, &Quiet)?;
        data_shapley_knn(&Labels::new(labels)?, &NeighborRows::new(graph.neighbors(), SHAPLEY_NEIGHBORS)?)
    })?;
    Ok(Arrays::default().with_floats("scores", scores))
}
