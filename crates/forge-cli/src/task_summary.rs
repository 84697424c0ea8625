//! The result of a task as a person reads it on a terminal.

use std::fmt::Write;

use forge_core::{TaskDetail, TaskIssue, TaskReport};

use crate::commands::job::line;
use crate::source::Input;
use crate::summary::{closing, thousands, variants};

/// Issues shown; the saved result holds more.
const MAX_LISTED: usize = 10;
/// Characters of a label that are shown.
const LABEL: usize = 24;
/// Characters of a line where nobody says how wide the terminal is, and the fewest that are left for reasons.
const WIDTH: usize = 120;
const LEAST: usize = 20;

/// The width of the terminal.
fn width() -> usize {
    console::Term::stdout().size_checked().map_or(WIDTH, |(_, columns)| columns.into())
}

/// The summary, without a line break at its end.
pub(crate) fn task_summary(report: &TaskReport, input: &Input) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail, so the results of `write!` are dropped.
    let what = if report.task == "token" { "sentences" } else { "rows" };
    let _ = write!(text, "{}: {} {what}", report.task, thousands(report.n_rows));
    if report.n_train > 0 && !report.variants.is_empty() {
        let _ = write!(text, "; {} trained on, {} held out", thousands(report.n_train), thousands(report.n_test));
    }
    let _ = writeln!(text, "\n\n{} issues", thousands(report.n_issues));
    issues(&mut text, report, input);
    detail(&mut text, report);
    if !report.variants.is_empty() {
        text.push('\n');
        variants(&mut text, &report.variants);
    }
    closing(&mut text, report.noise.as_ref(), &report.warnings, (&report.timings, report.seed));
    text
}

/// What the task alone has to say.
fn detail(text: &mut String, report: &TaskReport) {
    match &report.detail {
        TaskDetail::Outlier(detail) => {
            let counted: Vec<String> = detail
                .summary
                .iter()
                .map(|check| format!("{} {}", thousands(check.n_issues), check.issue_type.name()))
                .collect();
            let _ = writeln!(
                text,
                "{}; {} sets of near-duplicates",
                counted.join(", "),
                thousands(detail.n_duplicate_sets)
            );
        }
        TaskDetail::Multiannotator(detail) => {
            let _ = writeln!(
                text,
                "{} labels of {} annotators: {:.1} per example, {:.1} % of all cells; mean quality {:.3}",
                thousands(detail.n_labels),
                thousands(detail.n_annotators),
                detail.mean_labels_per_example,
                100.0 * detail.coverage,
                detail.mean_quality
            );
            if !detail.classes_missing.is_empty() {
                let _ = writeln!(text, "no example's consensus: {}", detail.classes_missing.join(", "));
            }
            let _ = writeln!(
                text,
                "\n{:24}  {:16}  {:16}  {:>7}  {:>9}",
                "worst example", "majority", "consensus", "quality", "agreement"
            );
            for row in detail.worst_examples.iter().take(MAX_LISTED) {
                let _ = writeln!(
                    text,
                    "{:24}  {:16}  {:16}  {:>7.4}  {:>9.4}",
                    cut(&row.name, LABEL),
                    cut(&row.majority, 16),
                    cut(&row.consensus, 16),
                    row.quality,
                    row.agreement
                );
            }
            let _ = writeln!(text, "\n{:24}  {:>7}  {:>9}  {:>7}", "worst annotator", "quality", "agreement", "labels");
            for row in detail.worst_annotators.iter().take(MAX_LISTED) {
                let quality = row.quality.map_or_else(|| "–".to_owned(), |quality| format!("{quality:.4}"));
                let agreement = row.agreement_with_consensus;
                let name = cut(&row.annotator, LABEL);
                let _ = writeln!(text, "{name:24}  {quality:>7}  {agreement:>9.4}  {:>7}", thousands(row.n_labels));
            }
            let next: Vec<&str> = detail.next_to_label.iter().take(MAX_LISTED).map(|row| row.name.as_str()).collect();
            let _ = writeln!(text, "\nnext to label: {}", next.join(", "));
        }
        _ => {}
    }
}

fn issues(text: &mut String, report: &TaskReport, input: &Input) {
    let shown = &report.issues[..report.issues.len().min(MAX_LISTED)];
    if shown.is_empty() {
        return;
    }
    let tokens = shown.iter().any(|issue| issue.token.is_some());
    let labels = shown.iter().any(|issue| !issue.given.is_empty());
    let widest = |of: fn(&TaskIssue) -> &str, head: &str| {
        shown.iter().map(|issue| of(issue).chars().count()).max().unwrap_or(0).clamp(head.len(), LABEL)
    };
    let (given, suggested) = (widest(|issue| &issue.given, "given"), widest(|issue| &issue.suggested, "suggested"));
    let _ = write!(text, "{:>9} {:>9}", if tokens { "sentence" } else { "row" }, if tokens { "token" } else { "line" });
    if labels {
        let _ = write!(text, "  {:given$}  {:suggested$}", "given", "suggested");
    }
    let _ = writeln!(text, "  {:>7}  reason", "score");
    let used = 9 + 1 + 9 + if labels { 4 + given + suggested } else { 0 } + 2 + 7 + 2;
    let left = width().saturating_sub(used + 1).max(LEAST);
    for issue in shown {
        let place = issue.token.map_or_else(|| line(input, issue.row), u64::from);
        let _ = write!(text, "{:>9} {place:>9}", issue.row);
        if labels {
            let _ = write!(text, "  {:given$}  {:suggested$}", cut(&issue.given, LABEL), cut(&issue.suggested, LABEL));
        }
        let _ = writeln!(text, "  {:>7.4}  {}", issue.score, cut(&issue.reason, left));
    }
    let more = report.n_issues.saturating_sub(shown.len());
    if more > 0 {
        let _ = writeln!(text, "{:>9} and {} more", "", thousands(more));
    }
}

/// A text of at most `most` characters.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}
