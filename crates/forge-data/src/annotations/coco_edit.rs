//! Changes single annotations of a COCO file and leaves every other byte as it is: masks, keypoints, licences, order, blanks.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::boxes::{BoxAnnotations, extent};
use super::coco::{malformed, placed};
use crate::DataError;
use crate::csv::PlainText;

/// What becomes of a box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BoxChange {
    /// It is left out.
    Drop,
    /// It gets the class of that index in [`BoxAnnotations::classes`].
    Class(u32),
    /// It gets new edges in pixels: left, upper, right, lower. A mask that the annotation has stays as it is.
    Edges([f64; 4]),
}

/// A change of a box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoxEdit {
    /// Index of the image in [`BoxAnnotations::images`].
    pub image: usize,
    /// Index of the box among those of the image.
    pub index: usize,
    /// What becomes of it.
    pub change: BoxChange,
}

#[derive(Deserialize)]
struct Elements<'a> {
    #[serde(borrow, default)]
    annotations: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow)]
    category_id: &'a RawValue,
    #[serde(borrow)]
    bbox: &'a RawValue,
}

/// The COCO file with some boxes changed, byte for byte the same otherwise; images and boxes are counted as
/// [`read_coco`](super::read_coco) gives them. A gzip file comes back decompressed.
///
/// A box may be changed more than once, in class and edges; of two changes of one kind the last counts, and a box that is
/// dropped is gone whatever else is asked. Annotations that were left out on reading stay in the file.
///
/// # Errors
/// Those of [`read_coco`](super::read_coco), and [`DataError::NotWritable`] for a box or class that there is not, and edges
/// that are no box.
pub fn edit_coco(file: &str, bytes: Vec<u8>, edits: &[BoxEdit]) -> Result<Vec<u8>, DataError> {
    let mut plain = PlainText::decode(file, bytes, super::MAX_BYTES)?;
    let text = std::mem::take(&mut plain.text);
    let (read, places) = placed(file, &text)?;
    let wanted = by_annotation(&read.annotations, &places, edits)?;
    let failed = |error: serde_json::Error| malformed(file, error.to_string());
    let elements: Elements<'_> = serde_json::from_str(&text).map_err(failed)?;
    let start = |raw: &RawValue| raw.get().as_ptr() as usize - text.as_ptr() as usize;

    let mut written = String::with_capacity(text.len());
    // How far the text is written, where the last element ends, and whether one has been kept yet.
    let (mut at, mut end, mut kept) = (0, 0, false);
    for (element, change) in elements.annotations.iter().zip(&wanted) {
        let from = start(element);
        if end == 0 {
            written.push_str(&text[..from]);
            at = from;
        }
        let before = end;
        end = from + element.get().len();
        if change.drop {
            continue;
        }
        if kept {
            // Between two elements stand a comma and blanks.
            written.push_str(&text[before..from]);
        }
        (kept, at) = (true, from);
        if change.class.is_some() || change.edges.is_some() {
            let fields: Fields<'_> = serde_json::from_str(element.get()).map_err(failed)?;
            let class = change.class.map(|id| (fields.category_id, id.to_string()));
            let edges = change
                .edges
                .map(|[x1, y1, x2, y2]| (fields.bbox, format!("[{x1}, {y1}, {}, {}]", extent(x1, x2), extent(y1, y2))));
            let mut values: Vec<(&RawValue, String)> = class.into_iter().chain(edges).collect();
            values.sort_by_key(|(raw, _)| start(raw));
            for (raw, value) in values {
                written.push_str(&text[at..start(raw)]);
                written.push_str(&value);
                at = start(raw) + raw.get().len();
            }
        }
        written.push_str(&text[at..end]);
        at = end;
    }
    written.push_str(&text[at.max(end)..]);
    Ok(plain.bytes_of(written))
}

/// What becomes of an annotation.
#[derive(Clone, Copy, Default)]
struct Wanted {
    drop: bool,
    /// The number of the category.
    class: Option<u64>,
    edges: Option<[f64; 4]>,
}

