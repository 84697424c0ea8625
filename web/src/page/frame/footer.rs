//! The footer: what was decided, the way back, and what leaving out the worst rows bought.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::analyse::{Gain, metric_label};
use super::super::format;
use super::super::pictures::Edits;
use super::super::store::store;

/// The footer.
#[component]
pub(super) fn Footer() -> impl IntoView {
    let store = store();
    let n_excluded = move || store.decisions.with(super::super::decisions::Decisions::n_excluded);
    let n_changed = move || store.pictures.edits.with(Edits::n_changed);
    let decided = move || {
        let (n, one, many) = if store.has_pictures() {
            (n_changed(), " picture changed", " pictures changed")
        } else {
            (n_excluded(), " row excluded", " rows excluded")
        };
        (format::count(n), if n == 1 { one } else { many })
    };
    let can_undo = move || {
        if store.has_pictures() {
            store.pictures.edits.with(Edits::can_undo)
        } else {
            store.decisions.with(super::super::decisions::Decisions::can_undo)
        }
    };
    let can_redo = move || {
        if store.has_pictures() {
            store.pictures.edits.with(Edits::can_redo)
        } else {
            store.decisions.with(super::super::decisions::Decisions::can_redo)
        }
    };
    let gain = move || {
        store.summary.with(|summary| {
            let summary = summary.as_ref()?;
            Gain::of(&summary.variants, summary.primary_metric.as_deref()?)
        })
    };
    view! {
        <footer class="footer">
            <Show
                when=move || store.facts.with(Option::is_some)
                fallback=|| view! { <span>"Nothing loaded yet"</span> }
            >
                <div class="footer-decisions">
                    <span data-testid="decision-count">
                        <strong class="figure">{move || decided().0}</strong>
                        {move || decided().1}
                    </span>
                    <span class="footer-note">" · kept in this tab until you close it"</span>
                    <button
                        type="button"
                        class="text-button"
                        data-testid="undo"
                        disabled=move || !can_undo()
                        on:click=move |_| store.act(Action::Undo)
                    >
                        "Undo " <kbd>"U"</kbd>
                    </button>
                    <button
                        type="button"
                        class="text-button footer-redo"
                        data-testid="redo"
                        disabled=move || !can_redo()
                        on:click=move |_| store.act(Action::Redo)
                    >
                        "Redo " <kbd>"⇧U"</kbd>
                    </button>
                </div>
            </Show>
            {move || gain().map(|gain| view! {
                <div class="footer-gain" data-testid="footer-metric" data-value=gain.difference.to_string()>
                    <span>{metric_label(&gain.metric)} " "</span>
                    <span class="figure">{format::metric(gain.before)} " → " {format::metric(gain.after)} " "</span>
                    <strong class=format!("figure {}", gain.class())>{format::signed(gain.difference)}</strong>
                    <strong class=gain.class()>" " {gain.word()} <span class="footer-note">" after pruning"</span></strong>
                </div>
            })}
        </footer>
    }
}
