//! The first page a user sees: their file first, an example second.

use leptos::html;
use leptos::prelude::*;

use super::super::action::{Action, Step};
use super::super::format;
use super::super::frame::FailureNote;
use super::super::store::store;
use super::files::open_chosen;
use super::how_it_works::HowItWorks;
use super::paste_box::PasteBox;
use super::sample_card::SampleCard;
use super::samples::SAMPLES;
use crate::protocol::DataKind;

/// The step.
#[component]
pub(crate) fn LoadStep() -> impl IntoView {
    let store = store();
    let pasting = RwSignal::new(false);
    view! {
        <div class="page load">
            <h1 class="hero">"Find what is wrong with your data, and fix it, right here"</h1>
            <p class="lead">"Wrong labels, outliers, duplicates, weak groups. The model trains in this tab; your file never leaves your machine."</p>
            <section class="drop-zone" aria-labelledby="drop-title" data-testid="drop-zone">
                <div>
                    <h2 id="drop-title">"Drop a data set"</h2>
                    <p>"CSV, TSV, ARFF, JSON, NumPy, CoNLL-U or CoNLL-2003, also gzipped or zipped"</p>
                    <p>"Pictures, as a zip or a folder, with COCO, Pascal VOC, YOLO or Penn-Fudan boxes, or mask PNGs"</p>
                </div>
                <div class="drop-actions">
                    <button
                        type="button"
                        class="button"
                        data-testid="paste-open"
                        aria-expanded=move || pasting.get().to_string()
                        on:click=move |_| pasting.update(|pasting| *pasting = !*pasting)
                    >
                        "Paste text…"
                    </button>
                    <FileChooser/>
                </div>
                <Show when=move || pasting.get()>
                    <PasteBox/>
                </Show>
            </section>
            <div aria-live="polite">
                {move || store.loading.get().map(|name| view! {
                    <div class="note note-busy" data-testid="loading">
                        <span class="spinner" aria-hidden="true"></span>
                        <p>"Reading " <strong>{name}</strong> "…"</p>
                    </div>
                })}
            </div>
            <FailureNote failure=store.load_failure testid="load-error" title="The file could not be loaded"/>
            <h2 class="section-title">"Or start with an example"</h2>
            <div class="samples">
                {SAMPLES.iter().map(|sample| view! { <SampleCard sample/> }).collect_view()}
            </div>
            {move || store.source.get().map(|source| {
                let (rows, kind) = store.facts.with(|facts| {
                    facts.as_ref().map_or((0, DataKind::Table), |facts| (facts.n_rows, facts.kind))
                });
                let (one, many) = match kind {
                    DataKind::Table => ("row", "rows"),
                    DataKind::Corpus => ("sentence", "sentences"),
                    DataKind::Pictures => ("picture", "pictures"),
                };
                view! {
                    <h2 class="section-title">"Loaded now"</h2>
                    <button
                        type="button"
                        class="continue-row"
                        data-testid="continue"
                        on:click=move |_| store.act(Action::GoTo(Step::Columns))
                    >
                        <strong data-testid="loaded-name">{source.name}</strong>
                        <span>{format::counted(rows, one, many)}</span>
                        <span class="continue-word">"Continue →"</span>
                    </button>
                }
            })}
            <HowItWorks/>
        </div>
    }
}

/// The buttons for files and folders.
#[component]
fn FileChooser() -> impl IntoView {
    let store = store();
    let input = NodeRef::<html::Input>::new();
    let folder = NodeRef::<html::Input>::new();
    let chosen = move |input: NodeRef<html::Input>| {
        let Some(input) = input.get() else { return };
        if let Some(files) = input.files() {
            open_chosen(store, &files);
        }
        // Choosing the same file again must count as a choice.
        input.set_value("");
    };
    Effect::new(move |_| {
        if let Some(folder) = folder.get() {
            // Where a browser does not know it, files are chosen one by one.
            drop(folder.set_attribute("webkitdirectory", ""));
        }
    });
    let ask = |input: NodeRef<html::Input>| {
        if let Some(input) = input.get() {
            input.click();
        }
    };
    view! {
        <input
            node_ref=input
            type="file"
            class="visually-hidden"
            id="file-input"
            data-testid="file-input"
            tabindex="-1"
            multiple
            aria-label="Choose files"
            on:change=move |_| chosen(input)
        />
        <input
            node_ref=folder
            type="file"
            class="visually-hidden"
            data-testid="folder-input"
            tabindex="-1"
            aria-label="Choose a folder"
            on:change=move |_| chosen(folder)
        />
        <button type="button" class="button" data-testid="choose-folder" on:click=move |_| ask(folder)>
            "Choose a folder…"
        </button>
        <button
            type="button"
            class="button button-primary"
            data-testid="choose-file"
            on:click=move |_| ask(input)
        >
            "Choose a file…"
        </button>
    }
}
