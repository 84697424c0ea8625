//! The engine for JavaScript: the same functions, names and results as the Rust crate and the command line.
//!
//! `call` runs one algorithm by its cleanlab name; `run` reads a file and runs a [`Job`] on it. Both are synchronous:
//! call them in a worker. Errors are thrown as objects with `code` and `message`.

use forge_core::{CoreError, Host, Job, Progress};
use forge_data::read_csv;
use js_sys::{Error, Function, Reflect};
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

/// Runs one algorithm, such as `filter.find_label_issues`, on an object of named arguments.
///
/// # Errors
/// An `Error` with `code` and a message that names the argument, the place, the value and the rule.
#[wasm_bindgen]
pub fn call(name: &str, kwargs: JsValue) -> Result<JsValue, JsValue> {
    let kwargs: Map<String, Value> =
        serde_wasm_bindgen::from_value(kwargs).map_err(|error| thrown("setting", &error))?;
    forge_core::call::call(name, &[], &kwargs).map_err(|error| core_error(&error)).and_then(|out| plain(&out))
}

/// Reads the bytes of a CSV or TSV file and runs a job on it; returns the report.
///
/// `on_progress`, where given, is called with `(stage, done, total)`.
///
/// # Errors
/// An `Error` with `code` and a message that names file, line, column, value and rule.
#[wasm_bindgen]
pub fn run(job: JsValue, file_name: &str, bytes: Vec<u8>, on_progress: Option<Function>) -> Result<JsValue, JsValue> {
    let job: Job = serde_wasm_bindgen::from_value(job).map_err(|error| thrown("setting", &error))?;
    let file = read_csv(file_name, bytes, job.csv_options()).map_err(|error| thrown("data", &error))?;
    let outcome = match on_progress {
        Some(callback) => job.run_on_file(&file, &Caller(callback)),
        None => job.run_on_file(&file, &forge_core::Quiet),
    };
    plain(&outcome.map_err(|error| core_error(&error))?.report)
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
