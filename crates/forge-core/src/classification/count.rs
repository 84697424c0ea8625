//! Counting label errors: thresholds, the confident joint and the estimates made from it. Mirrors `cleanlab.count`;
//! equations are those of Northcutt et al. (2021), section 3.

use ndarray::{Array1, Array2, Axis};
use serde::{Deserialize, Serialize};

use super::latent::{self, TINY};
use super::rounding::{pairwise_sum, round_preserving_row_totals};
use super::scan::{Reach, Reading};
use crate::{CoreError, Labels, PredProbs};

/// Threshold of a class that no row is labelled with: above every probability, so nothing is confidently in it.
const ABSENT_CLASS: f64 = 2.0;
/// Lower bound of a threshold, cleanlab's `CONFIDENT_THRESHOLDS_LOWER_BOUND`.
const LOWEST_THRESHOLD: f64 = 2e-6;

/// Probabilities read at a time: they stay in the nearest cache.
const TILE: usize = 4096;

/// Whether counts are scaled to the number of labels per class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Calibration {
    /// Row totals equal the label counts.
    #[default]
    Calibrated,
    /// Counts as they are.
    Raw,
}

/// How [`num_label_issues`] estimates, cleanlab's `estimation_method`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EstimationMethod {
    /// Rows off the diagonal of the confident joint, less those whose prediction agrees with the label.
    #[default]
    OffDiagonal,
    /// Mass off the diagonal of the calibrated joint.
    OffDiagonalCalibrated,
    /// The same of a confident joint that the caller gives.
    OffDiagonalCustom,
}

/// How the prior of the true labels is estimated, cleanlab's `py_method`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PyMethod {
    /// Ratio of the diagonals of inverse noise matrix and noise matrix.
    #[default]
    Cnt,
    /// Solves p(given) = noise matrix × p(true).
    Eqn,
    /// Column totals of the confident joint.
    Marginal,
    /// Inverse noise matrix × p(given).
    MarginalPs,
}

/// Whether latent estimates are iterated until they agree with each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Convergence {
    /// One estimate.
    #[default]
    Direct,
    /// Three rounds of five iterations, cleanlab's `converge_latent_estimates=True`.
    Converged,
}

/// Priors and noise rates estimated from a confident joint.
#[derive(Clone, Debug, PartialEq)]
pub struct LatentEstimates {
    /// p(true = k), k values.
    pub py: Array1<f64>,
    /// p(given = row | true = column), k × k; columns sum to 1.
    pub noise_matrix: Array2<f64>,
    /// p(true = row | given = column), k × k; columns sum to 1.
    pub inverse_noise_matrix: Array2<f64>,
}

/// Counts of rows by given (row) and confidently predicted (column) class.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfidentJoint {
    /// k × k counts; the diagonal is at least 1 before calibration.
    pub counts: Array2<f64>,
    /// Rows counted off the diagonal, ascending.
    pub off_diagonal: Vec<u32>,
}

/// Mean self-confidence of each class: how sure the model is of a row that is labelled k (eq. 2).
///
/// k values; 2 for a class without labels, at least 2e-6 otherwise. cleanlab: `count.get_confident_thresholds`.
///
/// # Errors
/// Labels that do not fit the probabilities.
pub fn get_confident_thresholds(labels: &Labels, pred_probs: &PredProbs) -> Result<Vec<f64>, CoreError> {
    pred_probs.matches(labels)?;
    let mut sums = vec![0.0; pred_probs.n_classes()];
    let mut counts = vec![0_usize; pred_probs.n_classes()];
    for (row, &label) in pred_probs.rows().zip(labels.as_slice()) {
        sums[label as usize] += row[label as usize];
        counts[label as usize] += 1;
    }
    // An unknown probability makes its class's threshold NaN, which nothing reaches; `f64::max` would lose that.
    let threshold = |(sum, count): (f64, usize)| match sum / count as f64 {
        _ if count == 0 => ABSENT_CLASS,
        mean if mean < LOWEST_THRESHOLD => LOWEST_THRESHOLD,
        mean => mean,
    };
    Ok(sums.into_iter().zip(counts).map(threshold).collect())
}

