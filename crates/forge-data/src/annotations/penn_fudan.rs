//! The annotation files of the Penn-Fudan pedestrians, one text per image, with a block of lines per object: label, centre,
//! box, mask. Source: the files of the data set, <https://www.cis.upenn.edu/~jshi/ped_html/>.

use std::fmt::Write;

use super::boxes::{BoxAnnotations, BoxFile, BoxKind, ImageRef, LabelledBox, Warnings, mended, warn_of_empty};
use super::voc::sort_classes;
use super::{file_name, stem};
use crate::DataError;
use crate::annotators::Names;
use crate::csv::PlainText;

/// Reads the text files of a folder, one per image; each comes as its path and its bytes. Classes are sorted by name.
///
/// A file without the name and size of its image is left out with a warning, and so are lines of boxes that cannot be read.
///
/// # Errors
/// [`DataError::Malformed`] when no file can be read; it says what is wrong with the first.
pub fn read_penn_fudan(files: &[(String, Vec<u8>)]) -> Result<BoxFile, DataError> {
    let mut annotations = BoxAnnotations::default();
    let (mut warnings, mut names, mut first) = (Warnings::default(), Names::default(), None);
    for (path, bytes) in files {
        let text = PlainText::decode(path, bytes.clone(), super::MAX_BYTES).map_err(|error| error.to_string());
        let read = text.and_then(|text| {
            let (file, width, height) = header(&text.text)?;
            let id = annotations.images.len() as u64 + 1;
            Ok((ImageRef { id, file, width, height }, text.text))
        });
        let (image, text) = match read {
            Ok(read) => read,
            Err(reason) => {
                first.get_or_insert_with(|| (path.clone(), reason.clone()));
                warnings.push(format!("{path} is left out: {reason}"));
                continue;
            }
        };
        let mut boxes = Vec::new();
        let lines = text.lines().filter_map(|line| line.trim().strip_prefix("Bounding box for object "));
        for line in lines {
            match bounding_box(line) {
                Some((number, class, [x1, y1, x2, y2])) => {
                    let class = names.code(class.to_owned());
                    let given = LabelledBox { class, x1, y1, x2, y2, kind: BoxKind::Object };
                    boxes.extend(mended(given, &image, &format!("object {number}"), &mut warnings));
                }
                None => warnings.push(format!("{path}: a box is left out, \"{}\"", crate::csv::shorten(line))),
            }
        }
        annotations.images.push(image);
        annotations.boxes.push(boxes);
    }
    if annotations.images.is_empty() {
        let (file, reason) = first.unwrap_or_else(|| ("Annotation".to_owned(), "there is no file".to_owned()));
        return Err(DataError::Malformed { file, format: "Penn-Fudan", reason });
    }
    sort_classes(&mut annotations, names.names);
    warn_of_empty(&annotations, &mut warnings);
    Ok(BoxFile { annotations, warnings: warnings.finish() })
}

/// Name, width and height of the image.
fn header(text: &str) -> Result<(String, u32, u32), String> {
    let after = |key: &str| {
        text.lines().find_map(|line| line.trim().strip_prefix(key)?.trim_start().strip_prefix(':')).map(str::trim)
    };
    let file = after("Image filename").ok_or("it has no line `Image filename`")?;
    let size = after("Image size (X x Y x C)").ok_or("it has no line `Image size (X x Y x C)`")?;
    let mut sides = size.split('x').map(|side| side.trim().parse::<u32>());
    match (sides.next(), sides.next()) {
        (Some(Ok(width)), Some(Ok(height))) => Ok((file_name(file.trim_matches('"')).to_owned(), width, height)),
        _ => Err(format!("\"{size}\" is no size of an image")),
    }
}

/// Number, class and edges of an object, from what follows `Bounding box for object `.
fn bounding_box(line: &str) -> Option<(&str, &str, [f64; 4])> {
    let (number, rest) = line.split_once('"')?;
    let (class, rest) = rest.split_once('"')?;
    let (_, corners) = rest.rsplit_once(':')?;
    let mut edges = corners.split(['(', ')', ',', ' ', '-']).filter(|part| !part.is_empty()).map(str::parse::<f64>);
    let mut edge = || edges.next()?.ok();
    let found = [edge()?, edge()?, edge()?, edge()?];
    (edges.next().is_none() && !class.is_empty()).then_some((number.trim(), class, found))
}

/// Writes one text file per image: its name, which is the image's with the ending `txt`, and its bytes.
pub fn write_penn_fudan(annotations: &BoxAnnotations) -> Vec<(String, Vec<u8>)> {
    let files = annotations.images.iter().zip(&annotations.boxes);
    files
        .map(|(image, boxes)| (format!("{}.txt", stem(&image.file)), one(image, boxes, &annotations.classes)))
        .collect()
}

fn one(image: &ImageRef, boxes: &[LabelledBox], classes: &[String]) -> Vec<u8> {
    let class = |labelled: &LabelledBox| classes.get(labelled.class as usize).map_or("", String::as_str);
    let named: Vec<String> = boxes.iter().map(|labelled| format!("\"{}\"", class(labelled))).collect();
    // Writing to a string cannot fail.
    let mut text = String::from("# Compatible with PASCAL Annotation Version 1.00\n");
    let _written = write!(
        text,
        "Image filename : \"PennFudanPed/PNGImages/{}\"\nImage size (X x Y x C) : {} x {} x 3\nDatabase : \"The Penn-Fudan-Pedestrian \
         Database\"\nObjects with ground truth : {} {{ {} }}\n# Note there may be some objects not included in the ground \
         truth list for they are severe-occluded\n# or have very small size.\n# Top left pixel co-ordinates : (1, 1)\n",
        image.file,
        image.width,
        image.height,
        boxes.len(),
        named.join(" ")
    );
    for (index, (labelled, name)) in boxes.iter().zip(&named).enumerate() {
        let number = index + 1;
        let LabelledBox { x1, y1, x2, y2, .. } = labelled;
        let _written = write!(
            text,
            "# Details for pedestrian {number} ({name})\nOriginal label for object {number} {name} : \"PennFudanPed\"\n\
             Bounding box for object {number} {name} (Xmin, Ymin) - (Xmax, Ymax) : ({x1}, {y1}) - ({x2}, {y2})\n\
             Pixel mask for object {number} {name} : \"PennFudanPed/PedMasks/{}_mask.png\"\n\n",
            stem(&image.file)
        );
    }
    text.into_bytes()
}
