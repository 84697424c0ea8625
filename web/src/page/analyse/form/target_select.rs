//! The column whose labels are checked, chosen among those of the file.

use forge_core::Setting;
use forge_data::Role;
use leptos::prelude::*;

use super::super::super::action::Action;
use super::super::super::store::store;

/// The field.
#[component]
pub(super) fn TargetSelect(
    /// The setting, for whether it may be left empty.
    setting: Setting,
) -> impl IntoView {
    let store = store();
    let optional = setting.optional;
    let names = move || {
        let facts = store.facts.get();
        facts.iter().flat_map(|facts| facts.columns.iter().map(|column| column.name.clone())).collect::<Vec<_>>()
    };
    let none = move || store.columns.with(|columns| columns.target.is_empty());
    let option = move |name: String| {
        let (value, text) = (name.clone(), name.clone());
        view! { <option value=value selected=move || store.columns.with(|columns| columns.target == name)>{text}</option> }
    };
    let chosen = move |name: String| {
        if name.is_empty() {
            let old = store.columns.with_untracked(|columns| columns.target.clone());
            store.act(Action::SetRole(old, Role::Feature));
        } else {
            store.act(Action::SetRole(name, Role::Target));
        }
    };
    view! {
        <select
            id="setting-target"
            data-testid="setting-target"
            aria-describedby="error-target help-target"
            on:change:target=move |event| chosen(event.target().value())
        >
            <Show when=move || optional || none()>
                <option value="" selected=none disabled=!optional>{if optional { "None" } else { "Choose…" }}</option>
            </Show>
            {move || names().into_iter().map(option).collect_view()}
        </select>
    }
}
