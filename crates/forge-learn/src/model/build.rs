//! One function per model: from parameters by scikit-learn's names to the model.

mod trees;

use serde_json::Value;

use super::parameters::{Parameters, refuse};
use crate::{
    ClassWeight, Classifier, KNeighbors, LearnError, LogisticRegression, Metric, MultiClass, NeighborWeights,
    Regressor, Ridge,
};
pub(super) use trees::{
    boosting_classifier, boosting_regressor, extra_trees_classifier, extra_trees_regressor, random_forest_classifier,
    random_forest_regressor,
};

/// Neighbours that vote on a class.
const VOTERS: usize = 15;
/// Neighbours whose targets are averaged.
const AVERAGED: usize = 25;

pub(super) fn logistic_regression(parameters: &mut Parameters<'_>) -> Result<Box<dyn Classifier>, LearnError> {
    let default = LogisticRegression::default();
    parameters.choice("penalty", ((), &[("l2", ())]), "l2")?;
    let multinomial = MultiClass::Multinomial;
    let classes = [("auto", multinomial), ("multinomial", multinomial), ("ovr", MultiClass::OneVsRest)];
    let model = LogisticRegression {
        c: parameters.number("C", default.c)?,
        max_iter: parameters.count("max_iter", default.max_iter)?,
        tol: parameters.number("tol", default.tol)?,
        class_weight: class_weight(parameters)?,
        multi_class: parameters.choice("multi_class", (multinomial, &classes), "auto, multinomial or ovr")?,
    };
    model.validate()?;
    Ok(Box::new(model))
}

/// "balanced", or a list in the order of the classes.
fn class_weight(parameters: &mut Parameters<'_>) -> Result<ClassWeight, LearnError> {
    let Some(value) = parameters.value("class_weight") else { return Ok(ClassWeight::None) };
    let given = match value {
        Value::String(name) if name == "balanced" => return Ok(ClassWeight::Balanced),
        Value::Array(weights) => weights.iter().map(Value::as_f64).collect::<Option<Vec<f64>>>(),
        _ => None,
    };
    given.map(ClassWeight::PerClass).ok_or_else(|| refuse("class_weight", value, "balanced or a number per class"))
}

pub(super) fn ridge(parameters: &mut Parameters<'_>) -> Result<Box<dyn Regressor>, LearnError> {
    let model = Ridge { alpha: parameters.number("alpha", Ridge::default().alpha)? };
    crate::LinearRegression { alpha: model.alpha }.validate()?;
    Ok(Box::new(model))
}

pub(super) fn knn_classifier(parameters: &mut Parameters<'_>) -> Result<Box<dyn Classifier>, LearnError> {
    Ok(Box::new(knn(parameters, VOTERS, NeighborWeights::Uniform)?))
}

pub(super) fn knn_regressor(parameters: &mut Parameters<'_>) -> Result<Box<dyn Regressor>, LearnError> {
    Ok(Box::new(knn(parameters, AVERAGED, NeighborWeights::Distance)?))
}

fn knn(
    parameters: &mut Parameters<'_>,
    n_neighbors: usize,
    weights: NeighborWeights,
) -> Result<KNeighbors, LearnError> {
    let choices = [("uniform", NeighborWeights::Uniform), ("distance", NeighborWeights::Distance)];
    let metrics = [("euclidean", Metric::Euclidean), ("minkowski", Metric::Euclidean), ("cosine", Metric::Cosine)];
    Ok(KNeighbors {
        n_neighbors: parameters.count("n_neighbors", n_neighbors)?,
        weights: parameters.choice("weights", (weights, &choices), "uniform or distance")?,
        metric: parameters.choice("metric", (Metric::Euclidean, &metrics), "euclidean, minkowski or cosine")?,
    })
}
