//! Annotation files that other programs wrote are read as these programs read them: `tests/reference/annotations.py` makes
//! the files and what they hold.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use forge_data::{
    Archive, ArchiveLimits, BoxFile, BoxKind, Data, DataSet, MaskImage, read_coco, read_image_set, read_mask,
};
use serde::Deserialize;

const FILES: &[u8] = include_bytes!("data/annotations.zip");

/// Class, edges, kind.
type ExpectedBox = (String, f64, f64, f64, f64, String);

#[derive(Deserialize)]
struct Expected {
    coco: BTreeMap<String, Vec<ExpectedBox>>,
    voc: BTreeMap<String, Vec<ExpectedBox>>,
    yolo: BTreeMap<String, Vec<ExpectedBox>>,
    penn_fudan: BTreeMap<String, PennFudan>,
    masks: BTreeMap<String, Vec<u16>>,
}

#[derive(Deserialize)]
struct PennFudan {
    boxes: Vec<ExpectedBox>,
    mask: Vec<u16>,
}

fn archive() -> Archive {
    Archive::open("annotations.zip", FILES.to_vec(), ArchiveLimits::default()).unwrap()
}

fn expected() -> Expected {
    let archive = archive();
    serde_json::from_slice(&archive.read(archive.position("expected.json").unwrap()).unwrap()).unwrap()
}

fn folder(start: &str) -> Vec<(String, Vec<u8>)> {
    let archive = archive();
    let entries = archive.entries().iter().enumerate().filter(|(_, entry)| entry.name.starts_with(start));
    entries.map(|(index, entry)| (entry.name.clone(), archive.read(index).unwrap())).collect()
}

fn kind(kind: BoxKind) -> &'static str {
    match kind {
        BoxKind::Object => "object",
        BoxKind::Crowd => "crowd",
        BoxKind::Difficult => "difficult",
    }
}

fn assert_boxes(read: &BoxFile, expected: &BTreeMap<String, Vec<ExpectedBox>>) {
    let found = &read.annotations;
    assert_eq!(read.warnings, ["1 image has no box"]);
    assert_eq!(found.images.len(), expected.len());
    for (image, boxes) in found.images.iter().zip(&found.boxes) {
        let wanted = &expected[&image.file];
        assert_eq!(boxes.len(), wanted.len(), "{}", image.file);
        for (labelled, wanted) in boxes.iter().zip(wanted) {
            assert_eq!(found.classes[labelled.class as usize], wanted.0);
            let pairs =
                [(labelled.x1, wanted.1), (labelled.y1, wanted.2), (labelled.x2, wanted.3), (labelled.y2, wanted.4)];
            assert!(pairs.iter().all(|(a, b)| (a - b).abs() < 1e-9), "{labelled:?} {wanted:?}");
            assert_eq!(kind(labelled.kind), wanted.5);
        }
    }
}

fn numbers(mask: &MaskImage) -> Vec<u16> {
    (0..(mask.width * mask.height) as usize).map(|pixel| mask.value(pixel)).collect()
}

#[test]
fn coco_json_made_with_pycocotools() {
    let files = folder("coco/");
    let read = read_coco(&files[0].0, files[0].1.clone()).unwrap();
    assert_boxes(&read, &expected().coco);
    assert_eq!(read.annotations.class_ids, [1, 10, 18]);
}

#[test]
fn pascal_voc_by_lxml_and_pascal_voc_writer() {
    let set = read_image_set(folder("voc/")).unwrap();
    assert_boxes(set.boxes.as_ref().unwrap(), &expected().voc);
    assert_eq!(set.warnings, ["3 annotated images are not among the files"]);
}

#[test]
fn yolo_in_the_layout_of_ultralytics() {
    let set = read_image_set(folder("yolo/")).unwrap();
    assert_boxes(set.boxes.as_ref().unwrap(), &expected().yolo);
    assert_eq!(set.image_of, [Some(0), Some(1), Some(2)]);
    assert!(set.warnings.is_empty(), "{:?}", set.warnings);
}

#[test]
fn a_zip_in_the_layout_of_penn_fudan_is_the_data_set_of_that_name() {
    let Data::Images(set) = DataSet::find("penn_fudan").unwrap().load("PennFudanPed.zip", FILES.to_vec()).unwrap()
    else {
        panic!("no images");
    };
    let expected = expected().penn_fudan;
    let boxes = expected.iter().map(|(file, truth)| (file.clone(), truth.boxes.clone())).collect();
    assert_boxes(set.boxes.as_ref().unwrap(), &boxes);
    assert_eq!(set.images.len(), 3);
    for (image, mask) in set.images.iter().zip(&set.masks) {
        let file = image.path.rsplit('/').next().unwrap();
        assert_eq!(numbers(mask.as_ref().unwrap()), expected[file].mask, "{file}");
    }
}

#[test]
fn masks_by_pillow() {
    let expected = expected().masks;
    let files = folder("masks/");
    assert_eq!(files.len(), expected.len());
    for (path, bytes) in files {
        let mask = read_mask(&path, &bytes).unwrap();
        let name = path.trim_start_matches("masks/").trim_end_matches(".png");
        assert_eq!(numbers(&mask), expected[name], "{name}");
        assert_eq!(mask.palette.is_some(), name == "palette");
    }
}

#[test]
fn a_zip_in_the_layout_of_movielens_is_the_data_set_of_that_name() {
    let set = DataSet::find("movielens_100k").unwrap();
    let Data::Annotations(read) = set.load("ml-100k.zip", FILES.to_vec()).unwrap() else { panic!("no labels") };
    assert_eq!((read.annotations.examples, read.annotations.annotators), (strings(["1", "2"]), strings(["1", "3"])));
    assert_eq!(read.annotations.labels, [1, 0, u32::MAX, 2]);
    let features = read.features.unwrap();
    assert_eq!(features.columns()[0].text(0).as_deref(), Some("Café (1995)"));
    assert_eq!(features.column("Western").unwrap().text(0).as_deref(), Some("1"));
}

fn strings<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(str::to_owned).to_vec()
}
