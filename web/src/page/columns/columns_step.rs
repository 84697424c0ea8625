//! The table of columns with the way on.

use leptos::prelude::*;

use super::super::action::{Action, Step};
use super::super::format;
use super::super::frame::FailureNote;
use super::super::store::store;
use super::column_row::ColumnRow;
use super::reading_notes::ReadingNotes;

/// The step.
#[component]
pub(crate) fn ColumnsStep() -> impl IntoView {
    let store = store();
    let name = move || store.source.with(|source| source.as_ref().map(|source| source.name.clone()));
    let size = move || {
        store.facts.with(|facts| {
            facts.as_ref().map(|facts| {
                let rows = format::counted(facts.n_rows, "row", "rows");
                let columns = format::counted(facts.columns.len(), "column", "columns");
                format!("{rows} · {columns} · {}", format::bytes(facts.n_bytes))
            })
        })
    };
    let n_columns = move || store.facts.with(|facts| facts.as_ref().map_or(0, |facts| facts.columns.len()));
    let no_target = move || store.config.with(|config| config.target.is_empty());
    view! {
        <div class="page page-wide" data-testid="columns-step">
            <div class="page-head">
                <div>
                    <h1 class="title" data-testid="file-name">{name}</h1>
                    <p class="subtitle">
                        <span data-testid="file-size">{size}</span>
                        <Show when=move || !no_target()>
                            " · target " <strong data-testid="target-name">{move || store.config.with(|config| config.target.clone())}</strong>
                        </Show>
                    </p>
                </div>
                <button
                    type="button"
                    class="button button-primary"
                    data-testid="to-analyse"
                    disabled=no_target
                    on:click=move |_| store.act(Action::GoTo(Step::Analyse))
                >
                    "Analyse…"
                </button>
            </div>
            <Show when=no_target>
                <p class="note note-info" data-testid="no-target">
                    "Choose the target: set the role of the column whose labels you want checked."
                </p>
            </Show>
            <FailureNote failure=store.load_failure testid="columns-error" title="The file could not be read that way"/>
            <div class="table-frame" class:is-busy=move || store.loading.with(Option::is_some)>
                <table class="columns-table" data-testid="columns-table">
                    <caption class="visually-hidden">"Columns of the file"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Column"</th>
                            <th scope="col">"Type"</th>
                            <th scope="col">"Role"</th>
                            <th scope="col" class="number">"Missing"</th>
                            <th scope="col" class="number">"Distinct"</th>
                            <th scope="col">"Examples"</th>
                            <th scope="col">"Why"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {move || (0..n_columns()).map(|at| view! { <ColumnRow at/> }).collect_view()}
                    </tbody>
                </table>
            </div>
            <ReadingNotes/>
        </div>
    }
}
