//! The left rail: the file, the kinds of issues that need a look, what was checked and is fine, what was decided.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::format;
use super::super::found::Group;
use super::super::pictures::Edits;
use super::super::store::store;
use super::kinds::{kind_mark, kind_title};

/// The rail.
#[component]
pub(crate) fn Rail() -> impl IntoView {
    let store = store();
    let name = move || store.source.with(|source| source.as_ref().map(|source| source.name.clone()));
    let facts = move || {
        let found = store.found.get()?;
        let (one, many) = found.work().units();
        let targets = found.targets().join(", ");
        let rows = format::counted(found.n_rows(), one, many);
        Some(if targets.is_empty() { rows } else { format!("{rows} · target {targets}") })
    };
    let item = move |(at, kind, n): (usize, String, usize), title: String| {
        view! {
            <li>
                <button
                    type="button"
                    class="rail-item"
                    data-testid=format!("rail-{kind}")
                    data-count=n.to_string()
                    aria-pressed=move || (store.group.get() == at).to_string()
                    on:click=move |_| store.act(Action::ShowGroup(at))
                >
                    <span class=format!("rail-mark {}", kind_mark(&kind)) aria-hidden="true"></span>
                    <span class="rail-label">{title}</span>
                    <span class="figure rail-count">{format::count(n)}</span>
                </button>
            </li>
        }
    };
    let needs_a_look = move || {
        let found = store.found.get()?;
        let items: Vec<_> = found
            .groups
            .iter()
            .enumerate()
            .filter(|(_, group)| needs_look(group))
            .map(|(at, group)| item((at, group.kind.clone(), group.n_issues), kind_title(&group.kind, found.work())))
            .collect();
        (!items.is_empty())
            .then(|| view! { <p class="rail-title">"Needs a look"</p> <ul class="rail-groups">{items}</ul> })
    };
    let is_fine = move || {
        let found = store.found.get()?;
        let fine: Vec<_> = found
            .groups
            .iter()
            .filter(|group| !needs_look(group))
            .map(|group| {
                view! {
                    <li class="rail-line">
                        <span class="rail-mark mark-fine" aria-hidden="true"></span>
                        <span class="rail-label">{kind_title(&group.kind, found.work())}</span>
                        <span class="rail-count" aria-hidden="true">"✓"</span>
                    </li>
                }
            })
            .collect();
        (!fine.is_empty())
            .then(|| view! { <div class="rail-wide"><p class="rail-title">"Nothing found"</p> <ul>{fine}</ul></div> })
    };
    let not_checked = move || {
        let found = store.found.get()?;
        let reasons: Vec<_> = found.not_checked().into_iter().map(|(kind, reason)| view! {
            <li class="rail-line rail-reason"><strong>{kind_title(&kind, found.work())}</strong> " " {reason}</li>
        }).collect();
        (!reasons.is_empty()).then(|| {
            view! {
                <details class="fold rail-fold rail-wide" data-testid="not-checked">
                    <summary>"Not checked " <span class="figure">{reasons.len()}</span></summary>
                    <ul>{reasons}</ul>
                </details>
            }
        })
    };
    let n_excluded = move || store.decisions.with(super::super::decisions::Decisions::n_excluded);
    let decides = move || {
        store
            .found
            .with(|found| found.as_ref().is_some_and(|found| found.lists_table_rows() && !found.groups.is_empty()))
    };
    view! {
        <nav class="rail" aria-label="What was found">
            <div class="rail-file">
                <p class="rail-name">{name}</p>
                <p class="rail-facts">{facts}</p>
            </div>
            {needs_a_look}
            {is_fine}
            {not_checked}
            <PicturesChanged/>
            <Show when=decides>
                <div class="rail-wide">
                    <p class="rail-title">"Your decisions"</p>
                    <p class="rail-line">
                        <span class="rail-mark mark-excluded" aria-hidden="true"></span>
                        <span class="rail-label">"Excluded"</span>
                        <span class="figure rail-count">{move || format::count(n_excluded())}</span>
                    </p>
                </div>
            </Show>
        </nav>
    }
}

/// Whether a group has something to look at.
fn needs_look(group: &Group) -> bool {
    group.n_issues > 0 || !group.findings.is_empty()
}

/// How many pictures the user changed; nothing for other data.
#[component]
fn PicturesChanged() -> impl IntoView {
    let store = store();
    let n = move || format::count(store.pictures.edits.with(Edits::n_changed));
    view! {
        <Show when=move || store.has_pictures()>
            <div class="rail-wide">
                <p class="rail-title">"Your decisions"</p>
                <p class="rail-line">
                    <span class="rail-mark mark-good" aria-hidden="true"></span>
                    <span class="rail-label">"Pictures changed"</span>
                    <span class="figure rail-count" data-testid="n-changed">{n}</span>
                </p>
            </div>
        </Show>
    }
}
