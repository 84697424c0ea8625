//! What a search for outliers, near-duplicates and drift has found.

use serde::{Deserialize, Serialize};

use super::OutlierConfig;
use super::features::Numeric;
use crate::VERSION;
use crate::datalab::{Datalab, Found, IssueType, Reasons, RowFacts};
use crate::report::{NoiseReport, StageTiming};
use crate::tasks::tabular::worst_first;
use crate::tasks::task::{TaskConfig, TaskDetail, TaskIssue, TaskReport};

/// Sets of near-duplicates listed at most.
const SETS: usize = 50;
/// Rows named of a set at most.
const ROWS_OF_SET: usize = 20;
/// Nearest rows named of an outlier.
const NEAREST: usize = 5;

/// What only the search for outliers has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutlierDetail {
    /// The checks that ran.
    pub summary: Vec<IssueSummary>,
    /// The rows most unlike all others, worst first, whether they are issues or not: at most `top_k_outliers`.
    pub worst: Vec<OutlierRow>,
    /// Sets of near-duplicates in all.
    pub n_duplicate_sets: usize,
    /// Sets of rows that are almost or exactly the same, exact copies first and large sets before small: at most 50.
    pub duplicate_sets: Vec<DuplicateSet>,
}

/// What a check found in all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IssueSummary {
    /// What it looked for.
    pub issue_type: IssueType,
    /// How well the data set does, in [0, 1].
    pub score: f64,
    /// Rows with the issue.
    pub n_issues: usize,
}

/// A row unlike most.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutlierRow {
    /// Row of the table, counted from 0.
    pub row: u32,
    /// Score in [0, 1]; lower is more unlike all others.
    pub score: f64,
    /// Whether it is an issue.
    pub flagged: bool,
    /// The rows nearest to it, closest first, at most 5.
    pub nearest: Vec<u32>,
    /// Its numbers, in the order of the features, missing ones replaced.
    pub values: Vec<f64>,
}

/// Rows that are almost or exactly the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DuplicateSet {
    /// Rows of the table, ascending, at most 20.
    pub rows: Vec<u32>,
    /// Rows of the set in all.
    pub n_rows: usize,
    /// The lowest score of its rows, in [0, 1]; 0 where two are exactly the same.
    pub score: f64,
}

/// What there is to report on.
pub(super) struct Facts<'a> {
    pub(super) config: &'a OutlierConfig,
    pub(super) numeric: &'a Numeric,
    pub(super) lab: &'a Datalab,
    /// Places that outliers were put in, ascending.
    pub(super) wrong: &'a [usize],
}

impl Facts<'_> {
    /// The result.
    pub(super) fn report(
        &self,
        noise: Option<NoiseReport>,
        warnings: Vec<String>,
        timings: Vec<StageTiming>,
    ) -> TaskReport {
        let rows = &self.numeric.rows;
        let summary = |(issue_type, found): (IssueType, &Found)| IssueSummary {
            issue_type,
            score: found.score,
            n_issues: found.n_issues(),
        };
        let summary: Vec<IssueSummary> = self.lab.results().map(summary).collect();
        let (n_duplicate_sets, duplicate_sets) =
            self.lab.result(IssueType::NearDuplicate).map(|found| self.duplicates(found)).unwrap_or_default();
        TaskReport {
            task: "outlier".to_owned(),
            model: None,
            target: self.config.target.iter().cloned().collect(),
            classes: Vec::new(),
            features: self.numeric.names.clone(),
            n_rows: rows.len(),
            n_train: rows.len(),
            n_test: 0,
            primary_metric: None,
            variants: Vec::new(),
            n_issues: summary.iter().map(|check| check.n_issues).sum(),
            issues: self.issues(noise.is_some()),
            detail: TaskDetail::Outlier(OutlierDetail {
                summary,
                worst: self.lab.result(IssueType::Outlier).map_or_else(Vec::new, |found| self.worst(found)),
                n_duplicate_sets,
                duplicate_sets,
            }),
            noise,
            warnings,
            timings,
            config: TaskConfig::Outlier(self.config.clone()),
            seed: self.config.seed,
            version: VERSION.to_owned(),
        }
    }

    /// The worst rows of each check.
    fn issues(&self, injected: bool) -> Vec<TaskIssue> {
        let reasons = Reasons::new(self.lab).with_row_numbers(&self.numeric.rows);
        let of_check = |(issue_type, found): (IssueType, &Found)| -> Vec<TaskIssue> {
            let worst = worst_first(&found.is_issue, &found.scores).into_iter().take(self.config.top_k_outliers);
            let issue = |place: usize| TaskIssue {
                kind: issue_type.name().to_owned(),
                row: self.numeric.rows[place],
                score: found.scores[place],
                reason: reasons.of(issue_type, place).unwrap_or_default(),
                known: injected.then(|| self.wrong.binary_search(&place).is_ok()),
                ..TaskIssue::default()
            };
            worst.map(issue).collect()
        };
        self.lab.results().flat_map(of_check).collect()
    }

    fn worst(&self, found: &Found) -> Vec<OutlierRow> {
        let rows = &self.numeric.rows;
        let all = vec![true; rows.len()];
        let nearest = |place: usize| {
            let neighbors = found.graph.as_ref().and_then(|graph| graph.neighbors().nth(place)).unwrap_or_default();
            neighbors.iter().take(NEAREST).filter_map(|&near| rows.get(near as usize).copied()).collect()
        };
        let worst = worst_first(&all, &found.scores).into_iter().take(self.config.top_k_outliers);
        let row = |place: usize| OutlierRow {
            row: rows[place],
            score: found.scores[place],
            flagged: found.is_issue[place],
            nearest: nearest(place),
            values: self.numeric.values.row(place).to_vec(),
        };
        worst.map(row).collect()
    }

    /// The sets that near-duplicates of near-duplicates make.
    fn duplicates(&self, found: &Found) -> (usize, Vec<DuplicateSet>) {
        let Some(RowFacts::Lists(lists)) = found.fact("near_duplicate_sets") else { return (0, Vec::new()) };
        let rows = &self.numeric.rows;
        let mut first = (0..rows.len() as u32).collect::<Vec<u32>>();
        for (row, near) in (0_u32..).zip(lists.iter()) {
            for &other in near {
                let (a, b) = (root(&mut first, row), root(&mut first, other));
                first[a.max(b) as usize] = a.min(b);
            }
        }
        let mut members: Vec<(u32, u32)> = (0..rows.len() as u32)
            .filter(|&row| found.is_issue[row as usize])
            .map(|row| (root(&mut first, row), row))
            .collect();
        members.sort_unstable();
        let mut sets: Vec<DuplicateSet> = members
            .chunk_by(|a, b| a.0 == b.0)
            .map(|set| DuplicateSet {
                rows: set.iter().take(ROWS_OF_SET).map(|&(_, row)| rows[row as usize]).collect(),
                n_rows: set.len(),
                score: set.iter().map(|&(_, row)| found.scores[row as usize]).fold(1.0, f64::min),
            })
            .collect();
        sets.sort_by(|a, b| {
            (a.score > 0.0).cmp(&(b.score > 0.0)).then(b.n_rows.cmp(&a.n_rows)).then(a.rows.cmp(&b.rows))
        });
        let n_sets = sets.len();
        sets.truncate(SETS);
        (n_sets, sets)
    }
}

/// The first row of the set that `row` is in; paths are halved on the way.
fn root(first: &mut [u32], mut row: u32) -> u32 {
    while first[row as usize] != row {
        first[row as usize] = first[first[row as usize] as usize];
        row = first[row as usize];
    }
    row
}
