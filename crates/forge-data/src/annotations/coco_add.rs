//! Adds annotations to a COCO file and leaves every other byte as it is.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::boxes::{LabelledBox, extent};
use super::coco::{malformed, placed};
use crate::csv::PlainText;
use crate::{BoxKind, DataError};

#[derive(Deserialize)]
struct List<'a> {
    #[serde(borrow)]
    annotations: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Numbered {
    #[serde(default)]
    id: Option<u64>,
}

#[derive(Deserialize)]
struct Numbers {
    #[serde(default)]
    annotations: Vec<Numbered>,
}

/// The COCO file with boxes added at the end of its annotations, each with the index of its image; images and classes are
/// counted as [`read_coco`](super::read_coco) gives them. New annotations take the numbers after the highest. A gzip file
/// comes back decompressed.
///
/// # Errors
/// Those of [`read_coco`](super::read_coco), and [`DataError::NotWritable`] for an image or class that there is not, edges
/// that are no box, and a file without a list of annotations.
pub fn add_to_coco(file: &str, bytes: Vec<u8>, boxes: &[(usize, LabelledBox)]) -> Result<Vec<u8>, DataError> {
    let mut plain = PlainText::decode(file, bytes, super::MAX_BYTES)?;
    let text = std::mem::take(&mut plain.text);
    if boxes.is_empty() {
        return Ok(plain.bytes_of(text));
    }
    let refused = |reason: String| DataError::NotWritable { format: "COCO JSON", reason };
    let failed = |error: serde_json::Error| malformed(file, error.to_string());
    let annotations = placed(file, &text)?.0.annotations;
    let list: List<'_> = serde_json::from_str(&text).map_err(failed)?;
    let list = list.annotations.ok_or_else(|| refused("the file has no list of annotations".to_owned()))?;
    let numbers: Numbers = serde_json::from_str(&text).map_err(failed)?;
    let highest = numbers.annotations.iter().filter_map(|annotation| annotation.id).max().unwrap_or(0);

    let mut added = Vec::with_capacity(boxes.len());
    for (&(image, labelled), number) in boxes.iter().zip(1..) {
        let LabelledBox { class, x1, y1, x2, y2, kind } = labelled;
        let image = annotations.images.get(image).ok_or_else(|| refused(format!("there is no image {image}")))?.id;
        let class_id = annotations.class_ids.get(class as usize).copied();
        let class = class_id.ok_or_else(|| refused(format!("there is no class {class}")))?;
        if ![x1, y1, x2, y2].iter().all(|edge| edge.is_finite()) || x1 >= x2 || y1 >= y2 {
            return Err(refused(format!("({x1}, {y1}) – ({x2}, {y2}) is no box")));
        }
        let (width, height) = (extent(x1, x2), extent(y1, y2));
        added.push(format!(
            "{{\"id\": {}, \"image_id\": {image}, \"category_id\": {class}, \"bbox\": [{x1}, {y1}, {width}, {height}], \
             \"area\": {}, \"iscrowd\": {}}}",
            highest.saturating_add(number),
            width * height,
            u8::from(kind == BoxKind::Crowd)
        ));
    }
    // The list ends with its bracket; before it may stand blanks, which stay after the new elements.
    let start = list.get().as_ptr() as usize - text.as_ptr() as usize;
    let inside = list.get().trim_end_matches(']').trim_end();
    let at = start + inside.len();
    let comma = if numbers.annotations.is_empty() { "" } else { ",\n" };
    Ok(plain.bytes_of(format!("{}{comma}{}{}", &text[..at], added.join(",\n"), &text[at..])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotations::read_coco;

    const TEXT: &str = r#"{"images": [{"id": 7, "file_name": "a.jpg"}, {"id": 9, "file_name": "b.jpg"}],
  "annotations": [
    {"id": 4, "image_id": 7, "category_id": 3, "bbox": [1, 2, 3, 4], "segmentation": [[1]]}
  ],
  "categories": [{"id": 3, "name": "cat"}, {"id": 5, "name": "dog"}], "info": {"x": [ ]}}"#;

    fn labelled(class: u32, x1: f64) -> LabelledBox {
        LabelledBox { class, x1, y1: 1.5, x2: 9.0, y2: 4.0, kind: BoxKind::Object }
    }

    #[test]
    fn added_boxes_stand_at_the_end_and_all_else_stays() {
        let text = add_to_coco("c.json", TEXT.into(), &[(1, labelled(1, 2.25)), (0, labelled(0, 3.0))]).unwrap();
        let written = String::from_utf8(text.clone()).unwrap();
        let new = ",\n{\"id\": 5, \"image_id\": 9, \"category_id\": 5, \"bbox\": [2.25, 1.5, 6.75, 2.5], \"area\": 16.875, \
                   \"iscrowd\": 0},\n{\"id\": 6, \"image_id\": 7, \"category_id\": 3, \"bbox\": [3, 1.5, 6, 2.5], \"area\": 15, \
                   \"iscrowd\": 0}";
        assert_eq!(written.replace(new, ""), TEXT);
        let read = read_coco("c.json", text).unwrap().annotations;
        assert_eq!((read.boxes[0].len(), read.boxes[1][0]), (2, labelled(1, 2.25)));
    }

    #[test]
    fn a_list_without_annotations_gets_its_first() {
        let empty = TEXT.replace(&TEXT[TEXT.find("{\"id\": 4").unwrap()..TEXT.find("\n  ],").unwrap()], "");
        let text = add_to_coco("c.json", empty.into_bytes(), &[(0, labelled(0, 1.0))]).unwrap();
        assert_eq!(read_coco("c.json", text).unwrap().annotations.boxes[0], [labelled(0, 1.0)]);
    }

    #[test]
    fn what_there_is_not_is_refused() {
        let said = |image, labelled| add_to_coco("c.json", TEXT.into(), &[(image, labelled)]).unwrap_err().to_string();
        assert!(said(2, labelled(0, 1.0)).contains("there is no image 2"));
        assert!(said(0, labelled(2, 1.0)).contains("there is no class 2"));
        assert!(said(0, labelled(0, 9.0)).contains("(9, 1.5) – (9, 4) is no box"));
        let none = br#"{"images": [{"id": 7, "file_name": "a.jpg"}], "categories": [{"id": 3, "name": "cat"}]}"#;
        let error = add_to_coco("c.json", none.to_vec(), &[(0, labelled(0, 1.0))]).unwrap_err();
        assert!(error.to_string().contains("no list of annotations"));
    }
}
