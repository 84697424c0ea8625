//! `multilabel_classification` on rows with any number of classes.

use anyhow::{Context, Result};
use forge_core::multilabel::filter::{MultilabelFilterOptions, find_label_issues};
use forge_core::multilabel::rank::{Aggregator, Scoring, get_label_quality_scores};
use forge_core::multilabel::summary::multilabel_health_summary;
use forge_core::{CoreError, PredProbs};

use forge_core::multilabel::MultilabelData;

use crate::{Arrays, Stopwatch};

/// Calls `algorithm` on rows, each a list of classes; checking them is part of the call.
fn call<T>(
    given: &mut Arrays,
    stopwatch: &mut Stopwatch<'_>,
    algorithm: impl FnOnce(&MultilabelData) -> Result<T, CoreError>,
) -> Result<T> {
    let (shape, flags) = given.count_array("labels")?;
    let n_classes = *shape.get(1).filter(|&&n| n > 0).context("`labels` is no table")?;
    let classes = |row: &[u32]| (0_u32..).zip(row).filter(|&(_, &flag)| flag == 1).map(|(class, _)| class).collect();
    let labels: Vec<Vec<u32>> = flags.chunks(n_classes).map(classes).collect();
    let pred_probs = given.array("pred_probs")?;
    Ok(stopwatch.time_on(|| MultilabelData::new(&labels, PredProbs::new(pred_probs)?), algorithm)?)
}

pub(super) fn filter(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let mask = call(given, stopwatch, |data| find_label_issues(data, &MultilabelFilterOptions::default()))?;
    Ok(Arrays::default().with_flags("mask", mask))
}

pub(super) fn rank(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let scores =
        call(given, stopwatch, |data| get_label_quality_scores(data, Scoring::default(), Aggregator::default()))?;
    Ok(Arrays::default().with_floats("scores", scores))
}

pub(super) fn summary(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let summary = call(given, stopwatch, |data| multilabel_health_summary(data, None))?;
    let mut classes = summary.classes_by_multilabel_quality;
    classes.sort_by_key(|quality| quality.class);
    Ok(Arrays::default()
        .with_floats("score", vec![summary.overall_multilabel_health_score])
        .with_floats("class_quality", classes.iter().map(|quality| quality.label_quality_score).collect()))
}
