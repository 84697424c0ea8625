//! What the models saw in each picture, as the vision engine hands it over in JavaScript.

use forge_core::PicturePrediction;
use forge_core::images::PictureFacts;
use forge_data::{BoxKind, LabelledBox, LogitGrid, ScoredBox};
use js_sys::{Array, Float32Array, Float64Array, Reflect, Uint32Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::protocol::Failure;

/// Numbers per box: four edges and a score.
const NUMBERS: usize = 5;

/// What models see in the pictures of a set.
#[derive(Default)]
pub(super) struct Seen {
    /// One per picture; none for those that no model has seen.
    pub(super) predictions: Vec<Option<PicturePrediction>>,
    /// Names of the classes of predicted boxes.
    pub(super) classes: Vec<String>,
}

impl Seen {
    /// From the parts of a request behind the files.
    ///
    /// # Errors
    /// A failure where they are not what the vision engine gives.
    pub(super) fn of(parts: &[JsValue]) -> Result<Self, Failure> {
        let [predictions, classes, ..] = parts else { return Ok(Self::default()) };
        let (Some(predictions), Some(classes)) = (predictions.dyn_ref::<Array>(), classes.dyn_ref::<Array>()) else {
            return Err(unusable("no lists"));
        };
        Ok(Self {
            predictions: predictions.iter().map(|one| prediction(&one)).collect::<Result<_, _>>()?,
            classes: classes.iter().filter_map(|name| name.as_string()).collect(),
        })
    }
}

fn prediction(given: &JsValue) -> Result<Option<PicturePrediction>, Failure> {
    if !given.is_object() {
        return Ok(None);
    }
    let text = |name: &str| field(given, name).and_then(|value| value.as_string());
    let person = field(given, "grid").map(|grid| logits(&grid)).transpose()?;
    let dhash = text("dhash").map(|hash| u64::from_str_radix(&hash, 16)).transpose();
    Ok(Some(PicturePrediction {
        boxes: boxes(given)?,
        person,
        embedding: field(given, "embedding")
            .and_then(|value| value.dyn_into().ok())
            .map(|all: Float32Array| all.to_vec()),
        dhash: dhash.map_err(|_| unusable("a hash that is none"))?,
        facts: field(given, "facts").map(|facts| self::facts(&facts)).transpose()?,
        trouble: text("trouble"),
    }))
}

/// A field that is there and neither undefined nor null.
fn field(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &JsValue::from_str(name)).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

fn boxes(given: &JsValue) -> Result<Vec<ScoredBox>, Failure> {
    let (Some(boxes), Some(classes)) = (field(given, "boxes"), field(given, "classes")) else { return Ok(Vec::new()) };
    let boxes: Float64Array = boxes.dyn_into().map_err(|_| unusable("boxes that are no numbers"))?;
    let classes: Uint32Array = classes.dyn_into().map_err(|_| unusable("classes that are no numbers"))?;
    let numbers = boxes.to_vec();
    let (all, rest) = numbers.as_chunks::<NUMBERS>();
    if !rest.is_empty() || all.len() != classes.length() as usize {
        return Err(unusable("another number of boxes than classes"));
    }
    let scored = |(&[x1, y1, x2, y2, score], class): (&[f64; NUMBERS], u32)| ScoredBox {
        labelled: LabelledBox { class, x1, y1, x2, y2, kind: BoxKind::Object },
        score,
    };
    Ok(all.iter().zip(classes.to_vec()).map(scored).collect())
}

fn logits(grid: &JsValue) -> Result<LogitGrid, Failure> {
    let side = |name: &str| field(grid, name).and_then(|value| value.as_f64()).map(|value| value as usize);
    let values = field(grid, "values").and_then(|values| values.dyn_into::<Float32Array>().ok());
    let (Some(rows), Some(cols), Some(values)) = (side("rows"), side("cols"), values) else {
        return Err(unusable("a grid without its numbers"));
    };
    LogitGrid::new(rows, cols, values.to_vec()).map_err(|error| unusable(&error.to_string()))
}

fn facts(given: &JsValue) -> Result<PictureFacts, Failure> {
    serde_wasm_bindgen::from_value(given.clone()).map_err(|error| unusable(&error.to_string()))
}

fn unusable(detail: &str) -> Failure {
    Failure {
        code: "predictions".to_owned(),
        message: format!("The vision engine gave what the page cannot use ({detail})."),
        hint: Some("Reload the page: it may have been updated while it was open.".to_owned()),
    }
}
