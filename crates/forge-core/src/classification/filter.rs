//! Deciding which labels are wrong. Mirrors `cleanlab.filter`; the prune rules are those of Northcutt et al. (2021),
//! section 3.2.

use ndarray::{Array2, Axis};
use serde::{Deserialize, Serialize};

use super::argmax;
use super::count::{
    Calibration, EstimationMethod, calibrate_confident_joint, count_confident, get_confident_thresholds,
    num_label_issues, square,
};
use super::order::smallest;
use super::prune::Pruning;
use super::rank::{Score, get_label_quality_scores, require_two_classes_or_zero};
use super::rounding::round_preserving_row_totals;
use super::scan::prediction_agrees;
use crate::{CoreError, Labels, PredProbs};

/// The rule that flags a label, cleanlab's `filter_by`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilterBy {
    /// For each pair of classes, as many rows as the joint says, by the margin between the two.
    #[default]
    PruneByNoiseRate,
    /// For each class, as many rows as the joint says, by self-confidence.
    PruneByClass,
    /// Rows that both rules above flag.
    Both,
    /// Rows off the diagonal of the confident joint.
    ConfidentLearning,
    /// Rows whose prediction differs from the label.
    PredictedNeqGiven,
    /// As many rows as estimated, by normalized margin.
    LowNormalizedMargin,
    /// As many rows as estimated, by self-confidence.
    LowSelfConfidence,
}

impl FilterBy {
    fn prunes(self) -> bool {
        matches!(self, Self::PruneByNoiseRate | Self::PruneByClass | Self::Both)
    }
}

/// Settings of [`find_label_issues`].
#[derive(Clone, Debug, PartialEq)]
pub struct FilterOptions {
    /// The rule [`FilterBy::PruneByNoiseRate`].
    pub filter_by: FilterBy,
    /// Share of the estimated issues that the prune rules flag [1; 0–1], cleanlab's `frac_noise`.
    pub frac_noise: f64,
    /// Rows that the prune rules flag in each class, instead of the estimate [default none], cleanlab's `num_to_remove_per_class`.
    pub num_to_remove_per_class: Option<Vec<f64>>,
    /// Rows that the prune rules leave in each class [default 1], cleanlab's `min_examples_per_class`.
    pub min_examples_per_class: usize,
    /// A k × k confident joint to use instead of the estimated one [default none].
    pub confident_joint: Option<Array2<f64>>,
}

impl Default for FilterOptions {
    fn default() -> Self {
        Self {
            filter_by: FilterBy::default(),
            frac_noise: 1.0,
            num_to_remove_per_class: None,
            min_examples_per_class: 1,
            confident_joint: None,
        }
    }
}

/// The rows flagged by [`find_label_issues`].
#[derive(Clone, Debug, PartialEq)]
pub struct FoundIssues {
    /// Whether each row is a label issue.
    pub mask: Vec<bool>,
    /// Classes that the prune rules left alone: they have no more than `min_examples_per_class` rows.
    pub skipped_classes: Vec<usize>,
    /// Settings that had no effect.
    pub warnings: Vec<String>,
}

/// Flags the rows whose label is likely wrong. cleanlab: `filter.find_label_issues`.
///
/// # Errors
/// Labels of one class (other than 0) or that do not fit the probabilities; settings that exclude each other.
pub fn find_label_issues(
    labels: &Labels,
    pred_probs: &PredProbs,
    options: &FilterOptions,
) -> Result<FoundIssues, CoreError> {
    require_two_classes_or_zero(labels)?;
    pred_probs.matches(labels)?;
    let mut warnings = Vec::new();
    check_options(pred_probs.n_classes(), options, &mut warnings)?;
    let mut skipped_classes = Vec::new();

    let mask = match options.filter_by {
        FilterBy::PredictedNeqGiven => disagreeing(labels, pred_probs)?,
        FilterBy::ConfidentLearning => {
            let mut mask = Vec::with_capacity(labels.len());
            count_confident(labels, pred_probs, &get_confident_thresholds(labels, pred_probs)?, |_, placed| {
                mask.push(placed.is_off_diagonal() && !placed.agrees());
            });
            mask
        }
        FilterBy::LowNormalizedMargin => lowest(labels, pred_probs, Score::NormalizedMargin)?,
        FilterBy::LowSelfConfidence => lowest(labels, pred_probs, Score::SelfConfidence)?,
        FilterBy::PruneByNoiseRate | FilterBy::PruneByClass | FilterBy::Both => {
            let pruning = Pruning::new(labels, pred_probs, options, &mut skipped_classes)?;
            match options.filter_by {
                FilterBy::PruneByClass => pruning.by_class(),
                FilterBy::PruneByNoiseRate => pruning.by_noise_rate(),
                _ => pruning.by_class().into_iter().zip(pruning.by_noise_rate()).map(|(a, b)| a & b).collect(),
            }
        }
    };
    Ok(FoundIssues { mask, skipped_classes, warnings })
}

