//! The columns that each stand for a label, chosen among those that say yes or no of every row; or one of lists.

use forge_data::Role;
use leptos::prelude::*;

use super::super::super::action::Action;
use super::super::super::store::store;
use super::super::super::work::{holds_lists, is_yes_or_no};

/// The columns, each with a box to tick.
#[component]
pub(super) fn LabelColumns() -> impl IntoView {
    let store = store();
    let names = move || {
        let facts = store.facts.get();
        let columns = facts.iter().flat_map(|facts| facts.columns.iter());
        let chosen = store.columns.with_untracked(|columns| columns.label_columns.clone());
        columns
            .filter(|column| is_yes_or_no(column) || holds_lists(column) || chosen.contains(&column.name))
            .map(|column| column.name.clone())
            .collect::<Vec<_>>()
    };
    let item = move |(at, name): (usize, String)| {
        let (id, text, column) = (format!("label-column-{at}"), name.clone(), name.clone());
        let checked = move || store.columns.with(|columns| columns.label_columns.contains(&name));
        view! {
            <li>
                <input
                    id=id.clone()
                    type="checkbox"
                    data-testid="label-column"
                    data-column=column.clone()
                    prop:checked=checked
                    on:change:target=move |event| {
                        let role = if event.target().checked() { Role::Target } else { Role::Feature };
                        store.act(Action::SetRole(column.clone(), role));
                    }
                />
                <label for=id>{text}</label>
            </li>
        }
    };
    view! {
        <ul class="label-columns" data-testid="setting-target" aria-labelledby="label-target">
            {move || names().into_iter().enumerate().map(item).collect_view()}
        </ul>
    }
}
