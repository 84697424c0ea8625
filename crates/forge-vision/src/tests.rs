//! The models on photographs, beside the figures that `tests/reference/vision.py` recorded with onnxruntime and OpenCV.

use std::sync::LazyLock;

use serde_json::Value;

use crate::input::Placed;
use crate::resize::{Pixels, resize};
use crate::runtime::{Output, Runtime};
use crate::{DecodeLimits, Detector, ModelDescription, Photo, Segmenter, decode};
use forge_data::ScoredBox;

const YOLOX: &[u8] = include_bytes!("../../../data/models/yolox_nano.onnx");
const BODYPIX: &[u8] = include_bytes!("../../../data/models/bodypix_s16.onnx");
const PICTURES: [(&str, &[u8]); 5] = [
    ("astronaut.png", include_bytes!("../../../tests/data/vision/astronaut.png")),
    ("desk.webp", include_bytes!("../../../tests/data/vision/desk.webp")),
    ("meeting.webp", include_bytes!("../../../tests/data/vision/meeting.webp")),
    ("turned.jpg", include_bytes!("../../../tests/data/vision/turned.jpg")),
    ("walker.jpg", include_bytes!("../../../tests/data/vision/walker.jpg")),
];
/// How far raw outputs may be from onnxruntime's.
const RAW: f64 = 1e-3;
/// How far the edges of boxes may be, in pixels.
const EDGE: f64 = 1.0;

static EXPECTED: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../tests/data/vision/expected.json")).unwrap());
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::load(YOLOX, &ModelDescription::yolox_nano()).unwrap());
static SEGMENTER: LazyLock<Segmenter> =
    LazyLock::new(|| Segmenter::load(BODYPIX, &ModelDescription::bodypix_s16()).unwrap());

/// Every picture with its name and what is expected of it.
fn pictures() -> impl Iterator<Item = (&'static str, Photo, &'static Value)> {
    PICTURES.into_iter().map(|(name, bytes)| {
        let photo = decode(name, bytes, &DecodeLimits::default()).unwrap();
        (name, photo, &EXPECTED[name])
    })
}

/// The largest difference from every so-many-th value that was recorded.
fn worst(recorded: &Value, values: &[f32]) -> f64 {
    assert_eq!(recorded["n"], values.len());
    let step = recorded["step"].as_u64().unwrap() as usize;
    let recorded = recorded["values"].as_array().unwrap().iter().map(|value| value.as_f64().unwrap());
    let differences = recorded.zip(values.iter().step_by(step)).map(|(a, &b)| (a - f64::from(b)).abs());
    differences.fold(0.0, f64::max)
}

/// By which share of its pixels a mask may be larger or smaller: decoders of JPEG smooth colours differently.
fn pixels_apart(name: &str) -> f64 {
    if name.ends_with("jpg") { 0.08 } else { 0.01 }
}

fn raw_outputs(runtime: &Runtime, photo: &Photo) -> Vec<Output> {
    let placed = Placed::new(runtime.description().input.fit, photo.width(), photo.height());
    runtime.run(photo, placed).unwrap()
}

fn assert_outputs(name: &str, recorded: &Value, outputs: &[Output]) {
    let recorded = recorded["outputs"].as_array().unwrap();
    for (i, (recorded, output)) in recorded.iter().zip(outputs).enumerate() {
        let worst = worst(recorded, &output.values);
        assert!(worst <= RAW, "{name}, output {i}: {worst:e}");
    }
}

fn assert_boxes(name: &str, recorded: &Value, found: &[ScoredBox]) {
    let recorded = recorded["boxes"].as_array().unwrap();
    assert_eq!(found.len(), recorded.len(), "{name}");
    for recorded in recorded {
        let edges: Vec<f64> = recorded["box"].as_array().unwrap().iter().map(|edge| edge.as_f64().unwrap()).collect();
        let score = recorded["score"].as_f64().unwrap();
        let same = |found: &&ScoredBox| {
            let ScoredBox { labelled, .. } = found;
            let close = [labelled.x1, labelled.y1, labelled.x2, labelled.y2].into_iter().zip(&edges);
            recorded["class"] == labelled.class && { close }.all(|(a, b)| (a - b).abs() <= EDGE)
        };
        let found = found.iter().find(same).unwrap_or_else(|| panic!("{name}: {recorded}"));
        // Decoders of JPEG differ by a level here and there.
        assert!((found.score - score).abs() < if name.ends_with("jpg") { 0.02 } else { RAW }, "{name}: {recorded}");
    }
}

#[test]
fn the_models_are_those_whose_checksums_are_checked_in() {
    let sums = include_str!("../../../data/models/SHA256SUMS");
    for (name, bytes) in [("yolox_nano.onnx", YOLOX), ("bodypix_s16.onnx", BODYPIX)] {
        let line = sums.lines().find(|line| line.ends_with(name)).unwrap();
        assert_eq!(line.split_whitespace().next(), Some(&forge_data::sha256(bytes)[..]), "{name}");
    }
}

#[test]
fn pictures_have_the_size_that_other_programs_see_and_are_turned_by_their_exif_block() {
    for (name, photo, expected) in pictures() {
        assert_eq!(
            (expected["width"].clone(), expected["height"].clone()),
            (photo.width().into(), photo.height().into()),
            "{name}"
        );
    }
}

