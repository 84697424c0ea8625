//! What the list is filtered by, as chips to take off, and how to add to it.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::decisions::Decision;
use super::super::format;
use super::super::list::{Filters, Shelf};
use super::super::store::store;
use super::filter_panel::FilterPanel;

/// The chips, the number of listed rows, and the bulk decision.
#[component]
pub(super) fn Chips() -> impl IntoView {
    let store = store();
    let set = move |edit: fn(&mut Filters)| {
        let mut filters = store.filters.get_untracked();
        edit(&mut filters);
        store.act(Action::SetFilters(filters));
    };
    let class = move |class: u32| store.analysis.with(|analysis| analysis.as_ref().map(|a| a.class(class).to_owned()));
    let chip = move |testid: &'static str, class: &'static str, label: String, clear: Callback<()>| {
        view! {
            <button
                type="button"
                class=class
                data-testid=testid
                title=label.clone()
                aria-label=format!("Remove the filter {label}")
                on:click=move |_| clear.run(())
            >
                <span class="chip-label">{label.clone()}</span>
                <span class="chip-off" aria-hidden="true">" ✕"</span>
            </button>
        }
    };
    let n = move || store.listed.with(|listed| listed.len());
    let excluded_shelf = move || store.filters.with(|filters| filters.shelf == Shelf::Excluded);
    view! {
        <div class="chips" data-testid="chips">
            <div class="chips-list">
                {move || store.filters.with(|filters| filters.shelf == Shelf::Flagged).then(|| {
                    chip("chip-flagged", "chip", "flagged".to_owned(), Callback::new(move |()| set(|filters| filters.shelf = Shelf::All)))
                })}
                {move || (!excluded_shelf() && store.threshold.get() < 1.0).then(|| {
                    let label = format!("score ≤ {}", format::score(store.threshold.get()));
                    chip("chip-score", "chip", label, Callback::new(move |()| store.act(Action::SetThreshold(1.0))))
                })}
                {move || store.filters.with(|filters| filters.given).map(|given| {
                    let label = format!("given {}", class(given).unwrap_or_default());
                    chip("chip-given", "chip chip-class", label, Callback::new(move |()| set(|filters| filters.given = None)))
                })}
                {move || store.filters.with(|filters| filters.suggested).map(|suggested| {
                    let label = format!("suggested {}", class(suggested).unwrap_or_default());
                    chip("chip-suggested", "chip chip-class", label, Callback::new(move |()| set(|filters| filters.suggested = None)))
                })}
            </div>
            <FilterPanel/>
            <span class="chips-end">
                <span class="list-count" role="status" data-testid="list-count" data-value=move || n().to_string()>
                    {move || format::counted(n(), "row", "rows")}
                </span>
                <button
                    type="button"
                    class="text-button"
                    data-testid="decide-listed"
                    disabled=move || n() == 0
                    on:click=move |_| {
                        let to = if excluded_shelf() { Decision::Restore } else { Decision::Exclude };
                        store.act(Action::DecideListed(to));
                    }
                >
                    {move || if excluded_shelf() { "Restore all" } else { "Exclude all" }}
                </button>
            </span>
        </div>
    }
}
