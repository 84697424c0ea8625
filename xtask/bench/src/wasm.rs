//! The items in Node: `run.mjs` reads and writes the files, everything else happens here.

use forge_learn::Quiet;
use js_sys::{Float64Array, Function, Int32Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::{Arrays, Shaped, Stopwatch, Values};

/// Bytes of a page of memory.
const PAGE: usize = 1 << 16;

/// The arrays of a data set, and what runs on them.
#[wasm_bindgen]
#[derive(Default)]
pub struct Bench {
    given: Arrays,
}

#[wasm_bindgen]
impl Bench {
    /// Without arrays.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an array of floats.
    pub fn floats(&mut self, name: &str, shape: Vec<usize>, values: &Float64Array) {
        self.given.insert(name, Shaped { shape, values: Values::Floats(values.to_vec()) });
    }

    /// Adds an array of integers.
    pub fn integers(&mut self, name: &str, shape: Vec<usize>, values: &Int32Array) {
        self.given.insert(name, Shaped { shape, values: Values::Integers(values.to_vec()) });
    }

    /// Runs the item once and returns the seconds of processor time its call took; uses the arrays up.
    ///
    /// `now` tells the processor time in seconds; `write` is called with name, shape and typed array of each result.
    ///
    /// # Errors
    /// What the item refuses.
    pub fn run(&mut self, item: &str, now: &Function, write: &Function) -> Result<f64, JsValue> {
        let clock = || now.call0(&JsValue::NULL).ok().and_then(|seconds| seconds.as_f64()).unwrap_or(f64::NAN);
        let mut stopwatch = Stopwatch::new(&clock);
        let results = crate::run(item, &mut self.given, &mut stopwatch, &Quiet)
            .map_err(|error| JsValue::from(JsError::new(&format!("{error:#}"))))?;
        for (name, array) in results.iter() {
            let shape: js_sys::Array = array.shape.iter().map(|&size| JsValue::from_f64(size as f64)).collect();
            let values: JsValue = match &array.values {
                Values::Floats(values) => Float64Array::from(values.as_slice()).into(),
                Values::Integers(values) => Int32Array::from(values.as_slice()).into(),
            };
            write.call3(&JsValue::NULL, &name.into(), &shape, &values)?;
        }
        Ok(stopwatch.seconds())
    }

    /// Bytes of linear memory, which never shrinks.
    #[wasm_bindgen(js_name = memoryBytes)]
    pub fn memory_bytes() -> f64 {
        (core::arch::wasm32::memory_size(0) * PAGE) as f64
    }
}