fn check_options(k: usize, options: &FilterOptions, warnings: &mut Vec<String>) -> Result<(), CoreError> {
    if !(0.0..=1.0).contains(&options.frac_noise) {
        return Err(CoreError::setting("frac_noise", options.frac_noise, "a share between 0 and 1"));
    }
    if let Some(numbers) = &options.num_to_remove_per_class {
        if !options.filter_by.prunes() {
            return Err(CoreError::Conflict(
                "`num_to_remove_per_class` goes only with `filter_by` prune_by_noise_rate, prune_by_class or both"
                    .to_owned(),
            ));
        }
        if numbers.len() != k {
            return Err(CoreError::Shape {
                argument: "num_to_remove_per_class",
                shape: numbers.len().to_string(),
                expected: format!("one number for each of the {k} classes"),
            });
        }
    }
    if options.frac_noise != 1.0 && !options.filter_by.prunes() {
        warnings.push(
            "`frac_noise` has an effect only with `filter_by` prune_by_noise_rate, prune_by_class or both".to_owned(),
        );
    }
    if let Some(joint) = &options.confident_joint {
        if square("confident_joint", joint)? != k {
            return Err(CoreError::Shape {
                argument: "confident_joint",
                shape: format!("{} × {}", joint.nrows(), joint.ncols()),
                expected: format!("{k} × {k}, as `pred_probs` has {k} columns"),
            });
        }
        if !options.filter_by.prunes() {
            warnings.push("`confident_joint` has an effect only with the prune rules".to_owned());
        }
    }
    Ok(())
}

fn mask_of(n: usize, rows: &[u32]) -> Vec<bool> {
    let mut mask = vec![false; n];
    rows.iter().for_each(|&row| mask[row as usize] = true);
    mask
}

/// Rows whose prediction is not the label, even where the label wins near-ties.
fn disagreeing(labels: &Labels, pred_probs: &PredProbs) -> Result<Vec<bool>, CoreError> {
    labels.require_two_classes()?;
    let mut mask = prediction_agrees(labels, pred_probs);
    mask.iter_mut().for_each(|flag| *flag = !*flag);
    if pred_probs.has_nan() {
        mask.iter_mut().zip(find_predicted_neq_given(labels, pred_probs)?).for_each(|(flag, differs)| *flag &= differs);
    }
    Ok(mask)
}

/// As many rows as there are estimated issues, by lowest score.
fn lowest(labels: &Labels, pred_probs: &PredProbs, score: Score) -> Result<Vec<bool>, CoreError> {
    let count = num_label_issues(labels, pred_probs, EstimationMethod::OffDiagonal, None)?;
    let scores = get_label_quality_scores(labels, pred_probs, score)?;
    Ok(mask_of(labels.len(), &smallest(&scores, count)))
}

