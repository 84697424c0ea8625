//! One column: its name, type, role, and what its values look like.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::format;
use super::super::store::store;
use super::{ROLES, TYPES, role_of};

/// The column at position `at`.
#[component]
pub(super) fn ColumnRow(at: usize) -> impl IntoView {
    let store = store();
    let facts = store.facts.get_untracked()?;
    let column = facts.columns.get(at)?.clone();
    let n_rows = facts.n_rows.max(1);
    let examples = column.examples.join(" · ");
    let (for_role, for_type, for_set) = (column.clone(), column.name.clone(), column.name.clone());
    let role = move || store.columns.with(|columns| role_of(&for_role, store.work.get(), columns));
    let is_target = {
        let role = role.clone();
        move || role() == forge_data::Role::Target
    };
    let missing = match column.n_missing {
        0 => "0".to_owned(),
        n => format!("{} ({})", format::count(n), format::percent(n as f64 / n_rows as f64)),
    };
    // The reason counts the distinct values too; the same number is written the same way.
    let reason = column.reason.replace(&column.n_distinct.to_string(), &format::count(column.n_distinct));
    let types = TYPES.map(|(column_type, id, label)| {
        view! { <option value=id selected=column_type == column.column_type>{label}</option> }
    });
    let roles = ROLES.map(|(option, id, label)| {
        let role = role.clone();
        view! { <option value=id selected=move || role() == option>{label}</option> }
    });
    Some(view! {
        <tr class:is-target=is_target data-testid="column-row" data-column=column.name.clone()>
            <th scope="row">{column.name.clone()}</th>
            <td data-label="Type">
                <select
                    data-testid="column-type"
                    aria-label=format!("Type of {}", column.name)
                    on:change:target=move |event| {
                        let value = event.target().value();
                        if let Some((column_type, ..)) = TYPES.into_iter().find(|(_, id, _)| *id == value) {
                            store.act(Action::SetType(for_type.clone(), column_type));
                        }
                    }
                >
                    {types.collect_view()}
                </select>
            </td>
            <td data-label="Role">
                <select
                    data-testid="column-role"
                    aria-label=format!("Role of {}", column.name)
                    on:change:target=move |event| {
                        let value = event.target().value();
                        if let Some((role, ..)) = ROLES.into_iter().find(|(_, id, _)| *id == value) {
                            store.act(Action::SetRole(for_set.clone(), role));
                        }
                    }
                >
                    {roles.collect_view()}
                </select>
            </td>
            <td data-label="Missing" class="number figure">{missing}</td>
            <td data-label="Distinct" class="number figure">{format::count(column.n_distinct)}</td>
            <td data-label="Examples" class="examples" title=examples.clone()>{examples.clone()}</td>
            <td data-label="Why" class="reason">{reason}</td>
        </tr>
    })
}