/// Counts rows by given class and the class they confidently belong to (eq. 1).
///
/// A row is counted where at least one probability reaches its class's threshold; where several do, the largest
/// probability of all decides (cleanlab's rule; the paper takes the largest of those above their threshold).
/// `thresholds` defaults to [`get_confident_thresholds`]. cleanlab: `count.compute_confident_joint`.
///
/// # Errors
/// Labels or thresholds that do not fit the probabilities.
pub fn compute_confident_joint(
    labels: &Labels,
    pred_probs: &PredProbs,
    thresholds: Option<&[f64]>,
    calibration: Calibration,
) -> Result<ConfidentJoint, CoreError> {
    pred_probs.matches(labels)?;
    let k = pred_probs.n_classes();
    let thresholds = match thresholds {
        None => get_confident_thresholds(labels, pred_probs)?,
        Some(given) if given.len() == k => given.to_vec(),
        Some(given) => {
            return Err(CoreError::Shape {
                argument: "thresholds",
                shape: given.len().to_string(),
                expected: format!("one value for each of the {k} columns of `pred_probs`"),
            });
        }
    };
    let (mut off_diagonal, mut n_off_diagonal) = (vec![0; labels.len()], 0);
    let counts = count_confident(labels, pred_probs, &thresholds, |i, placed| {
        // Written in any case and kept only where it is wanted: a branch would often be mistaken.
        off_diagonal[n_off_diagonal] = i as u32;
        n_off_diagonal += usize::from(placed.is_off_diagonal());
    });
    off_diagonal.truncate(n_off_diagonal);
    off_diagonal.shrink_to_fit();
    let counts = if calibration == Calibration::Calibrated { calibrated_joint(counts, labels)? } else { counts };
    Ok(ConfidentJoint { counts, off_diagonal })
}

/// A row with what was found in it.
pub(super) struct Placed<'a> {
    pub(super) row: &'a [f64],
    pub(super) label: usize,
    reading: Reading,
    /// The class it is confidently in; the number of classes where there is none.
    class: usize,
    reach: &'a Reach,
}

impl Placed<'_> {
    /// Whether the row is confidently in another class than the given one.
    #[inline]
    pub(super) fn is_off_diagonal(&self) -> bool {
        (self.class != self.label) & (self.class != self.row.len())
    }

    /// Whether the prediction is the given label, which wins near-ties.
    #[inline]
    pub(super) fn agrees(&self) -> bool {
        self.reach.agrees(self.row, self.label, self.reading)
    }
}

