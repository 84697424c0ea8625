//! The head of the list: column names that sort.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::action::Action;
use super::super::list::{Direction, SortBy};
use super::super::store::store;

/// The head; `features` are the table columns shown.
#[component]
pub(super) fn ListHead(features: Memo<Arc<Vec<(usize, String)>>>) -> impl IntoView {
    let store = store();
    let head = move |class: String, by: SortBy, label: String, testid: String| {
        let order = move || {
            let (sorted, direction) = store.sort.get();
            match direction {
                _ if sorted != by => "none",
                Direction::Ascending => "ascending",
                Direction::Descending => "descending",
            }
        };
        let arrow = move || match order() {
            "ascending" => " ↑",
            "descending" => " ↓",
            _ => "",
        };
        view! {
            <div role="columnheader" class=class aria-sort=order>
                <button type="button" class="sort" data-testid=testid on:click=move |_| store.act(Action::Sort(by))>
                    <span class="sort-label">{label}</span>
                    <span class="sort-arrow" aria-hidden="true">{arrow}</span>
                </button>
            </div>
        }
    };
    view! {
        <div role="rowgroup" class="list-head">
            <div class="line line-head" role="row" aria-rowindex="1">
                {head("c-row".into(), SortBy::Row, "Row".into(), "sort-row".into())}
                {head("c-labels".into(), SortBy::Given, "Given → suggested".into(), "sort-given".into())}
                {head("c-score".into(), SortBy::Score, "Score".into(), "sort-score".into())}
                {move || features.get().iter().enumerate().map(|(i, (column, name))| {
                    head(format!("c-feature c-feature-{i}"), SortBy::Column(*column), name.clone(), format!("sort-column-{column}"))
                }).collect_view()}
                <div role="columnheader" class="c-decision">"Decision"</div>
            </div>
        </div>
    }
}
