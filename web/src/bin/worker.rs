//! Entry of the worker: answers requests until the page terminates it. A worker of the pool is called by
//! `engine_worker.js`.

use forge_web::worker::engine;
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

fn main() {
    forge_web::worker::start();
}

/// Reads the bytes of a file.
#[wasm_bindgen(js_name = readFile)]
pub fn read_file(source: &str, bytes: Vec<u8>) -> Result<(), JsValue> {
    engine::read_file(source, bytes)
}

/// Rehearses a job on some rows of the file.
#[wasm_bindgen]
pub fn rehearse(job: &str) -> Result<(), JsValue> {
    engine::rehearse(job)
}

/// Takes a turn of a job.
#[wasm_bindgen(js_name = takeTurn)]
pub fn take_turn(job: &str, turn: &str, known: &str, given: Array) -> Result<JsValue, JsValue> {
    engine::take_turn(job, turn, known, &given)
}
