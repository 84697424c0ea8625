//! Pascal VOC: one XML file per image. Source: M. Everingham et al., *The PASCAL Visual Object Classes Challenge*, IJCV 88(2),
//! 2010, and its development kit; the program `labelImg` writes the same.

use std::fmt::Write;

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::Event;

use super::boxes::{BoxAnnotations, BoxFile, BoxKind, ImageRef, LabelledBox, Warnings, mended, warn_of_empty};
use super::{MAX_CLASSES, stem};
use crate::DataError;
use crate::annotators::Names;
use crate::csv::PlainText;

/// An `object` of a file.
#[derive(Default)]
struct Object {
    name: String,
    edges: [Option<f64>; 4],
    kind: BoxKind,
}

/// What a file says.
#[derive(Default)]
struct Voc {
    file: String,
    width: u32,
    height: u32,
    objects: Vec<Object>,
}

/// Reads the XML files of a folder, one per image; each comes as its path and its bytes. Classes are sorted by name.
///
/// A file that is no such XML is left out with a warning, and so are objects without a name or a whole box. Parts of objects
/// are passed over. Boxes that cannot be are mended or left out with a warning.
///
/// # Errors
/// [`DataError::Malformed`] when no file can be read; it says what is wrong with the first.
pub fn read_voc(files: &[(String, Vec<u8>)]) -> Result<BoxFile, DataError> {
    let mut annotations = BoxAnnotations::default();
    let (mut warnings, mut names, mut first) = (Warnings::default(), Names::default(), None);
    for (path, bytes) in files {
        let read = PlainText::decode(path, bytes.clone(), super::MAX_BYTES).map_err(|error| error.to_string());
        let voc = match read.and_then(|text| parse(&text.text)) {
            Ok(voc) => voc,
            Err(reason) => {
                first.get_or_insert_with(|| (path.clone(), reason.clone()));
                warnings.push(format!("{path} is left out: {reason}"));
                continue;
            }
        };
        let file = if voc.file.is_empty() { stem(path).to_owned() } else { voc.file };
        let id = annotations.images.len() as u64 + 1;
        let image = ImageRef { id, file, width: voc.width, height: voc.height };
        let mut boxes = Vec::new();
        for (index, object) in voc.objects.into_iter().enumerate() {
            let name = format!("object {}", index + 1);
            let (false, [Some(x1), Some(y1), Some(x2), Some(y2)]) = (object.name.is_empty(), object.edges) else {
                warnings.push(format!("{path}: {name} has no name or no whole box and is left out"));
                continue;
            };
            let class = names.code(object.name);
            boxes.extend(mended(
                LabelledBox { class, x1, y1, x2, y2, kind: object.kind },
                &image,
                &name,
                &mut warnings,
            ));
        }
        annotations.images.push(image);
        annotations.boxes.push(boxes);
    }
    if annotations.images.is_empty() {
        let (file, reason) = first.unwrap_or_else(|| ("Pascal VOC".to_owned(), "there is no file".to_owned()));
        return Err(DataError::Malformed { file, format: "Pascal VOC", reason });
    }
    let names = names.names;
    if names.len() > MAX_CLASSES {
        let reason = format!("{} classes are more than 100,000", names.len());
        return Err(DataError::Malformed { file: "Pascal VOC".to_owned(), format: "Pascal VOC", reason });
    }
    sort_classes(&mut annotations, names);
    warn_of_empty(&annotations, &mut warnings);
    Ok(BoxFile { annotations, warnings: warnings.finish() })
}

/// Names the classes in order of the alphabet and gives the boxes their new numbers.
pub(super) fn sort_classes(annotations: &mut BoxAnnotations, names: Vec<String>) {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|&a, &b| names[a].cmp(&names[b]));
    let mut new_codes = vec![0; names.len()];
    for (new, &old) in order.iter().enumerate() {
        new_codes[old] = new as u32;
    }
    for labelled in annotations.boxes.iter_mut().flatten() {
        labelled.class = new_codes[labelled.class as usize];
    }
    annotations.classes = order.into_iter().map(|old| names[old].clone()).collect();
    annotations.class_ids = (1..=names.len() as u64).collect();
}

