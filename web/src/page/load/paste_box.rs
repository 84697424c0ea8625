//! Pasting a table as text.

use leptos::html;
use leptos::prelude::*;

use super::super::action::Action;
use super::super::store::store;

/// The box; it takes the focus when it appears.
#[component]
pub(super) fn PasteBox() -> impl IntoView {
    let store = store();
    let area = NodeRef::<html::Textarea>::new();
    let read = move |_| {
        if let Some(area) = area.get() {
            store.act(Action::Paste(area.value()));
        }
    };
    Effect::new(move |_| {
        if let Some(area) = area.get() {
            // Focus is a courtesy; nothing depends on it.
            drop(area.focus());
        }
    });
    view! {
        <div class="paste" id="paste">
            <label for="paste-area">"A table as text, the first line naming its columns"</label>
            <textarea
                node_ref=area
                id="paste-area"
                data-testid="paste-area"
                rows="8"
                spellcheck="false"
                placeholder="age,education,income\n39,Bachelors,<=50K\n52,Masters,>50K"
            ></textarea>
            <button type="button" class="button button-primary" data-testid="paste-load" on:click=read>
                "Read the text"
            </button>
        </div>
    }
}
