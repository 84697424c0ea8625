//! Getting a file into the table worker, from wherever it comes.

use forge_data::{ColumnType, Role};
use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Response};

use super::super::action::{Action, Step};
use super::super::choices::{Choices, Entry, TableSetup, read as read_entry};
use super::super::decisions::Decisions;
use super::super::load::Sample;
use super::super::store::{RunState, Store};
use super::super::work::{Work, likely_label_columns};
use super::{retouching, running};
use crate::protocol::{Facts, Failure, Parts, Request, Source};

/// Sends files to be read; what is loaded stays until that has worked. Of several files without a picture the first is read.
pub(super) fn open(store: Store, mut files: Vec<(String, Blob)>) {
    // Progress and failure are shown there, wherever the file was dropped.
    store.show(Step::Load);
    let Some((first, _)) = files.first() else {
        return cannot_open(store, "What was dropped is not a file.".to_owned());
    };
    let several = files.len() > 1 && files.iter().any(|(path, blob)| is_picture(path, blob));
    let mut source = Source { generation: next_generation(store), name: first.clone(), ..Source::default() };
    if several {
        let folder = first.split_once('/').map(|(folder, _)| folder.to_owned());
        source.name = folder.unwrap_or_else(|| format!("{} files", files.len()));
        source.files = files.iter().map(|(path, _)| path.clone()).collect();
    } else {
        files.truncate(1);
    }
    read(store, source, files.into_iter().map(|(_, blob)| blob).collect());
}

/// Whether a file is a picture, by its type or its name.
fn is_picture(path: &str, blob: &Blob) -> bool {
    let path = path.to_lowercase();
    blob.type_().starts_with("image/") || [".jpg", ".jpeg", ".png", ".webp"].iter().any(|ending| path.ends_with(ending))
}

/// Fetches a bundled sample from the page's own address and opens it.
pub(super) fn open_sample(store: Store, sample: &'static Sample) {
    store.load_failure.set(None);
    store.loading.set(Some(sample.file.to_owned()));
    spawn_local(async move {
        match fetch_sample(sample).await {
            Ok(blob) => {
                store.files.update_value(|files| files.sample = Some(sample));
                store.act(Action::Open(vec![(sample.file.to_owned(), blob)]));
            }
            Err(detail) => store.act(Action::CannotOpen(format!("The sample could not be fetched ({detail})."))),
        }
    });
}

/// Opens pasted text as a file.
pub(super) fn paste(store: Store, text: &str) {
    let parts = Array::of1(&JsValue::from_str(text));
    match Blob::new_with_str_sequence(&parts) {
        Ok(blob) => open(store, vec![("pasted.csv".to_owned(), blob)]),
        Err(_) => cannot_open(store, "The pasted text could not be read.".to_owned()),
    }
}

/// Shows why there is nothing to read.
pub(super) fn cannot_open(store: Store, message: String) {
    store.loading.set(None);
    store.load_failure.set(Some(Failure { code: "open".to_owned(), message, hint: None }));
}

/// Reads the loaded file again with another type for a column.
pub(super) fn set_type(store: Store, column: String, column_type: ColumnType) {
    let Some(mut source) = store.source.get_untracked() else {
        return;
    };
    let blobs = store.files.with_value(|files| files.loaded.clone());
    source.csv.types.insert(column, column_type);
    source.generation = next_generation(store);
    read(store, source, blobs);
}

/// Takes over a file that was read, if it is still the one wanted.
pub(super) fn loaded(store: Store, generation: u32, facts: Facts, parts: Parts) {
    let Some((mut source, mut blobs)) =
        store.files.with_value(|files| files.pending.clone()).filter(|(source, _)| source.generation == generation)
    else {
        return;
    };
    let same_file = store.source.with_untracked(|old| {
        old.as_ref().is_some_and(|old| old.name == source.name)
            && store.files.with_value(|files| same(&files.loaded, &blobs))
    });
    if let Some(pictures) = &facts.pictures {
        // An archive is unpacked; whoever reads it from now on reads its files.
        source.files.clone_from(&pictures.files);
        blobs = parts.into_iter().filter_map(|part| part.dyn_into().ok()).collect();
    }
    store.files.update_value(|files| files.pending = None);
    store.loading.set(None);
    store.files.update_value(|files| files.loaded = blobs);
    if !same_file {
        start_over(store, &facts);
    }
    store.columns.update(|columns| columns.csv.clone_from(&source.csv));
    store.source.set(Some(source));
    store.facts.set(Some(std::sync::Arc::new(facts)));
    running::keep_work_fitting(store);
    if !same_file {
        store.show(Step::Columns);
    }
    running::prepare(store);
}