/// The error says what is wrong.
fn parse(text: &str) -> Result<Voc, String> {
    let mut reader = Reader::from_str(text);
    let mut voc = Voc::default();
    let (mut path, mut value): (Vec<String>, String) = (Vec::new(), String::new());
    let mut is_voc = false;
    loop {
        let event = reader.read_event().map_err(|error| format!("byte {}: {error}", reader.error_position()))?;
        match event {
            Event::Start(start) => {
                path.push(start.name().as_ref().to_owned());
                value.clear();
                is_voc = is_voc || path == ["annotation"];
                if path == ["annotation", "object"] {
                    voc.objects.push(Object::default());
                }
            }
            Event::Text(text) => value.push_str(&text),
            Event::CData(text) => value.push_str(&text),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(character)) => value.push(character),
                Ok(None) => {
                    value.push_str(entity(&reference).ok_or_else(|| format!("unknown entity &{};", &*reference))?);
                }
                Err(error) => return Err(error.to_string()),
            },
            Event::End(_) => {
                keep(&mut voc, &path, value.trim());
                value.clear();
                path.pop();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if !path.is_empty() {
        return Err(format!("<{}> is never closed", path.join("><")));
    }
    if is_voc { Ok(voc) } else { Err("it has no element <annotation>".to_owned()) }
}

fn entity(name: &str) -> Option<&'static str> {
    match name {
        "lt" => Some("<"),
        "gt" => Some(">"),
        "amp" => Some("&"),
        "apos" => Some("'"),
        "quot" => Some("\""),
        _ => None,
    }
}

/// Keeps what the element at `path` says.
fn keep(voc: &mut Voc, path: &[String], value: &str) {
    let Some((root, path)) = path.split_first() else { return };
    if root != "annotation" {
        return;
    }
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let whole = || value.parse::<f64>().ok().filter(|value| (0.0..4e9).contains(value)).map_or(0, |value| value as u32);
    match (&path[..], voc.objects.last_mut()) {
        (["filename"], _) => value.clone_into(&mut voc.file),
        (["size", "width"], _) => voc.width = whole(),
        (["size", "height"], _) => voc.height = whole(),
        (["object", "name"], Some(object)) => value.clone_into(&mut object.name),
        (["object", "difficult"], Some(object)) if value == "1" => object.kind = BoxKind::Difficult,
        (["object", "bndbox", edge], Some(object)) => {
            if let Some(at) = EDGES.iter().position(|name| name == edge) {
                object.edges[at] = value.parse().ok();
            }
        }
        _ => {}
    }
}

const EDGES: [&str; 4] = ["xmin", "ymin", "xmax", "ymax"];

/// Writes one XML file per image: its name, which is the image's with the ending `xml`, and its bytes.
pub fn write_voc(annotations: &BoxAnnotations) -> Vec<(String, Vec<u8>)> {
    let files = annotations.images.iter().zip(&annotations.boxes);
    files
        .map(|(image, boxes)| (format!("{}.xml", stem(&image.file)), one(image, boxes, &annotations.classes)))
        .collect()
}

fn one(image: &ImageRef, boxes: &[LabelledBox], classes: &[String]) -> Vec<u8> {
    let mut xml = String::from("<annotation>\n");
    // Writing to a string cannot fail.
    let _written = write!(
        xml,
        "\t<filename>{}</filename>\n\t<size>\n\t\t<width>{}</width>\n\t\t<height>{}</height>\n\t\t<depth>3</depth>\n\t</size>\n",
        escape(&image.file),
        image.width,
        image.height
    );
    for labelled in boxes {
        let name = classes.get(labelled.class as usize).map_or("", String::as_str);
        let difficult = u8::from(labelled.kind == BoxKind::Difficult);
        let _written = write!(
            xml,
            "\t<object>\n\t\t<name>{}</name>\n\t\t<pose>Unspecified</pose>\n\t\t<truncated>0</truncated>\n\
             \t\t<difficult>{difficult}</difficult>\n\t\t<bndbox>\n",
            escape(name)
        );
        for (edge, value) in EDGES.iter().zip([labelled.x1, labelled.y1, labelled.x2, labelled.y2]) {
            let _written = writeln!(xml, "\t\t\t<{edge}>{value}</{edge}>");
        }
        xml.push_str("\t\t</bndbox>\n\t</object>\n");
    }
    xml.push_str("</annotation>\n");
    xml.into_bytes()
}
