//! Tests of the whole task on made-up pictures.

use forge_data::{BoxAnnotations, BoxFile, BoxKind, ImageFile, ImageRef, ImageSet, LabelledBox, ScoredBox};

use super::*;
use crate::tasks::pictures::PictureData;
use crate::{Quiet, TaskIssue};

/// Pictures of 400 × 300 with three objects of two classes each, and predictions that are off by a pixel or two.
fn made(n: usize) -> (ImageSet, Vec<Option<PicturePrediction>>) {
    let mut set = ImageSet::default();
    let mut predictions = Vec::new();
    let mut annotations = BoxAnnotations {
        classes: vec!["Person".to_owned(), "dog".to_owned()],
        class_ids: vec![1, 2],
        ..BoxAnnotations::default()
    };
    for i in 0..n {
        let path = format!("images/{i:03}.jpg");
        set.images.push(ImageFile { path: path.clone(), width: 400, height: 300, bytes: Vec::new() });
        set.masks.push(None);
        set.image_of.push(Some(i));
        annotations.images.push(ImageRef { id: i as u64, file: path, width: 400, height: 300 });
        let boxes: Vec<LabelledBox> = (0..3_u32)
            .map(|k| {
                let (x, y) = (f64::from(10 + 130 * k), f64::from((i as u32 * 37 + k * 53) % 120));
                let (class, kind) = (k % 2, BoxKind::Object);
                LabelledBox { class, x1: x, y1: y, x2: x + 90.0, y2: y + 150.0, kind }
            })
            .collect();
        let seen = |(k, given): (usize, &LabelledBox)| {
            let by = ((i + k) % 3) as f64;
            // The model numbers its classes otherwise.
            let labelled = LabelledBox { class: 1 - given.class, x1: given.x1 + by, y2: given.y2 - by, ..*given };
            ScoredBox { labelled, score: 0.9 - 0.01 * k as f64 }
        };
        let boxes_seen = boxes.iter().enumerate().map(seen).collect();
        predictions.push(Some(PicturePrediction { boxes: boxes_seen, ..PicturePrediction::default() }));
        annotations.boxes.push(boxes);
    }
    set.boxes = Some(BoxFile { annotations, warnings: Vec::new() });
    (set, predictions)
}

fn run_on(
    config: &ObjectDetectionConfig,
    (set, predictions): &(ImageSet, Vec<Option<PicturePrediction>>),
) -> (TaskReport, ObjectDetectionDetail) {
    let classes = ["dog".to_owned(), "person".to_owned()];
    let data = TaskData::Images(PictureData { set, predictions, classes: &classes });
    let report = TaskConfig::ObjectDetection(config.clone()).run(data, &Quiet).unwrap();
    let TaskDetail::ObjectDetection(detail) = report.detail.clone() else { panic!("{:?}", report.detail) };
    (report, *detail)
}

fn all() -> ObjectDetectionConfig {
    ObjectDetectionConfig { max_images: None, ..ObjectDetectionConfig::default() }
}

#[test]
fn true_boxes_have_no_issue_and_an_average_precision_of_one() {
    let (report, detail) = run_on(&all(), &made(12));
    assert_eq!((report.n_issues, report.n_rows, detail.ap50), (0, 12, Some(1.0)), "{:?}", report.issues);
    assert_eq!((detail.n_given, detail.predicted_as), (36, vec![Some(1), Some(0)]));
    assert!(detail.pictures.iter().all(|shown| shown.quality > Some(0.5) && shown.corruption.is_empty()));
    let (few, _) = run_on(&ObjectDetectionConfig::default(), &made(12));
    assert_eq!(few.n_rows, 8);
}

#[test]
fn what_is_made_wrong_is_found_and_stands_first() {
    let config = ObjectDetectionConfig { corrupt_frac: 0.25, ..all() };
    let (report, detail) = run_on(&config, &made(60));
    let made_wrong = detail.corruption.clone().unwrap();
    assert_eq!(made_wrong.n_pictures, 15);
    assert_eq!(made_wrong.n_dropped + made_wrong.n_shifted + made_wrong.n_swapped, 15);
    assert_eq!(made_wrong.n_dropped_found, made_wrong.n_dropped);
    assert_eq!(made_wrong.n_swapped_found, made_wrong.n_swapped);
    assert!(made_wrong.recall.unwrap() >= 0.9 && made_wrong.precision == Some(1.0), "{made_wrong:?}");
    assert!(detail.ap50.unwrap() > 0.999, "the truth is what came, not what was made of it");
    let (flagged, clean) = detail.pictures.split_at(detail.n_flagged);
    assert!(flagged.iter().all(|shown| shown.flagged && !shown.corruption.is_empty()));
    assert!(clean.iter().all(|shown| !shown.flagged));
    assert!(report.issues.iter().all(|issue| issue.known == Some(true)));
    let overlooked = |issue: &&TaskIssue| issue.kind == "overlooked";
    let reason = &report.issues.iter().find(overlooked).unwrap().reason;
    assert!(reason.starts_with("images/") && reason.contains("and no box is there"), "{reason}");
    // The same seed gives the same bytes, and the report survives JSON.
    let text = serde_json::to_string(&report).unwrap();
    let (again, _) = run_on(&config, &made(60));
    assert_eq!(serde_json::to_string(&again).unwrap(), text);
    assert_eq!(serde_json::from_str::<TaskReport>(&text).unwrap(), report);
}

#[test]
fn pictures_that_cannot_be_judged_are_named_and_the_others_are() {
    let mut data = made(6);
    data.1[0] = None;
    data.1[1] = Some(PicturePrediction { trouble: Some("cut off".to_owned()), ..PicturePrediction::default() });
    data.0.image_of[2] = None;
    data.0.boxes.as_mut().unwrap().annotations.images[3].width = 800;
    let (report, detail) = run_on(&all(), &data);
    assert_eq!((detail.n_judged, detail.pictures.len()), (3, 6));
    for part in [
        "1 picture is not judged, as no model has seen it: images/000.jpg.",
        "1 picture is not judged, as it could not be read: images/001.jpg (cut off).",
        "1 picture is not judged, as the annotations do not have it: images/002.jpg.",
        "1 picture is annotated at another size than it has: images/003.jpg (800 × 300, but 400 × 300).",
    ] {
        assert!(report.warnings.iter().any(|warning| warning == part), "{part}: {:?}", report.warnings);
    }
    assert!(detail.pictures[3..].iter().all(|shown| shown.quality.is_none() && shown.trouble.is_some()));
    assert_eq!(detail.pictures[3..].iter().filter(|shown| shown.image.is_none()).count(), 1);
}

#[test]
fn data_without_boxes_and_settings_out_of_range_are_refused() {
    let (mut set, predictions) = made(2);
    let classes = ["person".to_owned()];
    let run = |config: &ObjectDetectionConfig, set: &ImageSet| {
        let data = TaskData::Images(PictureData { set, predictions: &predictions, classes: &classes });
        TaskConfig::ObjectDetection(config.clone()).run(data, &Quiet).unwrap_err().to_string()
    };
    let said = run(&ObjectDetectionConfig { max_images: Some(201), ..all() }, &set);
    assert_eq!(said, "`max_images` is 201, expected a value from 1 to 200");
    set.boxes = None;
    assert!(run(&all(), &set).starts_with("There are no annotated boxes"));
    let said = TaskConfig::ObjectDetection(all()).run(TaskData::Nothing, &Quiet).unwrap_err().to_string();
    assert!(said.contains("works on pictures with annotations"), "{said}");
}
