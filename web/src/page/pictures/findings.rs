//! What a task found in pictures, as the page lists it: groups of pictures, one group per kind of trouble.

use forge_core::{
    BoxIssueKind, DetectionPicture, ObjectDetectionDetail, PictureChecks, PixelRuns, SegmentationDetail,
    SegmentationPicture, TaskDetail, TaskIssue, TaskReport,
};
use forge_data::LabelledBox;

use super::super::found::{Finding, Found, Group};
use super::edits::{IssueKey, Retouched};
use super::wording;

/// The kind of the group of all pictures.
pub(crate) const ALL: &str = "picture";
/// The kind of the group of pictures with wrong masks.
const MASK: &str = "mask";

/// The groups of a task on pictures; none for other tasks.
pub(crate) fn groups(report: &TaskReport) -> Option<Vec<Group>> {
    let (mut groups, all, checks) = match &report.detail {
        TaskDetail::ObjectDetection(detail) => (of_boxes(detail), every_box_picture(detail), &detail.checks),
        TaskDetail::Segmentation(detail) => (vec![of_masks(detail)], every_mask_picture(detail), &detail.checks),
        _ => return None,
    };
    groups.extend(of_checks(checks));
    groups.push(Group { kind: ALL.to_owned(), n_issues: all.len(), score: None, findings: all });
    Some(groups)
}

fn finding(kind: &str, picture: u32, score: f64, reason: String) -> Finding {
    let issue = TaskIssue { kind: kind.to_owned(), row: picture, score, reason, ..TaskIssue::default() };
    Finding { issue, ..Finding::default() }
}

fn of_boxes(detail: &ObjectDetectionDetail) -> Vec<Group> {
    let counts = detail.counts;
    let kinds = [
        (BoxIssueKind::Overlooked, counts.overlooked),
        (BoxIssueKind::BadlyLocated, counts.badly_located),
        (BoxIssueKind::Swapped, counts.swapped),
    ];
    let group = |(kind, n_issues): (BoxIssueKind, usize)| {
        let of_picture = |picture: &DetectionPicture| {
            let issues = picture.issues.iter().filter(|issue| issue.kind == kind);
            let n = issues.clone().count();
            let worst = issues.map(|issue| issue.score).fold(f64::INFINITY, f64::min);
            (n > 0).then(|| finding(kind.name(), picture.picture, worst, wording::n_issues(kind, n)))
        };
        let mut findings: Vec<Finding> = detail.pictures.iter().filter_map(of_picture).collect();
        findings.sort_by(|a, b| a.issue.score.total_cmp(&b.issue.score));
        Group { kind: kind.name().to_owned(), n_issues, score: None, findings }
    };
    kinds.into_iter().map(group).collect()
}

fn every_box_picture(detail: &ObjectDetectionDetail) -> Vec<Finding> {
    let one = |picture: &DetectionPicture| {
        let reason = picture.trouble.clone().unwrap_or_else(|| wording::box_picture(picture));
        finding(ALL, picture.picture, picture.quality.unwrap_or(1.0), reason)
    };
    detail.pictures.iter().map(one).collect()
}

fn of_masks(detail: &SegmentationDetail) -> Group {
    let flagged = detail.pictures.iter().filter(|picture| picture.flagged);
    let findings = flagged
        .map(|picture| finding(MASK, picture.picture, picture.score.unwrap_or(1.0), wording::mask_picture(picture)));
    Group { kind: MASK.to_owned(), n_issues: detail.n_flagged, score: None, findings: findings.collect() }
}

fn every_mask_picture(detail: &SegmentationDetail) -> Vec<Finding> {
    let one = |picture: &SegmentationPicture| {
        let reason = picture.trouble.clone().unwrap_or_else(|| wording::mask_picture(picture));
        finding(ALL, picture.picture, picture.score.unwrap_or(1.0), reason)
    };
    detail.pictures.iter().map(one).collect()
}

