//! The engine for JavaScript: the same functions, names and results as the Rust crate and the command line.
//!
//! Users call what `js/index.js` exports (`filter.findLabelIssues({ labels, predProbs })`, …), which all go through
//! `invoke`; `run` reads a file and runs a [`Job`] on it. Both are synchronous: call them in a worker. Errors are thrown
//! as objects with `code` and `message`.

mod lent;
mod outcome;

use forge_core::call::call_with_arrays;
use forge_core::{CoreError, Host, Job, JobOutcome, Progress, TaskData};
use forge_data::read_csv;
use js_sys::{Array, Error, Function, Reflect};
use serde::Serialize;
use serde_json::{Map, Value};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsError, JsValue};

/// The version of the engine.
#[wasm_bindgen]
pub fn version() -> String {
    forge_core::VERSION.to_owned()
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
    let kwargs: Map<String, Value> =
        serde_wasm_bindgen::from_value(kwargs).map_err(|error| thrown("setting", &error))?;
    let lent = arrays.iter().map(lent::argument).collect::<Result<Vec<_>, CoreError>>();
    let result = lent.and_then(|arrays| call_with_arrays(name, &kwargs, &arrays));
    result.map(outcome::to_js).map_err(|error| core_error(&error))
}

/// Reads the bytes of a CSV, TSV or ARFF file and runs a job on it; returns the report.
///
/// `on_progress`, where given, is called with `(stage, done, total)`.
///
/// # Errors
/// An `Error` with `code` and a message that names file, line, column, value and rule.
#[wasm_bindgen]
pub fn run(job: JsValue, file_name: &str, bytes: Vec<u8>, on_progress: Option<Function>) -> Result<JsValue, JsValue> {
    let job: Job = serde_wasm_bindgen::from_value(job).map_err(|error| thrown("setting", &error))?;
    let options = job.csv_options().cloned().unwrap_or_default();
    let file = read_csv(file_name, bytes, &options).map_err(|error| thrown("data", &error))?;
    let data = TaskData::Table(&file);
    let outcome = match on_progress {
        Some(callback) => job.run_on(data, &Caller(callback)),
        None => job.run_on(data, &forge_core::Quiet),
    };
    match outcome.map_err(|error| core_error(&error))? {
        JobOutcome::Run(outcome) => plain(&outcome.report),
        JobOutcome::Sweep(report) => plain(&report),
        JobOutcome::Audit(outcome) => plain(&outcome.report),
        JobOutcome::Task(report) => plain(&report),
    }
}

/// A plain JavaScript value: objects, not maps.
fn plain(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&Serializer::json_compatible()).map_err(|error| thrown("internal", &error))
}

fn core_error(error: &CoreError) -> JsValue {
    thrown(error.code(), error)
}

fn thrown(code: &str, error: &dyn std::error::Error) -> JsValue {
    let thrown: Error = JsValue::from(JsError::new(&error.to_string())).unchecked_into();
    // Setting a property of an object that was just made cannot fail.
    let _ = Reflect::set(&thrown, &"code".into(), &code.into());
    thrown.into()
}

/// A host that passes progress on to JavaScript.
struct Caller(Function);

// SAFETY: the module is built without threads, so no second thread exists that could share the function.
#[expect(
    unsafe_code,
    reason = "a JavaScript function is not Sync, and wasm without threads has nothing to share it with"
)]
unsafe impl Sync for Caller {}

impl Host for Caller {
    fn progress(&self, progress: Progress<'_>) {
        // A callback that throws must not stop the work.
        let _ = self.0.call3(
            &JsValue::NULL,
            &progress.stage.into(),
            &(progress.done as f64).into(),
            &(progress.total as f64).into(),
        );
    }
}
