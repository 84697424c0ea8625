//! One thing to download: what it is and its buttons.

use leptos::prelude::*;

use super::super::action::{Action, Export};
use super::super::store::store;

/// A row with a title, a sentence, and a button per format: test id, label, file.
#[component]
pub(super) fn DownloadRow(
    /// What it is.
    title: &'static str,
    /// What is in it.
    #[prop(into)]
    note: Signal<String>,
    /// The buttons.
    files: Vec<(&'static str, &'static str, Callback<(), Export>)>,
) -> impl IntoView {
    let store = store();
    let buttons = files.into_iter().map(|(testid, label, file)| {
        view! {
            <button
                type="button"
                class="button"
                data-testid=testid
                aria-label=format!("{title}: {label}")
                on:click=move |_| store.act(Action::Download(file.run(())))
            >
                {label}
            </button>
        }
    });
    view! {
        <div class="download">
            <div>
                <h2 class="card-title">{title}</h2>
                <p class="card-note">{note}</p>
            </div>
            <div class="download-buttons">{buttons.collect_view()}</div>
        </div>
    }
}
