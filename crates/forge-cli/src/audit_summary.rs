//! An audit as a person reads it on a terminal, and its rows as CSV.

use std::fmt::Write;

use anyhow::Context;
use forge_core::datalab::{IssueType, SavedAudit};
use forge_core::{AuditOutcome, AuditReport, CheckReport};
use forge_data::TableFile;

use crate::summary::thousands;

/// Rows shown per check; the report holds more.
const MAX_SHOWN: usize = 5;

/// The summary of an audit, without a line break at its end; with an earlier audit, also what is new since.
pub(crate) fn summary(file: &TableFile, outcome: &AuditOutcome, earlier: Option<&SavedAudit>) -> String {
    let report = &outcome.report;
    let mut text = String::new();
    // Writing to a String cannot fail, so the results of `write!` are dropped.
    let _ = write!(text, "{} rows, {} feature columns", thousands(report.n_rows), report.features.len());
    if !report.target.is_empty() {
        let _ = write!(text, "; {} labels in \"{}\"", report.task.name(), report.target.join("\", \""));
    }
    if let Some(model) = &report.model {
        let _ = write!(text, ", predicted out of sample by {}", model.model);
    }
    if let Some(health) = report.health_score {
        let _ = write!(text, "\nHealth {health:.2} of 1, the mean score of the checks");
    }
    let (with, without): (Vec<&CheckReport>, Vec<&CheckReport>) =
        report.checks.iter().partition(|check| check.n_issues > 0);
    let _ = writeln!(text, "\n\n{:>9}  {:>6}  {:<24}{:>6}", "rows", "share", "issue", "score");
    for check in &with {
        let share = 100.0 * check.n_issues as f64 / report.n_rows as f64;
        let _ = writeln!(
            text,
            "{:>9}  {share:>5.1}%  {:<24}{:>6.3}",
            thousands(check.n_issues),
            check.issue_type.name(),
            check.score
        );
    }
    if !without.is_empty() {
        let names: Vec<&str> = without.iter().map(|check| check.issue_type.name()).collect();
        let _ = writeln!(text, "{:>9}  {:>6}  {}", "none", "", names.join(", "));
    }
    with.iter().for_each(|check| section(&mut text, file, check));
    for (check, reason) in &report.not_checked {
        let _ = write!(text, "\nnot checked: {check}. {reason}");
    }
    if let Some(earlier) = earlier {
        changes(&mut text, outcome, earlier);
    }
    for warning in &report.warnings {
        let _ = write!(text, "\nwarning: {warning}");
    }
    let seconds: f64 = report.timings.iter().map(|timing| timing.seconds).sum();
    let _ = write!(text, "\n{seconds:.2} s, seed {}; `forge explain CHECK` tells what a check does", report.seed);
    text
}

fn section(text: &mut String, file: &TableFile, check: &CheckReport) {
    let _ = writeln!(text, "\n{}\n{:>9} {:>9}  {:>6}", check.issue_type.title(), "row", "line", "score");
    for row in check.listed.iter().take(MAX_SHOWN) {
        let line = file.line(row.row as usize);
        let _ = writeln!(text, "{:>9} {line:>9}  {:>6.3}  {}", row.row, row.score, row.reason);
    }
    let more = check.n_issues - check.listed.len().min(MAX_SHOWN);
    if more > 0 {
        let _ = writeln!(text, "{:>9} and {} more", "", thousands(more));
    }
}

fn changes(text: &mut String, outcome: &AuditOutcome, earlier: &SavedAudit) {
    let changes = outcome.saved.changes_since(earlier);
    text.push_str("\nsince the saved audit:");
    for (check, rows) in &changes.new {
        let gone = changes.gone.get(check).map_or(0, Vec::len);
        if !rows.is_empty() || gone > 0 {
            let _ = write!(text, " {} {} new, {} gone;", check.name(), thousands(rows.len()), thousands(gone));
        }
    }
    if text.ends_with(':') {
        text.push_str(" nothing has changed");
    }
}

/// The listed rows: row, line, issue, score, given and suggested label, reason.
pub(crate) fn csv(file: &TableFile, report: &AuditReport) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["row", "line", "issue", "score", "given_label", "suggested_label", "reason"])?;
    for check in &report.checks {
        for row in &check.listed {
            let (row_number, line) = (row.row.to_string(), file.line(row.row as usize).to_string());
            let label = |label: &Option<String>| label.clone().unwrap_or_default();
            writer.write_record([
                row_number,
                line,
                IssueType::name(check.issue_type).to_owned(),
                row.score.to_string(),
                label(&row.given_label),
                label(&row.suggested_label),
                row.reason.clone(),
            ])?;
        }
    }
    let bytes = writer.into_inner().context("the rows cannot be written as CSV")?;
    String::from_utf8(bytes).context("the rows cannot be written as CSV")
}
