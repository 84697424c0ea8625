//! An audit that can be put away as JSON, taken up again and compared with a later one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::data::LabelKind;
use super::found::RowFacts;
use super::stats::mean;
use super::{Datalab, IssueType};
use crate::CoreError;

/// The form of the JSON; a file of another version is refused.
const VERSION: u32 = 1;

/// The results of an audit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedAudit {
    /// The form of this JSON.
    pub version: u32,
    /// The engine that made it.
    pub engine: String,
    /// What the labels are.
    pub task: LabelKind,
    /// Number of rows.
    pub n_rows: usize,
    /// What tells a row from others when rows are added or removed, one text per row; row numbers where it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub row_keys: Vec<String>,
    /// The mean score of the checks.
    pub health_score: Option<f64>,
    /// The checks, in the order they were run.
    pub checks: Vec<SavedCheck>,
    /// The checks that failed or were left out, and why.
    pub not_checked: BTreeMap<String, String>,
}

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedCheck {
    /// What it looked for.
    pub issue_type: IssueType,
    /// How well the data set does, in [0, 1].
    pub score: f64,
    /// The rows with the issue, ascending, from 0.
    pub issues: Vec<u32>,
    /// The score of every row.
    pub scores: Vec<f64>,
    /// What else is known of each row.
    pub facts: BTreeMap<String, RowFacts>,
    /// What else is known of the data set.
    pub info: Map<String, Value>,
}

/// What has changed between two audits, by check: rows of the later one, then of the earlier one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Rows that have the issue now and had it not, or were not there.
    pub new: BTreeMap<IssueType, Vec<u32>>,
    /// Rows that had the issue and have it no longer, or are gone.
    pub gone: BTreeMap<IssueType, Vec<u32>>,
}

impl SavedAudit {
    /// The results of an audit as they are now; `row_keys` as [`SavedAudit::row_keys`].
    pub fn of(audit: &Datalab, row_keys: Vec<String>) -> Self {
        let check = |(issue_type, found): (IssueType, &super::Found)| SavedCheck {
            issue_type,
            score: found.score,
            issues: (0_u32..).zip(&found.is_issue).filter(|(_, issue)| **issue).map(|(row, _)| row).collect(),
            scores: found.scores.clone(),
            facts: found.facts.iter().map(|(name, facts)| ((*name).to_owned(), facts.clone())).collect(),
            info: found.info.clone(),
        };
        let failed = audit.failures().map(|(issue, error)| (issue.name().to_owned(), error.to_string()));
        let left_out = IssueType::possible(audit.data().kind()).into_iter().filter_map(|issue| {
            let looked = audit.results().any(|(known, _)| known == issue);
            let on_request = (issue == IssueType::DataValuation).then_some("It runs only when it is asked for.");
            let reason = audit.silenced(issue).or(on_request).filter(|_| !looked)?;
            Some((issue.name().to_owned(), reason.to_owned()))
        });
        Self {
            version: VERSION,
            engine: crate::VERSION.to_owned(),
            task: audit.data().kind(),
            n_rows: audit.data().n_rows(),
            row_keys,
            health_score: audit.health_score(),
            not_checked: left_out.chain(failed).collect(),
            checks: audit.results().map(check).collect(),
        }
    }

    /// Reads what [`SavedAudit::to_json`] wrote.
    ///
    /// # Errors
    /// [`CoreError::Setting`] with line and column for text that is no such JSON, or is of another version.
    pub fn from_json(json: &str) -> Result<Self, CoreError> {
        let refuse = |error: String| CoreError::setting("audit", error, format!("a saved audit of version {VERSION}"));
        let version: Value = serde_json::from_str(json).map_err(|error| refuse(error.to_string()))?;
        if version["version"] != VERSION {
            return Err(refuse(format!("of version {}", version["version"])));
        }
        let saved: Self = serde_json::from_value(version).map_err(|error| refuse(error.to_string()))?;
        let of_row = |check: &SavedCheck| check.issues.iter().all(|&row| (row as usize) < saved.n_rows);
        match saved.checks.iter().find(|check| check.scores.len() != saved.n_rows || !of_row(check)) {
            Some(check) => Err(refuse(format!("with other rows than its own in `{}`", check.issue_type.name()))),
            None if !saved.row_keys.is_empty() && saved.row_keys.len() != saved.n_rows => {
                Err(refuse(format!("with {} keys for {} rows", saved.row_keys.len(), saved.n_rows)))
            }
            None => Ok(saved),
        }
    }

    /// The JSON of it.
    ///
    /// # Errors
    /// [`CoreError::Unusable`] for numbers that JSON cannot hold.
    pub fn to_json(&self) -> Result<String, CoreError> {
        serde_json::to_string(self).map_err(|error| CoreError::Unusable(format!("the audit cannot be saved: {error}")))
    }

