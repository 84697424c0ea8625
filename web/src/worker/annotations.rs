//! Writes the annotations of pictures with the user's changes, in the form they came in. What is not changed stays byte for
//! byte.

use std::collections::BTreeMap;

use forge_data::{
    BoxAnnotations, BoxChange, BoxEdit, DataError, LabelledBox, add_to_coco, edit_coco, read_mask, read_penn_fudan,
    read_voc, write_mask, write_penn_fudan, write_voc, write_yolo, write_zip,
};

use super::pictures::{BoxFormat, Pictures};
use crate::protocol::{KeptBox, PictureEdit};

/// The name and bytes of a file with all annotations: the one there is, or a zip of several.
///
/// # Errors
/// What the writers say.
pub(super) fn write(pictures: &Pictures, edits: &[PictureEdit]) -> Result<(String, Vec<u8>), DataError> {
    let mut files = as_they_came(pictures);
    let boxes: Vec<(usize, &[KeptBox])> =
        edits.iter().filter_map(|edit| Some((edit.picture, edit.boxes.as_deref()?))).collect();
    files.extend(match pictures.format {
        BoxFormat::Coco => coco(pictures, &boxes)?,
        BoxFormat::None => Vec::new(),
        BoxFormat::Voc | BoxFormat::PennFudan | BoxFormat::Yolo => file_by_file(pictures, &boxes),
    });
    for edit in edits {
        if let (Some(runs), Some(file)) = (&edit.mask, pictures.mask_file(edit.picture)) {
            let (path, bytes) = &pictures.files[file];
            let wanted: Vec<bool> = runs.pixels().collect();
            files.insert(path.clone(), write_mask(&read_mask(path, bytes)?.with_foreground(&wanted))?);
        }
    }
    let stem = pictures.name.rsplit_once('.').map_or(pictures.name.as_str(), |(stem, _)| stem);
    if files.len() == 1
        && let Some((path, bytes)) = files.pop_first()
    {
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
        return Ok((name.to_owned(), bytes));
    }
    Ok((format!("{stem}.annotations.zip"), write_zip(&files.into_iter().collect::<Vec<_>>())?))
}

/// The files of annotations and masks, by path.
fn as_they_came(pictures: &Pictures) -> BTreeMap<String, Vec<u8>> {
    let groups = &pictures.groups;
    let boxes = match pictures.format {
        BoxFormat::Coco => &groups.coco[..1],
        BoxFormat::Voc => &groups.voc[..],
        BoxFormat::PennFudan | BoxFormat::Yolo => &groups.text[..],
        BoxFormat::None => &[],
    };
    let masks = groups.masks.iter().flatten().chain(&groups.lone_masks);
    boxes.iter().chain(&groups.class_names).chain(masks).map(|&index| pictures.files[index].clone()).collect()
}

fn annotations(pictures: &Pictures) -> BoxAnnotations {
    pictures.set.boxes.as_ref().map(|boxes| boxes.annotations.clone()).unwrap_or_default()
}

fn coco(pictures: &Pictures, edits: &[(usize, &[KeptBox])]) -> Result<Vec<(String, Vec<u8>)>, DataError> {
    let (path, bytes) = &pictures.files[pictures.groups.coco[0]];
    let before = annotations(pictures);
    let (mut changes, mut added) = (Vec::new(), Vec::new());
    for &(picture, boxes) in edits {
        let Some(image) = pictures.image_of(picture) else { continue };
        for (index, given) in before.boxes[image].iter().enumerate() {
            let kept = boxes.iter().find(|kept| kept.index == Some(index as u32));
            let change = |change| BoxEdit { image, index, change };
            match kept.map(|kept| kept.labelled) {
                None => changes.push(change(BoxChange::Drop)),
                Some(now) => {
                    if now.class != given.class {
                        changes.push(change(BoxChange::Class(now.class)));
                    }
                    if edges(&now) != edges(given) {
                        changes.push(change(BoxChange::Edges(edges(&now))));
                    }
                }
            }
        }
        added.extend(boxes.iter().filter(|kept| kept.index.is_none()).map(|kept| (image, kept.labelled)));
    }
    let bytes = edit_coco(path, bytes.clone(), &changes)?;
    // Boxes are added by the numbers of images and classes, which no change moves.
    Ok(vec![(path.clone(), add_to_coco(path, bytes, &added)?)])
}

fn edges(labelled: &LabelledBox) -> [f64; 4] {
    [labelled.x1, labelled.y1, labelled.x2, labelled.y2]
}

/// Writes a file per image, each with its name.
type Writer = fn(&BoxAnnotations) -> Vec<(String, Vec<u8>)>;

/// The files of those pictures whose boxes changed.
fn file_by_file(pictures: &Pictures, edits: &[(usize, &[KeptBox])]) -> Vec<(String, Vec<u8>)> {
    let mut written = annotations(pictures);
    let mut changed = vec![false; written.images.len()];
    for &(picture, boxes) in edits {
        if let Some(image) = pictures.image_of(picture) {
            written.boxes[image] = boxes.iter().map(|kept| kept.labelled).collect();
            changed[image] = true;
        }
    }
    let (indices, write): (&[usize], Writer) = match pictures.format {
        BoxFormat::Voc => (&pictures.groups.voc, write_voc),
        BoxFormat::PennFudan => (&pictures.groups.text, write_penn_fudan),
        _ => (&pictures.groups.text, write_yolo),
    };
    let folder =
        indices.first().and_then(|&index| pictures.files[index].0.rfind('/').map(|at| &pictures.files[index].0[..=at]));
    let mut files = Vec::new();
    for (image, _) in changed.iter().enumerate().filter(|(_, changed)| **changed) {
        let reference = written.images[image].clone();
        let one = BoxAnnotations {
            images: vec![reference.clone()],
            classes: written.classes.clone(),
            class_ids: written.class_ids.clone(),
            boxes: vec![std::mem::take(&mut written.boxes[image])],
        };
        let is_of = |index: &&usize| image_of(pictures, **index).is_some_and(|file| same_name(&file, &reference.file));
        let path = indices.iter().find(is_of).map(|&index| pictures.files[index].0.clone());
        let new = |name: String| format!("{}{name}", folder.unwrap_or_default());
        files.extend(write(&one).into_iter().map(|(name, bytes)| (path.clone().unwrap_or_else(|| new(name)), bytes)));
    }
    files
}

/// The image that a file of annotations is of.
fn image_of(pictures: &Pictures, index: usize) -> Option<String> {
    let file = std::slice::from_ref(pictures.files.get(index)?);
    match pictures.format {
        BoxFormat::Voc => read_voc(file).ok()?.annotations.images.pop().map(|image| image.file),
        BoxFormat::PennFudan => read_penn_fudan(file).ok()?.annotations.images.pop().map(|image| image.file),
        _ => Some(file[0].0.clone()),
    }
}

/// Whether two paths name the same file but for folder and ending.
fn same_name(a: &str, b: &str) -> bool {
    let stem = |path: &str| {
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        name.rsplit_once('.').map_or(name.clone(), |(stem, _)| stem.to_owned())
    };
    stem(a) == stem(b)
}
