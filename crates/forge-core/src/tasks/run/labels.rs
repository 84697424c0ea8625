//! The label issues of a run: which rows, how bad, and what sums them up.

use ndarray::Array2;

use super::config::RunConfig;
use crate::classification::count::estimate_joint;
use crate::classification::filter::{FilterOptions, find_label_issues};
use crate::classification::rank::{Score, find_top_issues, get_label_quality_scores};
use crate::classification::summary::{Evidence, overall_label_health_score};
use crate::datalab::Found;
use crate::report::{Findings, LabelIssue, LabelIssues};
use crate::{CoreError, Labels, PredProbs};

/// The label issues of all rows.
#[derive(Clone, Debug, Default)]
pub(super) struct LabelFindings {
    /// Whether each row is an issue.
    pub(super) flagged: Vec<bool>,
    /// How good each label is, in [0, 1].
    pub(super) scores: Vec<f64>,
    /// How well the labels do on the whole, in [0, 1].
    pub(super) health_score: f64,
    /// Estimated joint distribution of given and true class; empty for numbers.
    pub(super) joint: Array2<f64>,
    /// Classes of too few rows for the rule.
    pub(super) skipped_classes: Vec<usize>,
}

impl LabelFindings {
    /// What the check of numbers found.
    pub(super) fn of_check(found: &Found) -> Self {
        Self {
            flagged: found.is_issue.clone(),
            scores: found.scores.clone(),
            health_score: found.score,
            ..Self::default()
        }
    }
}

/// Judges class labels by out-of-sample probabilities.
pub(super) fn judge(
    labels: &Labels,
    pred_probs: &PredProbs,
    filter: &FilterOptions,
) -> Result<LabelFindings, CoreError> {
    let found = find_label_issues(labels, pred_probs, filter)?;
    Ok(LabelFindings {
        flagged: found.mask,
        skipped_classes: found.skipped_classes,
        scores: get_label_quality_scores(labels, pred_probs, Score::SelfConfidence)?,
        health_score: overall_label_health_score(&Evidence::predictions(labels, pred_probs))?,
        joint: estimate_joint(labels, pred_probs)?,
    })
}

/// What is known of rows beside their labels, as positions among them, ascending.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    /// The rows left out of the retraining.
    pub(super) pruned: &'a [usize],
    /// The rows whose labels were made wrong on purpose, where that was asked for.
    pub(super) wrong: Option<&'a [usize]>,
}

/// The flagged rows, worst first, with the tables that sum them up.
pub(super) fn list(config: &RunConfig, findings: &Findings, labels: &LabelFindings, known: Known<'_>) -> LabelIssues {
    let n_classes = findings.classes.len();
    let flagged: Vec<usize> = (0..findings.rows.len()).filter(|&i| findings.is_issue[i]).collect();
    let mut given_by_suggested = vec![vec![0; n_classes]; n_classes];
    if findings.numbers.is_none() {
        flagged
            .iter()
            .for_each(|&i| given_by_suggested[findings.given[i] as usize][findings.suggested[i] as usize] += 1);
    }
    let scores: Vec<f64> = flagged.iter().map(|&i| findings.scores[i]).collect();
    let listed = find_top_issues(&scores, config.max_issues).into_iter().map(|i| flagged[i as usize]);
    LabelIssues {
        n_issues: flagged.len(),
        health_score: labels.health_score,
        listed: listed
            .map(|i| LabelIssue {
                row: findings.rows[i],
                given_label: findings.given_text(i),
                suggested_label: findings.suggested_text(i),
                score: findings.scores[i],
                pruned: known.pruned.binary_search(&i).is_ok(),
                held_out: findings.held_out[i],
                known: known.wrong.map(|wrong| wrong.binary_search(&i).is_ok()),
            })
            .collect(),
        given_by_suggested,
        joint: labels.joint.outer_iter().map(|row| row.to_vec()).collect(),
    }
}

/// What a user should know of classes with few rows: those missing from a fold's training rows, and those left unflagged.
pub(super) fn notes_on_rare_classes(classes: &[String], absent: &[(u32, u32)], skipped: &[usize]) -> Vec<String> {
    let absent = absent.iter().map(|&(class, _)| {
        let name = &classes[class as usize];
        format!("Class \"{name}\" is missing from the training rows of some folds: its probability there is 0.")
    });
    let skipped = skipped.iter().map(|&class| {
        let name = &classes[class];
        format!("Class \"{name}\" has too few rows for the rule: its issues are not flagged.")
    });
    absent.chain(skipped).collect()
}
