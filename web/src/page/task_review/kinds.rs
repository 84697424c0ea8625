//! Kinds of issues: what people call each, and the colour and shape it has everywhere.

use super::super::analyse::words;
use super::super::work::Work;

/// What a kind of issue is called; labels are called by what is looked for.
pub(crate) fn kind_title(kind: &str, work: Work) -> String {
    match kind {
        "label" => match work {
            Work::Task("token") => "Wrong tags",
            Work::Task("multilabel") => "Wrong labels",
            Work::Task("regression") => "Wrong numbers",
            Work::Task("multiannotator") => "Doubtful labels",
            _ => "Label errors",
        },
        "outlier" => "Outliers",
        "near_duplicate" => "Near duplicates",
        "non_iid" => "Order",
        "null" => "Missing values",
        "class_imbalance" => "Rare class",
        "underperforming_group" => "Weak group",
        "data_valuation" => "Little value",
        "spurious_correlations" => "Spurious correlations",
        "identifier_column" => "Identifier column",
        "anomaly" => "Anomalies",
        "consensus" => "Least certain",
        "overlooked" => "Missing boxes",
        "badly_located" => "Badly placed",
        "swapped" => "Wrong classes",
        "mask" => "Wrong masks",
        "picture" => "All pictures",
        "exact_duplicate" => "Same pictures",
        "low_information" => "Nothing to see",
        "odd_aspect_ratio" => "Odd shapes",
        "odd_size" => "Odd sizes",
        "grayscale" => "Without colours",
        other => return words(other),
    }
    .to_owned()
}

/// What a kind of issue means, in a sentence.
pub(crate) fn kind_note(kind: &str) -> &'static str {
    match kind {
        "label" => "What the model, trained without them, finds implausible",
        "outlier" => "Rows far from all others",
        "near_duplicate" => "Rows that are exactly or almost the same",
        "non_iid" => "Rows whose neighbours in the file are unusually alike: the order of the file carries information",
        "null" => "Rows without any value, or columns full of gaps",
        "class_imbalance" => "Rows of a class that has very few",
        "underperforming_group" => "Similar rows that the model predicts worse than the rest",
        "data_valuation" => "Rows that help a model less than others do",
        "anomaly" => "Rows unlike all others, with what stands out",
        "consensus" => "Examples whose consensus is least certain, as the annotators and their quality tell",
        "overlooked" => "Objects that the model sees and the annotations do not have",
        "badly_located" => "Boxes that do not stand where the model sees their object",
        "swapped" => "Boxes whose object the model takes for another class",
        "mask" => "Masks with many pixels that the model contradicts",
        "picture" => "Every picture that was looked at",
        "exact_duplicate" => "Pictures with the very same pixels",
        "dark" | "light" | "blurry" | "low_information" | "odd_aspect_ratio" | "odd_size" | "grayscale" => {
            "Pictures that may be of little use, whatever is annotated in them"
        }
        _ => "",
    }
}

/// The class that gives a kind of issue its colour and shape.
pub(crate) fn kind_mark(kind: &str) -> &'static str {
    match kind {
        "label" | "consensus" | "overlooked" | "mask" => "mark-error",
        "outlier" | "anomaly" => "mark-outlier",
        "near_duplicate" | "exact_duplicate" => "mark-duplicate",
        "non_iid" | "badly_located" => "mark-order",
        "underperforming_group" | "class_imbalance" | "swapped" => "mark-group",
        "picture" => "mark-all",
        _ => "mark-missing",
    }
}
