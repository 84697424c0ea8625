//! Random forests (Breiman, Random Forests, 2001) and extra trees (Geurts, Ernst and Wehenkel, Extremely Randomized
//! Trees, 2006), for classes and for numbers.
//!
//! Parameters, defaults and predictions mean what they mean in scikit-learn's `RandomForestClassifier`,
//! `RandomForestRegressor`, `ExtraTreesClassifier` and `ExtraTreesRegressor` with the criteria `gini` and
//! `squared_error`; the random stream is another, so forests agree as those of two seeds do. Columns are ranked once per
//! fit, one-hot columns stay indices, and every tree draws from its own stream of the seed: results do not depend on the
//! number of threads.

mod abreast;
mod batch;
mod classes;
mod columns;
mod compact;
mod fit;
mod grow;
mod inherited;
mod lanes;
mod model;
mod network;
mod settings;
mod split;
mod target;
mod tree;
mod whole;

use crate::weights::check_weights;
use crate::{
    ClassWeight, Classifier, ClassifierModel, Host, LearnError, Matrix, Regressor, RegressorModel, WeightedLabels,
};
use fit::{Lesson, Plan, fit};
pub use model::{ForestClassifier, ForestRegressor};
use settings::Task;
pub use settings::{ExtraTrees, MaxFeatures, MaxSamples, RandomForest};

pub(crate) use columns::single;
pub(crate) use model::means as predict_mean;
pub(crate) use split::draw_cut;
pub(crate) use tree::{Leaves, Node, Tree};

