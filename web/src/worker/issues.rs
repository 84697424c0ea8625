//! Writes the findings as a table for the user: CSV or JSON, worst first.

use std::fmt::Write;

use js_sys::{Float64Array, Uint8Array, Uint32Array};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};

use super::Answer;
use crate::protocol::{FINDING_PARTS, Failure, FileContent, IssueFormat, IssueScope, Response};

/// One line of the table; the field names are its header.
#[derive(Serialize)]
struct Finding<'a> {
    row: u32,
    line: Option<u64>,
    given_label: &'a str,
    suggested_label: &'a str,
    score: f64,
    is_issue: bool,
    held_out: bool,
    excluded: bool,
}

const HEADER: &str = "row,line,given_label,suggested_label,score,is_issue,held_out,excluded\n";

/// Writes the findings in `parts` whose lines in the file are `lines`, by table row.
pub(super) fn write(
    format: IssueFormat,
    scope: IssueScope,
    classes: &[String],
    parts: &[JsValue],
    lines: &[u64],
) -> Answer {
    let issues = collect(scope, classes, parts, lines)?;
    let (content, text) = match format {
        IssueFormat::Csv => (FileContent::IssuesCsv, csv(&issues)),
        IssueFormat::Json => {
            let json = serde_json::to_string_pretty(&issues).map_err(|error| incomplete(&error.to_string()))?;
            (FileContent::IssuesJson, json)
        }
    };
    Ok((Response::File { content }, vec![Uint8Array::from(text.as_bytes()).into()]))
}

fn collect<'a>(
    scope: IssueScope,
    classes: &'a [String],
    parts: &[JsValue],
    lines: &[u64],
) -> Result<Vec<Finding<'a>>, Failure> {
    let integers = |at: usize| parts.get(at).and_then(JsValue::dyn_ref).map(Uint32Array::to_vec).unwrap_or_default();
    let flags = |at: usize| parts.get(at).and_then(JsValue::dyn_ref).map(Uint8Array::to_vec).unwrap_or_default();
    let (rows, given, suggested) = (integers(0), integers(1), integers(2));
    let scores = parts.get(3).and_then(JsValue::dyn_ref).map(Float64Array::to_vec).unwrap_or_default();
    let (is_issue, held_out, excluded) = (flags(4), flags(5), flags(6));
    let n = rows.len();
    let lengths = [given.len(), suggested.len(), scores.len(), is_issue.len(), held_out.len(), excluded.len()];
    if let Some(at) = lengths.iter().position(|&length| length != n) {
        return Err(incomplete(FINDING_PARTS.get(at + 1).unwrap_or(&"excluded")));
    }
    let name = |class: u32| classes.get(class as usize).map_or("", String::as_str);
    let mut issues: Vec<Finding<'_>> = (0..n)
        .filter(|&i| scope == IssueScope::All || is_issue[i] == 1 || excluded[i] == 1)
        .map(|i| Finding {
            row: rows[i],
            line: lines.get(rows[i] as usize).copied(),
            given_label: name(given[i]),
            suggested_label: name(suggested[i]),
            score: scores[i],
            is_issue: is_issue[i] == 1,
            held_out: held_out[i] == 1,
            excluded: excluded[i] == 1,
        })
        .collect();
    issues.sort_by(|a, b| a.score.total_cmp(&b.score).then(a.row.cmp(&b.row)));
    Ok(issues)
}

fn csv(issues: &[Finding<'_>]) -> String {
    let mut text = String::with_capacity(64 * (issues.len() + 1));
    text.push_str(HEADER);
    for issue in issues {
        let line = issue.line.map(|line| line.to_string()).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{},{line},{},{},{},{},{},{}",
            issue.row,
            quoted(issue.given_label),
            quoted(issue.suggested_label),
            issue.score,
            issue.is_issue,
            issue.held_out,
            issue.excluded
        );
    }
    text
}

/// A cell as CSV wants it: in quotes, with quotes doubled, where it holds a character with a meaning.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

fn incomplete(detail: &str) -> Failure {
    Failure {
        code: "export".to_owned(),
        message: format!("The table of issues could not be written ({detail})."),
        hint: Some("Run the analysis again, then export.".to_owned()),
    }
}
