//! The three parts of the step: rail, list with its pictures, evidence.

use leptos::prelude::*;

use super::super::list::Shelf;
use super::super::pictures::PictureReview;
use super::super::store::store;
use super::super::task_review::TaskReview;
use super::chips::Chips;
use super::evidence::Evidence;
use super::heat_map::HeatMap;
use super::histogram::Histogram;
use super::rail::Rail;
use super::row_list::RowList;

/// The step.
#[component]
pub(crate) fn ReviewStep() -> impl IntoView {
    let store = store();
    let shelf = Memo::new(move |_| store.filters.with(|filters| filters.shelf));
    let heading = move || match shelf.get() {
        Shelf::Flagged => ("Label errors", "Rows whose given label the model, trained without them, finds implausible"),
        Shelf::All => ("All checked rows", "Every row with a label, suspicious or not"),
        Shelf::Excluded => ("Excluded", "Rows that will be missing from the exported data"),
    };
    let of_run = move || {
        view! {
            <div class="review" data-testid="review-step">
                <Rail/>
                <section class="review-main" aria-labelledby="review-title">
                    <h1 class="title" id="review-title">{move || heading().0}</h1>
                    <p class="subtitle">{move || heading().1}</p>
                    <div class="pictures"><Histogram/><HeatMap/></div>
                    <Chips/>
                    <RowList/>
                </section>
                <Evidence/>
            </div>
        }
    };
    view! {
        <Show when=move || store.found.with(Option::is_none) fallback=move || view! {
            <Show when=move || store.has_pictures() fallback=|| view! { <TaskReview/> }>
                <PictureReview/>
            </Show>
        }>
            {of_run}
        </Show>
    }
}
