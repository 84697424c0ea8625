//! YOLO: one text file per image, a line per box: class, and centre and size of the box as shares of the image's size. The
//! names of the classes stand in `classes.txt`, `obj.names` or, under `names`, in `data.yaml`. Source:
//! <https://docs.ultralytics.com/datasets/detect/>.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use super::boxes::{BoxAnnotations, BoxFile, BoxKind, ImageRef, LabelledBox, Warnings, mended, warn_of_empty};
use super::{MAX_CLASSES, ending, stem};
use crate::DataError;
use crate::csv::PlainText;

fn malformed(file: &str, reason: String) -> DataError {
    DataError::Malformed { file: file.to_owned(), format: "YOLO", reason }
}

/// Reads the label files of a folder for `images`, whose sizes must be known; a file belongs to the image of the same name.
/// `classes` may be empty: classes are then called by their numbers.
///
/// A line with polygon corners becomes the box around them; a sixth number (a score) is passed over. Left out with a warning:
/// files without an image, lines that cannot be read, classes beyond the names, boxes that cannot be.
///
/// # Errors
/// [`DataError::Malformed`] where an image's size is not known, two images have one name, or there is neither a file nor an
/// image.
pub fn read_yolo(files: &[(String, Vec<u8>)], images: &[ImageRef], classes: &[String]) -> Result<BoxFile, DataError> {
    if files.is_empty() && images.is_empty() {
        return Err(malformed("YOLO", "there is neither a label file nor an image".to_owned()));
    }
    let mut by_stem = HashMap::new();
    for (index, image) in images.iter().enumerate() {
        if image.width == 0 || image.height == 0 {
            return Err(malformed(&image.file, "the size of the image is not known".to_owned()));
        }
        if by_stem.insert(stem(&image.file), index).is_some() {
            return Err(malformed(&image.file, "another image has the same name".to_owned()));
        }
    }
    let mut boxes = vec![Vec::new(); images.len()];
    let (mut warnings, mut n_classes) = (Warnings::default(), classes.len());
    for (path, bytes) in files.iter().filter(|(_, bytes)| !bytes.trim_ascii().is_empty()) {
        let Some(&index) = by_stem.get(stem(path)) else {
            warnings.push(format!("{path} has no image of the same name and is left out"));
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
            match labelled(line, &images[index]) {
                Ok(given) if !classes.is_empty() && given.class as usize >= classes.len() => {
                    let class = given.class;
                    warnings.push(format!("{path}, {name}: class {class} has no name and is left out"));
                }
                Ok(given) => {
                    n_classes = n_classes.max(given.class as usize + 1);
                    boxes[index].extend(mended(given, &images[index], &name, &mut warnings));
                }
                Err(reason) => warnings.push(format!("{path}, {name} is left out: {reason}")),
            }
        }
    }
    let class_name = |class: usize| classes.get(class).cloned().unwrap_or_else(|| class.to_string());
    let annotations = BoxAnnotations {
        images: images.to_vec(),
        classes: (0..n_classes).map(class_name).collect(),
        class_ids: (1..=n_classes as u64).collect(),
        boxes,
    };
    warn_of_empty(&annotations, &mut warnings);
    Ok(BoxFile { annotations, warnings: warnings.finish() })
}

/// The error says what is wrong with the line.
pub(super) fn labelled(line: &str, image: &ImageRef) -> Result<LabelledBox, String> {
    let mut fields = line.split_ascii_whitespace();
    let class = fields.next().unwrap_or_default();
    let class: u32 = class
        .parse()
        .ok()
        .filter(|&class| (class as usize) < MAX_CLASSES)
        .ok_or_else(|| format!("\"{class}\" is no number of a class"))?;
    let shares = fields
        .map(|field| field.parse::<f64>().map_err(|_| format!("\"{field}\" is no number")))
        .collect::<Result<Vec<f64>, String>>()?;
    let (width, height) = (f64::from(image.width), f64::from(image.height));
    let (x1, y1, x2, y2) = match shares[..] {
        [x, y, w, h] | [x, y, w, h, _] => {
            ((x - w / 2.0) * width, (y - h / 2.0) * height, (x + w / 2.0) * width, (y + h / 2.0) * height)
        }
        _ if shares.len() >= 6 && shares.len() % 2 == 0 => {
            let along = |from: usize, size: f64| {
                let corners = shares[from..].iter().step_by(2);
                let (low, high) =
                    corners.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &at| (at.min(low), at.max(high)));
                (low * size, high * size)
            };
            let ((x1, x2), (y1, y2)) = (along(0, width), along(1, height));
            (x1, y1, x2, y2)
        }
        _ => return Err(format!("{} numbers follow the class, expected 4", shares.len())),
    };
    Ok(LabelledBox { class, x1, y1, x2, y2, kind: BoxKind::Object })
}

/// Writes one label file per image: its name, which is the image's with the ending `txt`, and its bytes. Images whose size is
/// not known are passed over.
pub fn write_yolo(annotations: &BoxAnnotations) -> Vec<(String, Vec<u8>)> {
    let files = annotations.images.iter().zip(&annotations.boxes);
    let sized = files.filter(|(image, _)| image.width > 0 && image.height > 0);
    sized
        .map(|(image, boxes)| {
            let (width, height) = (f64::from(image.width), f64::from(image.height));
            let mut text = String::new();
            for &LabelledBox { class, x1, y1, x2, y2, .. } in boxes {
                let centre = (f64::midpoint(x1, x2) / width, f64::midpoint(y1, y2) / height);
                let size = ((x2 - x1) / width, (y2 - y1) / height);
                // Writing to a string cannot fail.
                let _written = writeln!(text, "{class} {} {} {} {}", centre.0, centre.1, size.0, size.1);
            }
            (format!("{}.txt", stem(&image.file)), text.into_bytes())
        })
        .collect()
}

