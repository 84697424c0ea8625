//! What leaving out the worst rows bought, with sign and word.

use forge_core::Report;

/// The change of the metric that decides.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Gain {
    /// Its key.
    pub(crate) metric: String,
    /// Of the baseline.
    pub(crate) before: f64,
    /// After pruning.
    pub(crate) after: f64,
    /// After minus before.
    pub(crate) difference: f64,
}

/// The metrics of a variant, as key, label and value, in the order they are shown.
pub(crate) fn metrics(metrics: &forge_learn::ClassificationMetrics) -> [(&'static str, Option<f64>); 5] {
    [
        ("roc_auc", metrics.roc_auc),
        ("accuracy", Some(metrics.accuracy)),
        ("f1_weighted", Some(metrics.f1_weighted)),
        ("precision_weighted", Some(metrics.precision_weighted)),
        ("log_loss", Some(metrics.log_loss)),
    ]
}

/// What a metric is called.
pub(crate) fn metric_label(key: &str) -> &'static str {
    match key {
        "roc_auc" => "ROC AUC",
        "f1_weighted" => "F1, weighted",
        "precision_weighted" => "Precision, weighted",
        "log_loss" => "Log loss",
        _ => "Accuracy",
    }
}

/// Whether more of a metric is worse.
pub(crate) fn is_loss(key: &str) -> bool {
    key == "log_loss"
}

impl Gain {
    /// The change from the baseline to the retrained model; `None` where nothing was pruned.
    pub(crate) fn of(report: &Report) -> Option<Self> {
        let value = |name: &str| {
            let variant = report.variants.iter().find(|variant| variant.name == name)?;
            metrics(&variant.metrics).into_iter().find(|(key, _)| *key == report.primary_metric)?.1
        };
        let (before, after) = (value("baseline")?, value("pruned_retrain")?);
        Some(Self { metric: report.primary_metric.clone(), before, after, difference: after - before })
    }

    /// Better, worse or the same.
    pub(crate) fn word(&self) -> &'static str {
        word(&self.metric, self.difference)
    }

    /// The class that colours it.
    pub(crate) fn class(&self) -> &'static str {
        class(&self.metric, self.difference)
    }
}

/// What a change of a metric means.
pub(super) fn word(key: &str, difference: f64) -> &'static str {
    match sign(key, difference) {
        1 => "better",
        -1 => "worse",
        _ => "no change",
    }
}

/// The class that colours a change.
pub(super) fn class(key: &str, difference: f64) -> &'static str {
    match sign(key, difference) {
        1 => "gain-good",
        -1 => "gain-bad",
        _ => "gain-none",
    }
}

/// 1 for better, −1 for worse, 0 for a change that four decimals do not show.
fn sign(key: &str, difference: f64) -> i8 {
    if difference.abs() < 0.000_05 {
        return 0;
    }
    if (difference > 0.0) == is_loss(key) { -1 } else { 1 }
}
