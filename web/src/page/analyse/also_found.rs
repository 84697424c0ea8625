//! What the checks of a run found beyond wrong labels.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::format;
use super::super::store::store;
use super::super::task_review::{kind_mark, kind_title};
use super::super::work::Work;

/// The checks with their counts; nothing where none ran.
#[component]
pub(super) fn AlsoFound() -> impl IntoView {
    let store = store();
    move || {
        let analysis = store.analysis.get()?;
        let checks = &analysis.report.datalab.as_ref()?.checks;
        let items: Vec<_> = checks
            .iter()
            .map(|check| (check.issue_type.name(), check.n_issues))
            .filter(|(kind, _)| *kind != "label")
            .map(|(kind, n)| {
                view! {
                    <li class="rail-line" data-testid=format!("also-{kind}") data-count=n.to_string()>
                        <span class=format!("rail-mark {}", if n > 0 { kind_mark(kind) } else { "mark-fine" }) aria-hidden="true"></span>
                        <span class="rail-label">{kind_title(kind, Work::Run)}</span>
                        <span class="figure rail-count">{if n > 0 { format::count(n) } else { "✓".to_owned() }}</span>
                    </li>
                }
            })
            .collect();
        (!items.is_empty()).then(|| view! {
            <section class="card also-found" data-testid="also-found">
                <div>
                    <h2 class="card-title">"Beside the labels"</h2>
                    <p class="card-note">"Look for everything to see these rows and why they are listed"</p>
                </div>
                <ul>{items}</ul>
                <button type="button" class="button" data-testid="look-for-everything" on:click=move |_| store.act(Action::Choose(Work::Audit))>
                    "Look for everything…"
                </button>
            </section>
        })
    }
}
