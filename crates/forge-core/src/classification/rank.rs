//! Scoring and ordering labels by how plausible they are. Mirrors `cleanlab.rank`; the scores are those of Kuan and
//! Mueller (2022), "Model-agnostic label quality scoring to detect real-world label errors".

use libm::{exp, log};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::argmax;
use super::count::get_confident_thresholds;
use super::order::{argsort, smallest};
use crate::{CoreError, Labels, PredProbs};

/// Lower bound of a divisor or a logarithm's argument, cleanlab's `CLIPPING_LOWER_BOUND`.
const CLIP: f64 = 1e-6;

/// A label quality score, cleanlab's `method` and `rank_by`. All lie in [0, 1]; lower is worse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Score {
    /// Probability of the given label.
    #[default]
    SelfConfidence,
    /// (probability of the given label − largest other probability + 1) / 2.
    NormalizedMargin,
    /// Entropy of the prediction over the probability of the given label, squashed.
    ConfidenceWeightedEntropy,
}

/// Whether probabilities are made comparable between classes before they are scored, cleanlab's `adjust_pred_probs`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adjustment {
    /// Probabilities as they are.
    #[default]
    None,
    /// Less the class's confident threshold, shifted and rescaled per row.
    ConfidentThresholds,
}

/// How the members of an ensemble are weighted, cleanlab's `weight_ensemble_members_by`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum EnsembleWeights {
    /// All alike.
    Uniform,
    /// By the share of labels a member predicts.
    #[default]
    Accuracy,
    /// By exp(−t · log loss), with the t of this list whose weighted mean has the lowest log loss.
    LogLossSearch(Vec<f64>),
    /// By these weights, one per member.
    Custom(Vec<f64>),
}

impl EnsembleWeights {
    /// The temperatures cleanlab searches by default.
    pub const TEMPERATURES: [f64; 8] = [1e-4, 1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2, 2e2];
}

/// A label quality score per row. cleanlab: `rank.get_label_quality_scores`.
///
/// # Errors
/// Labels that do not fit the probabilities.
pub fn get_label_quality_scores(labels: &Labels, pred_probs: &PredProbs, score: Score) -> Result<Vec<f64>, CoreError> {
    pred_probs.matches(labels)?;
    let rows = pred_probs.rows().zip(labels.as_slice().iter().map(|&label| label as usize));
    match score {
        Score::SelfConfidence => Ok(rows.map(|(row, label)| row[label]).collect()),
        Score::NormalizedMargin => Ok(rows.map(|(row, label)| normalized_margin(row, label)).collect()),
        Score::ConfidenceWeightedEntropy => {
            let scale = log(pred_probs.n_classes() as f64);
            rows.enumerate().map(|(i, (row, label))| confidence_weighted_entropy(i, row, label, scale)).collect()
        }
    }
}

/// [`get_label_quality_scores`] on probabilities that are adjusted first.
///
/// # Errors
/// Labels that do not fit the probabilities; the entropy score, which is not defined on adjusted probabilities.
pub fn get_adjusted_label_quality_scores(
    labels: &Labels,
    pred_probs: &PredProbs,
    score: Score,
    adjustment: Adjustment,
) -> Result<Vec<f64>, CoreError> {
    match (adjustment, score) {
        (Adjustment::None, _) => get_label_quality_scores(labels, pred_probs, score),
        (Adjustment::ConfidentThresholds, Score::ConfidenceWeightedEntropy) => Err(CoreError::Conflict(
            "`adjust_pred_probs` does not go with the score \"confidence_weighted_entropy\"; \
             choose self_confidence or normalized_margin"
                .to_owned(),
        )),
        (Adjustment::ConfidentThresholds, _) => {
            let adjusted = subtract_confident_thresholds(labels, pred_probs)?;
            let scored = |(row, &label): (ndarray::ArrayView1<'_, f64>, &u32)| {
                let (row, label) = (row.to_slice().unwrap_or_default(), label as usize);
                if score == Score::SelfConfidence { row[label] } else { normalized_margin(row, label) }
            };
            Ok(adjusted.outer_iter().zip(labels.as_slice()).map(scored).collect())
        }
    }
}

