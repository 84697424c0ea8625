//! Results as JSON.

use ndarray::Array2;
use serde_json::{Map, Value, json};

/// A list of numbers; NaN becomes null.
pub(super) fn numbers(values: impl IntoIterator<Item = f64>) -> Value {
    values.into_iter().map(Value::from).collect()
}

/// A list of whole numbers.
pub(super) fn whole_numbers(values: impl IntoIterator<Item = f64>) -> Value {
    values.into_iter().map(|value| Value::from(value as i64)).collect()
}

/// A matrix of numbers.
pub(super) fn matrix(values: &Array2<f64>) -> Value {
    values.outer_iter().map(|row| numbers(row.iter().copied())).collect()
}

/// A matrix of counts.
pub(super) fn counts(values: &Array2<f64>) -> Value {
    values.outer_iter().map(|row| whole_numbers(row.iter().copied())).collect()
}

/// A table of named columns.
pub(super) fn table(columns: Vec<(&str, Vec<Value>)>) -> Value {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let data: Map<String, Value> = columns.iter().map(|(name, values)| ((*name).to_owned(), json!(values))).collect();
    json!({ "$df": { "columns": names, "data": data } })
}
