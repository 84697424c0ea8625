//! Typed arrays of JavaScript as arguments. They stay where they are; the engine copies the rows it asks for.
//!
//! Measured in Node on probabilities of 200,000 × 10, scored by self-confidence, in milliseconds of one processor: 4 this way,
//! 302 with nested lists through `serde-wasm-bindgen` (2,760 in the first call), and 536 for writing and parsing JSON text
//! alone. So nested lists of numbers become typed arrays in JavaScript (`js/calling.js`), and serde reads settings only.

use std::ops::Range;
use std::rc::Rc;

use forge_core::CoreError;
use forge_core::call::{ArraySource, Elements};
use js_sys::{Array, Float32Array, Float64Array, Int32Array};
use wasm_bindgen::{JsCast, JsValue};

enum Values {
    F64(Float64Array),
    F32(Float32Array),
    I32(Int32Array),
}

struct TypedArray {
    values: Values,
    shape: Vec<usize>,
    elements: Elements,
}

impl ArraySource for TypedArray {
    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn elements(&self) -> Elements {
        self.elements
    }

    fn read(&self, rows: Range<usize>) -> Result<Vec<f64>, CoreError> {
        let size: usize = self.shape.iter().skip(1).product();
        let (start, end) = ((rows.start * size) as u32, (rows.end * size) as u32);
        Ok(match &self.values {
            Values::F64(values) => values.subarray(start, end).to_vec(),
            Values::F32(values) => values.subarray(start, end).to_vec().into_iter().map(f64::from).collect(),
            Values::I32(values) => values.subarray(start, end).to_vec().into_iter().map(f64::from).collect(),
        })
    }
}

/// Reads `[name, values, shape, elements]`.
pub(crate) fn argument(argument: JsValue) -> Result<(String, Rc<dyn ArraySource>), CoreError> {
    let [name, values, shape, elements] = {
        let parts: Array = argument.dyn_into().map_err(|_| malformed("arrays", "a list of four"))?;
        [0, 1, 2, 3].map(|i| parts.get(i))
    };
    let name = name.as_string().ok_or_else(|| malformed("arrays", "a name first"))?;
    let (values, length) = if let Some(values) = values.dyn_ref::<Float64Array>() {
        (Values::F64(values.clone()), values.length())
    } else if let Some(values) = values.dyn_ref::<Float32Array>() {
        (Values::F32(values.clone()), values.length())
    } else if let Some(values) = values.dyn_ref::<Int32Array>() {
        (Values::I32(values.clone()), values.length())
    } else {
        return Err(malformed(&name, "a Float64Array, a Float32Array or an Int32Array"));
    };
    let whole = |length: JsValue| length.as_f64().filter(|n| n.fract() == 0.0 && *n >= 0.0).map(|n| n as usize);
    let shape: Option<Vec<usize>> = shape.dyn_into::<Array>().ok().and_then(|shape| shape.iter().map(whole).collect());
    let shape = shape.filter(|shape| !shape.is_empty()).ok_or_else(|| malformed(&name, "a shape of whole numbers"))?;
    if shape.iter().try_fold(1, |product: usize, &n| product.checked_mul(n)) != Some(length as usize) {
        return Err(malformed(&name, &format!("as many values as its shape {shape:?} tells, there are {length}")));
    }
    let elements = match elements.as_string().as_deref() {
        Some("booleans") => Elements::Booleans,
        Some("whole") => Elements::Whole,
        _ => Elements::Real,
    };
    Ok((name, Rc::new(TypedArray { values, shape, elements })))
}

fn malformed(name: &str, expected: &str) -> CoreError {
    CoreError::Setting {
        setting: name.to_owned(),
        value: "not an array that can be read".to_owned(),
        expected: expected.to_owned(),
    }
}
