//! How good predicted classes and probabilities are, by scikit-learn's definitions.
//!
//! Labels are class numbers, `pred_probs` is rows × classes. Functions of a single number accept any input: rows beyond
//! the shorter argument are left out, and no row at all gives 0. [`classification_metrics`] checks its input.

mod labels;
mod numbers;
mod ranking;

use ndarray::{Array2, ArrayView1};
use serde::{Deserialize, Serialize};

use crate::LearnError;
pub use labels::{f1_macro_labels, f1_micro_labels, hamming_loss, subset_accuracy};
pub use numbers::{RegressionMetrics, mean_absolute_error, regression_metrics, root_mean_squared_error};
pub use ranking::{average_precision, roc_auc_of_scores};

/// The metrics of a classifier on some rows, or the difference of two such sets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassificationMetrics {
    /// Share of rows whose predicted class is the label.
    pub accuracy: f64,
    /// F1 score averaged by class frequency.
    pub f1_weighted: f64,
    /// Precision averaged by class frequency; 0 for a class never predicted.
    pub precision_weighted: f64,
    /// Area under the ROC curve, one-vs-rest mean beyond two classes; `None` when the labels lack a class.
    pub roc_auc: Option<f64>,
    /// Mean negative logarithm of the probability of the label.
    pub log_loss: f64,
}

impl ClassificationMetrics {
    /// The difference `self - other`, metric by metric.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        Self {
            accuracy: self.accuracy - other.accuracy,
            f1_weighted: self.f1_weighted - other.f1_weighted,
            precision_weighted: self.precision_weighted - other.precision_weighted,
            roc_auc: self.roc_auc.zip(other.roc_auc).map(|(this, other)| this - other),
            log_loss: self.log_loss - other.log_loss,
        }
    }
}

/// All metrics of `pred_probs` (rows × classes) against `labels`.
///
/// # Errors
/// No rows, labels that are not one per row, or a label that is no class number.
pub fn classification_metrics(labels: &[u32], pred_probs: &Array2<f64>) -> Result<ClassificationMetrics, LearnError> {
    let (n_rows, n_classes) = pred_probs.dim();
    if labels.len() != n_rows {
        return Err(LearnError::LabelCount { n_labels: labels.len(), n_rows });
    }
    if n_rows == 0 {
        return Err(LearnError::TooFewRows { n_rows, least: 1 });
    }
    if let Some((position, &label)) = labels.iter().enumerate().find(|(_, label)| **label as usize >= n_classes) {
        return Err(LearnError::Label { position, label, n_classes });
    }
    let predicted = predicted_labels(pred_probs);
    Ok(ClassificationMetrics {
        accuracy: accuracy(labels, &predicted),
        f1_weighted: f1_weighted(labels, &predicted),
        precision_weighted: precision_weighted(labels, &predicted),
        roc_auc: roc_auc(labels, pred_probs),
        log_loss: log_loss(labels, pred_probs),
    })
}

/// The most probable class of each row; the first of equals.
pub fn predicted_labels(pred_probs: &Array2<f64>) -> Vec<u32> {
    let best = |row: ArrayView1<'_, f64>| {
        let (mut best, mut most) = (0, f64::NEG_INFINITY);
        for (class, &prob) in row.iter().enumerate() {
            if prob > most {
                (best, most) = (class as u32, prob);
            }
        }
        best
    };
    pred_probs.outer_iter().map(best).collect()
}

/// Share of rows whose predicted class is the label, `accuracy_score`.
pub fn accuracy(labels: &[u32], predicted: &[u32]) -> f64 {
    let hits = labels.iter().zip(predicted).filter(|(label, guess)| label == guess).count();
    share(hits, labels.len().min(predicted.len()))
}

/// F1 averaged by class frequency, `f1_score(average="weighted")`.
pub fn f1_weighted(labels: &[u32], predicted: &[u32]) -> f64 {
    weighted(&class_counts(labels, predicted), ClassCount::f1)
}

/// F1 averaged over the classes that occur in labels or predictions, `f1_score(average="macro")`.
pub fn f1_macro(labels: &[u32], predicted: &[u32]) -> f64 {
    let counts = class_counts(labels, predicted);
    if counts.is_empty() { 0.0 } else { counts.iter().map(ClassCount::f1).sum::<f64>() / counts.len() as f64 }
}

/// Precision averaged by class frequency, `precision_score(average="weighted", zero_division=0)`.
pub fn precision_weighted(labels: &[u32], predicted: &[u32]) -> f64 {
    weighted(&class_counts(labels, predicted), |count| share(count.hits, count.predicted))
}

/// Mean negative logarithm of the probability of the label, `log_loss`, probabilities kept one rounding step away from
/// 0 and 1.
pub fn log_loss(labels: &[u32], pred_probs: &Array2<f64>) -> f64 {
    let mut sum = 0.0;
    let mut n = 0;
    for (&label, row) in labels.iter().zip(pred_probs.outer_iter()) {
        let prob = row.get(label as usize).copied().unwrap_or(0.0);
        sum -= libm::log(prob.clamp(f64::EPSILON, 1.0 - f64::EPSILON));
        n += 1;
    }
    if n == 0 { 0.0 } else { sum / f64::from(n) }
}