    /// What is new since `earlier`. Rows are the same where their keys are, or, without keys, their numbers.
    pub fn changes_since(&self, earlier: &Self) -> Changes {
        let mut changes = Changes::default();
        for check in &self.checks {
            let before = earlier.checks.iter().find(|known| known.issue_type == check.issue_type);
            let empty = Vec::new();
            let before = before.map_or(&empty, |before| &before.issues);
            changes.new.insert(check.issue_type, only_in(&check.issues, self, before, earlier));
            changes.gone.insert(check.issue_type, only_in(before, earlier, &check.issues, self));
        }
        changes
    }

    /// This audit with the checks of a later one of the same rows, which replace those of the same type.
    ///
    /// # Errors
    /// [`CoreError::Length`] for an audit of another number of rows; [`CoreError::Conflict`] for other labels or rows.
    pub fn with(mut self, later: Self) -> Result<Self, CoreError> {
        if later.n_rows != self.n_rows {
            let (length, expected) = (later.n_rows, self.n_rows);
            return Err(CoreError::Length { argument: "later audit", length, reference: "audit", expected });
        }
        if later.task != self.task || later.row_keys != self.row_keys {
            return Err(CoreError::Conflict("the saved audit is one of other labels or other rows".to_owned()));
        }
        for check in later.checks {
            let name = check.issue_type.name();
            self.not_checked.remove(name);
            self.checks.retain(|known| known.issue_type != check.issue_type);
            self.checks.push(check);
        }
        let scores: Vec<f64> = self.checks.iter().map(|check| check.score).collect();
        self.health_score = (!scores.is_empty()).then(|| mean(&scores));
        self.engine = later.engine;
        Ok(self)
    }

    fn key(&self, row: u32) -> String {
        self.row_keys.get(row as usize).cloned().unwrap_or_else(|| row.to_string())
    }
}

/// The rows of one list whose keys are not among those of the other.
fn only_in(rows: &[u32], of: &SavedAudit, others: &[u32], of_others: &SavedAudit) -> Vec<u32> {
    let known: BTreeSet<String> = others.iter().map(|&row| of_others.key(row)).collect();
    rows.iter().copied().filter(|&row| !known.contains(&of.key(row))).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::super::AuditData;
    use super::*;
    use crate::Quiet;

    fn audit(far: &[usize]) -> Datalab {
        let features = Array2::from_shape_fn((40, 2), |(row, column)| {
            ((row * (7 + column * 4)) % 13) as f64 + if far.contains(&row) { 500.0 + row as f64 * 40.0 } else { 0.0 }
        });
        let mut audit = Datalab::new(AuditData::new(LabelKind::Regression).with_features(features));
        audit.find_issues(&audit.default_checks(), &Quiet).unwrap();
        audit
    }

    #[test]
    fn an_audit_comes_back_as_it_was_saved() {
        let saved = SavedAudit::of(&audit(&[3]), Vec::new());
        assert_eq!(SavedAudit::from_json(&saved.to_json().unwrap()).unwrap(), saved);
        assert_eq!(saved.not_checked["label"], "It needs labels, and predictions or features.");
    }

    #[test]
    fn what_is_new_is_told_by_key() {
        let keys = |first: u32| (first..first + 40).map(|key| key.to_string()).collect();
        let (before, after) = (SavedAudit::of(&audit(&[3]), keys(0)), SavedAudit::of(&audit(&[2, 9]), keys(1)));
        // Row 2 of the later audit has the key of row 3 of the earlier one.
        let changes = after.changes_since(&before);
        assert_eq!(changes.new[&IssueType::Outlier], [9]);
        assert_eq!(changes.gone[&IssueType::Outlier], [0_u32; 0]);
    }

    #[test]
    fn a_later_check_joins_a_saved_audit() {
        let mut lab = audit(&[3]);
        let saved = SavedAudit::of(&lab, Vec::new());
        let issue = IssueType::NonIid;
        lab.find_issues(&[super::super::Check::default_of(issue, LabelKind::Regression)], &Quiet).unwrap();
        let first = SavedAudit { checks: saved.checks[..1].to_vec(), ..saved.clone() };
        let rest = SavedAudit { checks: saved.checks[1..].to_vec(), ..saved.clone() };
        assert_eq!(first.with(rest).unwrap(), saved);
        let other = SavedAudit { n_rows: 7, ..saved.clone() };
        assert!(saved.with(other).unwrap_err().to_string().contains("7 rows"));
    }

    #[test]
    fn other_json_is_refused() {
        let refused = |json: &str| SavedAudit::from_json(json).unwrap_err().to_string();
        assert!(refused("{}").contains("of version null"));
        assert!(refused("{").contains("line 1"));
        let mut saved = SavedAudit::of(&audit(&[3]), Vec::new());
        saved.checks[0].scores.pop();
        assert!(refused(&saved.to_json().unwrap()).contains("other rows than its own in `null`"));
    }
}
