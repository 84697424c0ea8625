//! The left rail: the file, what needs a look, what was decided.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::format;
use super::super::list::Shelf;
use super::super::store::store;

/// The rail.
#[component]
pub(super) fn Rail() -> impl IntoView {
    let store = store();
    let name = move || store.source.with(|source| source.as_ref().map(|source| source.name.clone()));
    let facts = move || {
        store.facts.with(|facts| {
            let facts = facts.as_ref()?;
            let rows = format::counted(facts.n_rows, "row", "rows");
            let columns = format::counted(facts.columns.len(), "column", "columns");
            Some(format!("{rows} · {columns}"))
        })
    };
    let report = move |read: fn(&forge_core::Report) -> usize| {
        store.analysis.with(|analysis| analysis.as_ref().map_or(0, |analysis| read(&analysis.report)))
    };
    let target =
        move || store.analysis.with(|analysis| analysis.as_ref().map(|analysis| analysis.report.target.clone()));
    let health = move || {
        store.analysis.with(|analysis| {
            analysis.as_ref().map(|analysis| format::percent(analysis.report.label_issues.health_score))
        })
    };
    let item = move |shelf: Shelf, testid: &'static str, label: &'static str, mark: &'static str, n: Signal<usize>| {
        view! {
            <li>
                <button
                    type="button"
                    class="rail-item"
                    data-testid=testid
                    data-count=move || n.get().to_string()
                    aria-pressed=move || store.filters.with(|filters| filters.shelf == shelf).to_string()
                    on:click=move |_| {
                        let mut filters = store.filters.get_untracked();
                        filters.shelf = shelf;
                        store.act(Action::SetFilters(filters));
                    }
                >
                    <span class=format!("rail-mark {mark}") aria-hidden="true"></span>
                    <span class="rail-label">{label}</span>
                    <span class="figure rail-count">{move || format::count(n.get())}</span>
                </button>
            </li>
        }
    };
    let n_issues = Signal::derive(move || report(|report| report.label_issues.n_issues));
    let n_rows = Signal::derive(move || report(|report| report.n_rows));
    let n_excluded = Signal::derive(move || store.decisions.with(super::super::decisions::Decisions::n_excluded));
    view! {
        <nav class="rail" aria-label="What was found">
            <div class="rail-file">
                <p class="rail-name">{name}</p>
                <p class="rail-facts">{facts} " · target " {target}</p>
                <p class="rail-facts" data-testid="health">"Labels estimated correct: " <span class="figure">{health}</span></p>
            </div>
            <p class="rail-title">"Needs a look"</p>
            <ul>{item(Shelf::Flagged, "rail-issues", "Label errors", "mark-error", n_issues)}</ul>
            <p class="rail-title">"Everything"</p>
            <ul>{item(Shelf::All, "rail-all", "Checked rows", "mark-all", n_rows)}</ul>
            <p class="rail-title">"Your decisions"</p>
            <ul>{item(Shelf::Excluded, "rail-excluded", "Excluded", "mark-excluded", n_excluded)}</ul>
        </nav>
    }
}
