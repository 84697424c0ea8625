//! `multiannotator` on a table of labels, n × m with NaN where there is none.

use anyhow::Result;
use forge_core::PredProbs;
use forge_core::multiannotator::{
    AnnotatorLabels, LabelShares, LabelTable, Pools, QualityOptions, get_active_learning_scores,
    get_label_quality_multiannotator,
};
use ndarray::Array2;

use crate::{Arrays, Stopwatch};

pub(super) fn label_quality(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let (labels, pred_probs): (Array2<f64>, _) = (given.array("labels")?, given.array("pred_probs")?);
    let found = stopwatch.time(|| {
        let labels = AnnotatorLabels::new(LabelTable::from_f64(labels.view())?)?;
        get_label_quality_multiannotator(&labels, &PredProbs::new(pred_probs)?, &QualityOptions::default())
    })?;
    let mut annotators = found.annotators.unwrap_or_default();
    annotators.sort_by_key(|stats| stats.annotator);
    let mut out = Arrays::default()
        .with_floats("detailed", found.detailed.into_iter().flatten().collect())
        .with_floats("annotator_quality", annotators.iter().map(|stats| stats.annotator_quality).collect())
        .with_counts("worst_class", annotators.iter().map(|stats| stats.worst_class));
    if let Some(best) = found.consensus.into_iter().next() {
        out = out
            .with_counts("consensus", best.labels)
            .with_floats("quality", best.quality)
            .with_floats("agreement", best.agreement);
    }
    Ok(out)
}

pub(super) fn active_learning(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let (labels, pred_probs): (Array2<f64>, _) = (given.array("labels")?, given.array("pred_probs")?);
    let unlabeled = given.array("unlabeled")?;
    let scores = stopwatch.time(|| {
        let labels = AnnotatorLabels::new(LabelTable::from_f64(labels.view())?)?;
        let (labeled, unlabeled) = (PredProbs::new(pred_probs)?, PredProbs::new(unlabeled)?);
        get_active_learning_scores(&Pools::Both(&labels, &labeled, &unlabeled), LabelShares::default())
    })?;
    Ok(Arrays::default().with_floats("labeled", scores.labeled).with_floats("unlabeled", scores.unlabeled))
}
