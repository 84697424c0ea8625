//! The table of columns with the way on.

use leptos::prelude::*;

use super::super::action::{Action, Step};
use super::super::format;
use super::super::frame::FailureNote;
use super::super::store::store;
use super::super::work::Work;
use super::column_row::ColumnRow;
use super::picture_table::PictureTable;
use super::reading_notes::ReadingNotes;
use super::tag_table::TagTable;
use crate::protocol::DataKind;

/// The step.
#[component]
pub(crate) fn ColumnsStep() -> impl IntoView {
    let store = store();
    let name = move || store.source.with(|source| source.as_ref().map(|source| source.name.clone()));
    let size = move || {
        store.facts.with(|facts| {
            facts.as_ref().map(|facts| {
                let bytes = format::bytes(facts.n_bytes);
                if let Some(corpus) = &facts.corpus {
                    let sentences = format::counted(facts.n_rows, "sentence", "sentences");
                    let tokens = format::counted(corpus.n_tokens, "word", "words");
                    return format!("{sentences} · {tokens} · {bytes}");
                }
                if let Some(pictures) = &facts.pictures {
                    let n_boxes =
                        pictures.pictures.iter().filter_map(|picture| picture.boxes.as_ref()).map(Vec::len).sum();
                    let n_masks = pictures.pictures.iter().filter(|picture| picture.has_mask).count();
                    let counts =
                        [(facts.n_rows, "picture", "pictures"), (n_boxes, "box", "boxes"), (n_masks, "mask", "masks")];
                    let counts = counts.into_iter().filter(|(n, ..)| *n > 0);
                    let parts: Vec<String> = counts.map(|(n, one, many)| format::counted(n, one, many)).collect();
                    return format!("{} · {bytes}", parts.join(" · "));
                }
                let rows = format::counted(facts.n_rows, "row", "rows");
                let columns = format::counted(facts.columns.len(), "column", "columns");
                format!("{rows} · {columns} · {bytes}")
            })
        })
    };
    let n_columns = move || store.facts.with(|facts| facts.as_ref().map_or(0, |facts| facts.columns.len()));
    let targets = move || {
        store.columns.with(|columns| match &columns.target {
            target if !target.is_empty() => target.clone(),
            _ if store.work.get() == Work::Task("multilabel") => columns.label_columns.join(", "),
            _ => String::new(),
        })
    };
    let is_table = move || store.facts.with(|facts| facts.as_ref().is_some_and(|facts| facts.kind == DataKind::Table));
    let no_target = move || is_table() && targets().is_empty() && store.work.get() != Work::Task("multiannotator");
    view! {
        <div class="page page-wide" data-testid="columns-step">
            <div class="page-head">
                <div>
                    <h1 class="title" data-testid="file-name">{name}</h1>
                    <p class="subtitle">
                        <span data-testid="file-size">{size}</span>
                        <Show when=move || !targets().is_empty()>
                            " · target " <strong data-testid="target-name">{targets}</strong>
                        </Show>
                    </p>
                </div>
                <button
                    type="button"
                    class="button button-primary"
                    data-testid="to-analyse"
                    on:click=move |_| store.act(Action::GoTo(Step::Analyse))
                >
                    "Analyse…"
                </button>
            </div>
            <Show when=no_target>
                <p class="note note-info" data-testid="no-target">
                    "No target yet. Set the role of the column whose labels you want checked, or go on to look for \
                     outliers, duplicates and anomalies, which need none."
                </p>
            </Show>
            <FailureNote failure=store.load_failure testid="columns-error" title="The file could not be read that way"/>
            <TagTable/>
            <PictureTable/>
            <Show when=is_table>
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
            </Show>
            <ReadingNotes/>
        </div>
    }
}