/// Fits class probabilities by the plan that `plan` makes for so many features and rows.
fn fit_classes(
    plan: impl Fn(Task<'_>) -> Result<Plan, LearnError>,
    features: &Matrix,
    (rows, class_weight): (WeightedLabels<'_>, &ClassWeight),
    host: &dyn Host,
) -> Result<ForestClassifier, LearnError> {
    let WeightedLabels { labels, n_classes, weights } = rows;
    check_rows(features, labels.len(), weights)?;
    if let Some(position) = labels.iter().position(|&label| label as usize >= n_classes) {
        return Err(LearnError::Label { position, label: labels[position], n_classes });
    }
    let weights = class_weight.by_count(labels, n_classes, weights)?;
    let plan = plan(Task { features, weights: weights.as_deref(), classes: true })?;
    let targets: Vec<f64> = labels.iter().map(|&label| label as f64).collect();
    // A single class is learnt like two, of which one has no member.
    let width = n_classes.max(2);
    let lesson = Lesson { targets: &targets, width, weights: weights.as_deref() };
    let fitted = fit(&plan, features, lesson, host)?;
    Ok(ForestClassifier { fitted, n_features: features.n_features(), n_classes })
}

/// Fits numbers by the plan that `plan` makes.
fn fit_numbers(
    plan: impl Fn(Task<'_>) -> Result<Plan, LearnError>,
    features: &Matrix,
    (targets, weights): (&[f64], Option<&[f64]>),
    host: &dyn Host,
) -> Result<ForestRegressor, LearnError> {
    check_rows(features, targets.len(), weights)?;
    if let Some(row) = targets.iter().position(|target| !target.is_finite()) {
        return Err(LearnError::Matrix { row, rule: "its target is not finite" });
    }
    let plan = plan(Task { features, weights, classes: false })?;
    let center = targets.iter().sum::<f64>() / targets.len() as f64;
    let around: Vec<f64> = targets.iter().map(|target| target - center).collect();
    if around.iter().map(|x| x * x).sum::<f64>().is_infinite() || !center.is_finite() {
        return Err(LearnError::Diverged);
    }
    let fitted = fit(&plan, features, Lesson { targets: &around, width: 1, weights }, host)?;
    Ok(ForestRegressor { fitted, n_features: features.n_features(), center })
}

/// Refuses what no forest can learn from.
fn check_rows(features: &Matrix, n_labels: usize, weights: Option<&[f64]>) -> Result<(), LearnError> {
    let n_rows = features.n_rows();
    if n_labels != n_rows {
        return Err(LearnError::LabelCount { n_labels, n_rows });
    }
    if n_rows == 0 {
        return Err(LearnError::TooFewRows { n_rows, least: 1 });
    }
    if features.n_features() == 0 {
        return Err(LearnError::NoFeatures);
    }
    features.refuse_missing()?;
    check_weights(n_rows, weights)
}

impl RandomForest {
    /// Learns class probabilities; see [`Classifier::fit`].
    ///
    /// # Errors
    /// A parameter, label or weight outside its range, no row or feature, or [`LearnError::Cancelled`].
    pub fn fit_classes(
        &self,
        features: &Matrix,
        rows: WeightedLabels<'_>,
        host: &dyn Host,
    ) -> Result<ForestClassifier, LearnError> {
        fit_classes(|task| self.plan(task), features, (rows, &self.class_weight), host)
    }

    /// Learns numbers; see [`Regressor::fit`].
    ///
    /// # Errors
    /// A parameter, target or weight outside its range, no row or feature, or [`LearnError::Cancelled`].
    pub fn fit_numbers(
        &self,
        features: &Matrix,
        (targets, weights): (&[f64], Option<&[f64]>),
        host: &dyn Host,
    ) -> Result<ForestRegressor, LearnError> {
        fit_numbers(|task| self.plan(task), features, (targets, weights), host)
    }
}

impl ExtraTrees {
    /// Learns class probabilities; see [`Classifier::fit`].
    ///
    /// # Errors
    /// A parameter, label or weight outside its range, no row or feature, or [`LearnError::Cancelled`].
    pub fn fit_classes(
        &self,
        features: &Matrix,
        rows: WeightedLabels<'_>,
        host: &dyn Host,
    ) -> Result<ForestClassifier, LearnError> {
        fit_classes(|task| self.plan(task), features, (rows, &self.class_weight), host)
    }

    /// Learns numbers; see [`Regressor::fit`].
    ///
    /// # Errors
    /// A parameter, target or weight outside its range, no row or feature, or [`LearnError::Cancelled`].
    pub fn fit_numbers(
        &self,
        features: &Matrix,
        (targets, weights): (&[f64], Option<&[f64]>),
        host: &dyn Host,
    ) -> Result<ForestRegressor, LearnError> {
        fit_numbers(|task| self.plan(task), features, (targets, weights), host)
    }
}

impl Classifier for RandomForest {
    fn fit(
        &self,
        features: &Matrix,
        rows: WeightedLabels<'_>,
        host: &dyn Host,
    ) -> Result<Box<dyn ClassifierModel>, LearnError> {
        Ok(Box::new(self.fit_classes(features, rows, host)?))
    }
}

impl Regressor for RandomForest {
    fn fit(
        &self,
        features: &Matrix,
        targets: &[f64],
        weights: Option<&[f64]>,
        host: &dyn Host,
    ) -> Result<Box<dyn RegressorModel>, LearnError> {
        Ok(Box::new(self.fit_numbers(features, (targets, weights), host)?))
    }
}

impl Classifier for ExtraTrees {
    fn fit(
        &self,
        features: &Matrix,
        rows: WeightedLabels<'_>,
        host: &dyn Host,
    ) -> Result<Box<dyn ClassifierModel>, LearnError> {
        Ok(Box::new(self.fit_classes(features, rows, host)?))
    }
}

impl Regressor for ExtraTrees {
    fn fit(
        &self,
        features: &Matrix,
        targets: &[f64],
        weights: Option<&[f64]>,
        host: &dyn Host,
    ) -> Result<Box<dyn RegressorModel>, LearnError> {
        Ok(Box::new(self.fit_numbers(features, (targets, weights), host)?))
    }
}
