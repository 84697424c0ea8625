//! A search for anomalies as a person reads it on a terminal.

use std::fmt::Write;

use forge_core::anomaly::{AnomalyReport, Measured, StrategyName};
use forge_data::TableFile;

use crate::summary::thousands;

/// Anomalies shown; the saved result holds more.
const MAX_LISTED: usize = 10;

/// Where rows stand.
#[derive(Clone, Copy)]
pub(crate) enum Place<'a> {
    /// In lines of a file.
    File(&'a TableFile),
    /// Nowhere: they were made.
    Made,
}

/// The summary of one search, or of several strategies on the same rows, of which the default is listed;
/// without a line break at its end.
pub(crate) fn anomaly_summary(reports: &[&AnomalyReport], place: Place<'_>) -> String {
    let mut text = String::new();
    let Some(&first) = reports.first() else { return text };
    let columns = if first.features.len() == 1 { "column" } else { "columns" };
    // Writing to a String cannot fail, so the results of `write!` are dropped.
    let _ = writeln!(
        text,
        "{} rows, {} {columns} looked at; the lowest {} % of the scores are flagged\n",
        thousands(first.n_rows),
        first.features.len(),
        (first.contamination * 1e6).round() / 1e4
    );
    figures(&mut text, reports);
    let listed = reports.iter().find(|report| report.strategy == StrategyName::default()).copied().unwrap_or(first);
    list(&mut text, listed, place, reports.len() > 1);
    for warning in &first.warnings {
        let _ = write!(text, "\nwarning: {warning}");
    }
    let seconds: f64 = reports.iter().map(|report| report.seconds).sum();
    let _ = write!(text, "\n{seconds:.2} s, seed {}", first.settings.seed);
    text
}

fn figures(text: &mut String, reports: &[&AnomalyReport]) {
    let _ = write!(text, "{:<22}{:>9}{:>11}", "strategy", "flagged", "threshold");
    let known = reports.iter().any(|report| report.measured.is_some());
    if known {
        let _ = write!(text, "{:>7}{:>7}{:>7}", "TP", "FP", "FN");
        let _ = write!(text, "{:>11}{:>8}{:>8}{:>9}{:>9}", "precision", "recall", "F1", "ROC AUC", "avg pr.");
    }
    let _ = writeln!(text, "{:>9}", "seconds");
    for report in reports {
        let _ =
            write!(text, "{:<22}{:>9}{:>11.4}", report.strategy.name(), thousands(report.n_flagged), report.threshold);
        if let Some(measured) = &report.measured {
            against_truth(text, measured);
        }
        let _ = writeln!(text, "{:>9.2}", report.seconds);
    }
}

fn against_truth(text: &mut String, measured: &Measured) {
    for count in [measured.true_positives, measured.false_positives, measured.false_negatives] {
        let _ = write!(text, "{:>7}", thousands(count));
    }
    let shares = [
        (measured.precision, 11),
        (measured.recall, 8),
        (measured.f1, 8),
        (measured.roc_auc, 9),
        (measured.average_precision, 9),
    ];
    for (share, width) in shares {
        let share = share.map_or_else(|| "–".to_owned(), |share| format!("{share:.4}"));
        let _ = write!(text, "{share:>width$}");
    }
}

fn list(text: &mut String, report: &AnomalyReport, place: Place<'_>, several: bool) {
    if report.top.is_empty() {
        return;
    }
    let of = if several { format!(", by {}", report.strategy.name()) } else { String::new() };
    let _ = writeln!(text, "\nThe most anomalous rows{of}:");
    let line = if matches!(place, Place::File(_)) { format!(" {:>9}", "line") } else { String::new() };
    let known = if report.measured.is_some() { "  known" } else { "" };
    let _ = writeln!(text, "{:>9}{line}  {:>7}{known}  why", "row", "score");
    for anomaly in report.top.iter().take(MAX_LISTED) {
        let _ = write!(text, "{:>9}", anomaly.row);
        if let Place::File(file) = place {
            let _ = write!(text, " {:>9}", file.line(anomaly.row as usize));
        }
        let _ = write!(text, "  {:>7.4}", anomaly.score);
        if let Some(known) = anomaly.known {
            let _ = write!(text, "  {:>5}", if known { "yes" } else { "no" });
        }
        let _ = writeln!(text, "  {}", anomaly.reason);
    }
}
