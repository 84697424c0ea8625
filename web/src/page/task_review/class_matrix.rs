//! How many flagged issues have which given and which suggested class, as numbers on colour.

use leptos::prelude::*;

use super::super::format;

/// Classes shown at most: those with most issues.
const MAX_CLASSES: usize = 10;

/// The table; `counts` are given (row) × suggested (column).
#[component]
pub(super) fn ClassMatrix(
    /// Names of the classes.
    classes: Vec<String>,
    /// The counts.
    counts: Vec<Vec<usize>>,
) -> impl IntoView {
    let n_of =
        |given: usize, suggested: usize| counts.get(given).and_then(|row| row.get(suggested)).copied().unwrap_or(0);
    let total = |class: usize| (0..classes.len()).map(|other| n_of(class, other) + n_of(other, class)).sum::<usize>();
    let mut shown: Vec<usize> = (0..classes.len()).collect();
    shown.sort_by_key(|&class| (std::cmp::Reverse(total(class)), class));
    shown.truncate(MAX_CLASSES);
    shown.sort_unstable();
    let left_out = classes.len() - shown.len();
    let most = counts.iter().flatten().copied().max().unwrap_or(1).max(1);
    let head =
        shown.iter().map(|&class| view! { <th scope="col" title=classes[class].clone()>{classes[class].clone()}</th> });
    let rows = shown.iter().map(|&given| {
        let cells = shown.iter().map(|&suggested| {
            let n = n_of(given, suggested);
            if given == suggested && n == 0 {
                return view! { <td class="heat-same"><span class="visually-hidden">"same"</span></td> }.into_any();
            }
            let strength = if n == 0 { 0 } else { 1 + (n * 4).div_ceil(most).min(4) };
            view! {
                <td
                    class=format!("heat-number heat-{strength}")
                    data-testid=format!("heat-{given}-{suggested}")
                    data-value=n.to_string()
                    title=format!("Given {}, suggested {}: {}", classes[given], classes[suggested], format::count(n))
                >
                    {format::count(n)}
                </td>
            }
            .into_any()
        });
        view! {
            <tr>
                <th scope="row" title=classes[given].clone()>{classes[given].clone()}</th>
                {cells.collect::<Vec<_>>()}
            </tr>
        }
    });
    view! {
        <section class="card heat" data-testid="class-matrix" tabindex="0" role="region" aria-label="Given against suggested class">
            <table class="heat-table">
                <caption>"Given ↓ suggested →"</caption>
                <thead><tr><td></td>{head.collect::<Vec<_>>()}</tr></thead>
                <tbody>{rows.collect::<Vec<_>>()}</tbody>
            </table>
            {(left_out > 0).then(|| view! {
                <p class="heat-note">{format::counted(left_out, "class with fewer issues is", "classes with fewer issues are")} " left out"</p>
            })}
        </section>
    }
}
