//! Turns the errors of the engine and of the browser into what the user reads.

use forge_core::CoreError;
use forge_data::DataError;
use wasm_bindgen::JsValue;

use crate::protocol::{Failure, NOT_BUILT_IN};

/// A file could not be turned into a table.
pub(super) fn of_data(error: &DataError) -> Failure {
    let code = if matches!(error, DataError::NotBuiltIn { .. }) { NOT_BUILT_IN } else { "data" };
    Failure {
        code: code.to_owned(),
        message: sentence(&error.to_string()),
        hint: Some("Choose another file, or correct this one and load it again.".to_owned()),
    }
}

/// A job could not be run.
pub(super) fn of_core(error: &CoreError) -> Failure {
    Failure {
        code: error.code().to_owned(),
        message: sentence(&error.to_string()),
        hint: Some("Your data is still loaded: change the columns or the settings and run again.".to_owned()),
    }
}

/// The browser did not hand over the bytes of a file.
pub(super) fn unreadable(detail: &str) -> Failure {
    Failure {
        code: "unreadable".to_owned(),
        message: format!("The browser could not read the file ({detail})."),
        hint: Some("It may have been moved or changed since you chose it, or be too large for this tab.".to_owned()),
    }
}

/// Something was asked of a table before there was one.
pub(super) fn no_table() -> Failure {
    Failure {
        code: "no_table".to_owned(),
        message: "No data is loaded.".to_owned(),
        hint: Some("Load a file first.".to_owned()),
    }
}

/// What a thrown JavaScript value says.
pub(super) fn text_of(error: &JsValue) -> String {
    js_sys::Reflect::get(error, &JsValue::from_str("message"))
        .ok()
        .and_then(|message| message.as_string())
        .unwrap_or_else(|| format!("{error:?}"))
}

/// A library's error message as a sentence: a capital first letter, unless the first word is a name, and a full stop.
fn sentence(message: &str) -> String {
    let first_word = message.split(' ').next().unwrap_or_default();
    let is_word = first_word.chars().all(char::is_alphabetic);
    let mut letters = message.chars();
    let mut text: String = match letters.next() {
        Some(first) if is_word => first.to_uppercase().collect(),
        Some(first) => first.to_string(),
        None => String::new(),
    };
    text.push_str(letters.as_str());
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_in_front_keeps_its_letters() {
        assert_eq!(sentence("a.csv: the file is empty"), "a.csv: the file is empty.");
        assert_eq!(sentence("no column is left."), "No column is left.");
    }
}
