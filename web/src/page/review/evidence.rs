//! The evidence for the selected row: why it is suspected, what the model thinks, what the row says, what to do.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::format;
use super::super::store::store;
use super::probabilities::probabilities;
use super::row_values::RowValues;
use super::why::why;

/// The panel; on a small screen it lies over the list when a row is chosen.
#[component]
pub(super) fn Evidence() -> impl IntoView {
    let store = store();
    let row = Memo::new(move |_| {
        let entry = store.selected.get()? as usize;
        store.analysis.with(|analysis| analysis.as_ref()?.rows.get(entry).copied())
    });
    let place = move || {
        let entry = store.selected.get()?;
        store.listed.with(|listed| {
            let at = listed.iter().position(|&listed| listed == entry);
            Some(at.map_or_else(
                || "not in the list".to_owned(),
                |at| format!("{} of {}", format::count(at + 1), format::count(listed.len())),
            ))
        })
    };
    let text = Memo::new(move |_| store.row_texts.with(|texts| texts.get(&row.get()?).cloned()));
    Effect::new(move |_| {
        if let Some(row) = row.get().filter(|_| text.get().is_none()) {
            store.act(Action::NeedCells(vec![row]));
        }
    });
    let targets = Signal::derive(move || {
        store.analysis.with(|analysis| analysis.iter().map(|analysis| analysis.report.target.clone()).collect())
    });
    let excluded = move || row.get().is_some_and(|row| store.decisions.with(|decisions| decisions.is_excluded(row)));
    let line = move || text.get().map(|text| format!(" · line {}", format::count(text.line as usize)));
    let findings = move || {
        let (analysis, entry) = (store.analysis.get()?, store.selected.get()?);
        let held_out = analysis.held_out.get(entry as usize) == Some(&1);
        Some(view! {
            {why(&analysis, entry)}
            <h3 class="evidence-title">"Out-of-sample probability"</h3>
            {probabilities(&analysis, entry)}
            {held_out.then(|| view! { <p class="heat-note" data-testid="held-out">"Held out: this row also measures the models"</p> })}
        })
    };
    view! {
        <aside class="evidence" class:evidence-open=move || store.sheet.get() data-testid="evidence" aria-label="Evidence">
            <Show
                when=move || row.get().is_some()
                fallback=|| view! { <p class="empty">"Choose a row to see why it is suspected"</p> }
            >
                <div class="evidence-body" tabindex="0" role="region" aria-label="Why this row">
                    <div class="evidence-head">
                        <div>
                            <h2 class="title" data-testid="evidence-row">
                                "Row " {move || row.get().map(|row| format::count(row as usize))}
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
                    {findings}
                    <h3 class="evidence-title">"All values"</h3>
                    <RowValues text targets/>
                </div>
                <div class="evidence-actions">
                    <button type="button" class="button" class:button-primary=move || !excluded() data-testid="toggle-row" on:click=move |_| store.act(Action::ToggleSelected)>
                        <span>{move || if excluded() { "Restore row" } else { "Exclude row" }}</span> <kbd>"E"</kbd>
                    </button>
                    <button type="button" class="button" data-testid="next-row" on:click=move |_| store.act(Action::Move(1))>
                        <span>"Next row"</span> <kbd>"↓"</kbd>
                    </button>
                </div>
            </Show>
        </aside>
    }
}
