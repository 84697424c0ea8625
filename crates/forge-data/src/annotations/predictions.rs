//! Boxes that a model predicts, with scores: COCO results and YOLO label files with a sixth number. Sources:
//! <https://cocodataset.org/#format-results>, <https://docs.ultralytics.com/modes/predict/>.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::boxes::{BoxAnnotations, BoxKind, LabelledBox, Warnings, extent, mended};
use super::{file_name, stem, yolo};
use crate::DataError;
use crate::csv::PlainText;

/// A box that a model predicts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoredBox {
    /// The box and its class.
    pub labelled: LabelledBox,
    /// How sure the model is, from 0 to 1.
    pub score: f64,
}

/// The boxes that a model predicts for a set of images.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoxPredictions {
    /// The boxes of each image, in the order of [`BoxAnnotations::images`].
    pub boxes: Vec<Vec<ScoredBox>>,
    /// What was mended or left out, by image and box; 200 at most, and then how many more.
    pub warnings: Vec<String>,
}

/// How a result names its image: by its number, or, as some programs write, by its file.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum ImageName {
    Id(u64),
    File(String),
}

#[derive(Serialize, Deserialize)]
struct CocoResult {
    image_id: ImageName,
    category_id: u64,
    bbox: [f64; 4],
    score: f64,
}

/// Reads COCO results for the images and classes of `truth`.
///
/// Left out with a warning: results for an image or category that `truth` does not have, with a score outside of 0 to 1, and
/// boxes that cannot be. Boxes reaching out of the image are clipped with a warning.
///
/// # Errors
/// [`DataError::Malformed`] for anything but a list of results.
pub fn read_coco_results(file: &str, bytes: Vec<u8>, truth: &BoxAnnotations) -> Result<BoxPredictions, DataError> {
    let text = PlainText::decode(file, bytes, super::MAX_BYTES)?.text;
    let results: Vec<CocoResult> = serde_json::from_str(&text).map_err(|error| DataError::Malformed {
        file: file.to_owned(),
        format: "COCO results",
        reason: error.to_string(),
    })?;
    let images = truth.images.iter().enumerate();
    let ids: HashMap<u64, usize> = images.clone().map(|(index, image)| (image.id, index)).collect();
    let names: HashMap<&str, usize> = images.map(|(index, image)| (stem(&image.file), index)).collect();
    let classes: HashMap<u64, u32> = truth.class_ids.iter().copied().zip(0..).collect();
    let mut boxes = vec![Vec::new(); truth.images.len()];
    let mut warnings = Warnings::default();
    for (index, result) in results.into_iter().enumerate() {
        let name = format!("result number {}", index + 1);
        let (image, shown) = match &result.image_id {
            ImageName::Id(id) => (ids.get(id), id.to_string()),
            ImageName::File(path) => (names.get(stem(path)), file_name(path).to_owned()),
        };
        let Some(&image) = image else {
            warnings.push(format!("{name} is for image {shown}, which there is not, and is left out"));
            continue;
        };
        let Some(&class) = classes.get(&result.category_id) else {
            warnings.push(format!("{name} is of category {}, which there is not, and is left out", result.category_id));
            continue;
        };
        if !(0.0..=1.0).contains(&result.score) {
            warnings.push(format!("{name} has the score {}, which is not from 0 to 1, and is left out", result.score));
            continue;
        }
        let [x, y, width, height] = result.bbox;
        let given = LabelledBox { class, x1: x, y1: y, x2: x + width, y2: y + height, kind: BoxKind::Object };
        let labelled = mended(given, &truth.images[image], &name, &mut warnings);
        boxes[image].extend(labelled.map(|labelled| ScoredBox { labelled, score: result.score }));
    }
    Ok(BoxPredictions { boxes, warnings: warnings.finish() })
}

/// Writes COCO results for the images and classes of `truth`.
pub fn write_coco_results(boxes: &[Vec<ScoredBox>], truth: &BoxAnnotations) -> Vec<u8> {
    let result =
        |id: u64, &ScoredBox { labelled: LabelledBox { class, x1, y1, x2, y2, .. }, score }: &ScoredBox| CocoResult {
            image_id: ImageName::Id(id),
            category_id: truth.class_ids.get(class as usize).copied().unwrap_or_default(),
            bbox: [x1, y1, extent(x1, x2), extent(y1, y2)],
            score,
        };
    let images = truth.images.iter().zip(boxes);
    let results: Vec<CocoResult> =
        images.flat_map(|(image, boxes)| boxes.iter().map(move |scored| result(image.id, scored))).collect();
    // Numbers always serialise.
    serde_json::to_vec(&results).unwrap_or_default()
}

