//! The evidence for the selected issue: why, the viewer of its kind of data, the row's values, what to do.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::format;
use super::super::review::RowValues;
use super::super::store::store;
use super::super::work::Work;
use super::rows_side_by_side::RowsSideBySide;
use super::{example_name, label_sets, sentence, standing_out};

/// Rows compared with the selected one at most.
const COMPARED: usize = 3;

/// The panel; on a small screen it lies over the list when an issue is chosen.
#[component]
pub(super) fn Evidence() -> impl IntoView {
    let store = store();
    let finding = Memo::new(move |_| {
        let (found, entry) = (store.found.get()?, store.selected.get()?);
        found.finding(store.group.get(), entry).cloned()
    });
    let on_table =
        Memo::new(move |_| store.found.with(|found| found.as_ref().is_some_and(|found| found.lists_table_rows())));
    let row = Memo::new(move |_| finding.with(|finding| finding.as_ref().map(|finding| finding.issue.row)));
    let text = Memo::new(move |_| store.row_texts.with(|texts| texts.get(&row.get()?).cloned()));
    let wanted = Memo::new(move |_| {
        let own = on_table.get().then(|| row.get()).flatten();
        let others = finding.with(|finding| {
            let finding = finding.as_ref();
            let twins = finding.into_iter().flat_map(|finding| finding.twins.iter().chain(&finding.nearest));
            twins.take(COMPARED).copied().collect::<Vec<u32>>()
        });
        own.into_iter().chain(others).collect::<Vec<u32>>()
    });
    Effect::new(move |_| {
        let missing: Vec<u32> = store
            .row_texts
            .with_untracked(|texts| wanted.get().into_iter().filter(|row| !texts.contains_key(row)).collect());
        if !missing.is_empty() {
            store.act(Action::NeedCells(missing));
        }
    });
    let targets =
        Signal::derive(move || store.found.with(|found| found.as_ref().map_or_else(Vec::new, |found| found.targets())));
    let unit = move || match store.found.with(|found| found.as_ref().map_or(Work::Run, |found| found.work())) {
        Work::Task("token") => "Sentence",
        Work::Task("multiannotator") => "Example",
        _ => "Row",
    };
    let place = move || {
        let n = store.found.with(|found| found.as_ref().map_or(0, |found| found.findings(store.group.get()).len()));
        store.selected.get().map(|at| format!("{} of {}", format::count(at as usize + 1), format::count(n)))
    };
    let line = move || {
        on_table
            .get()
            .then(|| text.get())
            .flatten()
            .map(|text| format!(" · line {}", format::count(text.line as usize)))
    };
    let excluded = move || row.get().is_some_and(|row| store.decisions.with(|decisions| decisions.is_excluded(row)));
    let viewer = move || {
        let (found, finding) = (store.found.get()?, finding.get()?);
        Some(view! {
            {label_sets::label_sets(&found, &finding)}
            {sentence::sentence(&found, &finding)}
            {standing_out::standing_out(&found, &finding)}
        })
    };
    let compared = Memo::new(move |_| {
        finding.with(|finding| {
            let finding = finding.as_ref()?;
            let (title, rows) = match (&finding.twins[..], &finding.nearest[..]) {
                ([], []) => return None,
                ([], nearest) => ("Against the nearest rows", nearest),
                (twins, _) => ("Side by side", twins),
            };
            Some((title, rows.iter().take(COMPARED).copied().collect::<Vec<u32>>()))
        })
    });
    view! {
        <aside class="evidence" class:evidence-open=move || store.sheet.get() data-testid="evidence" aria-label="Evidence">
            <Show
                when=move || row.get().is_some()
                fallback=|| view! { <p class="empty">"Choose an issue to see why it is one"</p> }
            >
                <div class="evidence-body" tabindex="0" role="region" aria-label="Why this one">
                    <div class="evidence-head">
                        <div>
                            <h2 class="title" data-testid="evidence-row">
                                {unit} " " {move || row.get().map(|row| {
                                    let name = store.found.with(|found| example_name(found.as_ref()?, row));
                                    name.unwrap_or_else(|| format::count(row as usize))
                                })}
                            </h2>
                            <p class="subtitle"><span class="figure">{place}</span> {line}</p>
                        </div>
                        <button
                            type="button"
                            class="icon-button evidence-close"
                            data-testid="evidence-close"
                            aria-label="Back to the list"
                            on:click=move |_| store.act(Action::CloseSheet)
                        >
                            "✕"
                        </button>
                    </div>
                    {move || finding.get().map(|finding| view! {
                        {(!finding.issue.reason.is_empty()).then(|| view! { <p class="why" data-testid="why">{finding.issue.reason.clone()}</p> })}
                        {finding.issue.known.map(|known| view! {
                            <p class="heat-note" data-testid="known">{known_words(&finding.issue.kind, known)}</p>
                        })}
                    })}
                    {viewer}
                    {move || compared.get().map(|(title, rows)| view! { <RowsSideBySide title row=row.get().unwrap_or_default() rows/> })}
                    <Show when=move || on_table.get() && compared.get().is_none()>
                        <h3 class="evidence-title">"All values"</h3>
                        <RowValues text targets/>
                    </Show>
                </div>
                <div class="evidence-actions">
                    <Show when=move || on_table.get()>
                        <button type="button" class="button" class:button-primary=move || !excluded() data-testid="toggle-row" on:click=move |_| store.act(Action::ToggleSelected)>
                            <span>{move || if excluded() { "Restore row" } else { "Exclude row" }}</span> <kbd>"E"</kbd>
                        </button>
                    </Show>
                    <button type="button" class="button" data-testid="next-row" on:click=move |_| store.act(Action::Move(1))>
                        <span>"Next"</span> <kbd>"↓"</kbd>
                    </button>
                </div>
            </Show>
        </aside>
    }
}

/// What is known of an issue beforehand.
fn known_words(kind: &str, known: bool) -> &'static str {
    match (kind, known) {
        ("anomaly", true) => "The target says so too",
        ("anomaly", false) => "The target does not say so",
        (_, true) => "Made wrong on purpose: found again",
        (_, false) => "Not made wrong on purpose",
    }
}
