//! Models made of trees, from parameters by scikit-learn's names.

use serde_json::Value;

use super::super::parameters::{Parameters, refuse};
use super::class_weight;
use crate::{
    Classifier, EarlyStopping, ExtraTrees, HistGradientBoosting, LearnError, MaxFeatures, MaxSamples, RandomForest,
    Regressor,
};

/// Trees of a random forest for classes, and for numbers.
const RANDOM_FOREST: (usize, usize) = (300, 500);
/// Trees of extra trees for classes, and for numbers.
const EXTRA_TREES: (usize, usize) = (500, 800);

/// Reads one of the two forests, which have the same parameters.
macro_rules! forest {
    ($forest:ident, $parameters:ident, $n_estimators:expr) => {{
        let default = $forest::default();
        let forest = $forest {
            n_estimators: $parameters.count("n_estimators", $n_estimators)?,
            max_depth: optional_count($parameters, "max_depth")?,
            min_samples_split: $parameters.count("min_samples_split", default.min_samples_split)?,
            min_samples_leaf: $parameters.count("min_samples_leaf", default.min_samples_leaf)?,
            max_features: max_features($parameters)?,
            bootstrap: $parameters.flag("bootstrap", default.bootstrap)?,
            max_samples: max_samples($parameters)?,
            class_weight: class_weight($parameters)?,
            seed: $parameters.seed(default.seed)?,
        };
        $parameters.choice("criterion", ((), &[("gini", ()), ("squared_error", ())]), "gini or squared_error")?;
        forest.validate()?;
        Ok(Box::new(forest))
    }};
}

type Built<T> = Result<Box<T>, LearnError>;

pub(in super::super) fn random_forest_classifier(parameters: &mut Parameters<'_>) -> Built<dyn Classifier> {
    forest!(RandomForest, parameters, RANDOM_FOREST.0)
}

pub(in super::super) fn random_forest_regressor(parameters: &mut Parameters<'_>) -> Built<dyn Regressor> {
    forest!(RandomForest, parameters, RANDOM_FOREST.1)
}

pub(in super::super) fn extra_trees_classifier(parameters: &mut Parameters<'_>) -> Built<dyn Classifier> {
    forest!(ExtraTrees, parameters, EXTRA_TREES.0)
}

pub(in super::super) fn extra_trees_regressor(parameters: &mut Parameters<'_>) -> Built<dyn Regressor> {
    forest!(ExtraTrees, parameters, EXTRA_TREES.1)
}

pub(in super::super) fn boosting_classifier(parameters: &mut Parameters<'_>) -> Built<dyn Classifier> {
    let class_weight = class_weight(parameters)?;
    Ok(Box::new(HistGradientBoosting { class_weight, ..boosting(parameters)? }))
}

pub(in super::super) fn boosting_regressor(parameters: &mut Parameters<'_>) -> Built<dyn Regressor> {
    Ok(Box::new(boosting(parameters)?))
}

fn boosting(parameters: &mut Parameters<'_>) -> Result<HistGradientBoosting, LearnError> {
    let default = HistGradientBoosting::default();
    let model = HistGradientBoosting {
        learning_rate: parameters.number("learning_rate", default.learning_rate)?,
        max_iter: parameters.count("max_iter", default.max_iter)?,
        max_leaf_nodes: Some(parameters.count("max_leaf_nodes", default.max_leaf_nodes.unwrap_or(31))?),
        max_depth: optional_count(parameters, "max_depth")?,
        min_samples_leaf: parameters.count("min_samples_leaf", default.min_samples_leaf)?,
        l2_regularization: parameters.number("l2_regularization", default.l2_regularization)?,
        max_features: parameters.number("max_features", default.max_features)?,
        max_bins: parameters.count("max_bins", default.max_bins)?,
        early_stopping: early_stopping(parameters)?,
        validation_fraction: Some(parameters.number("validation_fraction", 0.1)?),
        n_iter_no_change: parameters.count("n_iter_no_change", default.n_iter_no_change)?,
        tol: parameters.number("tol", default.tol)?,
        seed: parameters.seed(default.seed)?,
        ..default
    };
    model.validate()?;
    Ok(model)
}

/// A whole number, or none.
fn optional_count(parameters: &mut Parameters<'_>, name: &'static str) -> Result<Option<usize>, LearnError> {
    if parameters.value(name).is_none() { Ok(None) } else { parameters.count(name, 0).map(Some) }
}

fn early_stopping(parameters: &mut Parameters<'_>) -> Result<EarlyStopping, LearnError> {
    match parameters.value("early_stopping") {
        None => Ok(EarlyStopping::Auto),
        Some(Value::String(auto)) if auto == "auto" => Ok(EarlyStopping::Auto),
        Some(Value::Bool(true)) => Ok(EarlyStopping::On),
        Some(Value::Bool(false)) => Ok(EarlyStopping::Off),
        Some(other) => Err(refuse("early_stopping", other, "auto, true or false")),
    }
}

fn max_features(parameters: &mut Parameters<'_>) -> Result<MaxFeatures, LearnError> {
    let range = "sqrt, log2, a share or a whole number";
    match parameters.value("max_features") {
        None => Ok(MaxFeatures::Default),
        Some(Value::String(name)) if name == "sqrt" => Ok(MaxFeatures::Sqrt),
        Some(Value::String(name)) if name == "log2" => Ok(MaxFeatures::Log2),
        Some(value) => match (value.as_u64(), value.as_f64()) {
            (Some(count), _) => Ok(MaxFeatures::Count(count as usize)),
            (None, Some(share)) => Ok(MaxFeatures::Share(share)),
            _ => Err(refuse("max_features", value, range)),
        },
    }
}

fn max_samples(parameters: &mut Parameters<'_>) -> Result<MaxSamples, LearnError> {
    match parameters.value("max_samples") {
        None => Ok(MaxSamples::All),
        Some(value) => match (value.as_u64(), value.as_f64()) {
            (Some(count), _) => Ok(MaxSamples::Count(count as usize)),
            (None, Some(share)) => Ok(MaxSamples::Share(share)),
            _ => Err(refuse("max_samples", value, "a share or a whole number")),
        },
    }
}
