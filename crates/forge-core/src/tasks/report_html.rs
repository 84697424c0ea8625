//! Any saved result as one web page that needs nothing else: to be mailed, kept or attached to a build.

use std::fmt::Write;

use serde_json::Value;

use super::audit::AuditReport;
use super::audit::html::{STYLE, escaped};
use super::metrics::Metrics;
use super::sweep::SweepReport;
use super::task::TaskReport;
use crate::report::{NoiseReport, Report, Variant};
use crate::{CheckReport, CoreError};

/// Rows listed on the page; the saved result may hold more.
const MAX_LISTED: usize = 500;

/// The page of a result of a run, a sweep, an audit or a task, from its JSON.
///
/// # Errors
/// [`CoreError::Unusable`] for JSON that is none of these.
pub fn report_html(saved: &Value) -> Result<String, CoreError> {
    let unusable = |error: serde_json::Error| CoreError::Unusable(format!("The result cannot be read: {error}"));
    let read = saved.clone();
    if saved.get("label_issues").is_some() {
        return Ok(of_run(&serde_json::from_value(read).map_err(unusable)?));
    }
    if saved.get("detail").is_some() {
        return Ok(of_task(&serde_json::from_value(read).map_err(unusable)?));
    }
    if saved.get("checks").is_some() {
        return Ok(of_audit(&serde_json::from_value(read).map_err(unusable)?));
    }
    if saved.get("rows").is_some_and(Value::is_array) {
        return Ok(of_sweep(&serde_json::from_value(read).map_err(unusable)?));
    }
    Err(CoreError::Unusable("It is neither a run, a sweep, an audit nor a task.".to_owned()))
}

/// A page under construction. Writing to a String cannot fail, so the results of `write!` are dropped.
struct Page(String);

impl Page {
    fn new(title: &str, introduction: &str) -> Self {
        let (title, introduction) = (escaped(title), escaped(introduction));
        Self(format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head><body>\
             <h1>{title}</h1><p>{introduction}</p>"
        ))
    }

    fn heading(&mut self, text: &str) {
        let _ = write!(self.0, "<h2>{}</h2>", escaped(text));
    }

    /// A table; cells of columns whose head begins with `#` are numbers.
    fn table(&mut self, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) {
        let class = |head: &str| if head.starts_with('#') { " class=\"n\"" } else { "" };
        self.0.push_str("<div class=\"wide\"><table><thead><tr>");
        for head in heads {
            let _ = write!(self.0, "<th{}>{}</th>", class(head), escaped(head.trim_start_matches('#')));
        }
        self.0.push_str("</tr></thead><tbody>");
        for row in rows {
            self.0.push_str("<tr>");
            for (head, cell) in heads.iter().zip(row) {
                let _ = write!(self.0, "<td{}>{}</td>", class(head), escaped(&cell));
            }
            self.0.push_str("</tr>");
        }
        self.0.push_str("</tbody></table></div>");
    }

    fn variants(&mut self, variants: &[Variant]) {
        let Some(first) = variants.first() else { return };
        self.heading("Models compared");
        let names: Vec<String> = first.metrics.iter().map(|(name, _)| format!("#{}", name.replace('_', " "))).collect();
        let heads: Vec<&str> = ["Model", "#Trained on"].into_iter().chain(names.iter().map(String::as_str)).collect();
        let row = |name: &str, n: String, metrics: &Metrics, signed: bool| {
            let number = |value: f64| if signed { format!("{value:+.4}") } else { format!("{value:.4}") };
            let cells = metrics.iter().map(|(_, value)| value.map_or_else(|| "–".to_owned(), number));
            [name.to_owned(), n].into_iter().chain(cells).collect::<Vec<_>>()
        };
        let rows = variants.iter().flat_map(|variant| {
            let own = row(&variant.name, variant.n_train.to_string(), &variant.metrics, false);
            let delta = variant.delta.as_ref().map(|delta| row("difference", String::new(), delta, true));
            [Some(own), delta].into_iter().flatten()
        });
        self.table(&heads, rows.collect::<Vec<_>>().into_iter());
    }

    fn noise(&mut self, noise: Option<&NoiseReport>) {
        let Some(noise) = noise else { return };
        self.heading("What was made wrong on purpose");
        let share = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"));
        let rows = [
            ("pruned", noise.n_pruned.to_string(), noise.precision_at_prune, noise.recall_at_prune),
            ("flagged", String::new(), noise.precision_at_flag, noise.recall_at_flag),
        ];
        self.table(
            &["Rows", "#Number", "#Precision", "#Recall"],
            rows.into_iter()
                .map(|(name, n, precision, recall)| vec![name.to_owned(), n, share(precision), share(recall)]),
        );
    }

    fn checks(&mut self, checks: &[CheckReport]) {
        self.heading("Checks");
        let rows = checks.iter();
        self.table(
            &["Check", "#Rows", "#Score"],
            rows.map(|check| {
                vec![check.issue_type.title().to_owned(), check.n_issues.to_string(), format!("{:.3}", check.score)]
            }),
        );
        for check in checks.iter().filter(|check| !check.listed.is_empty()) {
            self.heading(check.issue_type.title());
            self.table(
                &["#Row", "#Score", "Why"],
                check
                    .listed
                    .iter()
                    .take(MAX_LISTED)
                    .map(|row| vec![row.row.to_string(), format!("{:.4}", row.score), row.reason.clone()]),
            );
        }
    }

    fn end(mut self, warnings: &[String], (version, seed): (&str, u64)) -> String {
        if !warnings.is_empty() {
            self.heading("Notes");
            self.0.push_str("<ul>");
            for warning in warnings {
                let _ = write!(self.0, "<li>{}</li>", escaped(warning));
            }
            self.0.push_str("</ul>");
        }
        let _ = write!(
            self.0,
            "<footer>Cleanlab Forge {}, seed {seed}. Rows count from 0.</footer></body></html>",
            escaped(version)
        );
        self.0
    }
}

