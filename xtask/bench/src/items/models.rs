//! The models: out-of-sample predictions by the folds that scikit-learn gets too, and outlier scores.
//!
//! Each returns the array `score`, how good the predictions are: the area under the ROC curve, or R² for numbers.

use anyhow::{Context, Result};
use forge_learn::{
    Classifier, ExtraTrees, HistGradientBoosting, Host, IsolationForest, KNeighbors, LocalOutlierFactor,
    LogisticRegression, Matrix, NeighborWeights, RandomForest, Regressor, Ridge, WeightedLabels, r2_score, roc_auc,
    roc_auc_of_scores,
};
use ndarray::{Array2, Ix2};

use super::encoded::Encoded;
use crate::{Arrays, Stopwatch};

/// Trees of a forest, scikit-learn's default.
const TREES: usize = 100;

/// A measured call, with the host whose threads it may use.
type Lent<'a, 'b> = (&'a mut Stopwatch<'b>, &'a dyn Host);

fn classes(given: &mut Arrays, (stopwatch, host): Lent<'_, '_>, classifier: &dyn Classifier) -> Result<Arrays> {
    let (encoded, labels) = (Encoded::take(given)?, given.counts("labels")?);
    let n_classes = labels.iter().max().map_or(0, |&last| last as usize + 1);
    let probs = stopwatch.time(|| {
        encoded.out_of_sample(n_classes, host, |train, test, host| {
            let of_train = train.of(&labels);
            let rows = WeightedLabels::unweighted(&of_train, n_classes);
            let model = classifier.fit(&train.features, rows, host)?;
            Ok(model.try_predict_proba(&test.features, host)?.into_raw_vec_and_offset().0)
        })
    })?;
    let probs = Array2::from_shape_vec([labels.len(), n_classes], probs)?;
    score(roc_auc(&labels, &probs))
}

fn numbers(given: &mut Arrays, (stopwatch, host): Lent<'_, '_>, regressor: &dyn Regressor) -> Result<Arrays> {
    let (encoded, targets) = (Encoded::take(given)?, given.floats("targets")?);
    let predicted = stopwatch.time(|| {
        encoded.out_of_sample(1, host, |train, test, host| {
            regressor.fit(&train.features, &train.of(&targets), None, host)?.try_predict(&test.features, host)
        })
    })?;
    score(Some(r2_score(&targets, &predicted, None)?))
}

fn score(score: Option<f64>) -> Result<Arrays> {
    Ok(Arrays::default().with_floats("score", vec![score.context("the labels are of one class")?]))
}

pub(super) fn logistic_regression(given: &mut Arrays, lent: Lent<'_, '_>) -> Result<Arrays> {
    classes(given, lent, &LogisticRegression::default())
}

pub(super) fn knn(given: &mut Arrays, lent: Lent<'_, '_>) -> Result<Arrays> {
    let model = KNeighbors { n_neighbors: 15, weights: NeighborWeights::Uniform, ..KNeighbors::default() };
    classes(given, lent, &model)
}

pub(super) fn random_forest(given: &mut Arrays, lent: Lent<'_, '_>) -> Result<Arrays> {
    classes(given, lent, &RandomForest { n_estimators: TREES, ..RandomForest::default() })
}

pub(super) fn extra_trees(given: &mut Arrays, lent: Lent<'_, '_>) -> Result<Arrays> {
    classes(given, lent, &ExtraTrees { n_estimators: TREES, ..ExtraTrees::default() })
}

pub(super) fn boosting(given: &mut Arrays, lent: Lent<'_, '_>) -> Result<Arrays> {
    classes(given, lent, &HistGradientBoosting::default())
}

pub(super) fn ridge(given: &mut Arrays, lent: Lent<'_, '_>) -> Result<Arrays> {
    numbers(given, lent, &Ridge::default())
}

pub(super) fn knn_numbers(given: &mut Arrays, lent: Lent<'_, '_>) -> Result<Arrays> {
    let model = KNeighbors { n_neighbors: 25, weights: NeighborWeights::Distance, ..KNeighbors::default() };
    numbers(given, lent, &model)
}

pub(super) fn random_forest_numbers(given: &mut Arrays, lent: Lent<'_, '_>) -> Result<Arrays> {
    numbers(given, lent, &RandomForest { n_estimators: TREES, ..RandomForest::default() })
}

pub(super) fn extra_trees_numbers(given: &mut Arrays, lent: Lent<'_, '_>) -> Result<Arrays> {
    numbers(given, lent, &ExtraTrees { n_estimators: TREES, ..ExtraTrees::default() })
}

pub(super) fn boosting_numbers(given: &mut Arrays, lent: Lent<'_, '_>) -> Result<Arrays> {
    numbers(given, lent, &HistGradientBoosting::default())
}

/// How well planted outliers are told apart by low `scores`.
fn outliers(given: &mut Arrays, scores: &[f64]) -> Result<Arrays> {
    let planted: Vec<bool> = given.counts("outliers")?.into_iter().map(|flag| flag != 0).collect();
    let unusual: Vec<f64> = scores.iter().map(|score| -score).collect();
    score(roc_auc_of_scores(&planted, &unusual))
}

pub(super) fn isolation_forest(given: &mut Arrays, (stopwatch, host): Lent<'_, '_>) -> Result<Arrays> {
    let features = Matrix::from_dense(&given.array::<Ix2>("dense")?)?;
    let scores = stopwatch.time(|| {
        let model = IsolationForest::default().fit(&features, None, host)?;
        model.try_score_samples(&features, host)
    })?;
    outliers(given, &scores)
}

pub(super) fn local_outlier_factor(given: &mut Arrays, (stopwatch, host): Lent<'_, '_>) -> Result<Arrays> {
    let features = given.array::<Ix2>("dense")?;
    let model = stopwatch.time(|| LocalOutlierFactor::default().fit(features.view(), host))?;
    outliers(given, model.scores())
}
