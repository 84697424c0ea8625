//! The first page a user sees: their file first, an example second.

use leptos::html;
use leptos::prelude::*;

use super::super::action::{Action, Step};
use super::super::format;
use super::super::frame::FailureNote;
use super::super::store::store;
use super::how_it_works::HowItWorks;
use super::paste_box::PasteBox;
use super::sample_card::SampleCard;
use super::samples::SAMPLES;

/// The step.
#[component]
pub(crate) fn LoadStep() -> impl IntoView {
    let store = store();
    let input = NodeRef::<html::Input>::new();
    let pasting = RwSignal::new(false);
    let chosen = move |_| {
        let Some(input) = input.get() else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            store.act(Action::Open(file.name(), file.into()));
        }
        // Choosing the same file again must count as a choice.
        input.set_value("");
    };
    view! {
        <div class="page load">
            <h1 class="hero">"Find what is wrong with your data, and fix it, right here"</h1>
            <p class="lead">"Wrong labels, outliers, duplicates, weak groups. The model trains in this tab; your file never leaves your machine."</p>
            <section class="drop-zone" aria-labelledby="drop-title" data-testid="drop-zone">
                <div>
                    <h2 id="drop-title">"Drop a data set"</h2>
                    <p>"CSV, TSV, ARFF, JSON, NumPy, CoNLL-U or CoNLL-2003, also gzipped or zipped"</p>
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
                    <input
                        node_ref=input
                        type="file"
                        class="visually-hidden"
                        id="file-input"
                        data-testid="file-input"
                        tabindex="-1"
                        aria-label="Choose a file"
                        on:change=chosen
                    />
                    <button
                        type="button"
                        class="button button-primary"
                        data-testid="choose-file"
                        on:click=move |_| {
                            if let Some(input) = input.get() {
                                input.click();
                            }
                        }
                    >
                        "Choose a file…"
                    </button>
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
                let (rows, is_corpus) = store.facts.with(|facts| {
                    facts.as_ref().map_or((0, false), |facts| (facts.n_rows, facts.corpus.is_some()))
                });
                view! {
                    <h2 class="section-title">"Loaded now"</h2>
                    <button
                        type="button"
                        class="continue-row"
                        data-testid="continue"
                        on:click=move |_| store.act(Action::GoTo(Step::Columns))
                    >
                        <strong data-testid="loaded-name">{source.name}</strong>
                        <span>{if is_corpus { format::counted(rows, "sentence", "sentences") } else { format::counted(rows, "row", "rows") }}</span>
                        <span class="continue-word">"Continue →"</span>
                    </button>
                }
            })}
            <HowItWorks/>
        </div>
    }
}
