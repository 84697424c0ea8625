//! The issues of a job as a file for the user: CSV or JSON, kind by kind, worst first.

use std::fmt::Write;

use forge_core::TaskIssue;
use serde::Serialize;

use super::decisions::Decisions;
use super::found::Found;

/// One line of the file; the field names are its header.
#[derive(Serialize)]
struct Line<'a> {
    kind: &'a str,
    row: u32,
    token: Option<u32>,
    given: &'a str,
    suggested: &'a str,
    score: f64,
    reason: &'a str,
    pruned: bool,
    held_out: bool,
    known: Option<bool>,
    excluded: bool,
}

const HEADER: &str = "kind,row,token,given,suggested,score,reason,pruned,held_out,known,excluded\n";

fn lines<'a>(found: &'a Found, decisions: &Decisions) -> Vec<Line<'a>> {
    let on_table = found.lists_table_rows();
    let line = |issue: &'a TaskIssue| Line {
        kind: &issue.kind,
        row: issue.row,
        token: issue.token,
        given: &issue.given,
        suggested: &issue.suggested,
        score: issue.score,
        reason: &issue.reason,
        pruned: issue.pruned,
        held_out: issue.held_out,
        known: issue.known,
        excluded: on_table && decisions.is_excluded(issue.row),
    };
    found.issues().into_iter().map(line).collect()
}

/// The issues as an array of objects.
///
/// # Errors
/// What serde says; it has no reason to.
pub(crate) fn json(found: &Found, decisions: &Decisions) -> serde_json::Result<String> {
    serde_json::to_string_pretty(&lines(found, decisions))
}

/// The issues as comma-separated values with a header.
pub(crate) fn csv(found: &Found, decisions: &Decisions) -> String {
    let lines = lines(found, decisions);
    let mut text = String::with_capacity(96 * (lines.len() + 1));
    text.push_str(HEADER);
    let optional = |value: Option<String>| value.unwrap_or_default();
    for line in lines {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{},{},{},{},{}",
            quoted(line.kind),
            line.row,
            optional(line.token.map(|token| token.to_string())),
            quoted(line.given),
            quoted(line.suggested),
            line.score,
            quoted(line.reason),
            line.pruned,
            line.held_out,
            optional(line.known.map(|known| known.to_string())),
            line.excluded
        );
    }
    text
}

/// A cell as CSV wants it: in quotes, with quotes doubled, where it holds a character with a meaning.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}
