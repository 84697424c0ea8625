//! A bundled sample as a card with a small picture of its problem.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::store::store;
use super::picture::ProblemPicture;
use super::samples::Sample;

/// The card.
#[component]
pub(super) fn SampleCard(
    /// Which sample.
    sample: &'static Sample,
) -> impl IntoView {
    let store = store();
    view! {
        <button
            type="button"
            class="sample"
            data-testid=format!("sample-{}", sample.id)
            disabled=move || store.loading.with(Option::is_some)
            on:click=move |_| store.act(Action::OpenSample(sample))
        >
            <ProblemPicture picture=sample.picture/>
            <span class="sample-text">
                <strong>{sample.title}</strong>
                <span>{sample.note}</span>
            </span>
        </button>
    }
}
