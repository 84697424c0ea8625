//! What a job says in figures beyond its issues and models.

use forge_core::{ObjectDetectionDetail, SegmentationDetail, TaskDetail, TaskReport};

use super::super::format;
use super::super::found::Found;
use crate::protocol;

/// A figure with its name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figure {
    /// Its name in test ids.
    pub(crate) id: &'static str,
    /// What people read.
    pub(crate) label: &'static str,
    /// Its exact value.
    pub(crate) value: String,
    /// The value as people read it.
    pub(crate) text: String,
}

impl Figure {
    fn count(id: &'static str, label: &'static str, n: usize) -> Self {
        Self { id, label, value: n.to_string(), text: format::count(n) }
    }

    fn share(id: &'static str, label: &'static str, share: f64) -> Self {
        Self { id, label, value: share.to_string(), text: format::percent(share) }
    }

    fn number(id: &'static str, label: &'static str, number: f64) -> Self {
        Self { id, label, value: number.to_string(), text: format::number(number) }
    }
}

/// The figures of a job.
pub(crate) fn figures(found: &Found) -> Vec<Figure> {
    match &found.result {
        protocol::Found::Run(report) => vec![
            Figure::count("n_rows", "Rows", report.n_rows),
            Figure::share("health_score", "Mean quality of the numbers", report.label_issues.health_score),
        ],
        protocol::Found::Sweep(report) => vec![Figure::count("n_rows", "Rows", report.n_rows)],
        protocol::Found::Audit(report) => {
            let health =
                report.health_score.map(|health| Figure::share("health_score", "Mean score of the checks", health));
            let checks = Figure::count("n_checks", "Checks run", report.checks.len());
            [Figure::count("n_rows", "Rows", report.n_rows), checks].into_iter().chain(health).collect()
        }
        protocol::Found::Task(report) => of_task(report),
    }
}

fn of_task(report: &TaskReport) -> Vec<Figure> {
    let (_, units) = super::super::work::Work::Task(report.config.name()).units();
    let units = match units {
        "sentences" => "Sentences",
        "examples" => "Examples",
        "pictures" => "Pictures",
        _ => "Rows",
    };
    let mut figures = vec![Figure::count("n_rows", units, report.n_rows)];
    match &report.detail {
        TaskDetail::Multiclass(detail) => {
            figures.push(Figure::share("health_score", "Labels estimated correct", detail.health_score));
        }
        TaskDetail::Multilabel(detail) => {
            figures.push(Figure::share("health_score", "Rows without a wrong label", detail.health_score));
        }
        TaskDetail::Token(detail) => {
            figures.push(Figure::count("n_train_sentences", "Sentences checked", detail.n_train_sentences));
            figures.push(Figure::count(
                "n_sentences_with_issues",
                "Sentences with issues",
                detail.n_sentences_with_issues,
            ));
        }
        TaskDetail::Regression(detail) => {
            figures.push(Figure::share("error_fraction", "Numbers estimated wrong", detail.error_fraction));
            figures.push(Figure::number("aleatoric", "Spread that cannot be predicted", detail.aleatoric));
        }
        TaskDetail::Outlier(detail) => {
            figures.push(Figure::count("n_duplicate_sets", "Sets of near duplicates", detail.n_duplicate_sets));
        }
        TaskDetail::Anomaly(detail) => {
            figures.push(Figure::share("contamination", "Share flagged", detail.contamination));
            figures.push(Figure::number("threshold", "Threshold on the score", detail.threshold));
            if let Some(measured) = &detail.measured {
                figures.push(Figure::count("n_anomalies", "Known anomalies", measured.n_anomalies));
                figures.push(Figure::count("true_positives", "Known and flagged", measured.true_positives));
                figures.push(Figure::count("false_positives", "Flagged, not known", measured.false_positives));
                figures.push(Figure::count("false_negatives", "Known, not flagged", measured.false_negatives));
            }
        }
        TaskDetail::Multiannotator(detail) => {
            figures.push(Figure::count("n_annotators", "Annotators", detail.n_annotators));
            figures.push(Figure::count("n_labels", "Labels", detail.n_labels));
            figures.push(Figure::share("coverage", "Cells with a label", detail.coverage));
            figures.push(Figure::number(
                "mean_labels_per_example",
                "Labels per example",
                detail.mean_labels_per_example,
            ));
            figures.push(Figure::share("mean_quality", "Mean quality of the consensus", detail.mean_quality));
        }
        TaskDetail::ObjectDetection(detail) => of_detection(&mut figures, detail),
        TaskDetail::Segmentation(detail) => of_segmentation(&mut figures, detail),
        TaskDetail::None => {}
    }
    figures
}

fn of_detection(figures: &mut Vec<Figure>, detail: &ObjectDetectionDetail) {
    figures.push(Figure::count("n_flagged", "Pictures with wrong boxes", detail.n_flagged));
    figures.push(Figure::count("n_given", "Boxes", detail.n_given));
    figures.push(Figure::count("n_predicted", "Predicted boxes", detail.n_predicted));
    figures.extend(detail.ap50.map(|ap50| Figure::share("ap50", "Average precision of the model", ap50)));
    if let Some(corruption) = &detail.corruption {
        figures.push(Figure::count("n_corrupted", "Pictures made wrong on purpose", corruption.n_pictures));
        figures.extend(corruption.recall.map(|share| Figure::share("recall", "Of these flagged", share)));
        figures.extend(
            corruption.precision.map(|share| Figure::share("precision", "Flagged that were made wrong", share)),
        );
    }
}

fn of_segmentation(figures: &mut Vec<Figure>, detail: &SegmentationDetail) {
    figures.push(Figure::count("n_flagged", "Wrong masks", detail.n_flagged));
    figures.push(Figure::share(
        "issue_pixels",
        "Pixels in doubt",
        detail.n_issue_pixels as f64 / (detail.n_pixels as f64).max(1.0),
    ));
    figures.extend(detail.pixel_iou.map(|iou| Figure::share("pixel_iou", "Overlap of masks and predictions", iou)));
    if let Some(corruption) = &detail.corruption {
        figures.push(Figure::count("n_corrupted", "Masks made wrong on purpose", corruption.n_pictures));
        figures.extend(
            corruption.recall_at_k.map(|share| Figure::share("recall_at_k", "Of these among the worst as many", share)),
        );
    }
}
