//! The three parts of the step: rail, list with its pictures, evidence.

use leptos::prelude::*;

use super::super::store::store;
use super::super::work::Work;
use super::evidence::Evidence;
use super::finding_list::FindingList;
use super::kinds::{kind_note, kind_title};
use super::overview::Overview;
use super::rail::Rail;
use super::sweep_table::SweepTable;

/// The step.
#[component]
pub(crate) fn TaskReview() -> impl IntoView {
    let store = store();
    let heading = Memo::new(move |_| {
        let found = store.found.get();
        let Some(found) = found else { return (String::new(), "") };
        match found.groups.get(store.group.get()) {
            Some(group) => (kind_title(&group.kind, found.work()), kind_note(&group.kind)),
            None if found.work() == Work::Sweep => {
                ("Models compared".to_owned(), "The same rows, split the same way, for each")
            }
            None => ("Nothing found".to_owned(), "No issue is listed with these settings"),
        }
    });
    let is_sweep = move || store.found.with(|found| found.as_ref().is_some_and(|found| found.work() == Work::Sweep));
    view! {
        <div class="review" class:review-plain=is_sweep data-testid="review-step">
            <Rail/>
            <section class="review-main" aria-labelledby="review-title">
                <h1 class="title" id="review-title">{move || heading.get().0}</h1>
                <p class="subtitle">{move || heading.get().1}</p>
                <Show when=move || !is_sweep() fallback=|| view! { <SweepTable/> }>
                    <Overview/>
                    <FindingList/>
                </Show>
            </section>
            <Show when=move || !is_sweep()>
                <Evidence/>
            </Show>
        </div>
    }
}
