//! What is known of a picture as plain JavaScript values.

use forge_core::images::PictureFacts;
use forge_data::{LogitGrid, ScoredBox};
use js_sys::{Error, Float32Array, Float64Array, Object, Reflect, Uint32Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsError, JsValue};

/// An object with these properties.
pub(crate) fn object(properties: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    properties.iter().for_each(|(name, value)| set(&object, name, value));
    object
}

/// Sets a property of an object that was just made, which cannot fail.
pub(crate) fn set(object: &Object, name: &str, value: impl Into<JsValue>) {
    let _ = Reflect::set(object, &name.into(), &value.into());
}

/// `boxes`, five numbers each, and `classes`.
pub(crate) fn set_boxes(object: &Object, boxes: &[ScoredBox]) {
    let numbers: Vec<f64> = boxes
        .iter()
        .flat_map(|ScoredBox { labelled, score }| [labelled.x1, labelled.y1, labelled.x2, labelled.y2, *score])
        .collect();
    let classes: Vec<u32> = boxes.iter().map(|found| found.labelled.class).collect();
    set(object, "boxes", Float64Array::from(&numbers[..]));
    set(object, "classes", Uint32Array::from(&classes[..]));
}

/// `embedding`.
pub(crate) fn set_embedding(object: &Object, embedding: &[f32]) {
    set(object, "embedding", Float32Array::from(embedding));
}

/// `grid`.
pub(crate) fn set_grid(result: &Object, grid: &LogitGrid) {
    let values = Float32Array::from(grid.values());
    let grid = object(&[("rows", grid.rows().into()), ("cols", grid.cols().into()), ("values", values.into())]);
    set(result, "grid", grid);
}

/// `facts`.
pub(crate) fn set_facts(object: &Object, facts: &PictureFacts) -> Result<(), JsValue> {
    let facts = facts.serialize(&Serializer::json_compatible());
    set(object, "facts", facts.map_err(|error| thrown("internal", &error.to_string()))?);
    Ok(())
}

/// An `Error` with a `code`.
pub(crate) fn thrown(code: &str, message: &str) -> JsValue {
    let thrown: Error = JsValue::from(JsError::new(message)).unchecked_into();
    set(&thrown, "code", code);
    thrown.into()
}
