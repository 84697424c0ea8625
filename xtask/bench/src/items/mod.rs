//! The table of items. One file per family of algorithms.
//!
//! What cleanlab checks inside its call, such as the range of probabilities, ours checks when the checked inputs are made:
//! that is timed too. Freeing the inputs is not: cleanlab's caller keeps them.

mod classification;
mod datalab;
mod detection;
mod encoded;
mod features;
mod models;
mod multiannotator;
mod multilabel;
mod regression;
mod segmentation;
mod token;

use anyhow::{Result, bail};
use forge_learn::Host;

use crate::{Arrays, Stopwatch};

/// Calls an algorithm on the arrays of its data set and returns its results.
type Item = fn(&mut Arrays, &mut Stopwatch<'_>) -> Result<Arrays>;

const ITEMS: &[(&str, Item)] = &[
    ("find_label_issues_10", classification::find_label_issues),
    ("find_label_issues_100", classification::find_label_issues),
    ("rank_self_confidence", classification::rank_self_confidence),
    ("rank_normalized_margin", classification::rank_normalized_margin),
    ("rank_confidence_weighted_entropy", classification::rank_confidence_weighted_entropy),
    ("rank_self_confidence_adjusted", classification::rank_self_confidence_adjusted),
    ("rank_normalized_margin_adjusted", classification::rank_normalized_margin_adjusted),
    ("confident_joint", classification::confident_joint),
    ("estimate_joint", classification::estimate_joint),
    ("health_summary", classification::health_summary),
    ("batched", classification::batched),
    ("multiannotator", multiannotator::label_quality),
    ("active_learning", multiannotator::active_learning),
    ("token_filter", token::filter),
    ("token_rank", token::rank),
    ("token_summary", token::summary),
    ("segmentation_filter", segmentation::filter),
    ("segmentation_rank", segmentation::rank),
    ("detection_filter", detection::filter),
    ("detection_rank", detection::rank),
    ("multilabel_filter", multilabel::filter),
    ("multilabel_rank", multilabel::rank),
    ("multilabel_summary", multilabel::summary),
    ("outliers_8", features::outliers),
    ("outliers_64", features::outliers),
    ("outre", features::outre),
    ("regression_clean_learning", regression::clean_learning),
    ("shapley", features::shapley),
    ("datalab", datalab::audit),
    ("pictures", datalab::pictures),
];

/// Fits a model on the arrays of its data set, on the threads of a host, and returns how good it is.
type Model = fn(&mut Arrays, (&mut Stopwatch<'_>, &dyn Host)) -> Result<Arrays>;

const MODELS: &[(&str, Model)] = &[
    ("adult_logistic_regression", models::logistic_regression),
    ("adult_knn", models::knn),
    ("adult_random_forest", models::random_forest),
    ("adult_extra_trees", models::extra_trees),
    ("adult_boosting", models::boosting),
    ("covertype_logistic_regression", models::logistic_regression),
    ("covertype_boosting", models::boosting),
    ("bike_ridge", models::ridge),
    ("bike_knn", models::knn_numbers),
    ("bike_random_forest", models::random_forest_numbers),
    ("bike_extra_trees", models::extra_trees_numbers),
    ("bike_boosting", models::boosting_numbers),
    ("isolation_forest", models::isolation_forest),
    ("local_outlier_factor", models::local_outlier_factor),
    ("covertype_full_logistic_regression", models::logistic_regression),
    ("covertype_full_boosting", models::boosting),
];

/// The names of the items.
pub fn names() -> impl Iterator<Item = &'static str> {
    ITEMS.iter().map(|&(name, _)| name).chain(MODELS.iter().map(|&(name, _)| name))
}

/// Runs the item `name` on its data set; a model may use the threads of `host`.
///
/// # Errors
/// An unknown name, a missing array, or what the algorithm refuses.
pub fn run(name: &str, given: &mut Arrays, stopwatch: &mut Stopwatch<'_>, host: &dyn Host) -> Result<Arrays> {
    if let Some((_, model)) = MODELS.iter().find(|model| model.0 == name) {
        return model(given, (stopwatch, host));
    }
    match ITEMS.iter().find(|item| item.0 == name) {
        Some((_, item)) => item(given, stopwatch),
        None => bail!("there is no item `{name}`; there are {}", names().collect::<Vec<_>>().join(", ")),
    }
}
