//! What a call gives: JSON, or one long list in a form that a face can pass on without making JSON of it.

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use super::output;

/// The result of a call. It serialises as the JSON that [`CallResult::into_json`] gives.
#[derive(Clone, Debug, PartialEq)]
pub enum CallResult {
    /// Anything.
    Json(Value),
    /// One number per row; NaN is null in JSON.
    Numbers(Vec<f64>),
    /// One flag per row.
    Mask(Vec<bool>),
    /// Row numbers.
    Rows(Vec<u32>),
}

impl CallResult {
    /// The result as JSON.
    pub fn into_json(self) -> Value {
        match self {
            Self::Json(value) => value,
            Self::Numbers(values) => output::numbers(values),
            Self::Mask(values) => values.into(),
            Self::Rows(values) => values.into(),
        }
    }
}

impl Serialize for CallResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Json(value) => value.serialize(serializer),
            Self::Numbers(values) => values.serialize(serializer),
            Self::Mask(values) => values.serialize(serializer),
            Self::Rows(values) => values.serialize(serializer),
        }
    }
}
