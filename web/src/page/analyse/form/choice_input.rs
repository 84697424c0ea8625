//! The field of a setting that is one of a few names.

use forge_core::{Setting, SettingKind};
use leptos::prelude::*;

use super::super::super::store::store;
use super::super::gain::words;
use super::{enter, shown};

/// The field; nothing chosen is a choice too where the setting may be left empty.
#[component]
pub(super) fn ChoiceInput(
    /// Which setting.
    setting: Setting,
) -> impl IntoView {
    let store = store();
    let name = setting.name.clone();
    let names = match &setting.kind {
        SettingKind::Choice(names) => names.clone(),
        _ => Vec::new(),
    };
    let chosen = {
        let setting = setting.clone();
        Memo::new(move |_| shown(store, &setting))
    };
    let none = setting
        .optional
        .then(|| view! { <option value="" selected=move || chosen.with(String::is_empty)>"Automatic"</option> });
    let options = names.into_iter().map(|name| {
        let (value, label) = (name.clone(), words(&name));
        view! { <option value=value selected=move || chosen.with(|chosen| *chosen == name)>{label}</option> }
    });
    view! {
        <select
            id=format!("setting-{name}")
            data-testid=format!("setting-{name}")
            aria-describedby=format!("error-{name} help-{name}")
            on:change:target=move |event| enter(store, &setting, &event.target().value())
        >
            {none}
            {options.collect_view()}
        </select>
    }
}
