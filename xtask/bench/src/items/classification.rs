//! `filter`, `rank`, `count`, `dataset` and the batched inspector on labels and probabilities.

use anyhow::Result;
use forge_core::classification::count::{Calibration, compute_confident_joint};
use forge_core::classification::inspector::{InspectorSettings, find_label_issues_batched};
use forge_core::classification::rank::get_adjusted_label_quality_scores;
use forge_core::classification::summary::{Evidence, Overlap};
use forge_core::classification::{count, filter, summary};
use forge_core::{Adjustment, CoreError, Labels, PredProbs, Score};

use crate::{Arrays, Stopwatch};

/// Calls `algorithm` on labels and probabilities; making them is part of the call.
fn call<T>(
    given: &mut Arrays,
    stopwatch: &mut Stopwatch<'_>,
    algorithm: impl FnOnce(&Labels, &PredProbs) -> Result<T, CoreError>,
) -> Result<T> {
    let (labels, pred_probs) = (given.counts("labels")?, given.array("pred_probs")?);
    let check = || Ok((Labels::new(labels)?, PredProbs::new(pred_probs)?));
    Ok(stopwatch.time_on(check, |(labels, pred_probs)| algorithm(labels, pred_probs))?)
}

pub(super) fn find_label_issues(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let options = filter::FilterOptions::default();
    let found = call(given, stopwatch, |labels, probs| filter::find_label_issues(labels, probs, &options))?;
    Ok(Arrays::default().with_flags("mask", found.mask))
}

fn rank(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>, (score, adjustment): (Score, Adjustment)) -> Result<Arrays> {
    let scores =
        call(given, stopwatch, |labels, probs| get_adjusted_label_quality_scores(labels, probs, score, adjustment))?;
    Ok(Arrays::default().with_floats("scores", scores))
}

pub(super) fn rank_self_confidence(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    rank(given, stopwatch, (Score::SelfConfidence, Adjustment::None))
}

pub(super) fn rank_normalized_margin(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    rank(given, stopwatch, (Score::NormalizedMargin, Adjustment::None))
}

pub(super) fn rank_confidence_weighted_entropy(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    rank(given, stopwatch, (Score::ConfidenceWeightedEntropy, Adjustment::None))
}

pub(super) fn rank_self_confidence_adjusted(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    rank(given, stopwatch, (Score::SelfConfidence, Adjustment::ConfidentThresholds))
}

pub(super) fn rank_normalized_margin_adjusted(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    rank(given, stopwatch, (Score::NormalizedMargin, Adjustment::ConfidentThresholds))
}

pub(super) fn confident_joint(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let joint =
        call(given, stopwatch, |labels, probs| compute_confident_joint(labels, probs, None, Calibration::Calibrated))?;
    Ok(Arrays::default().with_counts("counts", joint.counts.iter().map(|&count| count as u32)))
}

pub(super) fn estimate_joint(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let joint = call(given, stopwatch, count::estimate_joint)?;
    Ok(Arrays::default().with_floats("joint", joint.into_iter().collect()))
}

pub(super) fn health_summary(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let summary = call(given, stopwatch, |labels, probs| {
        summary::health_summary(&Evidence::predictions(labels, probs), Overlap::Symmetric)
    })?;
    let score = vec![summary.overall_label_health_score];
    Ok(Arrays::default().with_floats("score", score).with_floats("joint", summary.joint.into_iter().collect()))
}

pub(super) fn batched(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let mask =
        call(given, stopwatch, |labels, probs| find_label_issues_batched(labels, probs, InspectorSettings::default()))?;
    Ok(Arrays::default().with_flags("mask", mask))
}
