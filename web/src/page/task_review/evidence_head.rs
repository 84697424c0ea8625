//! The head of the evidence: which row, sentence or example, its place in the list and in the file.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::action::Action;
use super::super::format;
use super::super::store::{RowText, store};
use super::super::work::Work;
use super::example_name;

/// The head.
#[component]
pub(super) fn EvidenceHead(
    /// The row, sentence or example.
    row: Memo<Option<u32>>,
    /// Its cells, where they have come.
    text: Memo<Option<Arc<RowText>>>,
) -> impl IntoView {
    let store = store();
    let on_table = move || store.found.with(|found| found.as_ref().is_some_and(|found| found.lists_table_rows()));
    let unit = move || match store.found.with(|found| found.as_ref().map_or(Work::Run, |found| found.work())) {
        Work::Task("token") => "Sentence",
        Work::Task("multiannotator") => "Example",
        _ => "Row",
    };
    let place = move || {
        let n = store.found.with(|found| found.as_ref().map_or(0, |found| found.findings(store.group.get()).len()));
        store.selected.get().map(|at| format!("{} of {}", format::count(at as usize + 1), format::count(n)))
    };
    let line = move || {
        on_table().then(|| text.get()).flatten().map(|text| format!(" · line {}", format::count(text.line as usize)))
    };
    view! {
        <div class="evidence-head">
            <div>
                <h2 class="title" data-testid="evidence-row">
                    {unit} " " {move || row.get().map(|row| {
                        let name = store.found.with(|found| example_name(found.as_ref()?, row));
                        name.unwrap_or_else(|| format::count(row as usize))
                    })}
                </h2>
                <p class="subtitle"><span class="figure">{place}</span> {line}</p>
            </div>
            <button
                type="button"
                class="icon-button evidence-close"
                data-testid="evidence-close"
                aria-label="Back to the list"
                on:click=move |_| store.act(Action::CloseSheet)
            >
                "✕"
            </button>
        </div>
    }
}
