//! `experimental.label_issues_batched.*`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::args::Args;
use super::{Function, output};
use crate::classification::count::EstimationMethod;
use crate::classification::inspector::{Inspector, InspectorSettings, Keep, find_label_issues_batched};
use crate::classification::rank::{Adjustment, Score};
use crate::{CoreError, Labels, PredProbs};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "experimental.label_issues_batched.find_label_issues_batched",
        parameters: &[
            "labels",
            "pred_probs",
            "labels_file",
            "pred_probs_file",
            "batch_size",
            "n_jobs",
            "verbose",
            "quality_score_kwargs",
            "num_issue_kwargs",
            "return_mask",
        ],
        run: issues,
    },
    Function {
        name: "experimental.label_issues_batched.LabelInspector(stream)",
        parameters: &["labels", "pred_probs", "batch_sizes", "quality_score_kwargs", "num_issue_kwargs"],
        run: stream,
    },
];

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct QualityScoreKwargs {
    method: Score,
    adjust_pred_probs: bool,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct NumIssueKwargs {
    estimation_method: EstimationMethod,
}

fn settings(args: &Args) -> Result<InspectorSettings, CoreError> {
    let quality: QualityScoreKwargs = args.parsed("quality_score_kwargs")?;
    let number: NumIssueKwargs = args.parsed("num_issue_kwargs")?;
    let settings = InspectorSettings {
        score: quality.method,
        adjustment: if quality.adjust_pred_probs { Adjustment::ConfidentThresholds } else { Adjustment::None },
        estimation_method: number.estimation_method,
        keep: Keep::Scores,
    };
    settings.validate()?;
    Ok(settings)
}

fn issues(args: &Args) -> Result<Value, CoreError> {
    // The engine reads no files: the arrays come as arguments.
    if let Some(file) = args.get("labels_file") {
        return Err(CoreError::setting("labels_file", file, "`labels` in its place: files are not read here"));
    }
    if let Some(file) = args.get("pred_probs_file") {
        return Err(CoreError::setting("pred_probs_file", file, "`pred_probs` in its place: files are not read here"));
    }
    for name in ["batch_size", "n_jobs"] {
        // Results do not depend on it; it is checked because it may be given.
        let value: i64 = args.parsed_or(name, 1)?;
        if value < 1 {
            return Err(CoreError::setting(name, value, "at least 1"));
        }
    }
    let mask = find_label_issues_batched(&args.labels()?, &args.pred_probs()?, settings(args)?)?;
    if args.parsed("return_mask")? {
        return Ok(json!(mask));
    }
    Ok((0_u64..).zip(mask).filter(|&(_, flag)| flag).map(|(row, _)| row).collect())
}

/// Feeds the rows to an inspector in batches of the given sizes and tells what it knows after each step.
fn stream(args: &Args) -> Result<Value, CoreError> {
    let (labels, pred_probs) = (args.labels()?, args.pred_probs()?);
    let sizes: Vec<usize> = args.parsed("batch_sizes")?;
    let batches = batches(&labels, &pred_probs, &sizes)?;
    let mut inspector = Inspector::new(pred_probs.n_classes(), settings(args)?)?;
    let mut thresholds = Vec::new();
    for (labels, pred_probs) in &batches {
        inspector.update_confident_thresholds(labels, pred_probs)?;
        thresholds.push(output::numbers(inspector.confident_thresholds()?));
    }
    let mut scores = Vec::new();
    for (labels, pred_probs) in &batches {
        scores.push(output::numbers(inspector.score_label_quality(labels, pred_probs)?));
    }
    Ok(json!({
        "thresholds_after_each_batch": thresholds,
        "scores": scores,
        "num_issues": inspector.num_issues()?,
        "quality": output::numbers(inspector.quality_scores()?.iter().copied()),
        "issues": inspector.label_issues()?,
    }))
}

fn batches(labels: &Labels, pred_probs: &PredProbs, sizes: &[usize]) -> Result<Vec<(Labels, PredProbs)>, CoreError> {
    pred_probs.matches(labels)?;
    let total = sizes.iter().try_fold(0_usize, |total, &size| total.checked_add(size));
    if total != Some(labels.len()) {
        return Err(CoreError::setting("batch_sizes", format!("{sizes:?}"), format!("a sum of {} rows", labels.len())));
    }
    let (mut labels, mut rows) = (labels.as_slice(), pred_probs.view());
    let mut batches = Vec::with_capacity(sizes.len());
    for &size in sizes {
        let (batch, rest) = labels.split_at(size);
        let (batch_rows, rest_rows) = rows.split_at(ndarray::Axis(0), size);
        batches.push((Labels::new(batch.to_vec())?, PredProbs::allowing_nan(batch_rows.to_owned())?));
        (labels, rows) = (rest, rest_rows);
    }
    Ok(batches)
}
