//! A row beside others: what differs stands out.

use leptos::prelude::*;

use super::super::format;
use super::super::store::store;

/// The rows, column by column; nothing until their cells have come.
#[component]
pub(super) fn RowsSideBySide(
    /// What the comparison shows.
    title: &'static str,
    /// The row.
    row: u32,
    /// The rows it is compared with.
    rows: Vec<u32>,
) -> impl IntoView {
    let store = store();
    let heads = rows.iter().map(|&row| view! { <th scope="col">"Row " {format::count(row as usize)}</th> });
    let heads = heads.collect::<Vec<_>>();
    let body = move || {
        let facts = store.facts.get()?;
        let texts = store.row_texts.get();
        let own = texts.get(&row)?.clone();
        let others: Vec<_> = rows.iter().map(|row| texts.get(row).cloned()).collect();
        let lines =
            facts.columns.iter().enumerate().map(|(at, column)| {
                let cell = own.cells.get(at).cloned().unwrap_or_default();
                let shown = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
                let mut all_same = true;
                let cells: Vec<_> = others.iter().map(|other| {
                let text = other.as_ref().and_then(|other| other.cells.get(at).cloned());
                let differs = text.as_ref().is_some_and(|text| *text != cell);
                all_same &= !differs;
                view! { <td class:differs=differs>{text.map_or_else(|| "…".to_owned(), |text| shown(&text))}</td> }
            }).collect();
                view! {
                    <tr class:is-same=all_same>
                        <th scope="row">{column.name.clone()}</th>
                        <td>{shown(&cell)}</td>
                        {cells}
                    </tr>
                }
            });
        Some(lines.collect_view())
    };
    view! {
        <h3 class="evidence-title">{title}</h3>
        <div class="table-scroll" tabindex="0" role="region" aria-label=title>
            <table class="values values-compared" data-testid="side-by-side">
                <thead><tr><th scope="col">"Column"</th><th scope="col">"This row"</th>{heads}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}
