//! Annotated boxes with every suggestion of a report taken up.

use anyhow::{Context as _, bail};
use forge_core::{BoxIssueKind, TaskDetail, TaskReport};
use forge_data::{BoxKind, LabelledBox, write_coco};

use super::PictureInput;

/// A COCO file in which overlooked objects have a box, badly located boxes lie where the model sees their object, and swapped
/// classes are the suggested ones.
pub(crate) fn coco(report: &TaskReport, input: &PictureInput) -> anyhow::Result<Vec<u8>> {
    let TaskDetail::ObjectDetection(detail) = &report.detail else {
        bail!("--corrected writes boxes, and the task {} has none", report.task)
    };
    let boxes = input.set.boxes.as_ref().context("--corrected writes boxes, and none are annotated")?;
    let mut annotations = boxes.annotations.clone();
    for shown in &detail.pictures {
        let Some(of_image) = shown.image.and_then(|image| annotations.boxes.get_mut(image as usize)) else { continue };
        for issue in &shown.issues {
            let seen = issue.predicted.and_then(|place| shown.predicted.get(place as usize)).map(|seen| seen.labelled);
            let given = issue.given.and_then(|place| shown.given.get(place as usize));
            let place = given.and_then(|given| of_image.get_mut(given.index as usize));
            match (issue.kind, place, seen) {
                (BoxIssueKind::Overlooked, _, Some(seen)) => {
                    let Some(class) = issue.suggested_class else { continue };
                    of_image.push(LabelledBox { class, kind: BoxKind::Object, ..seen });
                }
                (BoxIssueKind::BadlyLocated, Some(place), Some(LabelledBox { x1, y1, x2, y2, .. })) => {
                    *place = LabelledBox { x1, y1, x2, y2, ..*place };
                }
                (BoxIssueKind::Swapped, Some(place), _) => {
                    place.class = issue.suggested_class.unwrap_or(place.class);
                }
                _ => {}
            }
        }
    }
    Ok(write_coco(&annotations))
}
