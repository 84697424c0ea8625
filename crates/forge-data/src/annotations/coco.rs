//! COCO JSON: one file with images, annotations and categories. Source: <https://cocodataset.org/#format-data>.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::MAX_CLASSES;
use super::boxes::{BoxAnnotations, BoxFile, BoxKind, ImageRef, LabelledBox, Warnings, extent, mended, warn_of_empty};
use crate::DataError;
use crate::csv::PlainText;

#[derive(Deserialize)]
struct Coco {
    images: Vec<Image>,
    #[serde(default)]
    annotations: Vec<Annotation>,
    #[serde(default)]
    categories: Vec<Category>,
}

#[derive(Serialize, Deserialize)]
struct Image {
    id: u64,
    file_name: String,
    #[serde(default)]
    width: u32,
    #[serde(default)]
    height: u32,
}

#[derive(Deserialize)]
struct Annotation {
    #[serde(default)]
    id: Option<u64>,
    image_id: u64,
    category_id: u64,
    #[serde(default)]
    bbox: Option<Vec<f64>>,
    #[serde(default)]
    iscrowd: u8,
}

#[derive(Serialize, Deserialize)]
struct Category {
    id: u64,
    name: String,
}

pub(super) fn malformed(file: &str, reason: String) -> DataError {
    DataError::Malformed { file: file.to_owned(), format: "COCO JSON", reason }
}

/// Reads a COCO file. Classes stand in the order of `categories`; masks and keypoints are passed over.
///
/// Left out with a warning: annotations of an image or category that the file does not have, annotations without a box, and
/// boxes that cannot be. Boxes in the wrong order or reaching out of the image are mended with a warning.
///
/// # Errors
/// [`DataError::Malformed`] for anything but such a file, and where two images or two categories share a number.
pub fn read_coco(file: &str, bytes: Vec<u8>) -> Result<BoxFile, DataError> {
    Ok(placed(file, &PlainText::decode(file, bytes, super::MAX_BYTES)?.text)?.0)
}

/// For each annotation of a file the image and the place among its boxes, unless it was left out.
type Places = Vec<Option<(usize, usize)>>;

/// The boxes, and where each annotation went.
pub(super) fn placed(file: &str, text: &str) -> Result<(BoxFile, Places), DataError> {
    let coco: Coco = serde_json::from_str(text).map_err(|error| malformed(file, error.to_string()))?;
    if coco.categories.len() > MAX_CLASSES {
        return Err(malformed(file, format!("{} categories are more than 100,000", coco.categories.len())));
    }
    let image_rows = rows::<usize>(coco.images.iter().map(|image| image.id))
        .map_err(|id| malformed(file, format!("two images have the id {id}")))?;
    let class_rows = rows::<u32>(coco.categories.iter().map(|category| category.id))
        .map_err(|id| malformed(file, format!("two categories have the id {id}")))?;
    let images: Vec<ImageRef> = coco
        .images
        .into_iter()
        .map(|Image { id, file_name, width, height }| ImageRef { id, file: file_name, width, height })
        .collect();
    let mut boxes = vec![Vec::new(); images.len()];
    let mut warnings = Warnings::default();
    let mut places = vec![None; coco.annotations.len()];
    for (index, annotation) in coco.annotations.into_iter().enumerate() {
        let name =
            annotation.id.map_or_else(|| format!("annotation number {}", index + 1), |id| format!("annotation {id}"));
        let Some(&image) = image_rows.get(&annotation.image_id) else {
            warnings.push(format!(
                "{name} is of image {}, which the file does not have, and is left out",
                annotation.image_id
            ));
            continue;
        };
        let Some(&class) = class_rows.get(&annotation.category_id) else {
            let category = annotation.category_id;
            warnings.push(format!("{name} is of category {category}, which the file does not have, and is left out"));
            continue;
        };
        let Some(&[x, y, width, height]) = annotation.bbox.as_deref() else {
            warnings.push(format!("{name} has no box of four numbers and is left out"));
            continue;
        };
        let kind = if annotation.iscrowd == 0 { BoxKind::Object } else { BoxKind::Crowd };
        let given = LabelledBox { class, x1: x, y1: y, x2: x + width, y2: y + height, kind };
        if let Some(labelled) = mended(given, &images[image], &name, &mut warnings) {
            places[index] = Some((image, boxes[image].len()));
            boxes[image].push(labelled);
        }
    }
    let (class_ids, classes) = coco.categories.into_iter().map(|Category { id, name }| (id, name)).unzip();
    let annotations = BoxAnnotations { images, classes, class_ids, boxes };
    warn_of_empty(&annotations, &mut warnings);
    Ok((BoxFile { annotations, warnings: warnings.finish() }, places))
}

/// Where each number stands; the error is a number that occurs twice.
fn rows<P: TryFrom<usize>>(ids: impl Iterator<Item = u64>) -> Result<HashMap<u64, P>, u64> {
    let mut rows = HashMap::new();
    for (index, id) in ids.enumerate() {
        let place = P::try_from(index).map_err(|_| id)?;
        if rows.insert(id, place).is_some() {
            return Err(id);
        }
    }
    Ok(rows)
}

#[derive(Serialize)]
struct Written<'a> {
    images: Vec<Image>,
    annotations: Vec<WrittenAnnotation>,
    categories: Vec<WrittenCategory<'a>>,
}

#[derive(Serialize)]
struct WrittenAnnotation {
    id: u64,
    image_id: u64,
    category_id: u64,
    bbox: [f64; 4],
    area: f64,
    iscrowd: u8,
}

#[derive(Serialize)]
struct WrittenCategory<'a> {
    id: u64,
    name: &'a str,
}

/// Writes a COCO file. Images and categories keep their numbers; annotations are counted from 1.
pub fn write_coco(annotations: &BoxAnnotations) -> Vec<u8> {
    let image = |image: &ImageRef| Image {
        id: image.id,
        file_name: image.file.clone(),
        width: image.width,
        height: image.height,
    };
    let mut written = Vec::with_capacity(annotations.n_boxes());
    for (image, boxes) in annotations.images.iter().zip(&annotations.boxes) {
        for labelled in boxes {
            let (width, height) = (extent(labelled.x1, labelled.x2), extent(labelled.y1, labelled.y2));
            written.push(WrittenAnnotation {
                id: written.len() as u64 + 1,
                image_id: image.id,
                category_id: annotations.class_ids.get(labelled.class as usize).copied().unwrap_or_default(),
                bbox: [labelled.x1, labelled.y1, width, height],
                area: width * height,
                iscrowd: u8::from(labelled.kind == BoxKind::Crowd),
            });
        }
    }
    let categories = annotations.class_ids.iter().zip(&annotations.classes);
    let coco = Written {
        images: annotations.images.iter().map(image).collect(),
        annotations: written,
        categories: categories.map(|(&id, name)| WrittenCategory { id, name }).collect(),
    };
    // Numbers and strings always serialise.
    serde_json::to_vec_pretty(&coco).unwrap_or_default()
}
