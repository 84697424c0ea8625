//! Files that the user drops or chooses, with their paths; a folder stands for all that is in it.

use js_sys::{Array, Promise};
use leptos::task::spawn_local;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, DataTransfer, FileList};

use super::super::action::Action;
use super::super::store::Store;

#[wasm_bindgen(module = "/src/page/load/files.js")]
extern "C" {
    #[wasm_bindgen(js_name = droppedFiles)]
    fn dropped_files(transfer: &DataTransfer) -> Promise;

    #[wasm_bindgen(js_name = chosenFiles)]
    fn chosen_files(list: &FileList) -> Array;
}

/// Opens what was dropped.
pub(crate) fn open_dropped(store: Store, transfer: &DataTransfer) {
    // What was dropped can only be asked for before the event is over; what is in folders comes later.
    let files = JsFuture::from(dropped_files(transfer));
    spawn_local(async move {
        match files.await {
            Ok(files) => store.act(Action::Open(with_paths(&files))),
            Err(_) => store.act(Action::CannotOpen("The folder could not be read.".to_owned())),
        }
    });
}

/// Opens what was chosen.
pub(super) fn open_chosen(store: Store, list: &FileList) {
    if list.length() > 0 {
        store.act(Action::Open(with_paths(&chosen_files(list))));
    }
}

fn with_paths(files: &JsValue) -> Vec<(String, Blob)> {
    let pair = |pair: JsValue| {
        let pair: Array = pair.dyn_into().ok()?;
        Some((pair.get(0).as_string()?, pair.get(1).dyn_into().ok()?))
    };
    files.dyn_ref::<Array>().map(|files| files.iter().filter_map(pair).collect()).unwrap_or_default()
}
