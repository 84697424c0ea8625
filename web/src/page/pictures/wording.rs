//! What people read about pictures.

use forge_core::{BoxIssueKind, DetectionPicture, SegmentationPicture, images::ImageIssue};
use serde_json::Value;

use super::super::format;

/// What is wrong with a box, in a few words.
pub(crate) fn kind_title(kind: BoxIssueKind) -> &'static str {
    match kind {
        BoxIssueKind::Overlooked => "No box",
        BoxIssueKind::BadlyLocated => "Badly placed",
        BoxIssueKind::Swapped => "Wrong class",
    }
}

/// How many boxes of a picture have that trouble.
pub(crate) fn n_issues(kind: BoxIssueKind, n: usize) -> String {
    match kind {
        BoxIssueKind::Overlooked => format::counted(n, "object without a box", "objects without a box"),
        BoxIssueKind::BadlyLocated => format::counted(n, "badly placed box", "badly placed boxes"),
        BoxIssueKind::Swapped => format::counted(n, "box of the wrong class", "boxes of the wrong class"),
    }
}

/// What is wrong with the boxes of a picture.
pub(crate) fn box_picture(picture: &DetectionPicture) -> String {
    if picture.quality.is_none() {
        return "Not judged".to_owned();
    }
    let kinds = [BoxIssueKind::Overlooked, BoxIssueKind::BadlyLocated, BoxIssueKind::Swapped];
    let count = |kind| picture.issues.iter().filter(|issue| issue.kind == kind).count();
    let parts: Vec<String> = kinds
        .into_iter()
        .map(|kind| (kind, count(kind)))
        .filter(|(_, n)| *n > 0)
        .map(|(kind, n)| n_issues(kind, n))
        .collect();
    if parts.is_empty() {
        format::counted(picture.given.len(), "box, as predicted", "boxes, as predicted")
    } else {
        parts.join(", ")
    }
}

/// What is wrong with the mask of a picture.
pub(crate) fn mask_picture(picture: &SegmentationPicture) -> String {
    if picture.score.is_none() {
        return "Not judged".to_owned();
    }
    let pixels = (f64::from(picture.width) * f64::from(picture.height)).max(1.0);
    format!("{} of its pixels in doubt", format::percent(picture.n_issue_pixels as f64 / pixels))
}

/// The engine's name of a check of pictures.
pub(crate) fn check_name(issue: ImageIssue) -> String {
    serde_json::to_value(issue).ok().as_ref().and_then(Value::as_str).unwrap_or("picture_check").to_owned()
}

/// What a check of pictures found.
pub(crate) fn of_check(issue: ImageIssue) -> String {
    match check_name(issue).as_str() {
        "dark" => "Darker than a picture should be",
        "light" => "Brighter than a picture should be",
        "blurry" => "Out of focus or shaken",
        "low_information" => "Hardly anything to see",
        "odd_aspect_ratio" => "Unusually long or tall",
        "odd_size" => "Much larger or smaller than the others",
        "grayscale" => "Without colours, unlike the others",
        _ => "Unlike the others",
    }
    .to_owned()
}
