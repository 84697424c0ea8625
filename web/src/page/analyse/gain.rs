//! What leaving out the worst rows bought, with sign and word.

use forge_core::{Variant, lower_is_better};

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

/// What a metric is called.
pub(crate) fn metric_label(key: &str) -> String {
    match key {
        "accuracy" => "Accuracy",
        "token_accuracy" => "Token accuracy",
        "subset_accuracy" => "All labels right",
        "hamming_loss" => "Labels wrong",
        "roc_auc" => "ROC AUC",
        "average_precision" => "Average precision",
        "precision" => "Precision",
        "recall" => "Recall",
        "f1" => "F1",
        "f1_weighted" => "F1, weighted",
        "f1_macro" | "macro_f1" => "F1, mean of classes",
        "f1_micro" | "micro_f1" => "F1, all labels",
        "precision_weighted" => "Precision, weighted",
        "log_loss" => "Log loss",
        "r2" => "R²",
        "mae" => "Mean absolute error",
        "rmse" => "Root mean squared error",
        other => return words(other),
    }
    .to_owned()
}

/// A name of the engine as words: `n_rows` becomes "N rows".
pub(crate) fn words(name: &str) -> String {
    match name {
        "knn" => return "Nearest neighbours".to_owned(),
        "hist_gradient_boosting" => return "Gradient boosting".to_owned(),
        "datalab_knn" => return "Distance to neighbours".to_owned(),
        _ => {}
    }
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).map(|letter| if letter == '_' { ' ' } else { letter }).collect()
}

impl Gain {
    /// The change of `metric` from the baseline to the retrained model; `None` where nothing was pruned.
    pub(crate) fn of(variants: &[Variant], metric: &str) -> Option<Self> {
        let value = |name: &str| variants.iter().find(|variant| variant.name == name)?.metrics.get(metric);
        let (before, after) = (value("baseline")?, value("pruned_retrain")?);
        Some(Self { metric: metric.to_owned(), before, after, difference: after - before })
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
    if (difference > 0.0) == lower_is_better(key) { -1 } else { 1 }
}
