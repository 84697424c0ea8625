//! What went wrong, in the place where it matters, with what to do about it.

use leptos::prelude::*;

use crate::protocol::Failure;

/// A note about a failure; nothing while there is none.
#[component]
pub(crate) fn FailureNote(
    /// What went wrong.
    #[prop(into)]
    failure: Signal<Option<Failure>>,
    /// Name in tests.
    testid: &'static str,
    /// What could not be done, in a few words.
    title: &'static str,
) -> impl IntoView {
    view! {
        <div role="alert" class="alert-place">
            {move || failure.get().map(|failure| view! {
                <div class="note note-error" data-testid=testid data-code=failure.code>
                    <svg class="note-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                        <path d="M8 1.5 15 14H1z" fill="none" stroke-width="1.6" stroke-linejoin="round"/>
                        <path d="M8 6v4M8 11.6v.6" fill="none" stroke-width="1.6" stroke-linecap="round"/>
                    </svg>
                    <div>
                        <p class="note-title">{title}</p>
                        <p>{failure.message}</p>
                        {failure.hint.map(|hint| view! { <p class="note-hint">{hint}</p> })}
                    </div>
                </div>
            })}
        </div>
    }
}