/// Reads YOLO label files with scores for the images and classes of `truth`; a file belongs to the image of the same name.
///
/// Left out with a warning: files without an image, lines that cannot be read or have no score from 0 to 1, classes that
/// `truth` does not have, images whose size is not known, and boxes that cannot be.
pub fn read_yolo_predictions(files: &[(String, Vec<u8>)], truth: &BoxAnnotations) -> BoxPredictions {
    let names: HashMap<&str, usize> =
        truth.images.iter().zip(0..).map(|(image, index)| (stem(&image.file), index)).collect();
    let mut boxes = vec![Vec::new(); truth.images.len()];
    let mut warnings = Warnings::default();
    for (path, bytes) in files.iter().filter(|(_, bytes)| !bytes.trim_ascii().is_empty()) {
        let image = names
            .get(stem(path))
            .copied()
            .filter(|&image| truth.images[image].width.min(truth.images[image].height) > 0);
        let Some(image) = image else {
            warnings.push(format!("{path} has no image of the same name and a known size and is left out"));
            continue;
        };
        let text = match PlainText::decode(path, bytes.clone(), super::MAX_BYTES) {
            Ok(text) => text.text,
            Err(error) => {
                warnings.push(format!("{path} is left out: {error}"));
                continue;
            }
        };
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let name = format!("line {}", number + 1);
            let score = line.split_ascii_whitespace().nth(5).and_then(|score| score.parse::<f64>().ok());
            let Some(score) = score.filter(|score| (0.0..=1.0).contains(score)) else {
                warnings.push(format!("{path}, {name} is left out: no score from 0 to 1 stands sixth"));
                continue;
            };
            match yolo::labelled(line, &truth.images[image]) {
                Ok(given) if given.class as usize >= truth.classes.len() => {
                    let class = given.class;
                    warnings.push(format!("{path}, {name}: class {class} has no name and is left out"));
                }
                Ok(given) => {
                    let labelled = mended(given, &truth.images[image], &name, &mut warnings);
                    boxes[image].extend(labelled.map(|labelled| ScoredBox { labelled, score }));
                }
                Err(reason) => warnings.push(format!("{path}, {name} is left out: {reason}")),
            }
        }
    }
    BoxPredictions { boxes, warnings: warnings.finish() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::annotations::ImageRef;

    fn truth() -> BoxAnnotations {
        let image = |id: u64, file: &str| ImageRef { id, file: file.into(), width: 100, height: 50 };
        BoxAnnotations {
            images: vec![image(7, "x/a.jpg"), image(9, "b.jpg")],
            classes: vec!["cat".into(), "dog".into()],
            class_ids: vec![3, 18],
            boxes: vec![Vec::new(); 2],
        }
    }

    #[test]
    fn results_name_images_by_number_or_file_and_the_rest_is_told() {
        let text = r#"[{"image_id": 9, "category_id": 18, "bbox": [10, 10, 20, 20], "score": 0.5},
            {"image_id": "a", "category_id": 3, "bbox": [90, 10, 20, 20], "score": 1},
            {"image_id": 8, "category_id": 3, "bbox": [1, 1, 2, 2], "score": 1},
            {"image_id": 7, "category_id": 4, "bbox": [1, 1, 2, 2], "score": 1},
            {"image_id": 7, "category_id": 3, "bbox": [1, 1, 2, 2], "score": 1.5}]"#;
        let read = read_coco_results("r.json", text.into(), &truth()).unwrap();
        assert_eq!((read.boxes[1][0].score, read.boxes[1][0].labelled.class), (0.5, 1));
        assert_eq!((read.boxes[0].len(), read.boxes[0][0].labelled.x2), (1, 100.0));
        assert_eq!(
            read.warnings[1..],
            [
                "result number 3 is for image 8, which there is not, and is left out",
                "result number 4 is of category 4, which there is not, and is left out",
                "result number 5 has the score 1.5, which is not from 0 to 1, and is left out",
            ]
        );
        assert!(
            read_coco_results("r.json", b"{}".to_vec(), &truth()).unwrap_err().to_string().contains("COCO results")
        );
    }

    #[test]
    fn label_files_with_scores_are_predictions() {
        let files = [
            ("labels/a.txt".to_owned(), b"1 0.5 0.5 0.5 0.5 0.75\n1 0.5 0.5 0.5 0.5\n2 0.5 0.5 0.5 0.5 0.5\n".to_vec()),
            ("labels/z.txt".to_owned(), b"1 0.5 0.5 0.5 0.5 0.75\n".to_vec()),
        ];
        let read = read_yolo_predictions(&files, &truth());
        assert_eq!((read.boxes[0].len(), read.boxes[0][0].score, read.boxes[0][0].labelled.x1), (1, 0.75, 25.0));
        assert_eq!(
            read.warnings,
            [
                "labels/a.txt, line 2 is left out: no score from 0 to 1 stands sixth",
                "labels/a.txt, line 3: class 2 has no name and is left out",
                "labels/z.txt has no image of the same name and a known size and is left out",
            ]
        );
    }

    proptest! {
        #[test]
        fn results_read_back_as_they_were_written(
            boxes in prop::collection::vec((0u32..2, 0.0..40.0f64, 0.0..20.0f64, 1.0..50.0f64, 1.0..20.0f64, 0.0..=1.0f64), 0..8),
        ) {
            let truth = truth();
            let scored = boxes.iter().map(|&(class, x, y, w, h, score)| {
                let (width, height) = ((x + w) - x, (y + h) - y);
                let labelled = LabelledBox { class, x1: x, y1: y, x2: x + width, y2: y + height, kind: BoxKind::Object };
                ScoredBox { labelled, score }
            });
            let boxes = vec![Vec::new(), scored.collect()];
            let read = read_coco_results("r.json", write_coco_results(&boxes, &truth), &truth).unwrap();
            prop_assert_eq!(read, BoxPredictions { boxes, warnings: Vec::new() });
        }
    }
}
