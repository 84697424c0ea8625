//! The reference cases through the functions that users of the npm package call, and a whole run, in WebAssembly.

#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "cases/npm.rs"]
mod npm;

use forge_core::call::cases::{CaseFile, Checked, Verdict};
use js_sys::{Function, Reflect};
use npm::{Form, Npm, js};
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

/// Every file of `tests/cases`, by name.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/case_files.rs"));

const SAMPLE: &[u8] = include_bytes!("../../../data/adult_12000.csv.gz");

async fn every_case_passes(form: Form) {
    let npm = Npm::load(form).await;
    for (name, json) in FILES {
        let checked =
            CaseFile::parse(json).expect(name).check_through(&|name, args, kwargs| npm.call(name, args, kwargs));
        let failed = |case: &&Checked| matches!(case.verdict, Verdict::Failed { .. }) && !needs_number_types(case);
        let failed: Vec<_> = checked.iter().filter(failed).collect();
        assert!(failed.is_empty(), "{name}: {failed:#?}");
        // Intermediate values of the library, which have no counterpart, are all that one file holds.
        let runs = checked.iter().any(|case| case.verdict == Verdict::Passed) || *name == "internal";
        assert!(runs, "{name} holds no case that runs");
    }
}

/// The cases about whether a column is of the type integer: JavaScript's 1 and 1.0 are the same number.
fn needs_number_types(case: &Checked) -> bool {
    case.function.ends_with("identifier_column.find_issues")
        && ["identifier1", "identifier4", "identifier5"].contains(&case.id.as_str())
}

#[wasm_bindgen_test]
async fn every_reference_case_passes_with_nested_lists() {
    every_case_passes(Form::NestedLists).await;
}

#[wasm_bindgen_test]
async fn every_reference_case_passes_with_typed_arrays() {
    every_case_passes(Form::TypedArrays).await;
}

#[wasm_bindgen_test]
fn a_run_on_the_sample_reports_issues_and_progress() {
    let job = js(&json!({ "job": "run", "target": "income" }));
    let seen = js_sys::Array::new();
    let collect = Function::new_with_args("stage, done, total", "this.push(stage)").bind0(&seen);
    let data = forge_wasm::Data::read("adult_12000.csv.gz", SAMPLE.to_vec(), "", JsValue::UNDEFINED).unwrap();
    let outcome = forge_wasm::run_job(job, &data, Some(collect)).unwrap();
    let report = Reflect::get(&outcome, &"report".into()).unwrap();
    let rows = Reflect::get(&report, &"n_rows".into()).unwrap().as_f64();
    assert_eq!(rows, Some(12_000.0));
    let issues = Reflect::get(&report, &"label_issues".into()).unwrap();
    let found = Reflect::get(&issues, &"n_issues".into()).unwrap().as_f64().unwrap();
    assert!(found > 100.0 && found < 3_000.0, "{found} issues");
    assert!(seen.includes(&"Predicting out of sample".into(), 0));
}

#[wasm_bindgen_test]
async fn an_error_carries_a_code_and_names_the_argument_as_javascript_does() {
    let npm = Npm::load(Form::NestedLists).await;
    let error = npm.raw("rank.findTopIssues", &js(&json!({ "qualityScore": [0.1] }))).unwrap_err();
    assert_eq!(Reflect::get(&error, &"code".into()).unwrap().as_string().as_deref(), Some("setting"));
    let message = Reflect::get(&error, &"message".into()).unwrap().as_string().unwrap();
    assert!(message.contains("`qualityScores`"), "{message}");
}

#[wasm_bindgen_test]
async fn every_kind_of_typed_array_means_the_same() {
    let npm = Npm::load(Form::NestedLists).await;
    let source = "const labels = [0, 1, 1, 0];
        const probs = [0.875, 0.125, 0.25, 0.75, 0.96875, 0.03125, 0.75, 0.25];
        const shaped = (Type) => ({ data: Type.from(probs), shape: [4, 2] });
        return [
            [labels, [[0.875, 0.125], [0.25, 0.75], [0.96875, 0.03125], [0.75, 0.25]]],
            [Uint8Array.from(labels), shaped(Float64Array)],
            [Int32Array.from(labels), shaped(Float32Array)],
            [BigInt64Array.from(labels, BigInt), [0, 1, 2, 3].map((i) => Float32Array.from(probs.slice(2 * i, 2 * i + 2)))],
            [Float64Array.from(labels), shaped(Float64Array)],
        ].map(([labels, predProbs]) => ({ labels, predProbs }));";
    let given: js_sys::Array = Function::new_no_args(source).call0(&js(&json!(null))).unwrap().into();
    for named in given.iter() {
        let mask = npm.raw("filter.findLabelIssues", &named).unwrap();
        assert_eq!(js_sys::Uint8Array::from(mask).to_vec(), [0, 0, 1, 0]);
    }
}

#[wasm_bindgen_test]
async fn arrays_that_do_not_fit_their_shape_are_refused() {
    let npm = Npm::load(Form::NestedLists).await;
    let source = "return { labels: [0, 1], predProbs: { data: new Float64Array(3), shape: [2, 2] } }";
    let named = Function::new_no_args(source).call0(&js(&json!(null))).unwrap();
    let error = npm.raw("filter.findLabelIssues", &named).unwrap_err();
    let message = Reflect::get(&error, &"message".into()).unwrap().as_string().unwrap();
    assert!(message.contains("`predProbs`") && message.contains("there are 3"), "{message}");
}
