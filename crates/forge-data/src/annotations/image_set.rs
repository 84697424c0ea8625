//! A folder or archive of images with their boxes and masks, put together.

use super::boxes::{BoxFile, ImageRef};
use super::files::group_files;
use super::mask::{MaskImage, read_mask};
use super::{file_name, read_class_names, read_coco, read_penn_fudan, read_voc, read_yolo};
use crate::DataError;

/// A picture as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageFile {
    /// Its path in the folder or archive.
    pub path: String,
    /// Width in pixels, from its first bytes.
    pub width: u32,
    /// Height in pixels, from its first bytes.
    pub height: u32,
    /// The encoded picture.
    pub bytes: Vec<u8>,
}

/// Images with what is annotated in them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImageSet {
    /// The pictures, in the order of their paths.
    pub images: Vec<ImageFile>,
    /// The mask of each picture, where there is one.
    pub masks: Vec<Option<MaskImage>>,
    /// The boxes, where there are annotations of them.
    pub boxes: Option<BoxFile>,
    /// For each image of `boxes`, the picture that it is, where there is one.
    pub image_of: Vec<Option<usize>>,
    /// What was left out, and what else a reader of the results should know.
    pub warnings: Vec<String>,
}

/// Puts together the files of a folder or archive, each as its path and its bytes.
///
/// Boxes come from the first of these that is there: a COCO file, Pascal VOC, Penn-Fudan or YOLO files. Pictures whose size
/// cannot be told and masks that cannot be read, or are of another size than their picture, are left out with a warning.
///
/// # Errors
/// What the reader of the annotations says, and [`DataError::Malformed`] where there is neither picture nor annotation.
pub fn read_image_set(mut files: Vec<(String, Vec<u8>)>) -> Result<ImageSet, DataError> {
    files.sort_by(|a, b| a.0.cmp(&b.0));
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let groups = group_files(&paths);
    let mut set = ImageSet::default();
    for (&index, mask) in groups.images.iter().zip(&groups.masks) {
        let (path, bytes) = &files[index];
        let size = imagesize::blob_size(bytes).ok();
        let Some((width, height)) =
            size.and_then(|size| Some((size.width.try_into().ok()?, size.height.try_into().ok()?)))
        else {
            set.warnings.push(format!("{path} is left out: its size cannot be told from its first bytes"));
            continue;
        };
        let mask = mask.and_then(|mask| {
            let (path, bytes) = &files[mask];
            match read_mask(path, bytes) {
                Ok(mask) if (mask.width, mask.height) == (width, height) => Some(mask),
                Ok(mask) => {
                    let (w, h) = (mask.width, mask.height);
                    set.warnings.push(format!("{path} is left out: it is {w} × {h}, its picture {width} × {height}"));
                    None
                }
                Err(error) => {
                    set.warnings.push(format!("left out: {error}"));
                    None
                }
            }
        });
        set.images.push(ImageFile { path: path.clone(), width, height, bytes: Vec::new() });
        set.masks.push(mask);
    }
    let lone = groups.lone_masks.len();
    if lone > 0 {
        let masks = if lone == 1 { "mask has" } else { "masks have" };
        set.warnings.push(format!("{lone} {masks} no picture; the first is {}", paths[groups.lone_masks[0]]));
    }
    let some =
        |indices: &[usize]| -> Vec<(String, Vec<u8>)> { indices.iter().map(|&index| files[index].clone()).collect() };
    let is_penn_fudan = |index: &usize| files[*index].1.windows(14).take(200).any(|part| part == b"Image filename");
    set.boxes = if let Some(&coco) = groups.coco.first() {
        if groups.coco.len() > 1 {
            set.warnings.push(format!("there are {} JSON files; {} is read", groups.coco.len(), paths[coco]));
        }
        Some(read_coco(paths[coco], files[coco].1.clone())?)
    } else if !groups.voc.is_empty() {
        Some(read_voc(&some(&groups.voc))?)
    } else if groups.text.iter().any(is_penn_fudan) {
        Some(read_penn_fudan(&some(&groups.text))?)
    } else if groups.text.is_empty() {
        None
    } else {
        let classes = match groups.class_names.first() {
            Some(&names) => read_class_names(paths[names], files[names].1.clone())?,
            None => Vec::new(),
        };
        let images: Vec<ImageRef> = set.images.iter().zip(1..).map(|(image, id)| reference(image, id)).collect();
        Some(read_yolo(&some(&groups.text), &images, &classes)?)
    };
    if set.images.is_empty() && set.boxes.is_none() {
        let reason = "there is neither a picture nor an annotation".to_owned();
        return Err(DataError::Malformed { file: "files".to_owned(), format: "images", reason });
    }
    let known: std::collections::HashMap<&str, usize> =
        set.images.iter().enumerate().rev().map(|(place, image)| (file_name(&image.path), place)).collect();
    let images = set.boxes.iter().flat_map(|boxes| &boxes.annotations.images);
    set.image_of = images.map(|image| known.get(file_name(&image.file)).copied()).collect();
    let missing = set.image_of.iter().filter(|place| place.is_none()).count();
    if missing > 0 {
        let images = if missing == 1 { "annotated image is" } else { "annotated images are" };
        set.warnings.push(format!("{missing} {images} not among the files"));
    }
    let mut bytes: std::collections::HashMap<String, Vec<u8>> = files.into_iter().collect();
    for image in &mut set.images {
        image.bytes = bytes.remove(&image.path).unwrap_or_default();
    }
    Ok(set)
}

fn reference(image: &ImageFile, id: u64) -> ImageRef {
    ImageRef { id, file: image.path.clone(), width: image.width, height: image.height }
}
