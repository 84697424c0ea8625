//! Findings for every row as typed arrays in a plain object, by the names that JavaScript has for them.

use forge_core::datalab::SavedAudit;
use forge_core::{AuditOutcome, Findings};
use js_sys::{Array, Float64Array, Object, Reflect, Uint8Array, Uint32Array};
use ndarray::Array2;
use wasm_bindgen::JsValue;

/// A plain object of these entries.
pub(crate) fn object(entries: impl IntoIterator<Item = (&'static str, JsValue)>) -> JsValue {
    let object = Object::new();
    for (key, value) in entries {
        set(&object, key, &value);
    }
    object.into()
}

fn set(object: &Object, key: &str, value: &JsValue) {
    // Setting a property of an object that was just made cannot fail.
    let _ = Reflect::set(object, &key.into(), value);
}

/// A list of texts.
pub(crate) fn texts<'a>(texts: impl IntoIterator<Item = &'a String>) -> JsValue {
    texts.into_iter().map(|text| JsValue::from_str(text)).collect::<Array>().into()
}

/// `{data, shape}`.
pub(crate) fn matrix(values: &Array2<f64>) -> JsValue {
    let (n_rows, n_columns) = values.dim();
    let standard = values.as_standard_layout();
    let data = standard.as_slice().map_or_else(|| Float64Array::new_with_length(0), Float64Array::from);
    let shape = Array::of2(&(n_rows as f64).into(), &(n_columns as f64).into());
    object([("data", data.into()), ("shape", shape.into())])
}

fn flags(flags: &[bool]) -> JsValue {
    let bytes: Vec<u8> = flags.iter().map(|&flag| u8::from(flag)).collect();
    Uint8Array::from(&bytes[..]).into()
}

/// Of a run.
pub(crate) fn of_run(findings: &Findings) -> JsValue {
    let numbers = |values: &[u32]| JsValue::from(Uint32Array::from(values));
    let shared = [
        ("rows", numbers(&findings.rows)),
        ("scores", Float64Array::from(&findings.scores[..]).into()),
        ("isIssue", flags(&findings.is_issue)),
        ("heldOut", flags(&findings.held_out)),
    ];
    match &findings.numbers {
        Some(found) => object(shared.into_iter().chain([
            ("given", Float64Array::from(&found.given[..]).into()),
            ("suggested", Float64Array::from(&found.suggested[..]).into()),
        ])),
        None => object(shared.into_iter().chain([
            ("classes", texts(&findings.classes)),
            ("given", numbers(&findings.given)),
            ("suggested", numbers(&findings.suggested)),
            ("predProbs", matrix(&findings.pred_probs)),
        ])),
    }
}

/// Of an audit: the rows that were checked, and each check by its name.
pub(crate) fn of_audit(outcome: &AuditOutcome) -> JsValue {
    let SavedAudit { checks, .. } = &outcome.saved;
    let by_name = Object::new();
    for check in checks {
        let mut is_issue = vec![false; check.scores.len()];
        for &row in &check.issues {
            if let Some(flag) = is_issue.get_mut(row as usize) {
                *flag = true;
            }
        }
        let scores = Float64Array::from(&check.scores[..]).into();
        set(&by_name, check.issue_type.name(), &object([("isIssue", flags(&is_issue)), ("scores", scores)]));
    }
    object([("rows", Uint32Array::from(&outcome.rows[..]).into()), ("checks", by_name.into())])
}
