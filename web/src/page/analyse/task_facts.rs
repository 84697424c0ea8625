//! What a task or an audit says in figures beyond its issues.

use leptos::prelude::*;

use super::super::store::store;
use super::super::task_review::figures;

/// The figures, as a card; nothing where there are none.
#[component]
pub(super) fn TaskFacts() -> impl IntoView {
    let store = store();
    move || {
        let figures = store.found.with(|found| found.as_ref().map(|found| figures(found)))?;
        let items = figures.into_iter().map(|figure| {
            view! {
                <div>
                    <dt>{figure.label}</dt>
                    <dd class="figure" data-testid=format!("figure-{}", figure.id) data-value=figure.value>{figure.text}</dd>
                </div>
            }
        });
        let items: Vec<_> = items.collect();
        (!items.is_empty()).then(|| view! { <dl class="card facts task-facts" data-testid="task-facts">{items}</dl> })
    }
}
