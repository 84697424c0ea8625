//! The reference cases and a whole run, in WebAssembly.

#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use forge_core::call::cases::{CaseFile, Verdict};
use js_sys::{Function, Reflect};
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

const FILES: [(&str, &str); 14] = [
    ("batched", include_str!("../../../tests/cases/batched.json")),
    ("classification", include_str!("../../../tests/cases/classification.json")),
    ("multiannotator", include_str!("../../../tests/cases/multiannotator.json")),
    ("multilabel", include_str!("../../../tests/cases/multilabel.json")),
    ("noise_generation", include_str!("../../../tests/cases/noise_generation.json")),
    ("object_detection", include_str!("../../../tests/cases/object_detection.json")),
    ("outlier", include_str!("../../../tests/cases/outlier.json")),
    ("regression", include_str!("../../../tests/cases/regression.json")),
    ("segmentation", include_str!("../../../tests/cases/segmentation.json")),
    ("token", include_str!("../../../tests/cases/token.json")),
    ("count", include_str!("../../../tests/cases/count.json")),
    ("dataset", include_str!("../../../tests/cases/dataset.json")),
    ("filter", include_str!("../../../tests/cases/filter.json")),
    ("rank", include_str!("../../../tests/cases/rank.json")),
];

const SAMPLE: &[u8] = include_bytes!("../../../data/adult_12000.csv.gz");

#[wasm_bindgen_test]
fn every_reference_case_passes() {
    for (name, json) in FILES {
        let checked = CaseFile::parse(json).expect(name).check();
        let failed: Vec<_> = checked.iter().filter(|case| matches!(case.verdict, Verdict::Failed { .. })).collect();
        assert!(failed.is_empty(), "{name}: {failed:?}");
        assert!(checked.iter().any(|case| case.verdict == Verdict::Passed), "{name} holds no case that runs");
    }
}

#[wasm_bindgen_test]
fn a_run_on_the_sample_reports_issues_and_progress() {
    let job = js(&json!({ "job": "run", "target": "income" }));
    let seen = js_sys::Array::new();
    let collect = Function::new_with_args("stage, done, total", "this.push(stage)").bind0(&seen);
    let report = forge_wasm::run(job, "adult_12000.csv.gz", SAMPLE.to_vec(), Some(collect)).unwrap();
    let rows = Reflect::get(&report, &"n_rows".into()).unwrap().as_f64();
    assert_eq!(rows, Some(12_000.0));
    let issues = Reflect::get(&report, &"label_issues".into()).unwrap();
    let found = Reflect::get(&issues, &"n_issues".into()).unwrap().as_f64().unwrap();
    assert!(found > 100.0 && found < 3_000.0, "{found} issues");
    assert!(seen.includes(&"Predicting out of sample".into(), 0));
}

#[wasm_bindgen_test]
fn an_error_carries_a_code_and_names_the_argument() {
    let error = forge_wasm::call("rank.find_top_issues", js(&json!({ "quality_score": [0.1] }))).unwrap_err();
    assert_eq!(Reflect::get(&error, &"code".into()).unwrap().as_string().as_deref(), Some("setting"));
    let message = Reflect::get(&error, &"message".into()).unwrap().as_string().unwrap();
    assert!(message.contains("quality_scores"), "{message}");
}

fn js(value: &serde_json::Value) -> JsValue {
    js_sys::JSON::parse(&value.to_string()).unwrap()
}
