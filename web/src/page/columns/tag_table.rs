//! The tags of a file of sentences: how many words have each, and a few of those words.

use leptos::prelude::*;

use super::super::format;
use super::super::store::store;

/// The table; nothing for files of rows and columns.
#[component]
pub(super) fn TagTable() -> impl IntoView {
    let store = store();
    move || {
        let facts = store.facts.get()?;
        let corpus = facts.corpus.as_ref()?;
        let mut tags = corpus.tags.clone();
        tags.sort_by_key(|(_, n, _)| std::cmp::Reverse(*n));
        let most = tags.first().map_or(1, |(_, n, _)| *n).max(1);
        let all = corpus.n_tokens.max(1);
        let rows = tags.into_iter().map(|(tag, n, examples)| {
            let width = (n as f64 / most as f64 * 100.0).max(1.0);
            view! {
                <tr data-testid="tag-row" data-tag=tag.clone()>
                    <th scope="row">{tag.clone()}</th>
                    <td class="number figure">{format::count(n)}</td>
                    <td class="tag-share">
                        <svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                            <rect class="meter-back" width="100" height="6"/>
                            <rect class="meter-quiet" width=width.to_string() height="6"/>
                        </svg>
                        <span class="figure">{format::percent(n as f64 / all as f64)}</span>
                    </td>
                    <td class="examples">{examples.join(" · ")}</td>
                </tr>
            }
        });
        Some(view! {
            <div class="table-frame">
                <table class="plain-table tag-table" data-testid="tag-table">
                    <caption class="visually-hidden">"Tags of the file"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Tag"</th>
                            <th scope="col" class="number">"Words"</th>
                            <th scope="col">"Share"</th>
                            <th scope="col">"Examples"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        })
    }
}
