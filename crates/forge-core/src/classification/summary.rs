//! The health of a labelled data set: which classes are worst, which overlap, how much is right. Mirrors
//! `cleanlab.dataset`.

use ndarray::{Array2, Axis};
use serde::{Deserialize, Serialize};

use super::count::{EstimationMethod, estimate_joint, joint_from_confident_joint, num_label_issues, square};
use super::order::argsort;
use crate::{CoreError, Labels, PredProbs};

/// Smallest divisor, cleanlab's `EPSILON`.
const EPSILON: f64 = 1e-6;

/// What a summary is made from. Any of these is enough.
#[derive(Clone, Debug)]
pub enum Evidence<'a> {
    /// Labels and out-of-sample probabilities.
    Predictions {
        /// Given labels.
        labels: &'a Labels,
        /// Out-of-sample probabilities, n × k.
        pred_probs: &'a PredProbs,
    },
    /// A k × k confident joint, calibrated to labels where they are given; it counts its own examples.
    ConfidentJoint(&'a Array2<f64>, Option<&'a Labels>),
    /// A k × k joint distribution and the number of examples behind it.
    Joint(&'a Array2<f64>, usize),
}

impl Evidence<'_> {
    /// The joint distribution of given and true label, k × k.
    ///
    /// # Errors
    /// Labels that do not fit; a joint that is not square.
    pub fn joint(&self) -> Result<Array2<f64>, CoreError> {
        match self {
            Self::Predictions { labels, pred_probs } => estimate_joint(labels, pred_probs),
            Self::ConfidentJoint(counts, labels) => joint_from_confident_joint(counts, *labels),
            Self::Joint(joint, _) => square("joint", joint).map(|_| (*joint).clone()),
        }
    }

    /// Number of examples.
    pub fn n_examples(&self) -> f64 {
        match self {
            Self::Predictions { labels, .. } | Self::ConfidentJoint(_, Some(labels)) => labels.len() as f64,
            Self::ConfidentJoint(counts, None) => counts.sum(),
            Self::Joint(_, n) => *n as f64,
        }
    }
}

/// How good the labels of a class are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassQuality {
    /// Class number.
    pub class: usize,
    /// Rows labelled with the class that belong to another.
    pub label_issues: i64,
    /// Rows of the class that are labelled with another.
    pub inverse_label_issues: i64,
    /// Share of the rows labelled with the class that belong to another.
    pub label_noise: f64,
    /// Share of the rows of the class that are labelled with another.
    pub inverse_label_noise: f64,
    /// 1 − `label_noise`.
    pub label_quality_score: f64,
}

/// Two classes that are taken for each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassOverlap {
    /// The given class, or the lower of the two.
    pub class_a: usize,
    /// The true class, or the higher of the two.
    pub class_b: usize,
    /// Rows this concerns.
    pub num_overlapping_examples: i64,
    /// Share of all rows.
    pub joint_probability: f64,
}

/// Whether a → b and b → a are told apart, cleanlab's `asymmetric`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overlap {
    /// One entry per pair of classes.
    #[default]
    Symmetric,
    /// One entry per given and true class.
    Directed,
}

/// Everything this module says about a data set.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthSummary {
    /// Share of labels that are right.
    pub overall_label_health_score: f64,
    /// Joint distribution of given (row) and true (column) label, k × k.
    pub joint: Array2<f64>,
    /// Classes, worst first.
    pub classes_by_label_quality: Vec<ClassQuality>,
    /// Pairs of classes, most overlapping first.
    pub overlapping_classes: Vec<ClassOverlap>,
}

/// Classes by the quality of their labels, worst first; equal ones by class number.
/// cleanlab: `dataset.rank_classes_by_label_quality`.
///
/// # Errors
/// Evidence that does not fit together.
pub fn rank_classes_by_label_quality(evidence: &Evidence<'_>) -> Result<Vec<ClassQuality>, CoreError> {
    Ok(rank_classes(&evidence.joint()?, evidence.n_examples()))
}

fn rank_classes(joint: &Array2<f64>, n: f64) -> Vec<ClassQuality> {
    let given = joint.sum_axis(Axis(1));
    let actual = joint.sum_axis(Axis(0));
    let classes: Vec<ClassQuality> = (0..joint.nrows())
        .map(|class| {
            let given_noise = given[class] - joint[[class, class]];
            let true_noise = actual[class] - joint[[class, class]];
            let label_noise = given_noise / given[class].max(EPSILON);
            ClassQuality {
                class,
                label_issues: (given_noise * n).round_ties_even() as i64,
                inverse_label_issues: (true_noise * n).round_ties_even() as i64,
                label_noise,
                inverse_label_noise: true_noise / actual[class].max(EPSILON),
                label_quality_score: 1.0 - label_noise,
            }
        })
        .collect();
    let scores: Vec<f64> = classes.iter().map(|class| class.label_quality_score).collect();
    argsort(&scores).into_iter().map(|i| classes[i as usize].clone()).collect()
}

/// Pairs of classes by how often they are taken for each other, most often first.
/// cleanlab: `dataset.find_overlapping_classes`.
///
/// # Errors
/// Evidence that does not fit together.
pub fn find_overlapping_classes(evidence: &Evidence<'_>, overlap: Overlap) -> Result<Vec<ClassOverlap>, CoreError> {
    Ok(overlapping(&evidence.joint()?, evidence.n_examples(), overlap))
}

fn overlapping(joint: &Array2<f64>, n: f64, overlap: Overlap) -> Vec<ClassOverlap> {
    let k = joint.nrows();
    let mut pairs = Vec::new();
    for class_a in 0..k {
        for class_b in 0..k {
            let joint_probability = match overlap {
                Overlap::Directed if class_a != class_b => joint[[class_a, class_b]],
                Overlap::Symmetric if class_a < class_b => joint[[class_a, class_b]] + joint[[class_b, class_a]],
                _ => continue,
            };
            let num_overlapping_examples = (joint_probability * n).round_ties_even() as i64;
            pairs.push(ClassOverlap { class_a, class_b, num_overlapping_examples, joint_probability });
        }
    }
    let keys: Vec<f64> = pairs.iter().map(|pair| -pair.joint_probability).collect();
    argsort(&keys).into_iter().map(|i| pairs[i as usize].clone()).collect()
}

/// Share of labels that are right: 1 − issues / examples from predictions, the trace of the joint otherwise.
/// cleanlab: `dataset.overall_label_health_score`.
///
/// # Errors
/// Evidence that does not fit together.
pub fn overall_label_health_score(evidence: &Evidence<'_>) -> Result<f64, CoreError> {
    match evidence {
        Evidence::Predictions { labels, pred_probs } => {
            let issues = num_label_issues(labels, pred_probs, EstimationMethod::OffDiagonal, None)?;
            Ok(1.0 - issues as f64 / labels.len() as f64)
        }
        _ => Ok(evidence.joint()?.diag().sum()),
    }
}

/// All of the above. Where cleanlab stops with an error on a joint alone, this gives the summary.
/// cleanlab: `dataset.health_summary`.
///
/// # Errors
/// Evidence that does not fit together.
pub fn health_summary(evidence: &Evidence<'_>, overlap: Overlap) -> Result<HealthSummary, CoreError> {
    let joint = evidence.joint()?;
    let n = evidence.n_examples();
    Ok(HealthSummary {
        overall_label_health_score: overall_label_health_score(evidence)?,
        classes_by_label_quality: rank_classes(&joint, n),
        overlapping_classes: overlapping(&joint, n, overlap),
        joint,
    })
}