#[test]
fn resized_pictures_are_those_of_opencv() {
    for (name, photo, expected) in pictures().filter(|(_, _, expected)| expected["resized"].is_array()) {
        for recorded in expected["resized"].as_array().unwrap() {
            let side = |i: usize| recorded["size"][i].as_u64().unwrap() as usize;
            let source = Pixels { rgb: photo.rgb(), width: photo.width(), height: photo.height() };
            let resized: Vec<f32> = resize(source, side(0), side(1)).into_iter().map(f32::from).collect();
            assert_eq!(worst(recorded, &resized), 0.0, "{name} to {} × {}", side(0), side(1));
        }
    }
}

#[test]
fn raw_outputs_and_embeddings_of_the_detector_agree_with_onnxruntime() {
    for (name, photo, expected) in pictures().filter(|(name, ..)| !name.ends_with("jpg")) {
        assert_outputs(name, &expected["yolox_nano"], &raw_outputs(DETECTOR.runtime(), &photo));
        let (_, embedding) = DETECTOR.detect_with_embedding(&photo, 0.3).unwrap();
        let worst = worst(&expected["yolox_nano"]["embedding"], &embedding);
        assert!(worst <= RAW, "{name}: {worst:e}");
    }
}

#[test]
fn boxes_agree_with_those_decoded_from_onnxruntime_to_a_pixel() {
    for (name, photo, expected) in pictures() {
        assert_boxes(name, &expected["yolox_nano"], &DETECTOR.detect(&photo, 0.3).unwrap());
    }
}

#[test]
fn grids_and_probabilities_of_the_segmenter_agree_with_onnxruntime() {
    for (name, photo, expected) in pictures() {
        let expected = &expected["bodypix_s16"];
        let grid = SEGMENTER.segment(&photo).unwrap();
        assert_eq!(expected["shape"], serde_json::json!([grid.rows(), grid.cols()]), "{name}");
        let probabilities = grid.probabilities(photo.width(), photo.height());
        let n_inside = probabilities.iter().filter(|&&p| p > SEGMENTER.threshold()).count() as f64;
        let n_expected = expected["n_inside"].as_f64().unwrap();
        assert!(
            (n_inside - n_expected).abs() <= pixels_apart(name) * n_expected,
            "{name}: {n_inside} of {n_expected} pixels"
        );
        if !name.ends_with("jpg") {
            assert_outputs(name, expected, &raw_outputs(SEGMENTER.runtime(), &photo));
            let worst = worst(&expected["probabilities"], &probabilities);
            assert!(worst <= RAW, "{name}: {worst:e}");
        }
    }
}

#[test]
fn masks_of_single_people_agree_with_those_cut_out_in_python() {
    for (name, photo, expected) in pictures() {
        let found = DETECTOR.detect(&photo, 0.3).unwrap();
        let people: Vec<_> = found.iter().map(|found| found.labelled).filter(|labelled| labelled.class == 0).collect();
        let masks = SEGMENTER.instance_masks(&photo, &people).unwrap();
        let recorded = expected["bodypix_s16"]["masks"].as_array().unwrap();
        assert_eq!(masks.len(), recorded.len(), "{name}");
        for (mask, recorded) in masks.iter().zip(recorded) {
            // A box that differs by a hundredth of a pixel may take one row or column more.
            let near = |value: &Value, found: usize| value.as_f64().unwrap() - found as f64;
            assert!(near(&recorded["x"], mask.x).abs() <= 1.0 && near(&recorded["y"], mask.y).abs() <= 1.0, "{name}");
            assert_eq!(mask.inside.len(), mask.width * mask.height);
            let n_inside = mask.inside.iter().filter(|&&inside| inside).count() as f64;
            let n_expected = recorded["n_inside"].as_f64().unwrap();
            assert!(
                (n_inside - n_expected).abs() <= pixels_apart(name) * n_expected,
                "{name}: {n_inside} of {n_expected} pixels"
            );
        }
    }
}

/// PicoDet does not come with the program; `FORGE_PICODET` names its file.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test may read a file that is too large to be checked in")]
fn picodet_from_a_file_agrees_with_onnxruntime() {
    let Some(path) = std::env::var_os("FORGE_PICODET") else {
        eprintln!("SKIPPED: FORGE_PICODET names no picodet_s_320.onnx");
        return;
    };
    let detector = Detector::load(&std::fs::read(path).unwrap(), &ModelDescription::picodet_s_320()).unwrap();
    for (name, photo, expected) in pictures() {
        assert_boxes(name, &expected["picodet_s_320"], &detector.detect(&photo, 0.3).unwrap());
        if !name.ends_with("jpg") {
            assert_outputs(name, &expected["picodet_s_320"], &raw_outputs(detector.runtime(), &photo));
        }
    }
}

#[test]
fn a_model_may_be_shared_by_threads_and_gives_the_same_whatever_ran_before() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&*DETECTOR);
    shared(&*SEGMENTER);
    let (_, photo, _) = pictures().next().unwrap();
    let first = DETECTOR.detect_with_embedding(&photo, 0.3).unwrap();
    for (_, other, _) in pictures() {
        DETECTOR.detect(&other, 0.1).unwrap();
    }
    assert_eq!(DETECTOR.detect_with_embedding(&photo, 0.3).unwrap(), first);
}
