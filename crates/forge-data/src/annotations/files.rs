//! Which files of a folder or an archive are images, which are masks, which hold annotations, by their paths alone.

use std::collections::{BTreeMap, BTreeSet};

use super::{ending, file_name, stem};

/// The files of a folder by what they hold, as places in the list of paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileGroups {
    /// Pictures.
    pub images: Vec<usize>,
    /// Mask of each picture, where there is one: a PNG of the same name, with or without `_mask` and the like, in a folder of
    /// masks.
    pub masks: Vec<Option<usize>>,
    /// COCO: JSON files.
    pub coco: Vec<usize>,
    /// Pascal VOC: XML files.
    pub voc: Vec<usize>,
    /// YOLO or Penn-Fudan: text files that have the name of a picture, or stand in a folder of labels.
    pub text: Vec<usize>,
    /// Names of classes: `data.yaml`, `classes.txt` and the like, likeliest first.
    pub class_names: Vec<usize>,
    /// Masks without a picture.
    pub lone_masks: Vec<usize>,
    /// Everything else.
    pub others: Vec<usize>,
}

const PICTURES: [&str; 7] = ["jpg", "jpeg", "png", "webp", "gif", "bmp", "tiff"];
/// Parts of the names of folders that hold masks.
const MASK_FOLDERS: [&str; 5] = ["mask", "segmentation", "seg", "groundtruth", "ground_truth"];
/// Ends of the names of masks.
const MASK_ENDS: [&str; 8] = ["_mask", "-mask", "_masks", "_seg", "_segmentation", "_gt", "_label", "_labelids"];
/// Names of files with the names of classes, without ending; likeliest first.
const CLASS_FILES: [&str; 6] = ["data", "dataset", "classes", "obj", "predefined_classes", "labels"];

/// Sorts files by what they seem to hold.
pub fn group_files(paths: &[&str]) -> FileGroups {
    let mut groups = FileGroups::default();
    let (mut masks, mut texts, mut names) = (Vec::new(), Vec::new(), BTreeMap::new());
    for (index, path) in paths.iter().enumerate() {
        let kind = ending(path);
        if PICTURES.contains(&kind.as_str()) {
            if kind == "png" && is_mask(path) {
                masks.push(index);
            } else {
                groups.images.push(index);
            }
            continue;
        }
        let rank = CLASS_FILES.iter().position(|name| *name == stem(path).to_lowercase());
        match (kind.as_str(), rank) {
            ("yaml" | "yml", rank) => _ = names.insert((rank.unwrap_or(CLASS_FILES.len()), index), index),
            ("txt" | "names", Some(rank)) => _ = names.insert((rank, index), index),
            ("json", _) => groups.coco.push(index),
            ("xml", _) => groups.voc.push(index),
            ("txt", None) => texts.push(index),
            _ => groups.others.push(index),
        }
    }
    groups.class_names = names.into_values().collect();
    let stems: BTreeMap<&str, usize> =
        groups.images.iter().enumerate().rev().map(|(image, &index)| (stem(paths[index]), image)).collect();
    groups.masks = vec![None; groups.images.len()];
    for index in masks {
        let image = stems.get(stem(paths[index])).or_else(|| stems.get(bare_stem(paths[index])));
        match image.and_then(|&image| groups.masks.get_mut(image)).filter(|slot| slot.is_none()) {
            Some(slot) => *slot = Some(index),
            None => groups.lone_masks.push(index),
        }
    }
    let image_stems: BTreeSet<&str> = stems.into_keys().collect();
    for index in texts {
        let folder = folders(paths[index])
            .last()
            .is_some_and(|folder| folder.contains("label") || folder.contains("annotation"));
        let of_text = folder || folders(paths[index]).any(|folder| folder == "labels");
        if of_text || image_stems.contains(stem(paths[index])) {
            groups.text.push(index);
        } else {
            groups.others.push(index);
        }
    }
    groups.others.sort_unstable();
    groups
}

/// The folders of a path, in lower case.
fn folders(path: &str) -> impl DoubleEndedIterator<Item = String> {
    let folders = path.strip_suffix(file_name(path)).unwrap_or_default();
    folders.split(['/', '\\']).filter(|folder| !folder.is_empty()).map(str::to_lowercase)
}

fn is_mask(path: &str) -> bool {
    bare_stem(path).len() < stem(path).len()
        || folders(path).next_back().is_some_and(|folder| MASK_FOLDERS.iter().any(|part| folder.contains(part)))
}

/// The name of the picture that a mask of this name belongs to.
fn bare_stem(path: &str) -> &str {
    let name = stem(path);
    let lower = name.to_ascii_lowercase();
    let cut = MASK_ENDS.iter().find(|end| lower.len() > end.len() && lower.ends_with(*end));
    cut.map_or(name, |end| &name[..name.len() - end.len()])
}
