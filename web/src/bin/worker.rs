//! Entry of the worker: answers requests until the page terminates it. A worker of the pool is called by
//! `engine_worker.js`.

use forge_web::worker::engine;
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

pub(crate) fn main() {
    forge_web::worker::start();
}

/// Reads files.
#[wasm_bindgen(js_name = readFiles)]
pub async fn read_files(source: String, files: Array) -> Result<(), JsValue> {
    engine::read_files(source, files).await
}

/// Rehearses a job on some rows of the file.
#[wasm_bindgen]
pub fn rehearse(job: &str) -> Result<(), JsValue> {
    engine::rehearse(job)
}

/// Takes a turn of a job.
#[wasm_bindgen(js_name = takeTurn)]
pub fn take_turn(job: &str, turn: &str, known: &str, given: Array, seen: Array) -> Result<JsValue, JsValue> {
    engine::take_turn(job, turn, known, &given, &seen)
}
