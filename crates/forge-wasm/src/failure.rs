//! What goes wrong, as JavaScript sees it: an `Error` with a `code`.

use std::cell::RefCell;
use std::panic::PanicHookInfo;

use forge_core::CoreError;
use forge_data::DataError;
use js_sys::{Error, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsError, JsValue};

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The message of the panic that ended the last call; nothing where none did, as when memory ran out.
#[wasm_bindgen]
pub fn last_panic() -> Option<String> {
    LAST.with_borrow_mut(Option::take)
}

/// Makes panics leave their message behind.
pub(crate) fn keep_panics() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        // A panic within this hook would end in an abort, which is what follows anyway.
        LAST.with(|last| {
            if let Ok(mut last) = last.try_borrow_mut() {
                *last = Some(info.to_string());
            }
        });
    }));
}

/// An `Error` with `code`.
pub(crate) fn thrown(code: &str, error: &dyn std::error::Error) -> JsValue {
    let thrown: Error = JsValue::from(JsError::new(&error.to_string())).unchecked_into();
    // Setting a property of an object that was just made cannot fail.
    let _ = Reflect::set(&thrown, &"code".into(), &code.into());
    thrown.into()
}

pub(crate) fn of_core(error: &CoreError) -> JsValue {
    thrown(error.code(), error)
}

pub(crate) fn of_data(error: &DataError) -> JsValue {
    thrown("data", error)
}

/// A plain JavaScript value as a value of the engine, by way of JSON's values: so one reader of settings is in the module.
pub(crate) fn read<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    let value: serde_json::Value = serde_wasm_bindgen::from_value(value).map_err(|error| thrown("setting", &error))?;
    serde_json::from_value(value).map_err(|error| thrown("setting", &error))
}

/// A value of the engine as plain objects, not maps.
pub(crate) fn plain(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let value = serde_json::to_value(value).map_err(|error| thrown("internal", &error))?;
    value.serialize(&Serializer::json_compatible()).map_err(|error| thrown("internal", &error))
}
