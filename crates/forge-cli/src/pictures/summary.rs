//! What was found in pictures, as a person reads it on a terminal.

use std::fmt::Write;

use forge_core::{ObjectDetectionDetail, PictureChecks, SegmentationDetail, TaskDetail, TaskReport};

use super::PictureInput;
use crate::summary::{closing, thousands};

/// Issues and pictures shown; the saved result holds more.
const MAX_LISTED: usize = 10;

/// The summary, without a line break at its end.
pub(crate) fn summary(report: &TaskReport, input: &PictureInput) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail, so the results of `write!` are dropped.
    let _ = writeln!(text, "{}: {} pictures\n", report.task, thousands(report.n_rows));
    let checks = match &report.detail {
        TaskDetail::ObjectDetection(detail) => {
            boxes(&mut text, detail);
            &detail.checks
        }
        TaskDetail::Segmentation(detail) => {
            masks(&mut text, detail);
            &detail.checks
        }
        _ => return text,
    };
    let shown = &report.issues[..report.issues.len().min(MAX_LISTED)];
    if !shown.is_empty() {
        let _ = writeln!(text, "\n{:>7}  {:14}  what", "score", "issue");
    }
    for issue in shown {
        let made = if issue.known == Some(true) { " (made on purpose)" } else { "" };
        let _ = writeln!(text, "{:>7.4}  {:14}  {}{made}", issue.score, issue.kind.replace('_', " "), issue.reason);
    }
    let more = report.n_issues.saturating_sub(shown.len());
    if more > 0 {
        let _ = writeln!(text, "{:>7} and {} more", "", thousands(more));
    }
    of_pictures(&mut text, checks, input);
    closing(&mut text, None, &report.warnings, (&report.timings, report.seed));
    text
}

fn share(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
}

fn boxes(text: &mut String, detail: &ObjectDetectionDetail) {
    let counts = detail.counts;
    let _ = writeln!(
        text,
        "{} boxes in {} judged pictures; {} overlooked, {} badly located, {} swapped; {} pictures flagged",
        thousands(detail.n_given),
        thousands(detail.n_judged),
        thousands(counts.overlooked),
        thousands(counts.badly_located),
        thousands(counts.swapped),
        thousands(detail.n_flagged)
    );
    let _ = writeln!(text, "AP50 {}", share(detail.ap50));
    if let Some(made) = &detail.corruption {
        let _ = writeln!(
            text,
            "{} pictures made wrong on purpose; found {} of {} dropped, {} of {} shifted, {} of {} swapped boxes; flagged \
             pictures: precision {}, recall {}",
            thousands(made.n_pictures),
            made.n_dropped_found,
            made.n_dropped,
            made.n_shifted_found,
            made.n_shifted,
            made.n_swapped_found,
            made.n_swapped,
            share(made.precision),
            share(made.recall)
        );
    }
}

fn masks(text: &mut String, detail: &SegmentationDetail) {
    let _ = writeln!(
        text,
        "{} of {} pixels in {} judged pictures contradict their mask; {} pictures flagged",
        thousands(detail.n_issue_pixels as usize),
        thousands(detail.n_pixels as usize),
        thousands(detail.n_judged),
        thousands(detail.n_flagged)
    );
    let _ =
        writeln!(text, "pixel IoU {}, mean over pictures {}", share(detail.pixel_iou), share(detail.mean_picture_iou));
    if let Some(made) = &detail.corruption {
        let _ = writeln!(
            text,
            "{} masks made wrong on purpose: {} of them among the {} lowest scores; flagged pictures: precision {}, recall {}",
            thousands(made.n_pictures),
            share(made.recall_at_k),
            thousands(made.n_pictures),
            share(made.precision),
            share(made.recall)
        );
    }
}

/// What is wrong with the pictures themselves.
pub(crate) fn of_pictures(text: &mut String, checks: &PictureChecks, input: &PictureInput) {
    let named = |pictures: &[u32]| {
        let names: Vec<&str> = pictures.iter().take(MAX_LISTED).map(|&picture| input.name(picture)).collect();
        let more = pictures.len() - names.len();
        format!("{}{}", names.join(", "), if more > 0 { format!(" and {more} more") } else { String::new() })
    };
    let mut lines: Vec<String> = Vec::new();
    for check in checks.checks.iter().filter(|check| !check.pictures.is_empty()) {
        lines.push(format!("{:16}  {}", check.issue.name().replace('_', " "), named(&check.pictures)));
    }
    lines.extend(checks.exact_duplicates.iter().map(|set| format!("{:16}  {}", "the same", named(set))));
    lines
        .extend(checks.near_duplicates.iter().map(|set| format!("{:16}  {}", "almost the same", named(&set.pictures))));
    if !lines.is_empty() {
        let _ = writeln!(text, "\npictures");
    }
    lines.iter().for_each(|line| {
        let _ = writeln!(text, "  {line}");
    });
}
