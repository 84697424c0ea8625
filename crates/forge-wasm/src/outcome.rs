//! Results for JavaScript: innermost lists as typed arrays, everything else as plain objects and arrays.

use forge_core::call::CallResult;
use js_sys::{Array, Float64Array, Int32Array, Object, Reflect, Uint8Array};
use serde_json::Value;
use wasm_bindgen::JsValue;

/// A list of numbers becomes an `Int32Array` where all are whole and fit, else a `Float64Array` with NaN for null; a list
/// of flags becomes a `Uint8Array`; an empty list counts as one of numbers.
pub(crate) fn to_js(result: CallResult) -> JsValue {
    match result {
        CallResult::Json(value) => json(&value),
        CallResult::Numbers(values) => Float64Array::from(&values[..]).into(),
        CallResult::Mask(values) => flags(values.into_iter()),
        CallResult::Rows(values) => match values.iter().map(|&row| i32::try_from(row)).collect::<Result<Vec<_>, _>>() {
            Ok(rows) => Int32Array::from(&rows[..]).into(),
            Err(_) => Float64Array::from(&values.into_iter().map(f64::from).collect::<Vec<_>>()[..]).into(),
        },
    }
}

fn flags(values: impl Iterator<Item = bool>) -> JsValue {
    Uint8Array::from(&values.map(u8::from).collect::<Vec<_>>()[..]).into()
}

fn json(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Bool(value) => JsValue::from_bool(*value),
        Value::Number(value) => JsValue::from_f64(value.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => JsValue::from_str(text),
        Value::Array(items) => list(items),
        Value::Object(entries) => {
            let object = Object::new();
            for (key, value) in entries {
                // Setting a property of an object that was just made cannot fail.
                let _ = Reflect::set(&object, &JsValue::from_str(key), &json(value));
            }
            object.into()
        }
    }
}

fn list(items: &[Value]) -> JsValue {
    if !items.is_empty() {
        if let Some(values) = items.iter().map(Value::as_bool).collect::<Option<Vec<bool>>>() {
            return flags(values.into_iter());
        }
        let whole = |item: &Value| item.as_i64().and_then(|value| i32::try_from(value).ok());
        if let Some(values) = items.iter().map(whole).collect::<Option<Vec<i32>>>() {
            return Int32Array::from(&values[..]).into();
        }
    }
    let number = |item: &Value| if item.is_null() { Some(f64::NAN) } else { item.as_f64() };
    if let Some(values) = items.iter().map(number).collect::<Option<Vec<f64>>>() {
        return Float64Array::from(&values[..]).into();
    }
    items.iter().map(json).collect::<Array>().into()
}
