//! Counting label errors where a row has any number of classes: each class is a binary problem of its own. Mirrors
//! `cleanlab.count` with `multi_label=True`.

use ndarray::{Array2, Axis};

use super::count::{
    Calibration, ConfidentJoint, calibrate_confident_joint, compute_confident_joint, estimate_joint,
    get_confident_thresholds, joint_from_confident_joint,
};
use super::scan::prediction_agrees;
use crate::{CoreError, Labels, PredProbs};

/// Classes per row, and the probability of each class for each row.
///
/// *Invariant*: as many label sets as rows, every class below the number of columns.
#[derive(Clone, Debug)]
pub struct MultilabelData {
    /// Per class: whether each row has it (0 or 1).
    classes: Vec<Labels>,
    pred_probs: PredProbs,
}

impl MultilabelData {
    /// Takes the classes of each row and n × k probabilities, each column a probability of its own.
    ///
    /// # Errors
    /// Another number of label sets than rows; a class without a column.
    pub fn new(labels: &[Vec<u32>], pred_probs: PredProbs) -> Result<Self, CoreError> {
        if labels.len() != pred_probs.n_rows() {
            return Err(CoreError::Length {
                argument: "pred_probs",
                length: pred_probs.n_rows(),
                reference: "labels",
                expected: labels.len(),
            });
        }
        let classes = one_hot(labels, pred_probs.n_classes())?;
        Ok(Self { classes, pred_probs })
    }

    /// As [`MultilabelData::new`], but a class without a column is left out, as cleanlab's multi-label filter does.
    /// Returns the classes left out, ascending, beside the data.
    ///
    /// # Errors
    /// Another number of label sets than rows.
    pub fn of_known_classes(labels: &[Vec<u32>], pred_probs: PredProbs) -> Result<(Self, Vec<u32>), CoreError> {
        let k = pred_probs.n_classes();
        let mut unknown: Vec<u32> = labels.iter().flatten().copied().filter(|&class| class as usize >= k).collect();
        unknown.sort_unstable();
        unknown.dedup();
        let data = if unknown.is_empty() {
            Self::new(labels, pred_probs)?
        } else {
            let known = |classes: &Vec<u32>| classes.iter().copied().filter(|&class| (class as usize) < k).collect();
            Self::new(&labels.iter().map(known).collect::<Vec<_>>(), pred_probs)?
        };
        Ok((data, unknown))
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.pred_probs.n_rows()
    }

    /// Number of classes.
    pub fn n_classes(&self) -> usize {
        self.classes.len()
    }

    /// Whether each row has each class, class by class: k × n zeros and ones.
    pub(crate) fn classes(&self) -> &[Labels] {
        &self.classes
    }

    /// The probability of each class for each row, n × k.
    pub(crate) fn pred_probs(&self) -> &PredProbs {
        &self.pred_probs
    }

    /// The rows that are named, in that order; none where `rows` is empty.
    pub(crate) fn select(&self, rows: &[u32]) -> Option<Self> {
        let indices: Vec<usize> = rows.iter().map(|&row| row as usize).collect();
        let pick = |labels: &Labels| Labels::new(indices.iter().map(|&row| labels.as_slice()[row]).collect());
        let classes = self.classes.iter().map(pick).collect::<Result<_, _>>().ok()?;
        let pred_probs = PredProbs::allowing_nan(self.pred_probs.view().select(Axis(0), &indices)).ok()?;
        Some(Self { classes, pred_probs })
    }

    /// The binary problems, class by class.
    pub(crate) fn problems(&self) -> impl Iterator<Item = (&Labels, PredProbs)> {
        self.classes.iter().enumerate().map(|(class, labels)| {
            (labels, PredProbs::complement(self.pred_probs.view().column(class).iter().copied()))
        })
    }
}

/// Whether each row has each class: k columns of n zeros and ones.
fn one_hot(labels: &[Vec<u32>], n_classes: usize) -> Result<Vec<Labels>, CoreError> {
    let mut columns = vec![vec![0; labels.len()]; n_classes];
    for (row, classes) in labels.iter().enumerate() {
        for &label in classes {
            match columns.get_mut(label as usize) {
                Some(column) => column[row] = 1,
                None => {
                    return Err(CoreError::LabelOutOfRange { row, label, n_classes });
                }
            }
        }
    }
    columns.into_iter().map(Labels::new).collect()
}

/// Thresholds of "not this class" and "this class", for each class.
///
/// # Errors
/// None for checked data.
pub fn multilabel_confident_thresholds(data: &MultilabelData) -> Result<Vec<Vec<f64>>, CoreError> {
    data.problems().map(|(labels, probs)| get_confident_thresholds(labels, &probs)).collect()
}

/// A 2 × 2 confident joint per class.
///
/// # Errors
/// Thresholds of another number than two.
pub fn multilabel_confident_joint(
    data: &MultilabelData,
    thresholds: Option<&[f64]>,
    calibration: Calibration,
) -> Result<Vec<ConfidentJoint>, CoreError> {
    data.problems().map(|(labels, probs)| compute_confident_joint(labels, &probs, thresholds, calibration)).collect()
}

/// Calibrates a 2 × 2 confident joint per class to the labels of each row.
///
/// # Errors
/// Another number of joints than classes.
pub fn calibrate_multilabel_confident_joint(
    confident_joint: &[Array2<f64>],
    labels: &[Vec<u32>],
) -> Result<Vec<Array2<f64>>, CoreError> {
    let columns = one_hot(labels, confident_joint.len())?;
    confident_joint.iter().zip(&columns).map(|(joint, column)| calibrate_confident_joint(joint, column)).collect()
}

/// A 2 × 2 joint distribution of given and true "has this class" per class; from `confident_joint` where it is given.
///
/// # Errors
/// Another number of confident joints than classes.
pub fn estimate_multilabel_joint(
    data: &MultilabelData,
    confident_joint: Option<&[Array2<f64>]>,
) -> Result<Vec<Array2<f64>>, CoreError> {
    match confident_joint {
        None => data.problems().map(|(labels, probs)| estimate_joint(labels, &probs)).collect(),
        Some(joints) if joints.len() == data.classes.len() => joints
            .iter()
            .zip(&data.classes)
            .map(|(joint, labels)| joint_from_confident_joint(joint, Some(labels)))
            .collect(),
        Some(joints) => Err(CoreError::Length {
            argument: "confident_joint",
            length: joints.len(),
            reference: "pred_probs",
            expected: data.classes.len(),
        }),
    }
}

/// Rows with an issue in at least one class, by confident learning.
///
/// # Errors
/// A class that every row has: its complement is missing.
pub fn num_multilabel_issues(data: &MultilabelData) -> Result<usize, CoreError> {
    let mut issue = vec![false; data.pred_probs.n_rows()];
    for (labels, probs) in data.problems() {
        super::rank::require_two_classes_or_zero(labels)?;
        let agrees = prediction_agrees(labels, &probs);
        for row in compute_confident_joint(labels, &probs, None, Calibration::Raw)?.off_diagonal {
            issue[row as usize] |= !agrees[row as usize];
        }
    }
    Ok(issue.into_iter().filter(|&flagged| flagged).count())
}
