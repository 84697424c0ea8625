//! The health of a multi-label data set: which classes are missing or wrongly given, and how much is right. Mirrors
//! `cleanlab.multilabel_classification.dataset`.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::MultilabelData;
use super::filter::{MultilabelFilterOptions, find_multilabel_issues_per_class};
use crate::classification::order::argsort;
use crate::classification::summary::ClassQuality;
use crate::{CoreError, by_number};

/// What is wrong with a class in some rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MultilabelIssue {
    /// The row is given the class, but does not have it.
    WronglyGiven,
    /// The row has the class, but is not given it.
    Missing,
}

/// How many rows share a class and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommonMultilabelIssue {
    /// Class number.
    pub class: usize,
    /// What is wrong.
    pub issue: MultilabelIssue,
    /// Rows this concerns.
    pub num_examples: usize,
    /// Their share of all rows.
    pub issue_probability: f64,
}

/// What [`multilabel_health_summary`] gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MultilabelHealthSummary {
    /// Share of rows without an issue.
    pub overall_multilabel_health_score: f64,
    /// Classes, worst first.
    pub classes_by_multilabel_quality: Vec<ClassQuality>,
    /// Issues, most frequent first.
    pub common_multilabel_issues: Vec<CommonMultilabelIssue>,
}

/// Per class: rows wrongly given it, rows that lack it; and rows with an issue in any class.
struct Tally {
    wrong_and_missing: Vec<[usize; 2]>,
    rows_with_issue: usize,
    n_rows: usize,
}

impl Tally {
    fn new(data: &MultilabelData, confident_joint: Option<&[Array2<f64>]>) -> Result<Self, CoreError> {
        let options = MultilabelFilterOptions {
            confident_joint: confident_joint.map(<[_]>::to_vec),
            ..MultilabelFilterOptions::default()
        };
        let found = find_multilabel_issues_per_class(data, &options)?;
        let count = |(labels, mask): (&crate::Labels, &Vec<bool>)| {
            let mut counts = [0; 2];
            for (&label, _) in labels.as_slice().iter().zip(mask).filter(|&(_, &issue)| issue) {
                counts[usize::from(label == 0)] += 1;
            }
            counts
        };
        Ok(Self {
            wrong_and_missing: data.classes().iter().zip(&found.masks).map(count).collect(),
            rows_with_issue: found.in_any_class().into_iter().filter(|&issue| issue).count(),
            n_rows: data.n_rows(),
        })
    }

    fn share(&self, count: usize) -> f64 {
        count as f64 / self.n_rows as f64
    }

    fn common_issues(&self) -> Vec<CommonMultilabelIssue> {
        let of_class = |(class, &[wrong, missing]): (usize, &[usize; 2])| {
            [(MultilabelIssue::WronglyGiven, wrong), (MultilabelIssue::Missing, missing)].map(
                |(issue, num_examples)| CommonMultilabelIssue {
                    class,
                    issue,
                    num_examples,
                    issue_probability: self.share(num_examples),
                },
            )
        };
        let mut issues: Vec<_> = self.wrong_and_missing.iter().enumerate().flat_map(of_class).collect();
        by_number::sort(&mut issues, |issue| -(issue.num_examples as f64));
        issues
    }

    fn classes(&self) -> Vec<ClassQuality> {
        // cleanlab cuts the product off instead of rounding it, so that it can be one less than the count.
        let count_of = |share: f64| (share * self.n_rows as f64) as i64;
        let classes: Vec<ClassQuality> = self
            .wrong_and_missing
            .iter()
            .enumerate()
            .map(|(class, &[wrong, missing])| {
                let (label_noise, inverse_label_noise) = (self.share(wrong), self.share(missing));
                ClassQuality {
                    class,
                    label_issues: count_of(label_noise),
                    inverse_label_issues: count_of(inverse_label_noise),
                    label_noise,
                    inverse_label_noise,
                    label_quality_score: 1.0 - label_noise,
                }
            })
            .collect();
        let scores: Vec<f64> = classes.iter().map(|class| class.label_quality_score).collect();
        argsort(&scores).into_iter().map(|class| classes[class as usize].clone()).collect()
    }

    fn health(&self) -> f64 {
        1.0 - self.share(self.rows_with_issue)
    }
}

/// For each class, the rows wrongly given it and the rows that lack it, most frequent first.
/// cleanlab: `multilabel_classification.dataset.common_multilabel_issues`.
///
/// # Errors
/// A class that every row has; a confident joint that is not k × 2 × 2.
pub fn common_multilabel_issues(
    data: &MultilabelData,
    confident_joint: Option<&[Array2<f64>]>,
) -> Result<Vec<CommonMultilabelIssue>, CoreError> {
    Ok(Tally::new(data, confident_joint)?.common_issues())
}

/// The classes by the quality of their labels, worst first: noise is the share of all rows with an issue in the class.
/// cleanlab: `multilabel_classification.dataset.rank_classes_by_multilabel_quality`.
///
/// # Errors
/// As [`common_multilabel_issues`].
pub fn rank_classes_by_multilabel_quality(
    data: &MultilabelData,
    confident_joint: Option<&[Array2<f64>]>,
) -> Result<Vec<ClassQuality>, CoreError> {
    Ok(Tally::new(data, confident_joint)?.classes())
}

/// Share of rows without an issue in any class.
/// cleanlab: `multilabel_classification.dataset.overall_multilabel_health_score`.
///
/// # Errors
/// As [`common_multilabel_issues`].
pub fn overall_multilabel_health_score(
    data: &MultilabelData,
    confident_joint: Option<&[Array2<f64>]>,
) -> Result<f64, CoreError> {
    Ok(Tally::new(data, confident_joint)?.health())
}

/// All of the above. The classes are ranked without the confident joint, as cleanlab does.
/// cleanlab: `multilabel_classification.dataset.multilabel_health_summary`.
///
/// # Errors
/// As [`common_multilabel_issues`].
pub fn multilabel_health_summary(
    data: &MultilabelData,
    confident_joint: Option<&[Array2<f64>]>,
) -> Result<MultilabelHealthSummary, CoreError> {
    let tally = Tally::new(data, confident_joint)?;
    let classes = match confident_joint {
        Some(_) => Tally::new(data, None)?.classes(),
        None => tally.classes(),
    };
    Ok(MultilabelHealthSummary {
        overall_multilabel_health_score: tally.health(),
        classes_by_multilabel_quality: classes,
        common_multilabel_issues: tally.common_issues(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PredProbs;

    #[test]
    fn a_missing_and_a_wrong_class_are_counted_apart() {
        let mut rows = [[0.05, 0.9]; 12];
        rows[..6].fill([0.95, 0.1]);
        let mut labels = vec![vec![1]; 12];
        labels[..6].fill(vec![0]);
        labels[0] = vec![];
        labels[11] = vec![0, 1];
        let data = MultilabelData::new(&labels, PredProbs::from_rows(&rows).unwrap()).unwrap();
        let issues = common_multilabel_issues(&data, None).unwrap();
        assert_eq!(issues.iter().map(|issue| issue.num_examples).collect::<Vec<_>>(), [1, 1, 0, 0]);
        assert!(issues[..2].iter().all(|issue| issue.class == 0));
        let summary = multilabel_health_summary(&data, None).unwrap();
        assert!((summary.overall_multilabel_health_score - 10.0 / 12.0).abs() < 1e-12);
        assert_eq!(summary.classes_by_multilabel_quality[0].class, 0);
    }
}