/// The uncalibrated confident joint, k × k, from inputs that fit each other; `visit` sees every row in order.
#[inline]
pub(super) fn count_confident(
    labels: &Labels,
    pred_probs: &PredProbs,
    thresholds: &[f64],
    mut visit: impl FnMut(usize, &Placed<'_>),
) -> Array2<f64> {
    let k = pred_probs.n_classes();
    let reach = Reach::new(thresholds, pred_probs);
    // The last column counts the rows that are confidently in no class.
    let mut counts = vec![0_u64; k * (k + 1)];
    let rows_at_once = (TILE / k).max(1);
    let mut readings = vec![Reading::default(); rows_at_once];
    let blocks = pred_probs.values().chunks(rows_at_once * k).zip(labels.as_slice().chunks(rows_at_once));
    for (block, (rows, labels)) in blocks.enumerate() {
        reach.read(rows, &mut readings[..labels.len()]);
        for (i, ((row, &label), &reading)) in rows.chunks_exact(k).zip(labels).zip(&readings).enumerate() {
            let label = label as usize;
            let class = reach.class(row, reading);
            counts[label * (k + 1) + class] += 1;
            visit(block * rows_at_once + i, &Placed { row, label, reading, class, reach: &reach });
        }
    }
    let mut counts = Array2::from_shape_fn((k, k), |(given, class)| counts[given * (k + 1) + class] as f64);
    counts.diag_mut().mapv_inplace(|count| count.max(1.0));
    counts
}

/// [`calibrate_confident_joint`] on cleanlab's own joint, which lies in memory column by column and is added up so.
pub(super) fn calibrated_joint(counts: Array2<f64>, labels: &Labels) -> Result<Array2<f64>, CoreError> {
    calibrated(counts, labels, |scaled| scaled.t().iter().copied().collect())
}

/// Scales a confident joint so that row totals equal the label counts, and rounds it keeping them (eq. 3).
///
/// k × k whole numbers. cleanlab: `count.calibrate_confident_joint`.
///
/// # Errors
/// A joint that is not square or has fewer classes than the labels.
pub fn calibrate_confident_joint(confident_joint: &Array2<f64>, labels: &Labels) -> Result<Array2<f64>, CoreError> {
    square("confident_joint", confident_joint)?;
    calibrated(confident_joint.clone(), labels, |scaled| scaled.iter().copied().collect())
}

/// Calibrates counts whose total is added up in the order of `flat`.
fn calibrated(
    mut scaled: Array2<f64>,
    labels: &Labels,
    flat: impl Fn(&Array2<f64>) -> Vec<f64>,
) -> Result<Array2<f64>, CoreError> {
    let label_counts = labels.counts(scaled.nrows())?;
    for (mut row, &count) in scaled.outer_iter_mut().zip(&label_counts) {
        let total = row.sum().max(TINY);
        row.mapv_inplace(|v| v / total * count as f64);
    }
    let total = pairwise_sum(&flat(&scaled)).max(TINY);
    scaled.mapv_inplace(|v| v / total * labels.len() as f64);
    Ok(round_preserving_row_totals(&scaled))
}

/// The joint distribution of given (row) and true (column) label; sums to 1. cleanlab: `count.estimate_joint`.
///
/// # Errors
/// Labels that do not fit the probabilities.
pub fn estimate_joint(labels: &Labels, pred_probs: &PredProbs) -> Result<Array2<f64>, CoreError> {
    Ok(normalised(compute_confident_joint(labels, pred_probs, None, Calibration::Calibrated)?.counts))
}

/// [`estimate_joint`] from a confident joint, calibrated to `labels` where they are given.
///
/// # Errors
/// A joint that does not fit the labels.
pub fn joint_from_confident_joint(
    confident_joint: &Array2<f64>,
    labels: Option<&Labels>,
) -> Result<Array2<f64>, CoreError> {
    square("confident_joint", confident_joint)?;
    Ok(normalised(match labels {
        Some(labels) => calibrate_confident_joint(confident_joint, labels)?,
        None => confident_joint.clone(),
    }))
}

fn normalised(counts: Array2<f64>) -> Array2<f64> {
    let total = counts.sum().max(TINY);
    counts / total
}

/// Estimated number of label errors. `confident_joint` is needed by [`EstimationMethod::OffDiagonalCustom`] and
/// ignored otherwise. cleanlab: `count.num_label_issues`.
///
/// # Errors
/// Labels of one class or that do not fit the probabilities; a missing confident joint.
pub fn num_label_issues(
    labels: &Labels,
    pred_probs: &PredProbs,
    method: EstimationMethod,
    confident_joint: Option<&Array2<f64>>,
) -> Result<usize, CoreError> {
    labels.require_two_classes()?;
    pred_probs.matches(labels)?;
    let joint = match method {
        EstimationMethod::OffDiagonal => {
            let mut count = 0;
            count_confident(labels, pred_probs, &get_confident_thresholds(labels, pred_probs)?, |_, placed| {
                count += usize::from(placed.is_off_diagonal() && !placed.agrees());
            });
            return Ok(count);
        }
        EstimationMethod::OffDiagonalCalibrated => estimate_joint(labels, pred_probs)?,
        EstimationMethod::OffDiagonalCustom => match confident_joint {
            Some(joint) => joint_from_confident_joint(joint, Some(labels))?,
            None => {
                return Err(CoreError::Missing {
                    argument: "confident_joint",
                    rule: "`estimation_method` \"off_diagonal_custom\" counts in a confident joint that you give",
                });
            }
        },
    };
    Ok(((1.0 - joint.diag().sum()) * labels.len() as f64).round_ties_even() as usize)
}

/// Prior of the true labels and both noise matrices, from a confident joint. cleanlab: `count.estimate_latent`.
///
/// # Errors
/// A joint that does not fit the labels; a singular noise matrix with [`PyMethod::Eqn`].
pub fn estimate_latent(
    confident_joint: &Array2<f64>,
    labels: &Labels,
    py_method: PyMethod,
    convergence: Convergence,
) -> Result<LatentEstimates, CoreError> {
    let k = square("confident_joint", confident_joint)?;
    let ps: Array1<f64> = labels.counts(k)?.into_iter().map(|count| count as f64 / labels.len() as f64).collect();
    let given_totals = confident_joint.sum_axis(Axis(1)).mapv(|total| total.max(TINY));
    let true_totals = confident_joint.sum_axis(Axis(0));
    let noise_matrix = confident_joint / &true_totals.mapv(|total| total.max(TINY));
    let inverse_noise_matrix = &confident_joint.t() / &given_totals;
    let py = latent::compute_py(&ps, &noise_matrix, &inverse_noise_matrix, py_method, Some(&true_totals))?;
    let mut estimates = LatentEstimates {
        py,
        noise_matrix: latent::clip_noise_rates(noise_matrix),
        inverse_noise_matrix: latent::clip_noise_rates(inverse_noise_matrix),
    };
    if convergence == Convergence::Converged {
        estimates = latent::converge(&ps, estimates)?;
    }
    Ok(estimates)
}

/// Side of a square matrix.
pub(crate) fn square(argument: &'static str, matrix: &Array2<f64>) -> Result<usize, CoreError> {
    if matrix.is_square() && !matrix.is_empty() {
        return Ok(matrix.nrows());
    }
    Err(CoreError::Shape {
        argument,
        shape: format!("{} × {}", matrix.nrows(), matrix.ncols()),
        expected: "a square matrix, one row and one column per class".to_owned(),
    })
}
