//! Boxes of images, and the rules by which boxes that cannot be are mended or left out.

use serde::{Deserialize, Serialize};

/// An image that boxes belong to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageRef {
    /// Its number in a COCO file; its place among the images, from 1, in other formats.
    pub id: u64,
    /// Its file name as the annotations write it.
    pub file: String,
    /// Width in pixels; 0 where the annotations do not say.
    pub width: u32,
    /// Height in pixels; 0 where the annotations do not say.
    pub height: u32,
}

/// What a box is around.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoxKind {
    /// One object.
    #[default]
    Object,
    /// Several objects too close to tell apart: `iscrowd` in COCO.
    Crowd,
    /// An object that is hard to see: `difficult` in Pascal VOC.
    Difficult,
}

/// A box with its class.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelledBox {
    /// Index into [`BoxAnnotations::classes`].
    pub class: u32,
    /// Left edge in pixels.
    pub x1: f64,
    /// Upper edge in pixels.
    pub y1: f64,
    /// Right edge in pixels, above `x1`.
    pub x2: f64,
    /// Lower edge in pixels, above `y1`.
    pub y2: f64,
    /// What it is around.
    #[serde(default)]
    pub kind: BoxKind,
}

/// The boxes of a set of images.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BoxAnnotations {
    /// The images, in the order of the file or files.
    pub images: Vec<ImageRef>,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// Number of each class in a COCO file; its place among the classes, from 1, in other formats.
    pub class_ids: Vec<u64>,
    /// The boxes of each image; an image may have none.
    pub boxes: Vec<Vec<LabelledBox>>,
}

impl BoxAnnotations {
    /// Number of boxes.
    pub fn n_boxes(&self) -> usize {
        self.boxes.iter().map(Vec::len).sum()
    }
}

/// Boxes as read from one or several files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoxFile {
    /// The boxes.
    pub annotations: BoxAnnotations,
    /// What was mended or left out, by image and box, and what else a reader of the results should know; 200 at most, and
    /// then how many more.
    pub warnings: Vec<String>,
}

/// Warnings that are listed at most.
const MAX_WARNINGS: usize = 200;
/// Pixels by which a box may lie outside of its image without a warning: rounding, or pixels counted from 1.
const ROUNDING: f64 = 1.0;

/// Collects warnings up to a limit.
#[derive(Default)]
pub(super) struct Warnings {
    listed: Vec<String>,
    n_more: usize,
}

impl Warnings {
    pub(super) fn push(&mut self, warning: String) {
        if self.listed.len() < MAX_WARNINGS {
            self.listed.push(warning);
        } else {
            self.n_more += 1;
        }
    }

    pub(super) fn finish(mut self) -> Vec<String> {
        if self.n_more > 0 {
            self.listed.push(format!("{} more warnings of this kind are not listed", self.n_more));
        }
        self.listed
    }
}

/// A box that can be, from one that was read: corners in the wrong order are swapped, edges outside of the image are moved
/// to its border; a box that has no area, no finite numbers, or lies outside altogether is left out. Each is a warning.
pub(super) fn mended(given: LabelledBox, image: &ImageRef, name: &str, warnings: &mut Warnings) -> Option<LabelledBox> {
    let LabelledBox { mut x1, mut y1, mut x2, mut y2, .. } = given;
    let file = &image.file;
    let shown = || format!("({}, {}) – ({}, {})", given.x1, given.y1, given.x2, given.y2);
    if ![x1, y1, x2, y2].iter().all(|edge| edge.is_finite() && edge.abs() < 1e9) {
        warnings.push(format!("{file}: {name} {} has no usable numbers and is left out", shown()));
        return None;
    }
    if x2 < x1 || y2 < y1 {
        warnings.push(format!("{file}: {name} {} has its corners in the wrong order; they are swapped", shown()));
        (x1, x2) = (x1.min(x2), x1.max(x2));
        (y1, y2) = (y1.min(y2), y1.max(y2));
    }
    if x1 == x2 || y1 == y2 {
        warnings.push(format!("{file}: {name} {} has no area and is left out", shown()));
        return None;
    }
    if image.width > 0 && image.height > 0 {
        let (width, height) = (f64::from(image.width), f64::from(image.height));
        let size = format!("{width} × {height}");
        if x1 >= width || y1 >= height || x2 <= 0.0 || y2 <= 0.0 {
            warnings.push(format!("{file}: {name} {} lies outside of the image ({size}) and is left out", shown()));
            return None;
        }
        let outside = (-x1).max(-y1).max(x2 - width).max(y2 - height);
        if outside > ROUNDING {
            warnings.push(format!("{file}: {name} {} reaches out of the image ({size}); it is clipped", shown()));
        }
        (x1, y1, x2, y2) = (x1.max(0.0), y1.max(0.0), x2.min(width), y2.min(height));
    }
    Some(LabelledBox { x1, y1, x2, y2, ..given })
}

/// Says how many images have no box, where some have.
pub(super) fn warn_of_empty(annotations: &BoxAnnotations, warnings: &mut Warnings) {
    let empty = annotations.boxes.iter().filter(|boxes| boxes.is_empty()).count();
    if empty > 0 {
        let images = if empty == 1 { "image has" } else { "images have" };
        warnings.push(format!("{empty} {images} no box"));
    }
}

/// The extent that leads from `from` to `to` when it is added, to the last bit where there is one.
pub(super) fn extent(from: f64, to: f64) -> f64 {
    let extent = to - from;
    let candidates = [extent, extent.next_up(), extent.next_down()];
    candidates.into_iter().find(|candidate| from + candidate == to).unwrap_or(extent)
}
