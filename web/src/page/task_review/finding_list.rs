//! The listed issues of the group that is shown, worst first.

use leptos::prelude::*;

use super::super::format;
use super::super::review::{VirtualList, Window};
use super::super::store::store;
use super::super::work::Work;
use super::finding_line::FindingLine;

/// The list.
#[component]
pub(super) fn FindingList() -> impl IntoView {
    let store = store();
    let counts = Memo::new(move |_| {
        let (found, group) = (store.found.get(), store.group.get());
        let group = found
            .as_ref()
            .and_then(|found| found.groups.get(group).map(|group| (group.findings.len(), group.n_issues)));
        group.unwrap_or_default()
    });
    let n = Signal::derive(move || counts.get().0);
    let window = RwSignal::new(Window::default());
    let lines = Memo::new(move |_| {
        let Window { first, len, .. } = window.get();
        let version =
            store.found.with(|found| found.as_ref().map_or(0, |found| std::sync::Arc::as_ptr(found) as usize));
        (first..(first + len).min(n.get())).map(|at| (version, store.group.get(), at as u32)).collect::<Vec<_>>()
    });
    let selected = Signal::derive(move || store.selected.get().map(|entry| entry as usize));
    let active = Signal::derive(move || {
        let shown = |entry: &u32| lines.with(|lines| lines.iter().any(|line| line.2 == *entry));
        store.selected.get().filter(shown).map(|entry| format!("finding-{entry}"))
    });
    let work = move || store.found.with(|found| found.as_ref().map_or(Work::Run, |found| found.work()));
    let first_column = move || match work() {
        Work::Task("token") => "Sentence",
        Work::Task("multiannotator") => "Example",
        _ => "Row",
    };
    let has_labels =
        move || store.found.with(|found| found.as_ref().is_some_and(|found| found.has_labels(store.group.get())));
    let more = move || {
        let (listed, all) = counts.get();
        (all > listed && listed > 0).then(|| format!(" of {}, worst first", format::count(all)))
    };
    view! {
        <p class="list-caption">
            <span role="status" data-testid="list-count" data-value=move || n.get().to_string()>
                {move || format::counted(n.get(), "listed", "listed")}
            </span>
            {more}
        </p>
        <Show
            when=move || n.get() != 0
            fallback=|| view! { <p class="empty" data-testid="nothing-found">"Nothing to list. Other settings may find more."</p> }
        >
            <VirtualList n window selected active head=ViewFn::from(move || view! {
                <div role="rowgroup" class="list-head">
                    <div class="line line-head line-finding" class:line-bare=move || !has_labels() role="row" aria-rowindex="1">
                        <div role="columnheader" class="c-row">{first_column}</div>
                        <Show when=has_labels>
                            <div role="columnheader" class="c-labels">"Given → suggested"</div>
                        </Show>
                        <div role="columnheader" class="c-score">"Score"</div>
                        <div role="columnheader" class="c-reason">"Why"</div>
                        <div role="columnheader" class="c-decision">"Decision"</div>
                    </div>
                </div>
            })>
                <For each=move || lines.get() key=|line| *line let((_, group, at))>
                    <FindingLine group at/>
                </For>
            </VirtualList>
        </Show>
    }
}
