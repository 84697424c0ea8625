//! The way through the page: five steps, ticked when done, open to go back at any time.

use leptos::prelude::*;

use super::super::action::{Action, Step};
use super::super::store::store;

/// The steps.
#[component]
pub(super) fn Steps() -> impl IntoView {
    let store = store();
    let item = move |step: Step| {
        let done = move || store.is_done(step) && store.step.get() != step;
        view! {
            <li>
                <button
                    type="button"
                    class="step"
                    data-testid=format!("step-{}", step.id())
                    data-done=move || done().then_some("true")
                    aria-current=move || (store.step.get() == step).then_some("step")
                    disabled=move || !store.is_open(step)
                    on:click=move |_| store.act(Action::GoTo(step))
                >
                    <Show when=done>
                        <svg class="tick" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
                            <path d="M2 6.5 5 9.5 10 3" fill="none" stroke-width="1.8" stroke-linecap="round"/>
                        </svg>
                        <span class="visually-hidden">"Done: "</span>
                    </Show>
                    {step.name()}
                </button>
            </li>
        }
    };
    view! {
        <nav class="steps" aria-label="Steps">
            <ol>{Step::ALL.map(item).collect_view()}</ol>
        </nav>
    }
}