/// Area under the ROC curve, `roc_auc_score`; beyond two classes the mean of one class against the rest
/// (`multi_class="ovr"`, `average="macro"`).
///
/// `None` when a class has no row, or only one class exists: the area is not defined then.
pub fn roc_auc(labels: &[u32], pred_probs: &Array2<f64>) -> Option<f64> {
    let area = |class: usize| {
        let scores = pred_probs.column(class).into_iter().copied();
        area_under_curve(scores.zip(labels).map(|(score, &label)| (score, label as usize == class)).collect())
    };
    match pred_probs.ncols() {
        0 | 1 => None,
        2 => area(1),
        n => (0..n).map(area).sum::<Option<f64>>().map(|sum| sum / n as f64),
    }
}

fn sort_by_score(rows: &mut [(f64, bool)]) {
    rows.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
}

/// The Mann–Whitney statistic by mid-ranks: the chance that a positive scores above a negative, ties counting half.
fn area_under_curve(mut rows: Vec<(f64, bool)>) -> Option<f64> {
    sort_by_score(&mut rows);
    let n_positive = rows.iter().filter(|row| row.1).count();
    let n_negative = rows.len() - n_positive;
    if n_positive == 0 || n_negative == 0 {
        return None;
    }
    // Twice the number of pairs in the right order, an integer: no rounding until the end.
    let (mut twice_ordered, mut negatives_below) = (0_u128, 0_u128);
    for tied in rows.chunk_by(|a, b| a.0 == b.0) {
        let positives = tied.iter().filter(|row| row.1).count() as u128;
        let negatives = tied.len() as u128 - positives;
        twice_ordered += positives * (2 * negatives_below + negatives);
        negatives_below += negatives;
    }
    Some(twice_ordered as f64 / (2.0 * n_positive as f64 * n_negative as f64))
}

/// What precision and F1 of a class need.
#[derive(Clone, Copy, Default)]
struct ClassCount {
    labelled: usize,
    predicted: usize,
    hits: usize,
}

impl ClassCount {
    fn f1(&self) -> f64 {
        share(2 * self.hits, self.labelled + self.predicted)
    }
}

/// Counts of the classes that occur, by class number.
fn class_counts(labels: &[u32], predicted: &[u32]) -> Vec<ClassCount> {
    let mut counts = std::collections::BTreeMap::<u32, ClassCount>::new();
    for (&label, &guess) in labels.iter().zip(predicted) {
        let count = counts.entry(label).or_default();
        count.labelled += 1;
        count.hits += usize::from(label == guess);
        counts.entry(guess).or_default().predicted += 1;
    }
    counts.into_values().collect()
}

fn weighted(counts: &[ClassCount], metric: impl Fn(&ClassCount) -> f64) -> f64 {
    let n: usize = counts.iter().map(|count| count.labelled).sum();
    if n == 0 { 0.0 } else { counts.iter().map(|count| metric(count) * count.labelled as f64).sum::<f64>() / n as f64 }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn equal_scores_give_half_an_area() {
        let probs = array![[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]];
        assert_eq!(roc_auc(&[0, 1, 1], &probs), Some(0.5));
    }

    #[test]
    fn the_area_is_undefined_when_a_class_is_missing() {
        assert_eq!(roc_auc(&[1, 1], &array![[0.5, 0.5], [0.2, 0.8]]), None);
        assert_eq!(roc_auc(&[0, 1], &array![[0.5, 0.3, 0.2], [0.2, 0.7, 0.1]]), None);
    }

    #[test]
    fn input_that_does_not_fit_is_refused() {
        let probs = array![[0.5, 0.5]];
        assert!(classification_metrics(&[0, 1], &probs).is_err());
        assert!(classification_metrics(&[2], &probs).is_err());
        assert!(classification_metrics(&[], &Array2::zeros((0, 2))).is_err());
    }

    #[test]
    fn a_difference_lacks_the_area_where_either_side_does() {
        let full = classification_metrics(&[0, 1], &array![[0.9, 0.1], [0.2, 0.8]]).unwrap();
        let lacking = classification_metrics(&[0, 0], &array![[0.9, 0.1], [0.2, 0.8]]).unwrap();
        assert_eq!(full.minus(&full).roc_auc, Some(0.0));
        assert_eq!(full.minus(&lacking).roc_auc, None);
        assert_eq!(full.minus(&lacking).accuracy, 0.5);
    }

    proptest! {
        #[test]
        fn metrics_stay_in_their_range_and_ignore_the_order_of_rows(
            rows in prop::collection::vec((0_u32..3, prop::array::uniform3(0.01_f64..1.0)), 1..60),
        ) {
            let build = |rows: &[(u32, [f64; 3])]| {
                let probs = Array2::from_shape_fn((rows.len(), 3), |(i, k)| rows[i].1[k] / rows[i].1.iter().sum::<f64>());
                let labels: Vec<u32> = rows.iter().map(|row| row.0).collect();
                classification_metrics(&labels, &probs).unwrap()
            };
            let metrics = build(&rows);
            for value in [metrics.accuracy, metrics.f1_weighted, metrics.precision_weighted, metrics.roc_auc.unwrap_or(0.5)] {
                prop_assert!((0.0..=1.0).contains(&value));
            }
            let mut reversed = rows.clone();
            reversed.reverse();
            let difference = build(&reversed).minus(&metrics);
            prop_assert_eq!(difference.accuracy, 0.0);
            prop_assert_eq!(difference.f1_weighted, 0.0);
            prop_assert_eq!(difference.roc_auc.unwrap_or(0.0), 0.0);
            prop_assert!(difference.log_loss.abs() < 1e-12);
        }
    }
}
