//! The bundled sample as a card with a small picture of its problem: one dot among many has the wrong colour.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::store::store;

/// Colour of each dot, row by row: `g`iven class, `o`ther class, `w`rong.
const DOTS: [&str; 4] = ["googooog", "oogowgoo", "googooog", "ogoogogo"];

/// The card.
#[component]
pub(super) fn SampleCard() -> impl IntoView {
    let store = store();
    let dots = DOTS.iter().enumerate().flat_map(|(y, row)| {
        row.chars().enumerate().map(move |(x, kind)| {
            let class = match kind {
                'g' => "dot-given",
                'w' => "dot-wrong",
                _ => "dot-other",
            };
            view! { <circle class=class cx=(6 + 10 * x).to_string() cy=(6 + 12 * y).to_string() r="3.2"/> }
        })
    });
    view! {
        <button
            type="button"
            class="sample"
            data-testid="sample-adult"
            disabled=move || store.loading.with(Option::is_some)
            on:click=move |_| store.act(Action::OpenSample)
        >
            <svg class="sample-picture" viewBox="0 0 82 48" width="82" height="48" aria-hidden="true">
                {dots.collect_view()}
            </svg>
            <span class="sample-text">
                <strong>"Census income"</strong>
                <span>"Labels · 2 classes · 12,000 rows"</span>
            </span>
        </button>
    }
}
