//! The health of a labelled data set: which classes are worst, which overlap, how much is right. Mirrors
//! `cleanlab.dataset`.

use ndarray::{Array2, Axis};
use serde::{Deserialize, Serialize};

use super::count::{EstimationMethod, estimate_joint, joint_from_confident_joint, num_label_issues, square};
use super::order::argsort;
use crate::{CoreError, Labels, PredProbs};

/// Smallest divisor, cleanlab's `EPSILON`.
const EPSILON: f64 = 1e-6;

/// What a summary is made from.
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    source: Source<'a>,
    n_examples: f64,
}

#[derive(Clone, Debug)]
enum Source<'a> {
    Predictions(&'a Labels, &'a PredProbs),
    ConfidentJoint(&'a Array2<f64>, Option<&'a Labels>),
    Joint(&'a Array2<f64>),
}

impl<'a> Evidence<'a> {
    /// Labels and out-of-sample probabilities.
    pub fn predictions(labels: &'a Labels, pred_probs: &'a PredProbs) -> Self {
        Self { source: Source::Predictions(labels, pred_probs), n_examples: labels.len() as f64 }
    }

    /// A k × k confident joint, calibrated to labels where they are given; otherwise it counts its own examples.
    pub fn confident_joint(counts: &'a Array2<f64>, labels: Option<&'a Labels>) -> Self {
        let n_examples = labels.map_or_else(|| counts.sum(), |labels| labels.len() as f64);
        Self { source: Source::ConfidentJoint(counts, labels), n_examples }
    }

    /// A k × k joint distribution and the number of examples behind it.
    pub fn joint_of(joint: &'a Array2<f64>, n_examples: usize) -> Self {
        Self { source: Source::Joint(joint), n_examples: n_examples as f64 }
    }

    /// Speaks of another number of examples than the evidence holds, cleanlab's `num_examples`.
    #[must_use]
    pub fn with_n_examples(self, n_examples: usize) -> Self {
        Self { n_examples: n_examples as f64, ..self }
    }

    /// The joint distribution of given (row) and true (column) label, k × k.
    ///
    /// # Errors
    /// Labels that do not fit; a joint that is not square.
    pub fn joint(&self) -> Result<Array2<f64>, CoreError> {
        match self.source {
            Source::Predictions(labels, pred_probs) => estimate_joint(labels, pred_probs),
            Source::ConfidentJoint(counts, labels) => joint_from_confident_joint(counts, labels),
            Source::Joint(joint) => square("joint", joint).map(|_| joint.clone()),
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
    Ok(rank_classes(&evidence.joint()?, evidence.n_examples))
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
    Ok(overlapping(&evidence.joint()?, evidence.n_examples, overlap))
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
    match evidence.source {
        Source::Predictions(labels, pred_probs) => {
            let issues = num_label_issues(labels, pred_probs, EstimationMethod::OffDiagonal, None)?;
            Ok(1.0 - issues as f64 / evidence.n_examples)
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
    let n = evidence.n_examples;
    Ok(HealthSummary {
        overall_label_health_score: overall_label_health_score(evidence)?,
        classes_by_label_quality: rank_classes(&joint, n),
        overlapping_classes: overlapping(&joint, n, overlap),
        joint,
    })
}
