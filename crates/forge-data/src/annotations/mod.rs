//! Boxes around objects and masks of pixels: COCO JSON, Pascal VOC, YOLO, the files of Penn-Fudan, mask PNGs.
//!
//! Every reader of boxes gives [`BoxFile`]: images, classes, and the boxes of each image in pixels, with a warning for each
//! box that was mended or left out. Coordinates run from 0 at the top left; `x2` and `y2` are where the box ends. Pascal VOC
//! and Penn-Fudan count pixels from 1 and to the last one inside; their numbers are taken as they are written, as most
//! programs do.

mod boxes;
mod coco;
mod coco_add;
mod coco_edit;
mod files;
mod image_set;
mod logit_grid;
mod mask;
mod mask_replace;
mod penn_fudan;
mod predictions;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
mod voc;
mod yolo;

pub use boxes::{BoxAnnotations, BoxFile, BoxKind, ImageRef, LabelledBox};
pub use coco::{read_coco, write_coco};
pub use coco_add::add_to_coco;
pub use coco_edit::{BoxChange, BoxEdit, edit_coco};
pub use files::{FileGroups, group_files};
pub use image_set::{ImageFile, ImageSet, read_image_set};
pub use logit_grid::LogitGrid;
pub use mask::{MaskImage, MaskValues, read_mask, write_mask};
pub use penn_fudan::{read_penn_fudan, write_penn_fudan};
pub use predictions::{BoxPredictions, ScoredBox, read_coco_results, read_yolo_predictions, write_coco_results};
pub use voc::{read_voc, write_voc};
pub use yolo::{read_class_names, read_yolo, write_class_names, write_yolo};

/// Bytes of an annotation file at most.
const MAX_BYTES: u64 = 2 << 30;
/// Classes at most.
const MAX_CLASSES: usize = 100_000;

/// The last part of a path.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The last part of a path without its ending.
fn stem(path: &str) -> &str {
    let name = file_name(path);
    name.rfind('.').filter(|&at| at > 0).map_or(name, |at| &name[..at])
}

/// The ending of a path in lower case, without the point.
fn ending(path: &str) -> String {
    let name = file_name(path);
    name.rfind('.').map_or_else(String::new, |at| name[at + 1..].to_lowercase())
}