fn by_annotation(
    annotations: &BoxAnnotations,
    places: &[Option<(usize, usize)>],
    edits: &[BoxEdit],
) -> Result<Vec<Wanted>, DataError> {
    let refused = |reason: String| DataError::NotWritable { format: "COCO JSON", reason };
    let mut of_box: Vec<Vec<Wanted>> =
        annotations.boxes.iter().map(|boxes| vec![Wanted::default(); boxes.len()]).collect();
    for edit in edits {
        let slot = of_box.get_mut(edit.image).and_then(|boxes| boxes.get_mut(edit.index));
        let slot = slot.ok_or_else(|| refused(format!("image {} has no box {}", edit.image, edit.index)))?;
        match edit.change {
            BoxChange::Drop => slot.drop = true,
            BoxChange::Class(class) => {
                let id = annotations.class_ids.get(class as usize).copied();
                slot.class = Some(id.ok_or_else(|| refused(format!("there is no class {class}")))?);
            }
            BoxChange::Edges(edges) => {
                let [x1, y1, x2, y2] = edges;
                if !edges.iter().all(|edge| edge.is_finite()) || x1 >= x2 || y1 >= y2 {
                    return Err(refused(format!("({x1}, {y1}) – ({x2}, {y2}) is no box")));
                }
                slot.edges = Some(edges);
            }
        }
    }
    Ok(places.iter().map(|place| place.map_or_else(Wanted::default, |(image, index)| of_box[image][index])).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::annotations::read_coco;

    const TEXT: &str = r#"{ "licenses": [],
  "annotations": [
    {"segmentation": [[1, 2]], "bbox": [1, 2, 3, 4], "image_id": 7, "category_id": 3},
    {"image_id": 8, "category_id": 3, "bbox": [1, 1, 2, 2]},
    {"image_id": 7, "category_id": 5,"bbox":[5,6,7,8.50], "id": 12}
  ],
  "categories": [{"id": 3, "name": "é"}, {"id": 5, "name": "b"}],
  "images": [{"id": 7, "file_name": "a.jpg", "extra": {"x": [ ]}}] }"#;

    fn edited(edits: &[(usize, BoxChange)]) -> String {
        let edits: Vec<BoxEdit> = edits.iter().map(|&(index, change)| BoxEdit { image: 0, index, change }).collect();
        String::from_utf8(edit_coco("c.json", TEXT.into(), &edits).unwrap()).unwrap()
    }

    #[test]
    fn single_values_change_and_nothing_else() {
        assert_eq!(edited(&[]), TEXT);
        let changed =
            edited(&[(0, BoxChange::Class(1)), (1, BoxChange::Edges([5.5, 6.0, 8.0, 9.0])), (1, BoxChange::Class(0))]);
        let expected = TEXT
            .replace("\"image_id\": 7, \"category_id\": 3}", "\"image_id\": 7, \"category_id\": 5}")
            .replace("\"category_id\": 5,\"bbox\":[5,6,7,8.50]", "\"category_id\": 3,\"bbox\":[5.5, 6, 2.5, 3]");
        assert_eq!(changed, expected);
    }

    #[test]
    fn dropped_boxes_take_their_comma_with_them() {
        let lines: Vec<&str> = TEXT.split_inclusive('\n').collect();
        let without_first = [&lines[..2], &lines[3..]].concat().concat();
        assert_eq!(edited(&[(0, BoxChange::Drop), (0, BoxChange::Class(1))]), without_first);
        let without_last =
            TEXT.replace(",\n    {\"image_id\": 7, \"category_id\": 5,\"bbox\":[5,6,7,8.50], \"id\": 12}", "");
        assert_eq!(edited(&[(1, BoxChange::Drop)]), without_last);
        let only = TEXT.replace("    {\"image_id\": 8, \"category_id\": 3, \"bbox\": [1, 1, 2, 2]},\n", "");
        let edits = [0, 1].map(|index| BoxEdit { image: 0, index, change: BoxChange::Drop });
        let empty = String::from_utf8(edit_coco("c.json", only.into_bytes(), &edits).unwrap()).unwrap();
        assert!(empty.contains("\"annotations\": [\n    \n  ],\n  \"categories\""), "{empty}");
    }

    #[test]
    fn boxes_and_classes_that_there_are_not_are_refused() {
        let said = |index: usize, change: BoxChange| {
            edit_coco("c.json", TEXT.into(), &[BoxEdit { image: 0, index, change }]).unwrap_err().to_string()
        };
        assert_eq!(said(2, BoxChange::Drop), "cannot be written as COCO JSON: image 0 has no box 2");
        assert!(said(0, BoxChange::Class(2)).contains("there is no class 2"));
        assert!(said(0, BoxChange::Edges([1.0, 1.0, 1.0, 2.0])).contains("(1, 1) – (1, 2) is no box"));
    }

    proptest! {
        #[test]
        fn an_edited_file_holds_what_was_asked(n in 1usize..7, drops in any::<u8>(), classes in any::<u8>(), space in "[ \n]{0,2}") {
            let element = |i: usize| format!("{{\"image_id\":{space}{},\"bbox\":[{i},1,2,2],\"category_id\":1}}", i % 2);
            let elements: Vec<String> = (0..n).map(element).collect();
            let text = format!(
                "{{\"annotations\":[{space}{}{space}],\"images\":[{{\"id\":0,\"file_name\":\"a\"}},{{\"id\":1,\"file_name\":\"b\"}}],\
                 \"categories\":[{{\"id\":1,\"name\":\"x\"}},{{\"id\":9,\"name\":\"y\"}}]}}",
                elements.join(&format!("{space},{space}"))
            );
            let before = read_coco("c.json", text.clone().into_bytes()).unwrap().annotations;
            let mut expected = before.clone();
            let mut edits = Vec::new();
            for i in (0..n).rev() {
                let (image, index) = (i % 2, i / 2);
                if classes >> i & 1 == 1 {
                    edits.push(BoxEdit { image, index, change: BoxChange::Class(1) });
                    expected.boxes[image][index].class = 1;
                }
                if drops >> i & 1 == 1 {
                    edits.push(BoxEdit { image, index, change: BoxChange::Drop });
                    expected.boxes[image].remove(index);
                }
            }
            let after = read_coco("c.json", edit_coco("c.json", text.into_bytes(), &edits).unwrap()).unwrap();
            prop_assert_eq!(after.annotations, expected);
        }
    }
}
