//! What a run found: the saved report and the arrays behind the lists.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use forge_learn::ModelSpec;

use crate::{Metrics, RunConfig};

/// The findings of a run for every checked row, as columns of equal length in data-set order.
///
/// Training rows carry out-of-fold predictions, held-out rows those of the baseline model, which never saw them.
#[derive(Clone, Debug, PartialEq)]
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
}

/// The result of a run, as saved by `forge run -o`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Kind of task.
    pub task: String,
    /// The model, with the parameters chosen.
    pub model: ModelSpec,
    /// Column whose labels were checked.
    pub target: String,
    /// Class names, by class number.
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
    /// `baseline` and, where rows were pruned, `pruned_retrain`.
    pub variants: Vec<Variant>,
    /// The label issues, worst first.
    pub label_issues: LabelIssues,
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

/// The label issues of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelIssues {
    /// Rows flagged.
    pub n_issues: usize,
    /// Estimated share of correct labels, cleanlab's `overall_label_health_score`.
    pub health_score: f64,
    /// The worst, at most `max_issues`.
    pub listed: Vec<LabelIssue>,
    /// Flagged rows by given (row) and suggested (column) class.
    pub given_by_suggested: Vec<Vec<usize>>,
    /// Estimated joint distribution of given (row) and true (column) label; sums to 1.
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
}

/// How well injected noise was found again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoiseReport {
    /// Training labels flipped.
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
