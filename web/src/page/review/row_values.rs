//! All cells of a row with the names of their columns.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::store::{RowText, store};

/// The cells; nothing until they have come from the table worker.
#[component]
pub(crate) fn RowValues(
    /// The cells.
    text: Memo<Option<Arc<RowText>>>,
    /// The columns with the labels.
    targets: Signal<Vec<String>>,
) -> impl IntoView {
    let store = store();
    move || {
        let (text, facts) = (text.get()?, store.facts.get()?);
        let targets = targets.get();
        let rows = facts.columns.iter().zip(&text.cells).map(|(column, cell)| {
            view! {
                <tr class:is-target=targets.contains(&column.name)>
                    <th scope="row">{column.name.clone()}</th>
                    <td>{if cell.is_empty() { "–".to_owned() } else { cell.clone() }}</td>
                </tr>
            }
        });
        Some(view! { <table class="values" data-testid="row-values"><tbody>{rows.collect_view()}</tbody></table> })
    }
}