fn of_checks(checks: &PictureChecks) -> Vec<Group> {
    let mut groups = Vec::new();
    let twins = |sets: &mut dyn Iterator<Item = (&Vec<u32>, &str)>, kind: &str| {
        let findings: Vec<Finding> = sets
            .flat_map(|(pictures, reason)| {
                pictures.iter().map(move |&picture| {
                    let others = pictures.iter().copied().filter(|&other| other != picture).collect();
                    Finding { twins: others, ..finding(kind, picture, 0.0, reason.to_owned()) }
                })
            })
            .collect();
        Group { kind: kind.to_owned(), n_issues: findings.len(), score: None, findings }
    };
    let mut exact = checks.exact_duplicates.iter().map(|set| (set, "The very same pixels"));
    let mut near = checks.near_duplicates.iter().map(|set| (&set.pictures, "Almost the same picture"));
    groups.push(twins(&mut exact, "exact_duplicate"));
    groups.push(twins(&mut near, "near_duplicate"));
    for check in &checks.checks {
        let kind = wording::check_name(check.issue);
        let pictures = check.pictures.iter().zip(&check.scores);
        let findings =
            pictures.map(|(&picture, &score)| finding(&kind, picture, score, wording::of_check(check.issue)));
        let findings: Vec<Finding> = findings.collect();
        groups.push(Group { kind, n_issues: findings.len(), score: None, findings });
    }
    groups
}

/// What was found in a picture about its boxes.
pub(crate) fn box_picture(found: &Found, picture: u32) -> Option<&DetectionPicture> {
    match &found.task()?.detail {
        TaskDetail::ObjectDetection(detail) => detail.pictures.iter().find(|one| one.picture == picture),
        _ => None,
    }
}

/// What was found in a picture about its mask.
pub(crate) fn mask_picture(found: &Found, picture: u32) -> Option<&SegmentationPicture> {
    match &found.task()?.detail {
        TaskDetail::Segmentation(detail) => detail.pictures.iter().find(|one| one.picture == picture),
        _ => None,
    }
}

/// The predicted mask of a picture.
pub(crate) fn predicted_mask(found: &Found, picture: u32) -> Option<PixelRuns> {
    mask_picture(found, picture)?.predicted.clone()
}

/// Whether annotations were made wrong on purpose, so that what is shown is not what is in the file.
pub(crate) fn is_rehearsal(found: &Found) -> bool {
    match found.task().map(|report| &report.detail) {
        Some(TaskDetail::ObjectDetection(detail)) => detail.corruption.is_some(),
        Some(TaskDetail::Segmentation(detail)) => detail.corruption.is_some(),
        _ => false,
    }
}

/// Where an issue stands: open, or settled and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing was decided.
    Open,
    /// The prediction was taken over.
    Accepted,
    /// The annotation stays.
    Kept,
    /// The box was changed or removed by hand.
    Changed,
}

/// Where an issue of a picture stands.
pub(crate) fn standing(picture: &DetectionPicture, issue: usize, now: &Retouched) -> Standing {
    let Some(issue) = picture.issues.get(issue) else { return Standing::Open };
    match now.verdict(IssueKey::of(issue)) {
        Some(super::edits::Verdict::Accepted) => Standing::Accepted,
        Some(super::edits::Verdict::Kept) => Standing::Kept,
        None => {
            let given = issue.given.and_then(|place| picture.given.get(place as usize));
            let untouched = given.is_none_or(|given| {
                let kept = now.place_of(given.index).and_then(|place| now.boxes.get(place));
                kept.is_some_and(|kept| kept.labelled == given.labelled)
            });
            if untouched { Standing::Open } else { Standing::Changed }
        }
    }
}

/// The box that is predicted in the place of an issue.
pub(crate) fn predicted_box(picture: &DetectionPicture, issue: usize) -> Option<LabelledBox> {
    let place = picture.issues.get(issue)?.predicted?;
    picture.predicted.get(place as usize).map(|predicted| predicted.labelled)
}
