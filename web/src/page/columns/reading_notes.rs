//! How the file was read: its dialect, warnings, and the rows that were rejected.

use leptos::prelude::*;

use super::super::format;
use super::super::store::store;

/// The notes.
#[component]
pub(super) fn ReadingNotes() -> impl IntoView {
    let store = store();
    move || {
        let facts = store.facts.get()?;
        let n_rejected = facts.n_rejected;
        let listed = facts.rejected.len();
        let dialect = facts.dialect.iter().map(|(what, found)| {
            view! { <div><dt>{what.clone()}</dt><dd>{found.clone()}</dd></div> }
        });
        let warnings = facts.warnings.iter().map(|warning| {
            view! { <li class="note note-warning" data-testid="file-warning">{warning.clone()}</li> }
        });
        let rejected = facts.rejected.iter().map(|(line, reason)| {
            view! {
                <tr data-testid="rejected-row">
                    <td class="number figure">{format::count(*line as usize)}</td>
                    <td>{reason.clone()}</td>
                </tr>
            }
        });
        Some(view! {
            <section class="reading-notes" aria-label="How the file was read">
                <ul class="notes">{warnings.collect_view()}</ul>
                {if n_rejected == 0 {
                    view! { <p class="fold-note">"Everything could be read"</p> }.into_any()
                } else {
                    view! {
                        <details class="fold" data-testid="rejected" open>
                            <summary>{format::counted(n_rejected, "row", "rows")} " could not be read"</summary>
                            <p class="fold-note">
                                "They are left out of the analysis and stay in the exported file as they are."
                            </p>
                            <div class="table-frame rejected-frame" tabindex="0" role="region" aria-label="Rejected rows">
                                <table class="plain-table rejected-table">
                                    <thead>
                                        <tr><th scope="col" class="number">"Line"</th><th scope="col">"Reason"</th></tr>
                                    </thead>
                                    <tbody>{rejected.collect_view()}</tbody>
                                </table>
                            </div>
                            {(listed < n_rejected).then(|| format!("… and {} more", format::count(n_rejected - listed)))}
                        </details>
                    }
                    .into_any()
                }}
                <dl class="facts" data-testid="dialect">{dialect.collect_view()}</dl>
            </section>
        })
    }
}
