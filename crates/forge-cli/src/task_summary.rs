//! The result of a task as a person reads it on a terminal.

use std::fmt::Write;

use forge_core::{TaskIssue, TaskReport};

use crate::commands::job::line;
use crate::source::Input;
use crate::summary::{share_or_dash, thousands, variants};

/// Issues shown; the saved result holds more.
const MAX_LISTED: usize = 10;
/// Characters of a label or reason that are shown.
const LABEL: usize = 24;
const REASON: usize = 60;

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
    if !report.variants.is_empty() {
        text.push('\n');
        variants(&mut text, &report.variants);
    }
    if let Some(noise) = &report.noise {
        let _ = writeln!(
            text,
            "\n{} made wrong on purpose; pruned {}: precision {}, recall {}; flagged: precision {}, recall {}",
            thousands(noise.n_flipped),
            thousands(noise.n_pruned),
            share_or_dash(noise.precision_at_prune),
            share_or_dash(noise.recall_at_prune),
            share_or_dash(noise.precision_at_flag),
            share_or_dash(noise.recall_at_flag)
        );
    }
    for warning in &report.warnings {
        let _ = write!(text, "\nwarning: {warning}");
    }
    let seconds: f64 = report.timings.iter().map(|timing| timing.seconds).sum();
    let _ = write!(text, "\n{seconds:.2} s, seed {}", report.seed);
    text
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
    let _ = writeln!(text, "  {:>7}  {}", "score", "reason");
    for issue in shown {
        let place = issue.token.map_or_else(|| line(input, issue.row), u64::from);
        let _ = write!(text, "{:>9} {place:>9}", issue.row);
        if labels {
            let _ = write!(text, "  {:given$}  {:suggested$}", cut(&issue.given, LABEL), cut(&issue.suggested, LABEL));
        }
        let _ = writeln!(text, "  {:>7.4}  {}", issue.score, cut(&issue.reason, REASON));
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
