//! Scoring and ordering labels by how plausible they are. Mirrors `cleanlab.rank`; the scores are those of Kuan and
//! Mueller (2022), "Model-agnostic label quality scoring to detect real-world label errors".

use libm::{exp, log};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::argmax;
use super::count::get_confident_thresholds;
use super::order::{self, argsort, smallest};
use super::scan::largest_other;
use crate::vector_math::{in_wide_vectors, ln_normal, times_ln};
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
        Score::NormalizedMargin if pred_probs.has_nan() => {
            Ok(rows.map(|(row, label)| normalized_margin_with_nan(row, label)).collect())
        }
        Score::NormalizedMargin => Ok(rows.map(|(row, label)| normalized_margin(row, label)).collect()),
        Score::ConfidenceWeightedEntropy => confidence_weighted_entropies(labels, pred_probs),
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
            pred_probs.matches(labels)?;
            let mut adjusted = Adjusted::new(&get_confident_thresholds(labels, pred_probs)?);
            let rows = pred_probs.rows().zip(labels.as_slice().iter().map(|&label| label as usize));
            Ok(rows.map(|(row, label)| adjusted.score(row, label, score)).collect())
        }
    }
}

/// A row of probabilities less their class's confident threshold, plus the largest threshold, scaled to sum 1.
/// cleanlab: `internal.label_quality_utils._subtract_confident_thresholds`.
pub(super) struct Adjusted {
    thresholds: Vec<f64>,
    largest: f64,
    row: Vec<f64>,
}

impl Adjusted {
    pub(super) fn new(thresholds: &[f64]) -> Self {
        let larger = |a: f64, b: f64| if b > a || b.is_nan() { b } else { a };
        Self {
            thresholds: thresholds.to_vec(),
            largest: thresholds.iter().copied().fold(f64::NEG_INFINITY, larger),
            row: vec![0.0; thresholds.len()],
        }
    }

    /// Self-confidence or normalized margin of the adjusted row.
    pub(super) fn score(&mut self, row: &[f64], label: usize, score: Score) -> f64 {
        for ((a, p), threshold) in self.row.iter_mut().zip(row).zip(&self.thresholds) {
            *a = p - threshold + self.largest;
        }
        let total = unrolled_sum(&self.row);
        if score == Score::SelfConfidence {
            return self.row[label] / total;
        }
        // Scaling keeps the order, so that only two values need it; it does not where the sum is not positive.
        if total > 0.0 {
            return margin(self.row[label] / total, largest_other(&self.row, label) / total);
        }
        self.row.iter_mut().for_each(|a| *a /= total);
        normalized_margin_with_nan(&self.row, label)
    }
}

/// The sum in eight lanes, in the order of `ndarray`.
#[inline]
fn unrolled_sum(values: &[f64]) -> f64 {
    let (chunks, rest) = values.as_chunks::<8>();
    let lanes = chunks.iter().fold([0.0; 8], |sums, chunk| std::array::from_fn(|i| sums[i] + chunk[i]));
    let folded: [f64; 4] = std::array::from_fn(|i| lanes[i] + lanes[i + 4]);
    rest.iter().fold(folded.iter().sum(), |sum, value| sum + value)
}

/// (p\[label\] − largest other + 1) / 2; with a single class there is no other and the label is certain.
#[inline]
pub(super) fn normalized_margin(row: &[f64], label: usize) -> f64 {
    margin(row[label], largest_other(row, label))
}

/// [`normalized_margin`] of a row that may have NaN.
pub(super) fn normalized_margin_with_nan(row: &[f64], label: usize) -> f64 {
    let larger = |best: f64, p: f64| if p > best || p.is_nan() { p } else { best };
    margin(row[label], row[..label].iter().chain(&row[label + 1..]).copied().fold(f64::NEG_INFINITY, larger))
}

#[inline]
fn margin(own: f64, other: f64) -> f64 {
    if other == f64::NEG_INFINITY { 1.0 } else { f64::midpoint(own - other, 1.0) }
}

/// Values whose logarithms are taken at a time: they stay in the nearest cache.
const TILE: usize = 1024;

/// The entropy of each row over the largest possible and over the probability of the given label, squashed.
fn confidence_weighted_entropies(labels: &Labels, pred_probs: &PredProbs) -> Result<Vec<f64>, CoreError> {
    let k = pred_probs.n_classes();
    let scale = log(k as f64);
    let rows_at_once = (TILE / k).max(1);
    let mut terms = vec![0.0; rows_at_once * k];
    let mut scores = Vec::with_capacity(labels.len());
    for (probs, labels) in pred_probs.values().chunks(rows_at_once * k).zip(labels.as_slice().chunks(rows_at_once)) {
        let mut outside = 0;
        count_outside(&mut outside, probs);
        if outside > 0 {
            return Err(not_a_share(pred_probs, scores.len()));
        }
        times_ln(&mut terms[..probs.len()], probs);
        let first = scores.len();
        for ((terms, probs), &label) in terms.chunks_exact(k).zip(probs.chunks_exact(k)).zip(labels) {
            let (pairs, last) = terms.as_chunks::<2>();
            let [even, odd] = pairs.iter().fold([0.0; 2], |[a, b], [c, d]| [a + c, b + d]);
            let entropy = -(even + odd + last.first().unwrap_or(&0.0));
            scores.push(entropy / scale / probs[label as usize].max(CLIP));
        }
        squash(&mut scores[first..]);
    }
    Ok(scores)
}

in_wide_vectors! {
    /// Replaces each x by ln(1 + x) / x, near 1 for a small x and lower for a larger one.
    fn squash(values: &mut [f64]) {
        for x in values {
            let score = ln_normal(*x + 1.0) / if *x > CLIP { *x } else { CLIP };
            *x = if x.is_nan() { *x } else { score };
        }
    }
}

in_wide_vectors! {
    /// Adds the known probabilities that are none: counted rather than searched for, so that values are compared side by
    /// side.
    fn count_outside(count: &mut usize, probs: &[f64]) {
        *count += probs.iter().filter(|&&p| is_outside(p)).count();
    }
}

/// Whether a known probability is none.
#[inline]
fn is_outside(p: f64) -> bool {
    !p.is_nan() && !(0.0..=1.0).contains(&p)
}

/// The first probability from row `first` on that is outside [0, 1].
fn not_a_share(pred_probs: &PredProbs, first: usize) -> CoreError {
    let k = pred_probs.n_classes();
    let found = pred_probs.values().iter().enumerate().skip(first * k).find(|&(_, &p)| is_outside(p));
    let (place, &value) = found.unwrap_or((first * k, &f64::NAN));
    CoreError::Probability { row: place / k, column: place % k, value }
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
    order::sort(&mut rows, quality_scores);
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
