//! What a run found: the saved report and the arrays behind the lists.

use std::collections::BTreeMap;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use forge_learn::ModelSpec;

use crate::{CheckReport, Metrics, RunConfig};

/// The findings of a run for every checked row, as columns of equal length in data-set order.
///
/// Training rows carry out-of-fold predictions, held-out rows those of the baseline model, which never saw them.
/// Where numbers are predicted, [`Findings::numbers`] holds them, and the fields of classes are empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// Names of the classes, by class number.
    pub classes: Vec<String>,
    /// Row of the table, counted from 0.
    pub rows: Vec<u32>,
    /// Class number of the given label (after noise was injected, where it was asked for).
    pub given: Vec<u32>,
    /// Class number the model prefers.
    pub suggested: Vec<u32>,
    /// Label quality score in [0, 1]; lower is worse.
    pub scores: Vec<f64>,
    /// Whether the row is a label issue.
    pub is_issue: Vec<bool>,
    /// Whether the row was held out to measure the models.
    pub held_out: Vec<bool>,
    /// Out-of-sample class probabilities, rows × classes.
    pub pred_probs: Array2<f64>,
    /// The numbers, where numbers are predicted.
    pub numbers: Option<NumberFindings>,
}

/// Given and predicted numbers of every checked row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumberFindings {
    /// The given number (after noise was added, where it was asked for).
    pub given: Vec<f64>,
    /// The number that a model predicts which never saw the row.
    pub suggested: Vec<f64>,
}

impl Findings {
    /// The given label of an entry as people write it; empty for an entry that is not there.
    pub fn given_text(&self, entry: usize) -> String {
        self.text(entry, &self.given, self.numbers.as_ref().map(|numbers| &numbers.given))
    }

    /// The label that the model prefers for an entry.
    pub fn suggested_text(&self, entry: usize) -> String {
        self.text(entry, &self.suggested, self.numbers.as_ref().map(|numbers| &numbers.suggested))
    }

    fn text(&self, entry: usize, classes: &[u32], numbers: Option<&Vec<f64>>) -> String {
        let class = || self.classes.get(*classes.get(entry)? as usize).cloned();
        numbers.map_or_else(class, |numbers| numbers.get(entry).map(f64::to_string)).unwrap_or_default()
    }
}

/// The result of a run, as saved by `forge run -o`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// `classification` or `regression`.
    pub task: String,
    /// The model, with the parameters chosen.
    pub model: ModelSpec,
    /// Column whose labels were checked.
    pub target: String,
    /// Class names, by class number; empty where numbers are predicted.
    pub classes: Vec<String>,
    /// Columns the model read.
    pub features: Vec<String>,
    /// Rows used.
    pub n_rows: usize,
    /// Rows the models were trained on, before pruning.
    pub n_train: usize,
    /// Rows held out to measure the models.
    pub n_test: usize,
    /// The metric that decides, the key of the same name in `metrics`.
    pub primary_metric: String,
    /// `baseline`; `pruned_retrain` where rows were pruned; `cleanlearning` where that was asked for.
    pub variants: Vec<Variant>,
    /// The label issues, worst first.
    pub label_issues: LabelIssues,
    /// What else is wrong with the data; absent where that was not asked for.
    #[serde(default)]
    pub datalab: Option<DatalabReport>,
    /// What became of injected noise; absent where none was injected.
    pub noise: Option<NoiseReport>,
    /// What a user should know about the data or the run.
    pub warnings: Vec<String>,
    /// Seconds per stage, in order.
    pub timings: Vec<StageTiming>,
    /// The exact configuration.
    pub config: RunConfig,
    /// Seed of every random choice.
    pub seed: u64,
    /// Version of the engine.
    pub version: String,
}

/// A model and how well it does on the held-out rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// `baseline`, `pruned_retrain` or what else the task compares.
    pub name: String,
    /// Rows it was trained on.
    pub n_train: usize,
    /// Metrics on the held-out rows.
    pub metrics: Metrics,
    /// Metrics minus those of the baseline; absent on the baseline itself.
    pub delta: Option<Metrics>,
}

/// What the checks of a run found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DatalabReport {
    /// The checks, each with its overall score, the number of rows and the worst 20 of them with their values: those with
    /// most rows first.
    pub checks: Vec<CheckReport>,
    /// The checks that failed, and why.
    pub not_checked: BTreeMap<String, String>,
}

/// The label issues of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelIssues {
    /// Rows flagged.
    pub n_issues: usize,
    /// Estimated share of correct labels, cleanlab's `overall_label_health_score`; the mean score where numbers are
    /// predicted.
    pub health_score: f64,
    /// The worst, at most `max_issues`.
    pub listed: Vec<LabelIssue>,
    /// Flagged rows by given (row) and suggested (column) class; empty where numbers are predicted.
    pub given_by_suggested: Vec<Vec<usize>>,
    /// Estimated joint distribution of given (row) and true (column) label; sums to 1; empty where numbers are predicted.
    pub joint: Vec<Vec<f64>>,
}

/// A row whose given label looks wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelIssue {
    /// Row of the table, counted from 0.
    pub row: u32,
    /// The label it has.
    pub given_label: String,
    /// The label the model prefers.
    pub suggested_label: String,
    /// Label quality score in [0, 1]; lower is worse.
    pub score: f64,
    /// Whether the row was left out of the retraining.
    pub pruned: bool,
    /// Whether the row was held out to measure the models.
    pub held_out: bool,
    /// Whether its label was made wrong on purpose; absent where none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<bool>,
}

/// How well injected noise was found again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoiseReport {
    /// Training labels made wrong.
    pub n_flipped: usize,
    /// Rows pruned.
    pub n_pruned: usize,
    /// Share of the pruned rows that had been flipped; absent where nothing was pruned.
    pub precision_at_prune: Option<f64>,
    /// Share of the flipped rows that were pruned; absent where none was flipped.
    pub recall_at_prune: Option<f64>,
    /// Share of the flagged training rows that had been flipped; absent where none was flagged.
    pub precision_at_flag: Option<f64>,
    /// Share of the flipped rows that were flagged.
    pub recall_at_flag: Option<f64>,
}

/// Time a stage took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageTiming {
    /// The stage, as progress names it.
    pub stage: String,
    /// Seconds on the wall clock of the host; 0 from a host without a clock.
    pub seconds: f64,
}
