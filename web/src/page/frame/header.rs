//! The header: name, the way through the page, what left the tab, theme and help.

use leptos::prelude::*;

use super::mark::Mark;
use super::privacy_badge::PrivacyBadge;
use super::steps::Steps;
use super::theme_button::ThemeButton;

/// The header; `help` opens the help.
#[component]
pub(super) fn Header(help: RwSignal<bool>) -> impl IntoView {
    view! {
        <header class="header">
            <div class="brand">
                <Mark/>
                <span class="brand-name">"Cleanlab Forge"</span>
            </div>
            <Steps/>
            <div class="header-tools">
                <PrivacyBadge/>
                <ThemeButton/>
                <button
                    type="button"
                    class="icon-button"
                    data-testid="help-button"
                    aria-label="Help"
                    title="Help (?)"
                    on:click=move |_| help.set(true)
                >
                    "?"
                </button>
            </div>
        </header>
    }
}
