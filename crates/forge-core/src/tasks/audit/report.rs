//! What an audit of a table says: the worst rows of each check, with the reason.

use std::collections::BTreeMap;

use forge_learn::ModelSpec;
use serde::{Deserialize, Serialize};

use super::config::AuditConfig;
use crate::datalab::{Datalab, Found, IssueType, LabelKind, Reasons, RowFacts, Targets};
use crate::{StageTiming, by_number};

/// The result of an audit, as it is shown and saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditReport {
    /// What the labels are.
    pub task: LabelKind,
    /// The label columns.
    pub target: Vec<String>,
    /// The feature columns.
    pub features: Vec<String>,
    /// The model that predicted the labels; none where they were not predicted.
    pub model: Option<ModelSpec>,
    /// Rows checked.
    pub n_rows: usize,
    /// The mean score of the checks, in [0, 1].
    pub health_score: Option<f64>,
    /// The checks: those with most rows first, those that found nothing last.
    pub checks: Vec<CheckReport>,
    /// The checks that were left out or failed, and why.
    pub not_checked: BTreeMap<String, String>,
    /// What the user should know.
    pub warnings: Vec<String>,
    /// Time per stage.
    pub timings: Vec<StageTiming>,
    /// The exact configuration.
    pub config: AuditConfig,
    /// Seed of every random choice.
    pub seed: u64,
    /// Version of the engine.
    pub version: String,
}

/// What one check found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckReport {
    /// What it looked for.
    pub issue_type: IssueType,
    /// Rows with the issue.
    pub n_issues: usize,
    /// How well the data set does, in [0, 1].
    pub score: f64,
    /// The worst rows, at most `max_issues`.
    pub listed: Vec<IssueRow>,
}

/// A row with an issue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IssueRow {
    /// Row of the table, counted from 0.
    pub row: u32,
    /// How well the row does, in [0, 1]; lower is worse.
    pub score: f64,
    /// Why, in one sentence.
    pub reason: String,
    /// The label it has, for a check of labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_label: Option<String>,
    /// The label that is predicted instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggested_label: Option<String>,
    /// The rows nearest to it, closest first, for a check of distances.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nearest: Vec<u32>,
    /// The rows that are almost or exactly the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near_duplicates: Vec<u32>,
    /// What it holds, in the order of the report's `features`, `null` where nothing; only in the report of a run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Option<String>>,
}

/// Scores that are closer differ by rounding alone, which is another in WebAssembly: such rows keep their order.
const SAME: f64 = 1e-9;
/// Nearest rows told of a row.
const NEAREST: usize = 5;

/// The checks of an audit, each with its worst rows, `max_listed` at most; `rows` are the rows of the table that were checked.
pub(in crate::tasks) fn checks(max_listed: usize, audit: &Datalab, rows: &[u32]) -> Vec<CheckReport> {
    let reasons = Reasons::new(audit).with_row_numbers(rows);
    let check = |(issue_type, found): (IssueType, &Found)| {
        let mut worst: Vec<usize> = (0..rows.len()).filter(|&row| found.is_issue.get(row) == Some(&true)).collect();
        let score = |row: usize| found.scores.get(row).copied().unwrap_or(1.0);
        by_number::sort(&mut worst, |&row| (score(row) / SAME).round());
        let listed = worst.iter().take(max_listed).map(|&row| {
            let (given_label, suggested_label) =
                if issue_type == IssueType::Label { labels(audit, found, row) } else { (None, None) };
            let graph = found.graph.as_ref().and_then(|graph| graph.neighbors().nth(row));
            let of_table = |near: &[u32]| near.iter().filter_map(|&row| rows.get(row as usize).copied()).collect();
            let sets = match found.fact("near_duplicate_sets") {
                Some(RowFacts::Lists(sets)) => sets.row(row),
                _ => &[],
            };
            IssueRow {
                row: rows[row],
                score: score(row),
                reason: reasons.of(issue_type, row).unwrap_or_default(),
                given_label,
                suggested_label,
                nearest: graph.map_or_else(Vec::new, |near| of_table(near.get(..NEAREST).unwrap_or(near))),
                near_duplicates: of_table(sets),
                values: Vec::new(),
            }
        });
        CheckReport { issue_type, n_issues: found.n_issues(), score: found.score, listed: listed.collect() }
    };
    let mut checks: Vec<CheckReport> = audit.results().map(check).collect();
    by_number::sort(&mut checks, |check| -(check.n_issues as f64));
    checks
}

/// The given and the suggested label of a row.
fn labels(audit: &Datalab, found: &Found, row: usize) -> (Option<String>, Option<String>) {
    let name = |facts: Option<&RowFacts>| match (facts?, audit.data().targets()?) {
        (RowFacts::Classes(classes), Targets::Classes(_, names)) => names.get(*classes.get(row)? as usize).cloned(),
        (RowFacts::Numbers(numbers), _) => numbers.get(row).map(f64::to_string),
        (RowFacts::Lists(lists), _) => {
            let names: Vec<String> = lists.row(row).iter().map(|&class| audit.data().name_of(class)).collect();
            Some(names.join(", "))
        }
        _ => None,
    };
    (name(found.fact("given_label")), name(found.fact("predicted_label")))
}
