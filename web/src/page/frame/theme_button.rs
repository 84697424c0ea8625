//! Light, dark or as the system has it; remembered on this device.

use leptos::prelude::*;

const KEY: &str = "forge-theme";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::System => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn remembered() -> Self {
        let stored = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(KEY).ok().flatten());
        match stored.as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    fn remember(self) {
        if let Ok(Some(storage)) = window().local_storage() {
            // A full or forbidden storage only means the choice is not remembered.
            drop(match self {
                Self::System => storage.remove_item(KEY),
                _ => storage.set_item(KEY, self.id()),
            });
        }
    }
}

/// The button that goes round the three.
#[component]
pub(super) fn ThemeButton() -> impl IntoView {
    let theme = RwSignal::new(Theme::remembered());
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            drop(root.set_attribute("data-theme", theme.get().id()));
        }
    });
    let label = move || match theme.get() {
        Theme::System => "Theme: as the system",
        Theme::Light => "Theme: light",
        Theme::Dark => "Theme: dark",
    };
    view! {
        <button
            type="button"
            class="icon-button"
            data-testid="theme-button"
            data-value=move || theme.get().id()
            aria-label=label
            title=label
            on:click=move |_| {
                theme.update(|theme| *theme = theme.next());
                theme.get_untracked().remember();
            }
        >
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" class="theme-icon">
                <circle cx="8" cy="8" r="6" fill="none" stroke-width="1.6"/>
                {move || match theme.get() {
                    Theme::System => view! { <path d="M8 2a6 6 0 0 1 0 12z"/> }.into_any(),
                    Theme::Light => view! { <circle cx="8" cy="8" r="2.2"/> }.into_any(),
                    Theme::Dark => view! { <circle cx="8" cy="8" r="6"/> }.into_any(),
                }}
            </svg>
        </button>
    }
}
