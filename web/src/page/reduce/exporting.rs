//! Making files for the user: big ones in the table worker, small ones here.

use js_sys::{Array, Uint8Array, Uint32Array};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::super::action::Export;
use super::super::found::Found;
use super::super::issue_file;
use super::super::store::Store;
use crate::protocol::{self, Failure, FileContent, IssueFormat, Parts, Request};

/// Makes the file, or asks the table worker to.
pub(super) fn download(store: Store, export: Export) {
    store.export_failure.set(None);
    match export {
        Export::Data => {
            let rows = store.decisions.with_untracked(|decisions| Uint32Array::from(&*decisions.excluded_rows()));
            store.request(&Request::Without, &[rows.into()]);
            return;
        }
        Export::Job => {
            return save_json(store, "job.json", serde_json::to_string_pretty(&store.ran.get_untracked()));
        }
        _ => {}
    }
    if let Some(found) = store.found.get_untracked() {
        return download_found(store, &found, export);
    }
    let Some(analysis) = store.analysis.get_untracked() else {
        return;
    };
    match export {
        Export::Issues(format, scope) => {
            let excluded: Vec<u8> = store.decisions.with_untracked(|decisions| {
                analysis.rows.iter().map(|&row| u8::from(decisions.is_excluded(row))).collect()
            });
            let mut parts = analysis.parts();
            parts.push(Uint8Array::from(excluded.as_slice()).into());
            let classes = analysis.report.classes.clone();
            store.request(&Request::Issues { format, scope, classes }, &parts);
        }
        Export::Report => save_json(store, "report.json", serde_json::to_string_pretty(&analysis.report)),
        Export::Data | Export::Job | Export::Page => {}
    }
}

/// Makes a file of what a job other than a run over classes found.
fn download_found(store: Store, found: &Found, export: Export) {
    match export {
        Export::Issues(IssueFormat::Json, _) => {
            let json = store.decisions.with_untracked(|decisions| issue_file::json(found, decisions));
            save_json(store, "issues.json", json);
        }
        Export::Issues(IssueFormat::Csv, _) => {
            let csv = store.decisions.with_untracked(|decisions| issue_file::csv(found, decisions));
            let name = format!("{}.issues.csv", stem(&file_name(store)));
            save(store, &name, "text/csv", &Uint8Array::from(csv.as_bytes()));
        }
        Export::Report => {
            let json = match &found.result {
                protocol::Found::Run(report) => serde_json::to_string_pretty(report),
                protocol::Found::Sweep(report) => serde_json::to_string_pretty(report),
                protocol::Found::Task(report) => serde_json::to_string_pretty(report),
                protocol::Found::Audit(report) => serde_json::to_string_pretty(report),
            };
            save_json(store, "report.json", json);
        }
        Export::Page => {
            if let Some(page) = &found.page {
                let name = format!("{}.report.html", stem(&file_name(store)));
                save(store, &name, "text/html", &Uint8Array::from(page.as_slice()));
            }
        }
        Export::Data | Export::Job => {}
    }
}

/// Hands a file from the worker to the user.
pub(super) fn deliver(store: Store, content: FileContent, parts: Parts) {
    let Some(bytes) = parts.into_iter().next() else {
        return;
    };
    let (name, kind) = match content {
        FileContent::Data => (data_name(&file_name(store)), "text/csv"),
        FileContent::IssuesCsv => (format!("{}.issues.csv", stem(&file_name(store))), "text/csv"),
        FileContent::IssuesJson => (format!("{}.issues.json", stem(&file_name(store))), "application/json"),
    };
    save(store, &name, kind, &bytes);
}

fn save_json(store: Store, suffix: &str, json: serde_json::Result<String>) {
    match json {
        Ok(json) => {
            let name = format!("{}.{suffix}", stem(&file_name(store)));
            save(store, &name, "application/json", &Uint8Array::from(json.as_bytes()));
        }
        Err(error) => refuse(store, &error.to_string()),
    }
}

fn save(store: Store, name: &str, kind: &str, bytes: &JsValue) {
    let saved = || -> Result<(), JsValue> {
        let options = BlobPropertyBag::new();
        options.set_type(kind);
        let blob = Blob::new_with_u8_array_sequence_and_options(&Array::of1(bytes), &options)?;
        let address = Url::create_object_url_with_blob(&blob)?;
        let link: HtmlAnchorElement = document().create_element("a")?.dyn_into()?;
        link.set_href(&address);
        link.set_download(name);
        link.click();
        // The browser has taken the blob when the click returns, but reads it after.
        set_timeout(move || drop(Url::revoke_object_url(&address)), std::time::Duration::from_mins(1));
        Ok(())
    };
    if let Err(error) = saved() {
        refuse(store, &format!("{error:?}"));
    }
}

fn refuse(store: Store, detail: &str) {
    store.export_failure.set(Some(Failure {
        code: "export".to_owned(),
        message: format!("The file could not be made ({detail})."),
        hint: None,
    }));
}

fn file_name(store: Store) -> String {
    store.source.with_untracked(|source| source.as_ref().map(|source| source.name.clone())).unwrap_or_default()
}

/// Name for the data without the excluded rows: `adult.data` becomes `adult.cleaned.data`; a compressed file comes back
/// uncompressed.
fn data_name(name: &str) -> String {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.cleaned.{extension}"),
        None => format!("{name}.cleaned"),
    }
}

fn stem(name: &str) -> &str {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
