//! An audit as one web page that needs nothing else: to be mailed, kept or attached to a build.

use std::fmt::Write;

use forge_data::TableFile;

use super::report::{AuditReport, CheckReport, IssueRow};
use crate::datalab::IssueType;

/// Cells of a row that are shown at most.
const MAX_CELLS: usize = 12;

pub(in crate::tasks) const STYLE: &str = "
:root{color-scheme:light dark;--line:#8884;--soft:#8882}
body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.2rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;white-space:nowrap}
.wide{overflow-x:auto}code{background:var(--soft);padding:.05rem .3rem;border-radius:.2rem}
.cells{font-size:.85em;opacity:.8}footer{margin-top:3rem;opacity:.7;font-size:.85em}";

/// The page. Rows are shown with their cells, of `file`, from which the report was made.
pub fn audit_html(report: &AuditReport, file: &TableFile, name: &str) -> String {
    let mut page = String::new();
    // Writing to a String cannot fail, so the results of `write!` are dropped.
    let _ = write!(
        page,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>Audit of {0}</title><style>{STYLE}</style></head><body><h1>Audit of {0}</h1>",
        escaped(name)
    );
    let target = if report.target.is_empty() {
        "no label column".to_owned()
    } else {
        format!("labels in <code>{}</code>", escaped(&report.target.join(", ")))
    };
    let _ = write!(page, "<p>{} rows, {} feature columns, {target}", report.n_rows, report.features.len());
    if let Some(health) = report.health_score {
        let _ = write!(page, "; health {health:.2} of 1");
    }
    page.push_str(".</p>");
    summary(&mut page, report);
    for check in report.checks.iter().filter(|check| check.n_issues > 0) {
        section(&mut page, check, report, file);
    }
    if !report.warnings.is_empty() {
        page.push_str("<h2>Notes</h2><ul>");
        for warning in &report.warnings {
            let _ = write!(page, "<li>{}</li>", escaped(warning));
        }
        page.push_str("</ul>");
    }
    let _ = write!(
        page,
        "<footer>Cleanlab Forge {}, seed {}. Rows count from 0; lines are those of the file.</footer></body></html>",
        escaped(&report.version),
        report.seed
    );
    page
}

fn summary(page: &mut String, report: &AuditReport) {
    page.push_str(
        "<table><thead><tr><th>Check</th><th class=\"n\">Rows</th><th class=\"n\">Score</th></tr></thead><tbody>",
    );
    for check in &report.checks {
        let _ = write!(
            page,
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{:.3}</td></tr>",
            check.issue_type.title(),
            check.n_issues,
            check.score
        );
    }
    for (check, reason) in &report.not_checked {
        let title =
            IssueType::ALL.iter().find(|issue| issue.name() == check).map_or(check.as_str(), |issue| issue.title());
        let _ =
            write!(page, "<tr><td>{}</td><td colspan=\"2\">not checked: {}</td></tr>", escaped(title), escaped(reason));
    }
    page.push_str("</tbody></table>");
}

fn section(page: &mut String, check: &CheckReport, report: &AuditReport, file: &TableFile) {
    let _ = write!(page, "<h2>{}: {} rows</h2>", check.issue_type.title(), check.n_issues);
    let what = check.issue_type.explanation().lines().next().unwrap_or_default();
    let _ = write!(page, "<p>{}", escaped(what));
    if check.n_issues > check.listed.len() {
        let _ = write!(page, " The worst {} are listed.", check.listed.len());
    }
    let labels = check.issue_type == IssueType::Label;
    let head = if labels { "<th>Given</th><th>Suggested</th>" } else { "" };
    let _ = write!(
        page,
        "</p><div class=\"wide\"><table><thead><tr><th class=\"n\">Row</th><th class=\"n\">Line</th><th \
         class=\"n\">Score</th>{head}<th>Why</th><th>Values</th></tr></thead><tbody>"
    );
    let shown: Vec<usize> =
        report.features.iter().filter_map(|feature| file.table.position(feature)).take(MAX_CELLS).collect();
    check.listed.iter().for_each(|row| table_row(page, row, labels, file, &shown));
    page.push_str("</tbody></table></div>");
}

fn table_row(page: &mut String, row: &IssueRow, labels: bool, file: &TableFile, shown: &[usize]) {
    let _ = write!(
        page,
        "<tr><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{:.3}</td>",
        row.row,
        file.line(row.row as usize),
        row.score
    );
    if labels {
        for label in [&row.given_label, &row.suggested_label] {
            let _ = write!(page, "<td>{}</td>", escaped(label.as_deref().unwrap_or("–")));
        }
    }
    let cells = file.cells(row.row as usize);
    let values: Vec<String> = shown
        .iter()
        .filter_map(|&column| Some(format!("{} {}", file.table.columns().get(column)?.name(), cells.get(column)?)))
        .collect();
    let _ =
        write!(page, "<td>{}</td><td class=\"cells\">{}</td></tr>", escaped(&row.reason), escaped(&values.join(" · ")));
}

/// Text that is only text to a browser.
pub(in crate::tasks) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
