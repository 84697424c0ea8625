//! What a search for anomalies gives.

use forge_learn::{average_precision, roc_auc_of_scores};
use serde::{Deserialize, Serialize};

use super::reasons::StandingOut;
use super::{AnomalySettings, StrategyName};

/// The result of a search, as saved by `forge anomaly -o`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnomalyReport {
    /// Kind of task.
    pub task: String,
    /// Where the rows came from.
    pub provider: String,
    /// How anomalies were looked for.
    pub strategy: StrategyName,
    /// Rows searched.
    pub n_rows: usize,
    /// Columns looked at.
    pub features: Vec<String>,
    /// Share of the rows that was to be flagged.
    pub contamination: f64,
    /// Rows flagged.
    pub n_flagged: usize,
    /// Rows with a lower score are flagged: that quantile of the scores.
    pub threshold: f64,
    /// How the flags and scores compare with what is known; absent where nothing is.
    pub measured: Option<Measured>,
    /// Seconds of scoring, by the host's clock.
    pub seconds: f64,
    /// The rows with the lowest scores, lowest first, `top_k` at most.
    pub top: Vec<Anomaly>,
    /// What a user should know about the data or the search.
    pub warnings: Vec<String>,
    /// The settings that made this.
    pub settings: AnomalySettings,
    /// The version that made this.
    pub version: String,
}

/// Flags and scores against what is known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Anomalies there are.
    pub n_anomalies: usize,
    /// Anomalies that are flagged.
    pub true_positives: usize,
    /// Usual rows that are flagged.
    pub false_positives: usize,
    /// Anomalies that are not flagged.
    pub false_negatives: usize,
    /// Share of the flagged rows that are anomalies; absent where none is flagged.
    pub precision: Option<f64>,
    /// Share of the anomalies that are flagged; absent where there are none.
    pub recall: Option<f64>,
    /// Harmonic mean of precision and recall; absent where none is flagged and none is an anomaly.
    pub f1: Option<f64>,
    /// Area under the ROC curve of the scores; absent where all rows are alike.
    pub roc_auc: Option<f64>,
    /// Average precision of the scores; absent where there are no anomalies.
    pub average_precision: Option<f64>,
}

impl Measured {
    /// Compares flags and scores (lower = more anomalous) with the truth.
    pub(super) fn new(truth: &[bool], flagged: &[bool], scores: &[f64]) -> Self {
        let count = |is: bool, says: bool| truth.iter().zip(flagged).filter(|&(&t, &f)| (t, f) == (is, says)).count();
        let (hits, false_alarms, missed) = (count(true, true), count(false, true), count(true, false));
        let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
        let anomaly: Vec<f64> = scores.iter().map(|score| -score).collect();
        Self {
            n_anomalies: hits + missed,
            true_positives: hits,
            false_positives: false_alarms,
            false_negatives: missed,
            precision: share(hits, hits + false_alarms),
            recall: share(hits, hits + missed),
            f1: share(2 * hits, 2 * hits + false_alarms + missed),
            roc_auc: roc_auc_of_scores(truth, &anomaly),
            average_precision: average_precision(truth, &anomaly),
        }
    }
}

/// A row that is unlike the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Anomaly {
    /// Row of the table, counted from 0.
    pub row: u32,
    /// Its score in [0, 1]; lower = more anomalous.
    pub score: f64,
    /// Whether it is flagged.
    pub flagged: bool,
    /// Whether it is known to be an anomaly; absent where nothing is known.
    pub known: Option<bool>,
    /// Why, in one sentence.
    pub reason: String,
    /// The features that stand out, most of all first.
    pub standing_out: Vec<StandingOut>,
}

/// A report with the scores of every row.
#[derive(Clone, Debug, PartialEq)]
pub struct AnomalyOutcome {
    /// What is saved.
    pub report: AnomalyReport,
    /// Rows of the table that were searched, counted from 0, ascending.
    pub rows: Vec<u32>,
    /// The score of each in [0, 1]; lower = more anomalous.
    pub scores: Vec<f64>,
    /// Whether each is flagged.
    pub flagged: Vec<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_nothing_are_absent_and_not_0() {
        let none = Measured::new(&[false, false], &[false, false], &[0.1, 0.2]);
        assert_eq!((none.precision, none.recall, none.f1, none.roc_auc), (None, None, None, None));
        let half = Measured::new(&[true, false, true], &[true, true, false], &[0.1, 0.2, 0.3]);
        assert_eq!((half.true_positives, half.false_positives, half.false_negatives), (1, 1, 1));
        assert_eq!((half.f1, half.roc_auc), (Some(0.5), Some(0.5)));
    }
}
