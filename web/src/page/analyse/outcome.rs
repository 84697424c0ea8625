//! The result of the last job: how much was found, the models compared, and what else it says.

use leptos::prelude::*;

use super::super::action::{Action, Step};
use super::super::format;
use super::super::store::store;
use super::super::work::Work;
use super::also_found::AlsoFound;
use super::comparison::Comparison;
use super::run_notes::RunNotes;
use super::task_facts::TaskFacts;

/// The result.
#[component]
pub(super) fn Outcome() -> impl IntoView {
    let store = store();
    let n_issues = move || store.summary.with(|summary| summary.as_ref().map_or(0, |summary| summary.n_issues));
    let noun = move || {
        let work = store.summary.with(|summary| summary.as_ref().map_or(Work::Run, |summary| summary.work));
        let (one, many) = work.nouns();
        if n_issues() == 1 { one } else { many }
    };
    view! {
        <button
            type="button"
            class="found"
            data-testid="to-review"
            data-issues=move || n_issues().to_string()
            on:click=move |_| store.act(Action::GoTo(Step::Review))
        >
            <span class="found-number figure">{move || format::count(n_issues())}</span>
            <span class="found-text">{noun}</span>
            <span class="found-word">"Review…"</span>
        </button>
        <TaskFacts/>
        <Comparison/>
        <AlsoFound/>
        <RunNotes/>
    }
}
