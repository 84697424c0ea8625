//! Reading enums that are JSON objects with the name of their variant among the fields.
//!
//! What serde derives for them compiles the reader of every variant once more, over a buffer of its own, which took
//! 24 kB of the compressed module for the browser. By way of JSON's values one reader serves.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error};
use serde_json::{Map, Value};

/// The text under `tag`, and the other fields.
pub(crate) fn split<'de, D: Deserializer<'de>>(object: D, tag: &'static str) -> Result<(String, Value), D::Error> {
    let mut fields = Map::deserialize(object)?;
    match fields.remove(tag) {
        Some(Value::String(name)) => Ok((name, Value::Object(fields))),
        Some(other) => Err(D::Error::custom(format_args!("`{tag}` must be a text, but is {other}"))),
        None => Err(D::Error::missing_field(tag)),
    }
}

/// A variant by its fields.
pub(crate) fn variant<T: DeserializeOwned, E: Error>(fields: Value) -> Result<T, E> {
    serde_json::from_value(fields).map_err(E::custom)
}
