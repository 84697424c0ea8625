//! The table of items. One file per family of algorithms.
//!
//! What cleanlab checks inside its call, such as the range of probabilities, ours checks when the checked inputs are made:
//! that is timed too.

mod classification;
mod detection;
mod features;
mod multiannotator;
mod multilabel;
mod segmentation;
mod token;

use anyhow::{Result, bail};

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
    ("shapley", features::shapley),
];

/// The names of the items.
pub fn names() -> impl Iterator<Item = &'static str> {
    ITEMS.iter().map(|&(name, _)| name)
}

/// Runs the item `name` on its data set.
///
/// # Errors
/// An unknown name, a missing array, or what the algorithm refuses.
pub fn run(name: &str, given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    match ITEMS.iter().find(|item| item.0 == name) {
        Some((_, item)) => item(given, stopwatch),
        None => bail!("there is no item `{name}`; there are {}", names().collect::<Vec<_>>().join(", ")),
    }
}