/// Shows why a file could not be read; the one loaded before stays.
pub(super) fn failed(store: Store, failure: Failure) {
    store.files.update_value(|files| files.pending = None);
    store.loading.set(None);
    store.load_failure.set(Some(failure));
}

/// Hands the loaded file to a table worker that replaces a broken one.
pub(super) fn reload(store: Store) {
    if let Some((source, parts)) = store.loaded() {
        store.request(&Request::Load { source }, &parts);
    }
}

/// Whether these are the very same files.
fn same(a: &[Blob], b: &[Blob]) -> bool {
    a.len() == b.len() && !a.is_empty() && a.iter().zip(b).all(|(a, b)| js_sys::Object::is(a, b))
}

/// Asks again for what is being read.
pub(super) fn read_pending(store: Store) {
    if let Some((source, blobs)) = store.files.with_value(|files| files.pending.clone()) {
        let parts: Vec<JsValue> = blobs.into_iter().map(JsValue::from).collect();
        store.request(&Request::Load { source }, &parts);
    }
}

fn read(store: Store, source: Source, blobs: Vec<Blob>) {
    store.load_failure.set(None);
    store.loading.set(Some(source.name.clone()));
    store.files.update_value(|files| files.pending = Some((source, blobs)));
    read_pending(store);
}

fn start_over(store: Store, facts: &Facts) {
    if store.run.with_untracked(RunState::is_running) {
        store.act(Action::Cancel);
    }
    let target = facts.columns.iter().find(|column| column.role == Role::Target);
    let target = target.map(|column| column.name.clone()).unwrap_or_default();
    let sample = store.files.try_update_value(|files| files.sample.take()).flatten();
    let (label_columns, target) = match sample {
        Some(sample) if !sample.targets.is_empty() => {
            let targets: Vec<String> = sample.targets.iter().map(|&name| name.to_owned()).collect();
            (targets.clone(), if let [one] = &targets[..] { one.clone() } else { String::new() })
        }
        _ => (likely_label_columns(&facts.columns), target),
    };
    let roles = sample.iter().flat_map(|sample| sample.roles).map(|(name, role)| ((*name).to_owned(), *role)).collect();
    store.columns.set(TableSetup { target, label_columns, roles, ..TableSetup::default() });
    store.choices.set(choices_for(facts, sample));
    // What does not fit the file gives way to what does.
    store.work_is_chosen.set(sample.is_some());
    store.work.set(sample.map(|sample| sample.work).unwrap_or_default());
    store.found.set(None);
    store.sent.set(None);
    store.ran.set(None);
    store.group.set(0);
    store.run.set(RunState::Idle);
    store.selected.set(None);
    store.sheet.set(false);
    store.analysis.set(None);
    store.column_order.set(None);
    store.row_texts.set(std::collections::BTreeMap::new());
    store.decisions.set(Decisions::new(facts.n_rows));
    retouching::start_over(store, facts.pictures.as_ref());
}

/// The settings that suit new data: those of the sample, and of pictures all.
fn choices_for(facts: &Facts, sample: Option<&Sample>) -> Choices {
    let mut choices = Choices::default();
    let of_pictures = [Work::Task("object_detection"), Work::Task("segmentation")];
    if facts.pictures.is_some() {
        for work in of_pictures {
            choices.enter(work, "max_images", Entry::Value(Value::Null));
        }
    }
    let Some(sample) = sample else { return choices };
    // Both tasks on pictures have the settings of the sample.
    let works = if facts.pictures.is_some() { &of_pictures[..] } else { std::slice::from_ref(&sample.work) };
    for &work in works {
        let settings = work.settings();
        for (name, text) in sample.settings {
            if let Some(setting) = settings.iter().find(|setting| setting.name == *name) {
                choices.enter(work, name, read_entry(setting, text));
            }
        }
    }
    choices
}

fn next_generation(store: Store) -> u32 {
    let loaded = store.source.with_untracked(|source| source.as_ref().map_or(0, |source| source.generation));
    let pending = store.files.with_value(|files| files.pending.as_ref().map_or(0, |(source, _)| source.generation));
    loaded.max(pending) + 1
}

async fn fetch_sample(sample: &Sample) -> Result<Blob, String> {
    let said = |error: JsValue| format!("{error:?}");
    let response: Response = JsFuture::from(window().fetch_with_str(&format!("./data/{}", sample.file)))
        .await
        .map_err(said)?
        .dyn_into()
        .map_err(said)?;
    if !response.ok() {
        return Err(format!("status {}", response.status()));
    }
    JsFuture::from(response.blob().map_err(said)?).await.map_err(said)?.dyn_into().map_err(said)
}
