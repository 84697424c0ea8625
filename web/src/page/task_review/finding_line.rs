//! One line of the list of issues.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::format;
use super::super::store::store;
use super::example_name;

/// The line of an issue, `at` its place in its group.
#[component]
pub(super) fn FindingLine(group: usize, at: u32) -> impl IntoView {
    let store = store();
    let found = store.found.get_untracked()?;
    let finding = found.finding(group, at)?;
    let issue = finding.issue.clone();
    let row = issue.row;
    let has_labels = found.has_labels(group);
    let on_table = found.lists_table_rows();
    let excluded = Memo::new(move |_| on_table && store.decisions.with(|decisions| decisions.is_excluded(row)));
    let selected = Memo::new(move |_| store.selected.get() == Some(at));
    let place = match issue.token {
        Some(token) => format!("{}·{}", format::count(row as usize), token + 1),
        None => example_name(&found, row).unwrap_or_else(|| format::count(row as usize)),
    };
    let labels = format!("{} → {}", issue.given, issue.suggested);
    let state = move || match (excluded.get(), issue.pruned, issue.held_out) {
        (true, ..) => "Excluded",
        (_, true, _) => "Pruned",
        (_, _, true) => "Held out",
        _ => "–",
    };
    Some(view! {
        <div
            class="line line-finding"
            class:line-bare=!has_labels
            class:line-selected=selected
            class:line-excluded=excluded
            role="row"
            id=format!("finding-{at}")
            aria-rowindex=(at + 2).to_string()
            aria-selected=move || selected.get().to_string()
            data-testid="issue-row"
            data-row=row.to_string()
            data-token=issue.token.map(|token| token.to_string())
            data-given=issue.given.clone()
            data-suggested=issue.suggested.clone()
            data-score=issue.score.to_string()
            data-excluded=move || excluded.get().to_string()
            on:click=move |_| store.act(Action::Select(at))
        >
            <div role="gridcell" class="c-row figure">{place}</div>
            {has_labels.then(|| view! {
                <div role="gridcell" class="c-labels" title=labels>
                    <span class="label-given">{issue.given.clone()}</span>
                    {(issue.suggested != issue.given).then(|| view! {
                        <span class="label-arrow">" → "</span>
                        <span class="label-suggested">{issue.suggested.clone()}</span>
                    })}
                </div>
            })}
            <div role="gridcell" class="c-score">
                <svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="meter-back" width="100" height="6"/>
                    <rect class="meter-fill" width=(issue.score * 100.0).clamp(1.5, 100.0).to_string() height="6"/>
                </svg>
                <span class="figure">{format::score(issue.score)}</span>
            </div>
            <div role="gridcell" class="c-reason" title=issue.reason.clone()>{issue.reason.clone()}</div>
            <div role="gridcell" class="c-decision">{state}</div>
        </div>
    })
}
