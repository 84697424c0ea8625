//! The field of a setting that is yes or no.

use forge_core::Setting;
use leptos::prelude::*;

use super::super::super::store::store;
use super::{enter, shown};

/// The field.
#[component]
pub(super) fn CheckInput(
    /// Which setting.
    setting: Setting,
) -> impl IntoView {
    let store = store();
    let name = setting.name.clone();
    let checked = {
        let setting = setting.clone();
        move || shown(store, &setting) == "true"
    };
    view! {
        <input
            id=format!("setting-{name}")
            data-testid=format!("setting-{name}")
            type="checkbox"
            prop:checked=checked
            aria-describedby=format!("error-{name} help-{name}")
            on:change:target=move |event| enter(store, &setting, if event.target().checked() { "true" } else { "false" })
        />
    }
}
