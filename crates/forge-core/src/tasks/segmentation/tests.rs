//! Tests of the whole task on made-up pictures.

use forge_data::{ImageFile, ImageSet, LogitGrid, MaskImage, MaskValues};
use ndarray::{Array3, Array4};

use super::*;
use crate::Quiet;
use crate::segmentation::SegmentationData;
use crate::segmentation::filter::find_label_issues;
use crate::segmentation::rank::{ImageScore, get_label_quality_scores};
use crate::tasks::pictures::PictureData;

const WIDTH: usize = 97;
const HEIGHT: usize = 65;

/// Pictures with a rectangle, and a coarse model that sees it.
fn made(n: usize) -> (ImageSet, Vec<Option<PicturePrediction>>) {
    let mut set = ImageSet::default();
    let mut predictions = Vec::new();
    for i in 0..n {
        let (width, height) = (WIDTH as u32, HEIGHT as u32);
        set.images.push(ImageFile { path: format!("{i:03}.jpg"), width, height, bytes: Vec::new() });
        let (left, upper) = (8 + i * 7 % 24, 8 + i * 5 % 16);
        let inside = |x: usize, y: usize| (left..left + 48).contains(&x) && (upper..upper + 40).contains(&y);
        let values = (0..WIDTH * HEIGHT).map(|pixel| u8::from(inside(pixel % WIDTH, pixel / WIDTH))).collect();
        set.masks.push(Some(MaskImage { width, height, values: MaskValues::U8(values), palette: None }));
        // Log odds by the distance to the border of the rectangle, at every eighth pixel.
        let distance = |cell: usize, low: usize, side: usize| {
            let place = cell as f32 * 8.0;
            (place - low as f32).min((low + side) as f32 - place)
        };
        let cell =
            |row: usize, col: usize| distance(row, upper, 40).min(distance(col, left, 48)).clamp(-12.0, 12.0) / 2.0;
        let grid = (0..9 * 13).map(|at| cell(at / 13, at % 13)).collect();
        let person = Some(LogitGrid::new(9, 13, grid).unwrap());
        predictions.push(Some(PicturePrediction { person, ..PicturePrediction::default() }));
    }
    (set, predictions)
}

fn run_on(
    config: &SegmentationConfig,
    (set, predictions): &(ImageSet, Vec<Option<PicturePrediction>>),
) -> (TaskReport, SegmentationDetail) {
    let data = TaskData::Images(PictureData { set, predictions, classes: &[] });
    let report = TaskConfig::Segmentation(config.clone()).run(data, &Quiet).unwrap();
    let TaskDetail::Segmentation(detail) = report.detail.clone() else { panic!("{:?}", report.detail) };
    (report, *detail)
}

fn all() -> SegmentationConfig {
    SegmentationConfig { max_images: None, ..SegmentationConfig::default() }
}

#[test]
fn scores_and_issues_are_those_of_the_algorithms_on_all_pictures_at_once() {
    let made = made(5);
    let config = SegmentationConfig { corrupt_frac: 0.4, score_threshold: 1.0, ..all() };
    let (_, mut detail) = run_on(&config, &made);
    detail.pictures.sort_by_key(|shown| shown.picture);
    let mut labels = Array3::zeros((5, HEIGHT, WIDTH));
    let mut probs = Array4::zeros((5, 2, HEIGHT, WIDTH));
    for (i, shown) in detail.pictures.iter().enumerate() {
        let grid = made.1[i].as_ref().unwrap().person.as_ref().unwrap();
        let inside = grid.probabilities(WIDTH, HEIGHT);
        for (pixel, (label, p)) in shown.given.as_ref().unwrap().pixels().zip(inside).enumerate() {
            let (y, x) = (pixel / WIDTH, pixel % WIDTH);
            labels[[i, y, x]] = u32::from(label);
            probs[[i, 1, y, x]] = f64::from(p);
            probs[[i, 0, y, x]] = 1.0 - f64::from(p);
        }
    }
    let data = SegmentationData::new(labels, probs).unwrap();
    let scores = get_label_quality_scores(&data, ImageScore::default()).unwrap().images;
    let issues = find_label_issues(&data, 1).unwrap();
    for (i, shown) in detail.pictures.iter().enumerate() {
        assert_eq!(shown.score, Some(scores[i]));
        let found: Vec<bool> = shown.issues.as_ref().unwrap().pixels().collect();
        assert_eq!(found, issues.index_axis(ndarray::Axis(0), i).iter().copied().collect::<Vec<_>>(), "{i}");
    }
    assert!(detail.n_issue_pixels > 100);
}

#[test]
fn masks_made_wrong_have_the_lowest_scores() {
    let config = SegmentationConfig { corrupt_frac: 0.25, ..all() };
    let (report, detail) = run_on(&config, &made(24));
    let corruption = detail.corruption.clone().unwrap();
    assert_eq!(corruption.n_pictures, 6);
    assert!(corruption.recall_at_k >= Some(0.8), "{corruption:?}");
    assert!(detail.pixel_iou > Some(0.9), "{:?}", detail.pixel_iou);
    assert_eq!(report.n_issues, detail.n_flagged);
    assert!(
        report.issues.iter().any(|issue| issue.known == Some(true) && issue.reason.contains("contradicts the mask"))
    );
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::to_string(&run_on(&config, &made(24)).0).unwrap(), text);
    assert_eq!(serde_json::from_str::<TaskReport>(&text).unwrap(), report);
}

#[test]
fn pictures_that_cannot_be_judged_are_named_and_the_others_are() {
    let mut data = made(5);
    data.1[0] = None;
    data.1[1] = Some(PicturePrediction { trouble: Some("cut off".to_owned()), ..PicturePrediction::default() });
    data.0.masks[2] = None;
    data.0.images[3].width = 50;
    let (report, detail) = run_on(&all(), &data);
    assert_eq!((detail.n_judged, detail.pictures.len(), detail.pictures[0].picture), (1, 5, 4));
    for part in [
        "1 picture is not judged, as no model has seen it: 000.jpg.",
        "1 picture is not judged, as it could not be read: 001.jpg (cut off).",
        "1 picture is not judged, as it has no mask: 002.jpg.",
        "1 picture is not judged, as its mask is of another size: 003.jpg (97 × 65, but 50 × 65).",
    ] {
        assert!(report.warnings.iter().any(|warning| warning == part), "{part}: {:?}", report.warnings);
    }
    data.0.masks = vec![None; 5];
    let data = TaskData::Images(PictureData { set: &data.0, predictions: &data.1, classes: &[] });
    let said = TaskConfig::Segmentation(all()).run(data, &Quiet).unwrap_err().to_string();
    assert!(said.starts_with("There is no mask among the files"), "{said}");
}
