//! Given against suggested label among the flagged rows, as numbers on colour; a click lists one cell.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::action::Action;
use super::super::analysis::Analysis;
use super::super::format;
use super::super::store::{Store, store};

/// Classes shown at most; the others can be chosen as filters.
const MAX_CLASSES: usize = 10;

/// The heat map.
#[component]
pub(super) fn HeatMap() -> impl IntoView {
    let store = store();
    move || {
        let analysis = store.analysis.get()?;
        let shown = shown_classes(&analysis);
        let left_out = analysis.report.classes.len() - shown.len();
        let counts = &analysis.report.label_issues.given_by_suggested;
        let most = counts.iter().flatten().copied().max().unwrap_or(1).max(1);
        let head = shown.iter().map(|&class| view! { <th scope="col" title=analysis.class(class).to_owned()>{analysis.class(class).to_owned()}</th> });
        let rows = shown.iter().map(|&given| {
            let cells = shown.iter().map(|&suggested| cell(store, &analysis, given, suggested, most));
            view! {
                <tr>
                    <th scope="row" title=analysis.class(given).to_owned()>{analysis.class(given).to_owned()}</th>
                    {cells.collect_view()}
                </tr>
            }
        });
        Some(view! {
            <section class="card heat" data-testid="heat-map" aria-label="Given against suggested label">
                <table class="heat-table">
                    <caption>"Given ↓ suggested →"</caption>
                    <thead><tr><td></td>{head.collect_view()}</tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
                {(left_out > 0).then(|| view! {
                    <p class="heat-note">{format::counted(left_out, "more class", "more classes")} " under Add filter…"</p>
                })}
            </section>
        })
    }
}

fn cell(store: Store, analysis: &Arc<Analysis>, given: u32, suggested: u32, most: usize) -> impl IntoView + use<> {
    let counts = &analysis.report.label_issues.given_by_suggested;
    let n = counts.get(given as usize).and_then(|row| row.get(suggested as usize)).copied().unwrap_or(0);
    if given == suggested && n == 0 {
        return view! { <td class="heat-same"><span class="visually-hidden">"same label"</span></td> }.into_any();
    }
    // Five strengths are classes, so that the style sheet alone knows colours.
    let strength = if n == 0 { 0 } else { 1 + (n * 4).div_ceil(most).min(4) };
    let chosen =
        move || store.filters.with(|filters| filters.given == Some(given) && filters.suggested == Some(suggested));
    let label = format!(
        "Given {}, suggested {}: {}",
        analysis.class(given),
        analysis.class(suggested),
        format::counted(n, "row", "rows")
    );
    view! {
        <td>
            <button
                type="button"
                class=format!("heat-cell heat-{strength}")
                data-testid=format!("heat-{given}-{suggested}")
                data-value=n.to_string()
                aria-label=label.clone()
                title=label
                aria-pressed=move || chosen().to_string()
                on:click=move |_| {
                    let mut filters = store.filters.get_untracked();
                    let clear = filters.given == Some(given) && filters.suggested == Some(suggested);
                    (filters.given, filters.suggested) = if clear { (None, None) } else { (Some(given), Some(suggested)) };
                    store.act(Action::SetFilters(filters));
                }
            >
                {format::count(n)}
            </button>
        </td>
    }
    .into_any()
}

/// The classes with the most flagged rows, in class order.
fn shown_classes(analysis: &Analysis) -> Vec<u32> {
    let counts = &analysis.report.label_issues.given_by_suggested;
    let total = |class: usize| -> usize {
        let given: usize = counts.get(class).map_or(0, |row| row.iter().sum());
        let suggested: usize = counts.iter().filter_map(|row| row.get(class)).sum();
        given + suggested
    };
    let mut classes: Vec<(usize, u32)> = (0..analysis.report.classes.len()).map(|at| (total(at), at as u32)).collect();
    classes.sort_by_key(|&(total, class)| (std::cmp::Reverse(total), class));
    let mut shown: Vec<u32> = classes.into_iter().take(MAX_CLASSES).map(|(_, class)| class).collect();
    shown.sort_unstable();
    shown
}
