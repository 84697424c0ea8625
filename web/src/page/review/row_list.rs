//! The list of rows of a run, with a few of their cells.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::action::Action;
use super::super::store::{Store, store};
use super::list_head::ListHead;
use super::list_row::ListRow;
use super::shown_features;
use super::virtual_list::{VirtualList, Window};

/// The list.
#[component]
pub(super) fn RowList() -> impl IntoView {
    let store = store();
    let n = Signal::derive(move || store.listed.with(|listed| listed.len()));
    let window = RwSignal::new(Window::default());
    let lines = Memo::new(move |_| {
        let Window { first, len, .. } = window.get();
        store
            .listed
            .with(|listed| (first..).zip(listed.iter().skip(first).take(len).copied()).collect::<Vec<(usize, u32)>>())
    });
    fetch_cells(store, lines);
    let selected = Signal::derive(move || {
        let entry = store.selected.get()?;
        store.listed.with_untracked(|listed| listed.iter().position(|&listed| listed == entry))
    });
    let active = Signal::derive(move || {
        let shown = |entry: &u32| lines.with(|lines| lines.iter().any(|line| line.1 == *entry));
        store.selected.get().filter(shown).map(|entry| format!("entry-{entry}"))
    });
    let features = Memo::new(move |_| Arc::new(shown_features(store)));
    view! {
        <VirtualList n window selected active head=ViewFn::from(move || view! { <ListHead features/> })>
            <For each=move || lines.get() key=|line| *line let((at, entry))>
                <ListRow at entry features/>
            </For>
        </VirtualList>
    }
}

/// Asks the table worker for the cells of new lines; what was asked for last is not asked for again.
fn fetch_cells(store: Store, lines: Memo<Vec<(usize, u32)>>) {
    Effect::new(move |asked: Option<Vec<u32>>| {
        let Some(analysis) = store.analysis.get() else {
            return Vec::new();
        };
        let rows: Vec<u32> = lines.with(|lines| {
            let rows = lines.iter().filter_map(|&(_, entry)| analysis.rows.get(entry as usize).copied());
            store.row_texts.with_untracked(|texts| rows.filter(|row| !texts.contains_key(row)).collect())
        });
        let asked = asked.unwrap_or_default();
        let new: Vec<u32> = rows.iter().copied().filter(|row| !asked.contains(row)).collect();
        if !new.is_empty() {
            store.act(Action::NeedCells(new));
        }
        rows
    });
}
