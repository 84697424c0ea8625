//! JSON values as cells, and cells as JSON values.

use std::borrow::Cow;

use super::items::{Items, string};
use crate::cells::Cell;
use crate::{Column, Values};

/// What a value is made into that must live somewhere: text without escapes, a list.
pub(super) fn owned_text(raw: &str) -> Cow<'_, str> {
    match raw.as_bytes().first() {
        Some(b'"') => match raw.get(1..raw.len() - 1) {
            Some(plain) if !plain.contains('\\') => Cow::Borrowed(plain),
            _ => Cow::Owned(string(raw)),
        },
        Some(b'[') => match serde_json::from_str::<Items<'_>>(raw) {
            Ok(Items(items)) => {
                let shown: Vec<Cow<'_, str>> = items.iter().map(|item| scalar_text(item.get())).collect();
                Cow::Owned(shown.join(";"))
            }
            Err(_) => Cow::Borrowed(raw),
        },
        _ => Cow::Borrowed(raw),
    }
}

/// A value in a list as text.
fn scalar_text(raw: &str) -> Cow<'_, str> {
    if raw.starts_with('"') { owned_text(raw) } else { Cow::Borrowed(raw) }
}

/// The cell of a value; `text` is its [`owned_text`].
pub(super) fn cell<'a>(raw: &str, text: &'a str) -> Cell<'a> {
    match raw.as_bytes().first() {
        Some(b'"') => Cell::Text(text),
        Some(b't') => Cell::Boolean(true),
        Some(b'f') => Cell::Boolean(false),
        Some(b'[' | b'{') => Cell::Nested(text),
        Some(b'-' | b'0'..=b'9') => number(raw),
        _ => Cell::Missing,
    }
}

fn number(raw: &str) -> Cell<'static> {
    let value: f64 = raw.parse().unwrap_or(f64::NAN);
    let is_whole = raw.len() > 15 && raw.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit());
    if is_whole && raw.parse::<i128>().ok() != Some(value as i128) { Cell::Rounded(value) } else { Cell::Number(value) }
}

/// A value of a column as JSON. Dates are strings in ISO 8601.
pub(super) fn of_column(column: &Column, row: usize) -> Cow<'_, str> {
    match column.values() {
        _ if column.is_missing(row) => Cow::Borrowed("null"),
        Values::Number(_) => Cow::Owned(column.text(row).unwrap_or_default().into_owned()),
        Values::Boolean(values) if column.words() == ["false", "true"] => {
            Cow::Borrowed(if values.get(row) == Some(&Some(true)) { "true" } else { "false" })
        }
        _ => Cow::Owned(quoted(&column.text(row).unwrap_or_default())),
    }
}

/// A text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