/// Probabilities less their class's confident threshold, plus the largest threshold, scaled to row sum 1; n × k.
/// cleanlab: `internal.label_quality_utils._subtract_confident_thresholds`.
fn subtract_confident_thresholds(labels: &Labels, pred_probs: &PredProbs) -> Result<Array2<f64>, CoreError> {
    let thresholds = get_confident_thresholds(labels, pred_probs)?;
    let largest = thresholds.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut adjusted = pred_probs.view().to_owned();
    for mut row in adjusted.outer_iter_mut() {
        row.iter_mut().zip(&thresholds).for_each(|(p, threshold)| *p = *p - threshold + largest);
        let total = row.sum();
        row.mapv_inplace(|p| p / total);
    }
    Ok(adjusted)
}

/// (p\[label\] − largest other + 1) / 2; with a single class there is no other and the label is certain.
pub(super) fn normalized_margin(row: &[f64], label: usize) -> f64 {
    let larger = |best: f64, p: f64| if p > best || p.is_nan() { p } else { best };
    let others = row[..label].iter().chain(&row[label + 1..]).copied().fold(f64::NEG_INFINITY, larger);
    if others == f64::NEG_INFINITY { 1.0 } else { f64::midpoint(row[label] - others, 1.0) }
}

pub(super) fn confidence_weighted_entropy(i: usize, row: &[f64], label: usize, scale: f64) -> Result<f64, CoreError> {
    if let Some(column) = row.iter().position(|p| !p.is_nan() && !(0.0..=1.0).contains(p)) {
        return Err(CoreError::Probability { row: i, column, value: row[column] });
    }
    let entropy: f64 = -row.iter().map(|&p| if p == 0.0 { 0.0 } else { p * log(p) }).sum::<f64>();
    let weighted = entropy / scale / row[label].max(CLIP);
    Ok(log(weighted + 1.0) / weighted.max(CLIP))
}

/// A label quality score per row from several models' probabilities: the weighted mean of their scores.
/// cleanlab: `rank.get_label_quality_ensemble_scores`.
///
/// # Errors
/// No members, members that do not fit the labels, labels of one class, weights of another number than members.
pub fn get_label_quality_ensemble_scores(
    labels: &Labels,
    members: &[PredProbs],
    score: Score,
    adjustment: Adjustment,
    weights: &EnsembleWeights,
) -> Result<Vec<f64>, CoreError> {
    if members.is_empty() {
        return Err(CoreError::Empty { argument: "pred_probs_list" });
    }
    labels.require_two_classes()?;
    members.iter().try_for_each(|member| member.matches(labels))?;
    let weights = match weights {
        EnsembleWeights::Uniform => vec![1.0 / members.len() as f64; members.len()],
        EnsembleWeights::Accuracy => normalised(members.iter().map(|member| accuracy(labels, member)).collect()),
        EnsembleWeights::LogLossSearch(temperatures) => log_loss_weights(labels, members, temperatures)?,
        EnsembleWeights::Custom(weights) if weights.len() == members.len() => weights.clone(),
        EnsembleWeights::Custom(weights) => {
            return Err(CoreError::Length {
                argument: "custom_weights",
                length: weights.len(),
                reference: "pred_probs_list",
                expected: members.len(),
            });
        }
    };
    let mut total = vec![0.0; labels.len()];
    for (member, weight) in members.iter().zip(weights) {
        let scores = get_adjusted_label_quality_scores(labels, member, score, adjustment)?;
        total.iter_mut().zip(scores).for_each(|(sum, score)| *sum += score * weight);
    }
    Ok(total)
}

fn accuracy(labels: &Labels, pred_probs: &PredProbs) -> f64 {
    let hits = pred_probs.rows().zip(labels.as_slice()).filter(|&(row, &label)| argmax(row) == label as usize).count();
    hits as f64 / labels.len() as f64
}

