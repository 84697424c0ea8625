//! A result as a person reads it on a terminal.

use std::borrow::Cow;
use std::fmt::Write;

use forge_core::datalab::IssueType;
use forge_core::{NoiseReport, Outcome, StageTiming, Variant};
use forge_data::TableFile;

/// Issues shown; the saved result holds more.
const MAX_LISTED: usize = 10;

/// The summary of a run, without a line break at its end.
pub(crate) fn summary(file: Option<&TableFile>, outcome: &Outcome) -> String {
    let report = &outcome.report;
    let mut text = String::new();
    // Writing to a String cannot fail, so the results of `write!` are dropped.
    let what = match report.classes.len() {
        0 => format!("\"{}\" to predict", report.target),
        n_classes => format!("{n_classes} classes in \"{}\"", report.target),
    };
    let _ = writeln!(
        text,
        "{} rows, {what}; {} trained on, {} held out\n",
        thousands(report.n_rows),
        thousands(report.n_train),
        thousands(report.n_test)
    );
    let issues = &report.label_issues;
    let share = 100.0 * issues.n_issues as f64 / report.n_rows as f64;
    let _ = writeln!(text, "{} label issues ({share:.1} % of rows)", thousands(issues.n_issues));
    if let Some(file) = file {
        list(&mut text, file, outcome);
    }
    if let Some(datalab) = &report.datalab {
        let others = datalab.checks.iter().filter(|check| check.issue_type != IssueType::Label);
        let counted: Vec<String> =
            others.map(|check| format!("{} {}", thousands(check.n_issues), check.issue_type.name())).collect();
        let _ = writeln!(text, "also: {}", counted.join(", "));
    }
    text.push('\n');
    variants(&mut text, &report.variants);
    closing(&mut text, report.noise.as_ref(), &report.warnings, (&report.timings, report.seed));
    text
}

fn list(text: &mut String, file: &TableFile, outcome: &Outcome) {
    let listed = &outcome.report.label_issues.listed;
    if listed.is_empty() {
        return;
    }
    let shown = &listed[..listed.len().min(MAX_LISTED)];
    let widest =
        |labels: &mut dyn Iterator<Item = &String>| labels.map(|label| label.chars().count()).max().unwrap_or(0);
    let given = widest(&mut shown.iter().map(|issue| &issue.given_label)).max("given".len());
    let labels = shown.iter().map(|issue| shown_label(&issue.suggested_label, outcome).chars().count());
    let suggested = labels.max().unwrap_or(0).max("suggested".len());
    let _ =
        writeln!(text, "{:>9} {:>9}  {:given$}  {:suggested$}  {:>7}", "row", "line", "given", "suggested", "score");
    for issue in shown {
        let _ = writeln!(
            text,
            "{:>9} {:>9}  {:given$}  {:suggested$}  {:>7.4}",
            issue.row,
            file.line(issue.row as usize),
            issue.given_label,
            shown_label(&issue.suggested_label, outcome),
            issue.score
        );
    }
    let more = outcome.report.label_issues.n_issues - shown.len();
    if more > 0 {
        let _ = writeln!(text, "{:>9} and {} more", "", thousands(more));
    }
}

/// A label, or a predicted number to four digits.
fn shown_label<'a>(label: &'a str, outcome: &Outcome) -> Cow<'a, str> {
    match (&outcome.findings.numbers, label.parse::<f64>()) {
        (Some(_), Ok(number)) => Cow::Owned(four_digits(number)),
        _ => Cow::Borrowed(label),
    }
}

/// A number to four significant digits.
fn four_digits(number: f64) -> String {
    let whole_digits = if number == 0.0 { 1 } else { number.abs().log10().floor() as i32 + 1 };
    format!("{number:.0$}", (4 - whole_digits).clamp(0, 12) as usize)
}

/// What every summary ends with: what became of noise, warnings, time and seed.
pub(crate) fn closing(
    text: &mut String,
    noise: Option<&NoiseReport>,
    warnings: &[String],
    (timings, seed): (&[StageTiming], u64),
) {
    if let Some(noise) = noise {
        let _ = writeln!(
            text,
            "\n{} labels made wrong on purpose; pruned {}: precision {}, recall {}; flagged: precision {}, recall {}",
            thousands(noise.n_flipped),
            thousands(noise.n_pruned),
            share_or_dash(noise.precision_at_prune),
            share_or_dash(noise.recall_at_prune),
            share_or_dash(noise.precision_at_flag),
            share_or_dash(noise.recall_at_flag)
        );
    }
    for warning in warnings {
        let _ = write!(text, "\nwarning: {warning}");
    }
    let seconds: f64 = timings.iter().map(|timing| timing.seconds).sum();
    let _ = write!(text, "\n{seconds:.2} s, seed {seed}");
}

/// A table of the variants: one line each, one column per metric, and the difference that the last makes.
pub(crate) fn variants(text: &mut String, variants: &[Variant]) {
    let Some(first) = variants.first() else { return };
    let width = |name: &str| name.chars().count().max(9) + 2;
    let _ = write!(text, "{:16}{:>9}", "model", "rows");
    for (name, _) in first.metrics.iter() {
        let _ = write!(text, "{:>1$}", spoken(name), width(name));
    }
    text.push('\n');
    for variant in variants {
        let _ = write!(text, "{:16}{:>9}", variant.name, thousands(variant.n_train));
        for (name, value) in variant.metrics.iter() {
            let value = value.map_or_else(|| "–".to_owned(), |value| format!("{value:.4}"));
            let _ = write!(text, "{value:>0$}", width(name));
        }
        text.push('\n');
    }
    if let Some(delta) = variants.last().and_then(|variant| variant.delta.as_ref()) {
        let _ = write!(text, "{:25}", "difference");
        for (name, value) in delta.iter() {
            let value = value.map_or_else(|| "–".to_owned(), |value| format!("{value:+.4}"));
            let _ = write!(text, "{value:>0$}", width(name));
        }
        text.push('\n');
    }
}

/// A metric as people say it.
pub(crate) fn spoken(name: &str) -> String {
    match name {
        "roc_auc" => "ROC AUC".to_owned(),
        "r2" => "R²".to_owned(),
        "mae" | "rmse" => name.to_uppercase(),
        _ => name.replace("f1_", "F1 ").replace('_', " "),
    }
}

fn share_or_dash(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{share:.2}"))
}

/// A count with commas between thousands.
pub(crate) fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicted_numbers_have_four_digits() {
        assert_eq!([600.754_7, 0.012_346, 0.0, 123_456.7].map(four_digits), ["600.8", "0.01235", "0.000", "123457"]);
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([thousands(0), thousands(999), thousands(32561)], ["0", "999", "32,561"]);
    }
}
