//! What a job other than a run over classes found, as the page lists it: issues in groups, one group per kind.

use std::collections::BTreeMap;

use forge_core::{CheckReport, ConsensusRow, IssueRow, LabelIssue, Report, TaskDetail, TaskIssue, TaskReport};
use serde_json::Value;

use super::pictures;
use super::work::Work;
use crate::protocol;

/// The result of a job.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// What the engine says.
    pub(crate) result: protocol::Found,
    /// Its issues by kind.
    pub(crate) groups: Vec<Group>,
    /// The report as a page for the user to keep, where there is one.
    pub(crate) page: Option<Vec<u8>>,
}

/// The issues of a kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Group {
    /// The kind, by the engine's name.
    pub(crate) kind: String,
    /// How many there are.
    pub(crate) n_issues: usize,
    /// How well the data do, in [0, 1]; absent where that is not told.
    pub(crate) score: Option<f64>,
    /// The worst of them, worst first.
    pub(crate) findings: Vec<Finding>,
}

/// An issue.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Finding {
    /// What the engine says of it.
    pub(crate) issue: TaskIssue,
    /// The rows nearest to it, closest first.
    pub(crate) nearest: Vec<u32>,
    /// The rows that are almost the same.
    pub(crate) twins: Vec<u32>,
}

impl Found {
    /// Sorts issues into groups.
    pub(crate) fn new(result: protocol::Found, page: Option<Vec<u8>>) -> Self {
        let groups = match &result {
            protocol::Found::Run(report) => of_run(report),
            protocol::Found::Sweep(_) => Vec::new(),
            protocol::Found::Task(report) => pictures::groups(report).unwrap_or_else(|| of_task(report)),
            protocol::Found::Audit(report) => report.checks.iter().map(of_check).collect(),
        };
        Self { result, groups, page }
    }

    /// What was looked for.
    pub(crate) fn work(&self) -> Work {
        match &self.result {
            protocol::Found::Run(_) => Work::Run,
            protocol::Found::Sweep(_) => Work::Sweep,
            protocol::Found::Task(report) => Work::Task(report.config.name()),
            protocol::Found::Audit(_) => Work::Audit,
        }
    }

    /// The report of the task, where it was one.
    pub(crate) fn task(&self) -> Option<&TaskReport> {
        match &self.result {
            protocol::Found::Task(report) => Some(report),
            _ => None,
        }
    }

    /// The columns with the labels.
    pub(crate) fn targets(&self) -> Vec<String> {
        match &self.result {
            protocol::Found::Run(report) => vec![report.target.clone()],
            protocol::Found::Sweep(report) => vec![report.target.clone()],
            // Boxes and masks are no columns.
            protocol::Found::Task(_) if self.is_of_pictures() => Vec::new(),
            protocol::Found::Task(report) => report.target.clone(),
            protocol::Found::Audit(report) => report.target.clone(),
        }
    }

    /// Rows, sentences or examples that were looked at.
    pub(crate) fn n_rows(&self) -> usize {
        match &self.result {
            protocol::Found::Run(report) => report.n_rows,
            protocol::Found::Sweep(report) => report.n_rows,
            protocol::Found::Task(report) => report.n_rows,
            protocol::Found::Audit(report) => report.n_rows,
        }
    }

    /// The checks that were left out or failed, and why.
    pub(crate) fn not_checked(&self) -> Vec<(String, String)> {
        let reasons = match &self.result {
            protocol::Found::Run(report) => report.datalab.as_ref().map(|datalab| &datalab.not_checked),
            protocol::Found::Audit(report) => Some(&report.not_checked),
            _ => None,
        };
        reasons.into_iter().flatten().map(|(check, reason)| (check.clone(), reason.clone())).collect()
    }

    /// Whether it is about pictures.
    pub(crate) fn is_of_pictures(&self) -> bool {
        matches!(self.work(), Work::Task("object_detection" | "segmentation"))
    }

    /// The issues as the engine lists them: those of the groups, but for pictures, whose groups are of pictures.
    pub(crate) fn issues(&self) -> Vec<&TaskIssue> {
        match self.task().filter(|_| self.is_of_pictures()) {
            Some(report) => report.issues.iter().collect(),
            None => self.groups.iter().flat_map(|group| &group.findings).map(|finding| &finding.issue).collect(),
        }
    }

    /// Whether a row of an issue is a row of the loaded table.
    pub(crate) fn lists_table_rows(&self) -> bool {
        !self.is_of_pictures() && !matches!(self.work(), Work::Task("token" | "multiannotator"))
    }

    /// The listed issues of a group.
    pub(crate) fn findings(&self, group: usize) -> &[Finding] {
        self.groups.get(group).map_or(&[], |group| &group.findings)
    }

    /// Whether the issues of a group are about labels, given and suggested.
    pub(crate) fn has_labels(&self, group: usize) -> bool {
        self.findings(group)
            .iter()
            .any(|finding| !finding.issue.given.is_empty() || !finding.issue.suggested.is_empty())
    }

