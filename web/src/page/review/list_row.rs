//! One line of the list.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::action::Action;
use super::super::format;
use super::super::store::store;

/// The line of an entry, `at` its place in the list.
#[component]
pub(super) fn ListRow(at: usize, entry: u32, features: Memo<Arc<Vec<(usize, String)>>>) -> impl IntoView {
    let store = store();
    let analysis = store.analysis.get_untracked()?;
    let index = entry as usize;
    let row = *analysis.rows.get(index)?;
    let (given, suggested) = (analysis.given[index], analysis.suggested[index]);
    let score = analysis.scores[index];
    let (given_name, suggested_name) = (analysis.class(given).to_owned(), analysis.class(suggested).to_owned());
    let excluded = Memo::new(move |_| store.decisions.with(|decisions| decisions.is_excluded(row)));
    let selected = Memo::new(move |_| store.selected.get() == Some(entry));
    let text = Memo::new(move |_| store.row_texts.with(|texts| texts.get(&row).cloned()));
    let cells = move || {
        let text = text.get();
        features
            .get()
            .iter()
            .enumerate()
            .map(|(i, (column, _))| {
                let cell = text.as_ref().and_then(|text| text.cells.get(*column).cloned());
                let shown = cell.clone().unwrap_or_else(|| "…".to_owned());
                view! {
                    <div role="gridcell" class=format!("c-feature c-feature-{i}") title=cell>
                        {shown}
                    </div>
                }
            })
            .collect_view()
    };
    let flagged = analysis.is_issue[index] == 1;
    Some(view! {
        <div
            class="line"
            class:line-selected=selected
            class:line-excluded=excluded
            role="row"
            id=format!("entry-{entry}")
            aria-rowindex=(at + 2).to_string()
            aria-selected=move || selected.get().to_string()
            data-testid="issue-row"
            data-row=row.to_string()
            data-given=given_name.clone()
            data-suggested=suggested_name.clone()
            data-score=score.to_string()
            data-issue=flagged.to_string()
            data-excluded=move || excluded.get().to_string()
            on:click=move |_| store.act(Action::Select(entry))
        >
            <div role="gridcell" class="c-row figure">{format::count(row as usize)}</div>
            <div role="gridcell" class="c-labels" title=format!("{given_name} → {suggested_name}")>
                <span class="label-given">{given_name.clone()}</span>
                {(given != suggested).then(|| view! {
                    <span class="label-arrow">" → "</span>
                    <span class="label-suggested">{suggested_name.clone()}</span>
                })}
            </div>
            <div role="gridcell" class="c-score">
                <svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="meter-back" width="100" height="6"/>
                    <rect class="meter-fill" width=(score * 100.0).clamp(1.5, 100.0).to_string() height="6"/>
                </svg>
                <span class="figure">{format::score(score)}</span>
            </div>
            {cells}
            <div role="gridcell" class="c-decision">{move || if excluded.get() { "Excluded" } else { "–" }}</div>
        </div>
    })
}