fn normalised(values: Vec<f64>) -> Vec<f64> {
    let total: f64 = values.iter().sum();
    values.into_iter().map(|v| v / total).collect()
}

fn log_loss_weights(labels: &Labels, members: &[PredProbs], temperatures: &[f64]) -> Result<Vec<f64>, CoreError> {
    let (n, k) = members[0].view().dim();
    if let Some(member) = members.iter().find(|member| member.n_classes() != k) {
        return Err(CoreError::Shape {
            argument: "pred_probs_list",
            shape: format!("{n} × {}", member.n_classes()),
            expected: format!("{n} × {k}, as the first member"),
        });
    }
    let losses: Vec<f64> = members
        .iter()
        .map(|member| {
            let mut clipped = member.view().mapv(|p| p.max(CLIP));
            for mut row in clipped.outer_iter_mut() {
                let total = row.sum();
                row.mapv_inplace(|p| p / total);
            }
            log_loss(labels, &clipped)
        })
        .collect();
    let mut best: Option<(f64, Vec<f64>)> = None;
    for t in temperatures {
        let weights = normalised(losses.iter().map(|loss| exp(-t * loss)).collect());
        let mut mean = Array2::<f64>::zeros((n, k));
        for (member, &weight) in members.iter().zip(&weights) {
            mean.scaled_add(weight, &member.view());
        }
        let loss = log_loss(labels, &mean);
        if best.as_ref().is_none_or(|(lowest, _)| *lowest > loss) && loss.is_finite() {
            best = Some((loss, weights));
        }
    }
    best.map(|(_, weights)| weights).ok_or_else(|| {
        CoreError::setting(
            "log_loss_search_T_values",
            format!("{temperatures:?}"),
            "a list with at least one temperature",
        )
    })
}

/// Mean negative log probability of the labels, clipped to one machine epsilon as in scikit-learn.
fn log_loss(labels: &Labels, pred_probs: &Array2<f64>) -> f64 {
    let loss =
        |(i, &label): (usize, &u32)| -log(pred_probs[[i, label as usize]].clamp(f64::EPSILON, 1.0 - f64::EPSILON));
    labels.as_slice().iter().enumerate().map(loss).sum::<f64>() / labels.len() as f64
}

/// The `top` rows with the lowest scores, worst first. cleanlab: `rank.find_top_issues`.
pub fn find_top_issues(quality_scores: &[f64], top: usize) -> Vec<u32> {
    let mut rows = smallest(quality_scores, top);
    rows.sort_unstable_by(|&a, &b| {
        (quality_scores[a as usize] + 0.0).total_cmp(&(quality_scores[b as usize] + 0.0)).then(a.cmp(&b))
    });
    rows
}

/// The rows of a mask, worst score first. cleanlab: `rank.order_label_issues`.
///
/// # Errors
/// A mask or labels that do not fit the probabilities; labels of one class other than 0.
pub fn order_label_issues(
    mask: &[bool],
    labels: &Labels,
    pred_probs: &PredProbs,
    score: Score,
    adjustment: Adjustment,
) -> Result<Vec<u32>, CoreError> {
    require_two_classes_or_zero(labels)?;
    if mask.len() != labels.len() {
        return Err(CoreError::Length {
            argument: "label_issues_mask",
            length: mask.len(),
            reference: "labels",
            expected: labels.len(),
        });
    }
    let scores = get_adjusted_label_quality_scores(labels, pred_probs, score, adjustment)?;
    let rows: Vec<u32> = (0..mask.len() as u32).filter(|&row| mask[row as usize]).collect();
    let keys: Vec<f64> = rows.iter().map(|&row| scores[row as usize]).collect();
    Ok(argsort(&keys).into_iter().map(|i| rows[i as usize]).collect())
}

/// Refuses labels of one class, but for class 0: the complement of a class that never occurs in multi-label data.
pub(crate) fn require_two_classes_or_zero(labels: &Labels) -> Result<(), CoreError> {
    match labels.only_class() {
        Some(label) if label != 0 => Err(CoreError::OneClass { label }),
        _ => Ok(()),
    }
}