/// Reads the names of the classes: a line each, or, from a file that ends in `yaml` or `yml`, the entry `names` as a list or
/// a mapping of numbers.
///
/// # Errors
/// [`DataError::Malformed`] where there is no name, or a number is left out or given twice.
pub fn read_class_names(file: &str, bytes: Vec<u8>) -> Result<Vec<String>, DataError> {
    let text = PlainText::decode(file, bytes, super::MAX_BYTES)?.text;
    let names = if ["yaml", "yml"].contains(&&*ending(file)) {
        yaml_names(&text).map_err(|reason| malformed(file, reason))?
    } else {
        // Blank lines at the end name nothing; those between would shift the numbers.
        text.trim_end().lines().map(|line| line.trim().to_owned()).collect()
    };
    match names.len() {
        0 => Err(malformed(file, "it names no class".to_owned())),
        n if n > MAX_CLASSES => Err(malformed(file, format!("{n} classes are more than 100,000"))),
        _ => Ok(names),
    }
}

/// The names of the classes as `data.yaml` holds them, a mapping of numbers.
pub fn write_class_names(classes: &[String]) -> Vec<u8> {
    let mut text = format!("nc: {}\nnames:\n", classes.len());
    for (number, class) in classes.iter().enumerate() {
        let quoted = class.replace('\\', "\\\\").replace('"', "\\\"");
        let _written = writeln!(text, "  {number}: \"{quoted}\"");
    }
    text.into_bytes()
}

/// A line without a comment.
fn uncommented(line: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, character) in line.char_indices() {
        match (character, quote) {
            ('#', None) if before.is_whitespace() => return line[..at].trim_end(),
            ('"' | '\'', None) if before.is_whitespace() || matches!(before, '[' | '{' | ',' | ':') => {
                quote = Some(character);
            }
            (_, Some(open)) if character == open && before != '\\' => quote = None,
            _ => {}
        }
        before = character;
    }
    line.trim_end()
}

/// A scalar without its quotes.
fn scalar(text: &str) -> String {
    let text = text.trim();
    let inside = |quote: char| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    if let Some(inside) = inside('"') {
        return inside.replace("\\\"", "\"").replace("\\\\", "\\");
    }
    inside('\'').map_or_else(|| text.to_owned(), |inside| inside.replace("''", "'"))
}

/// The entry `names` of a `data.yaml`.
fn yaml_names(text: &str) -> Result<Vec<String>, String> {
    let mut lines = text.lines().map(uncommented);
    let first = lines
        .by_ref()
        .find_map(|line| line.strip_prefix("names:"))
        .ok_or("it has no entry `names` at the start of a line")?
        .trim();
    let mut entries = Vec::new();
    if first.starts_with(['[', '{']) {
        let mut flow = first.to_owned();
        let close = if first.starts_with('[') { ']' } else { '}' };
        while !flow.ends_with(close) {
            flow.push_str(lines.next().ok_or_else(|| format!("the list of names is not closed with {close}"))?.trim());
        }
        let inside = flow[1..flow.len() - 1].to_owned();
        entries.extend(split_flow(&inside).into_iter().map(|entry| (close == '}', entry)));
    } else if !first.is_empty() {
        return Err(format!("\"{first}\" is no list of names"));
    } else {
        for line in lines {
            let entry = line.trim_start();
            match (entry.strip_prefix("- "), line.len() > entry.len()) {
                _ if entry.is_empty() => {}
                (Some(name), _) => entries.push((false, name.to_owned())),
                (None, true) => entries.push((true, entry.to_owned())),
                (None, false) => break,
            }
        }
    }
    let mut names = BTreeMap::new();
    for (index, (is_numbered, entry)) in entries.into_iter().enumerate() {
        let (number, name) = if is_numbered {
            let (number, name) = entry.split_once(':').ok_or_else(|| format!("\"{entry}\" has no number and name"))?;
            let parsed = scalar(number).parse::<usize>();
            (parsed.map_err(|_| format!("\"{}\" is no number of a class", number.trim()))?, scalar(name))
        } else {
            (index, scalar(&entry))
        };
        if names.insert(number, name).is_some() {
            return Err(format!("class {number} is named twice"));
        }
    }
    match names.keys().enumerate().find(|&(index, &number)| index != number) {
        Some((index, _)) => Err(format!("class {index} has no name")),
        None => Ok(names.into_values().collect()),
    }
}

/// The entries of a list in brackets, which may be quoted.
fn split_flow(text: &str) -> Vec<String> {
    let (mut entries, mut entry, mut quote) = (Vec::new(), String::new(), None);
    let mut escaped = false;
    for character in text.chars() {
        match (character, quote) {
            (',', None) => {
                entries.push(std::mem::take(&mut entry));
                continue;
            }
            // Two single quotes inside single quotes stand for one: the second opens again what the first closed.
            ('"' | '\'', None) if entry.trim().is_empty() || entry.trim_end().ends_with([':', character]) => {
                quote = Some(character);
            }
            (_, Some(open)) if character == open && !escaped => quote = None,
            _ => {}
        }
        escaped = character == '\\' && !escaped && quote == Some('"');
        entry.push(character);
    }
    entries.push(entry);
    entries.retain(|entry| !entry.trim().is_empty());
    entries
}
