//! The mark of the product: an anvil's arch over a spark.

use leptos::prelude::*;

/// The mark, decorative beside the name.
#[component]
pub(super) fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
            <path class="mark-arch" d="M6 17v-5a6 6 0 0 1 12 0v5" fill="none" stroke-width="2.4" stroke-linecap="round"/>
            <path class="mark-base" d="M3 21h18" fill="none" stroke-width="2.4" stroke-linecap="round"/>
            <circle class="mark-spark" cx="12" cy="14" r="2.4"/>
        </svg>
    }
}
