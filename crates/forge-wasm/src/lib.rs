//! The engine for JavaScript: the same functions, names and results as the Rust crate and the command line.
//!
//! Users call what the files in `js/` export; those turn a call into one of the functions here. [`invoke`] runs an algorithm
//! by its name; [`Data`] is a file that was read, on which [`run_job`], [`audit_with`], [`profile`] and the recipes work;
//! [`Model`] is a fitted model. All are synchronous. Errors are thrown as objects with `code` and `message`; a panic leaves
//! its message in [`last_panic`].

mod data;
mod failure;
mod findings;
mod host;
mod jobs;
mod lent;
mod model;
mod outcome;
mod recipes;
mod turn;

use forge_core::CoreError;
use forge_core::call::call_with_arrays;
use js_sys::Array;
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

pub use data::Data;
pub use failure::last_panic;
pub use jobs::{audit_page, audit_with, profile, report_page, run_job, settings_of};
pub use model::{Model, cross_val_predict};
pub use recipes::{apply_recipe, make_recipe};
pub use turn::{call_turn, job_turn};

/// The version of the engine.
#[wasm_bindgen]
pub fn version() -> String {
    forge_core::VERSION.to_owned()
}

/// What this build can do beyond the algorithms, as names.
#[wasm_bindgen]
pub fn features() -> Vec<String> {
    let formats = ["csv", "tsv", "arff", "json", "jsonl", "npy", "npz", "conllu", "conll", "gzip", "zip", "tar"];
    let simd = cfg!(target_feature = "simd128").then_some("simd");
    formats.into_iter().chain(simd).map(str::to_owned).collect()
}

/// What happens once when the module is loaded.
#[wasm_bindgen(start)]
fn start() {
    failure::keep_panics();
}

/// Runs one algorithm by its cleanlab name.
///
/// `kwargs` is a plain object of named arguments. `arrays` holds the other arguments as `[name, values, shape, elements]`:
/// a `Float64Array`, `Float32Array` or `Int32Array` in row-major order, the lengths of its dimensions, and "booleans",
/// "whole" or "real". Lists of numbers come back as `Float64Array` or `Int32Array`, lists of flags as `Uint8Array`.
///
/// # Errors
/// An `Error` with `code` and a message that names the argument, the place, the value and the rule.
#[wasm_bindgen]
pub fn invoke(name: &str, kwargs: JsValue, arrays: Array) -> Result<JsValue, JsValue> {
    let kwargs: Map<String, Value> = failure::read(kwargs)?;
    let lent = arrays.iter().map(lent::argument).collect::<Result<Vec<_>, CoreError>>();
    let result = lent.and_then(|arrays| call_with_arrays(name, &kwargs, &arrays));
    result.map(outcome::to_js).map_err(|error| failure::of_core(&error))
}
