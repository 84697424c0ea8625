//! Calls to start from: the recorded ones of `tests/cases`, and one of each function that has none.

use forge_core::call::{function_names, meant_by};
use serde_json::{Map, Value, json};

const FILES: [&str; 18] = [
    include_str!("../../../../tests/cases/batched.json"),
    include_str!("../../../../tests/cases/classification.json"),
    include_str!("../../../../tests/cases/cleanvision.json"),
    include_str!("../../../../tests/cases/count.json"),
    include_str!("../../../../tests/cases/datalab_classification.json"),
    include_str!("../../../../tests/cases/datalab_image.json"),
    include_str!("../../../../tests/cases/datalab_other.json"),
    include_str!("../../../../tests/cases/dataset.json"),
    include_str!("../../../../tests/cases/filter.json"),
    include_str!("../../../../tests/cases/multiannotator.json"),
    include_str!("../../../../tests/cases/multilabel.json"),
    include_str!("../../../../tests/cases/noise_generation.json"),
    include_str!("../../../../tests/cases/object_detection.json"),
    include_str!("../../../../tests/cases/outlier.json"),
    include_str!("../../../../tests/cases/rank.json"),
    include_str!("../../../../tests/cases/regression.json"),
    include_str!("../../../../tests/cases/segmentation.json"),
    include_str!("../../../../tests/cases/token.json"),
];

/// The calls of one function, each the arguments by name.
#[derive(Clone, Debug)]
pub(crate) struct Calls {
    pub(crate) function: &'static str,
    pub(crate) parameters: &'static [&'static str],
    pub(crate) arguments: Vec<Map<String, Value>>,
}

/// Every function with its calls, in which references are resolved.
pub(crate) fn calls_by_function() -> Vec<Calls> {
    let files: Vec<Value> = FILES.iter().map(|json| serde_json::from_str(json).unwrap()).collect();
    let calls = |(function, parameters): (&'static str, &'static [&'static str])| {
        let of_file = |file| recorded(file, function).map(|case| arguments(case, parameters, file)).collect::<Vec<_>>();
        let arguments = files.iter().flat_map(of_file).chain(unrecorded(function)).collect();
        Calls { function, parameters, arguments }
    };
    function_names().map(calls).collect()
}

fn recorded<'a>(file: &'a Value, function: &'a str) -> impl Iterator<Item = &'a Value> {
    file["cases"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(move |case| case["fn"].as_str().is_some_and(|name| name == function || meant_by(name).0 == function))
}

fn arguments(case: &Value, parameters: &[&str], file: &Value) -> Map<String, Value> {
    let placed = parameters.iter().zip(case["args"].as_array().into_iter().flatten());
    let placed = placed.map(|(name, value)| ((*name).to_owned(), resolved(value, &file["data"])));
    let named = case["kwargs"].as_object().into_iter().flatten();
    let implied = meant_by(case["fn"].as_str().unwrap_or_default()).1;
    let implied = implied.map(|(name, value)| (name.to_owned(), Value::from(value)));
    placed.chain(named.map(|(name, value)| (name.clone(), resolved(value, &file["data"])))).chain(implied).collect()
}

fn resolved(value: &Value, data: &Value) -> Value {
    match value {
        Value::Object(object) => match object.get("$ref").and_then(Value::as_str) {
            Some(name) => data[name].clone(),
            None => {
                object.iter().map(|(key, value)| (key.clone(), resolved(value, data))).collect::<Map<_, _>>().into()
            }
        },
        Value::Array(items) => items.iter().map(|item| resolved(item, data)).collect(),
        other => other.clone(),
    }
}

/// A call of a function without a recorded one.
fn unrecorded(function: &str) -> Option<Map<String, Value>> {
    let line: Vec<Vec<f64>> = (0..12).map(|row| vec![f64::from(row), f64::from(row % 5) * 0.3]).collect();
    let classes: Vec<u32> = (0..12).map(|row| u32::from(row > 5) ^ u32::from(row == 2)).collect();
    let targets: Vec<f64> = (0..12).map(|row| f64::from(row) * 2.0 + f64::from(row % 3)).collect();
    let arguments = match function {
        "classification.CleanLearning.fit" => json!({
            "X": line, "labels": classes, "init": {"cv_n_folds": 3}, "sample_weight": vec![1.5; 12],
        }),
        "count.estimate_py_noise_matrices_and_cv_pred_proba" => {
            json!({ "X": line, "labels": classes, "cv_n_folds": 3 })
        }
        "regression.learn.CleanLearning.find_label_issues" => json!({
            "X": line, "y": targets, "init": {"cv_n_folds": 3, "n_boot": 2}, "coarse_search_range": [0.0, 0.1],
        }),
        "regression.learn.CleanLearning.fit" => json!({
            "X": line, "y": targets, "init": {"cv_n_folds": 3, "n_boot": 2}, "sample_weight": vec![1.0; 12],
        }),
        "data_valuation.data_shapley_knn" => json!({ "labels": classes, "features": line, "k": 3 }),
        "experimental.span_classification.display_issues" => json!({
            "issues": [[0, 1]], "tokens": [["a", "b"], ["c"]], "labels": [[0, 1], [0]], "pred_probs": [[0.1, 0.2], [0.9]],
            "exclude": [[0, 1]], "class_names": ["out", "in"], "top": 5,
        }),
        "object_detection.summary.visualize" => json!({
            "image": "a.png", "label": {"bboxes": [[0, 0, 5, 5], [2, 2, 9, 9]], "labels": [0, 1]},
            "prediction": [[[0, 0, 5, 4, 0.9]], [[2, 2, 8, 9, 0.3]]], "prediction_threshold": 0.5,
            "class_names": {"0": "cat", "1": "dog"},
        }),
        _ => return None,
    };
    arguments.as_object().cloned()
}