    /// A listed issue of a group.
    pub(crate) fn finding(&self, group: usize, entry: u32) -> Option<&Finding> {
        self.findings(group).get(entry as usize)
    }
}

fn of_run(report: &Report) -> Vec<Group> {
    let finding = |issue: &LabelIssue| Finding {
        issue: TaskIssue {
            kind: "label".to_owned(),
            row: issue.row,
            given: issue.given_label.clone(),
            suggested: issue.suggested_label.clone(),
            score: issue.score,
            pruned: issue.pruned,
            held_out: issue.held_out,
            known: issue.known,
            ..TaskIssue::default()
        },
        ..Finding::default()
    };
    let labels = Group {
        kind: "label".to_owned(),
        n_issues: report.label_issues.n_issues,
        score: Some(report.label_issues.health_score),
        findings: report.label_issues.listed.iter().map(finding).collect(),
    };
    let checks = report.datalab.iter().flat_map(|datalab| datalab.checks.iter().map(of_check));
    std::iter::once(labels).chain(checks.filter(|group| group.kind != "label")).collect()
}

fn of_task(report: &TaskReport) -> Vec<Group> {
    let mut kinds: BTreeMap<&str, Vec<Finding>> = BTreeMap::new();
    let checks = match &report.detail {
        TaskDetail::Outlier(detail) => &detail.summary[..],
        _ => &[],
    };
    // A check that found nothing is a group too.
    for check in checks {
        kinds.entry(check.issue_type.name()).or_default();
    }
    for issue in &report.issues {
        kinds.entry(&issue.kind).or_default().push(with_company(issue, &report.detail));
    }
    if let TaskDetail::Multiannotator(detail) = &report.detail {
        // The least certain examples are shown even where none is doubtful.
        kinds.insert(CONSENSUS, detail.worst_examples.iter().map(|row| uncertain(row, &report.issues)).collect());
    }
    let only = kinds.len() == 1;
    let group = |(kind, findings): (&str, Vec<Finding>)| {
        let check = checks.iter().find(|check| check.issue_type.name() == kind);
        // The report counts issues in all; of several kinds only the listed ones can be told apart.
        let n_issues = if only { report.n_issues } else { findings.len() };
        Group {
            kind: kind.to_owned(),
            n_issues: check.map_or(n_issues, |check| check.n_issues),
            score: check.map(|check| check.score),
            findings,
        }
    };
    let mut groups: Vec<Group> = kinds.into_iter().map(group).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.findings.len()));
    groups
}

/// The kind of issue that examples with a doubtful consensus are.
const CONSENSUS: &str = "consensus";

/// An example by how certain its consensus is: the issue, where it is one.
fn uncertain(row: &ConsensusRow, issues: &[TaskIssue]) -> Finding {
    let issue = issues.iter().find(|issue| issue.row == row.example).cloned();
    let issue = issue.unwrap_or_else(|| TaskIssue {
        kind: CONSENSUS.to_owned(),
        row: row.example,
        given: row.majority.clone(),
        suggested: row.consensus.clone(),
        score: row.quality,
        reason: format!(
            "{:.0} of {} annotators chose {}.",
            row.agreement * row.n_labels as f64,
            row.n_labels,
            row.consensus
        ),
        ..TaskIssue::default()
    });
    Finding { issue, ..Finding::default() }
}

/// An issue with the rows that it is compared with.
fn with_company(issue: &TaskIssue, detail: &TaskDetail) -> Finding {
    let row = issue.row;
    let (mut nearest, mut twins) = (Vec::new(), Vec::new());
    if let TaskDetail::Outlier(detail) = detail {
        if issue.kind == "near_duplicate" {
            let set = detail.duplicate_sets.iter().find(|set| set.rows.contains(&row));
            twins.extend(set.into_iter().flat_map(|set| set.rows.iter().copied()).filter(|&other| other != row));
        } else if let Some(worst) = detail.worst.iter().find(|worst| worst.row == row) {
            nearest.clone_from(&worst.nearest);
        }
    }
    Finding { issue: issue.clone(), nearest, twins }
}

fn of_check(check: &CheckReport) -> Group {
    let kind = serde_json::to_value(check.issue_type).ok();
    let kind = kind.as_ref().and_then(Value::as_str).unwrap_or_default();
    let finding = |row: &IssueRow| Finding {
        issue: TaskIssue {
            kind: kind.to_owned(),
            row: row.row,
            given: row.given_label.clone().unwrap_or_default(),
            suggested: row.suggested_label.clone().unwrap_or_default(),
            score: row.score,
            reason: row.reason.clone(),
            ..TaskIssue::default()
        },
        nearest: row.nearest.clone(),
        twins: row.near_duplicates.clone(),
    };
    Group {
        kind: kind.to_owned(),
        n_issues: check.n_issues,
        score: Some(check.score),
        findings: check.listed.iter().map(finding).collect(),
    }
}