fn of_run(report: &Report) -> String {
    let issues = &report.label_issues;
    let introduction = format!(
        "{} rows, {} feature columns; {} trained on, {} held out; {} label issues.",
        report.n_rows,
        report.features.len(),
        report.n_train,
        report.n_test,
        issues.n_issues
    );
    let mut page = Page::new(&format!("Label issues in {}", report.target), &introduction);
    page.variants(&report.variants);
    page.noise(report.noise.as_ref());
    page.heading("Label issues, worst first");
    let listed = issues.listed.iter().take(MAX_LISTED);
    page.table(
        &["#Row", "Given", "Suggested", "#Score"],
        listed.map(|issue| {
            let (given, suggested) = (issue.given_label.clone(), issue.suggested_label.clone());
            vec![issue.row.to_string(), given, suggested, format!("{:.4}", issue.score)]
        }),
    );
    if let Some(datalab) = &report.datalab {
        page.checks(&datalab.checks);
    }
    page.end(&report.warnings, (&report.version, report.seed))
}

fn of_task(report: &TaskReport) -> String {
    let introduction = format!("{} examples, {} issues.", report.n_rows, report.n_issues);
    let mut page = Page::new(&format!("The task {}", report.task), &introduction);
    page.variants(&report.variants);
    page.noise(report.noise.as_ref());
    page.heading("Issues, worst first");
    let listed = report.issues.iter().take(MAX_LISTED);
    page.table(
        &["Issue", "#Row", "#Token", "Given", "Suggested", "#Score", "Why"],
        listed.map(|issue| {
            vec![
                issue.kind.replace('_', " "),
                issue.row.to_string(),
                issue.token.map_or_else(String::new, |token| token.to_string()),
                issue.given.clone(),
                issue.suggested.clone(),
                format!("{:.4}", issue.score),
                issue.reason.clone(),
            ]
        }),
    );
    page.end(&report.warnings, (&report.version, report.seed))
}

fn of_audit(report: &AuditReport) -> String {
    let target = if report.target.is_empty() { "no label column".to_owned() } else { report.target.join(", ") };
    let introduction = format!("{} rows, {} feature columns, {target}.", report.n_rows, report.features.len());
    let mut page = Page::new("Audit", &introduction);
    page.checks(&report.checks);
    let not_checked = report.not_checked.iter().map(|(check, reason)| format!("{check} was not checked: {reason}"));
    let notes: Vec<String> = report.warnings.iter().cloned().chain(not_checked).collect();
    page.end(&notes, (&report.version, report.seed))
}

fn of_sweep(report: &SweepReport) -> String {
    let introduction = format!("{} rows; {} trained on, {} held out.", report.n_rows, report.n_train, report.n_test);
    let mut page = Page::new(&format!("Models for {}", report.target), &introduction);
    page.table(
        &["Model", "#Primary metric", "#Label issues", "#Seconds", "Trouble"],
        report.rows.iter().map(|row| {
            vec![
                row.model.clone(),
                row.primary.map_or_else(|| "–".to_owned(), |value| format!("{value:.4}")),
                row.n_label_issues.map_or_else(|| "–".to_owned(), |n| n.to_string()),
                format!("{:.2}", row.seconds),
                row.error.clone().unwrap_or_default(),
            ]
        }),
    );
    page.end(&report.warnings, (&report.version, report.seed))
}

#[cfg(test)]
mod tests {
    use forge_data::{CsvOptions, read_csv};

    use super::*;
    use crate::{AuditConfig, AuditInputs, MulticlassConfig, Quiet, RunConfig, TaskConfig, TaskData};

    #[test]
    fn every_kind_of_result_has_a_page_and_markup_in_data_stays_text() {
        let row = |i: usize| format!("{},{},{}", i % 17, (i * 7) % 5, if i % 17 > 8 { "<b>yes</b>" } else { "no" });
        let text = (0..120).map(row).collect::<Vec<_>>().join("\n");
        let options = CsvOptions::default();
        let file = read_csv("t.csv", format!("x,y,label\n{text}").into_bytes(), &options).unwrap();
        let target = "label".to_owned();
        let run =
            crate::run_file(&RunConfig { target: target.clone(), ..RunConfig::default() }, &file, &Quiet).unwrap();
        let config = AuditConfig { target: vec![target.clone()], ..AuditConfig::default() };
        let audit = crate::audit_file(&config, &file, AuditInputs::default(), &Quiet).unwrap();
        let task = TaskConfig::Multiclass(MulticlassConfig { target, ..MulticlassConfig::default() });
        let task = task.run(TaskData::Table(&file), &Quiet).unwrap();
        let saved = [
            serde_json::to_value(&run.report).unwrap(),
            serde_json::to_value(&audit.report).unwrap(),
            serde_json::to_value(&task).unwrap(),
        ];
        for saved in saved {
            let page = report_html(&saved).unwrap();
            assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>"));
            assert!(!page.contains("<b>yes"), "markup of the data is escaped");
        }
        assert!(report_html(&serde_json::json!({"x": 1})).is_err());
    }
}