/// Raises the diagonal to at least `n` by taking from the noise counts of its column, then scales the noise by
/// `frac_noise`. k × k whole numbers, true class (row) × given class (column).
/// cleanlab: `filter._keep_at_least_n_per_class`.
///
/// # Errors
/// [`CoreError::Shape`] for a matrix that is not square.
pub fn keep_at_least_n_per_class(
    prune_count_matrix: &Array2<f64>,
    n: usize,
    frac_noise: f64,
) -> Result<Array2<f64>, CoreError> {
    square("prune_count_matrix", prune_count_matrix)?;
    let mut matrix = prune_count_matrix.clone();
    for (k, mut column) in matrix.axis_iter_mut(Axis(1)).enumerate() {
        let kept = column[k].max(n as f64);
        let rates = (column.iter().filter(|&&count| count != 0.0).count() as f64 - 1.0).max(1.0);
        let taken = (kept - column[k]) / rates;
        column.mapv_inplace(|count| (count - taken).max(0.0));
        column[k] = kept;
    }
    Ok(round_preserving_row_totals(&reduce_prune_counts(&matrix, frac_noise)?))
}

/// Scales the noise counts by `frac_noise` and gives the rest to the diagonal of their column; whole numbers, cut off.
/// cleanlab: `filter._reduce_prune_counts`.
///
/// # Errors
/// [`CoreError::Shape`] for a matrix that is not square.
pub fn reduce_prune_counts(prune_count_matrix: &Array2<f64>, frac_noise: f64) -> Result<Array2<f64>, CoreError> {
    square("prune_count_matrix", prune_count_matrix)?;
    let mut matrix = prune_count_matrix * frac_noise;
    for (k, (mut column, full)) in matrix.axis_iter_mut(Axis(1)).zip(prune_count_matrix.axis_iter(Axis(1))).enumerate()
    {
        column[k] = full[k];
        column[k] += full.iter().zip(&column).map(|(all, kept)| all - kept).sum::<f64>();
    }
    matrix.mapv_inplace(f64::trunc);
    Ok(matrix)
}

/// Prune counts that flag `numbers[k]` rows of each class in proportion to `counts`. The division by row totals along
/// columns is cleanlab's.
pub(super) fn counts_to_remove(counts: &Array2<f64>, numbers: &[f64], class_sizes: &[usize]) -> Array2<f64> {
    let psy = counts / &counts.sum_axis(Axis(1));
    let mut target = psy.clone();
    for (k, (mut row, source)) in target.outer_iter_mut().zip(psy.outer_iter()).enumerate() {
        let noise = source.sum() - source[k];
        row.mapv_inplace(|p| p * numbers[k] / noise);
        row[k] = class_sizes[k] as f64 - numbers[k];
    }
    round_preserving_row_totals(&target)
}

/// Whether the prediction of each row differs from its label. cleanlab: `filter.find_predicted_neq_given`.
///
/// # Errors
/// Labels of one class or that do not fit the probabilities.
pub fn find_predicted_neq_given(labels: &Labels, pred_probs: &PredProbs) -> Result<Vec<bool>, CoreError> {
    labels.require_two_classes()?;
    pred_probs.matches(labels)?;
    Ok(pred_probs.rows().zip(labels.as_slice()).map(|(row, &label)| argmax(row) != label as usize).collect())
}

/// [`find_label_issues`] with the confusion matrix of given and predicted class in place of the confident joint.
/// cleanlab: `filter.find_label_issues_using_argmax_confusion_matrix`.
///
/// # Errors
/// As [`find_label_issues`].
pub fn find_label_issues_using_argmax_confusion_matrix(
    labels: &Labels,
    pred_probs: &PredProbs,
    calibration: Calibration,
    filter_by: FilterBy,
) -> Result<FoundIssues, CoreError> {
    labels.require_two_classes()?;
    pred_probs.matches(labels)?;
    let k = pred_probs.n_classes();
    let mut confusion = Array2::zeros((k, k));
    for (row, &label) in pred_probs.rows().zip(labels.as_slice()) {
        confusion[[label as usize, argmax(row)]] += 1.0;
    }
    if calibration == Calibration::Calibrated {
        confusion = calibrate_confident_joint(&confusion, labels)?;
    }
    let options = FilterOptions { filter_by, confident_joint: Some(confusion), ..FilterOptions::default() };
    find_label_issues(labels, pred_probs, &options)
}
