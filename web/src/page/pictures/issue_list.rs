//! What looks wrong with the boxes of a picture, worst first, with what to do about each.

use forge_core::{BoxIssue, BoxIssueKind, DetectionPicture};
use leptos::prelude::*;

use super::super::action::Action;
use super::super::format;
use super::super::store::store;
use super::super::task_review::kind_mark;
use super::findings::{Standing, box_picture, standing};
use super::state::{Mark, PictureAction};
use super::{shown, wording};

/// The list.
#[component]
pub(super) fn IssueList() -> impl IntoView {
    let store = store();
    let picture = shown(store);
    let report = Memo::new(move |_| box_picture(store.found.get()?.as_ref(), picture.get()?).cloned());
    let n = Memo::new(move |_| report.with(|report| report.as_ref().map_or(0, |report| report.issues.len())));
    let items = move || {
        let report = report.get()?;
        Some((0..report.issues.len()).map(|at| view! { <IssueCard report=report.clone() at/> }).collect::<Vec<_>>())
    };
    view! {
        <div class="inspector-head">
            <h3 class="evidence-title">"Looks wrong"</h3>
            <button type="button" class="text-button" data-testid="next-row" on:click=move |_| store.act(Action::Move(1))>
                "Next picture " <kbd>"↓"</kbd>
            </button>
        </div>
        <Show when=move || n.get() == 0>
            <p class="inspector-none" data-testid="no-issues">"Nothing: the prediction agrees with every box"</p>
        </Show>
        <ol class="issue-cards">{items}</ol>
    }
}

/// One issue.
#[component]
fn IssueCard(report: DetectionPicture, at: usize) -> impl IntoView {
    let store = store();
    let issue = report.issues.get(at)?.clone();
    let picture = report.picture;
    let names = super::classes(store);
    let sentence = sentence(&issue, &names);
    let kind = issue.kind;
    let chosen = Memo::new(move |_| store.pictures.chosen.get() == Some(Mark::Issue(at)));
    let stands = Memo::new(move |_| {
        store.pictures.edits.with(|edits| edits.state(picture).map_or(Standing::Open, |now| standing(&report, at, now)))
    });
    let accept = match kind {
        BoxIssueKind::Overlooked => "Add the box",
        BoxIssueKind::BadlyLocated => "Move the box",
        BoxIssueKind::Swapped => "Change the class",
    };
    let keep = if kind == BoxIssueKind::Overlooked { "No box here" } else { "Keep" };
    let settled = move || match stands.get() {
        Standing::Open => None,
        Standing::Accepted => Some("Taken over"),
        Standing::Kept => Some("Kept"),
        Standing::Changed => Some("Changed by hand"),
    };
    Some(view! {
        <li class="issue-card" class:issue-card-chosen=chosen class:issue-card-settled=move || settled().is_some() data-testid="issue" data-kind=kind.name() data-standing=move || format!("{:?}", stands.get()).to_lowercase()>
            <button
                type="button"
                class="issue-title"
                data-testid="choose-issue"
                aria-pressed=move || chosen.get().to_string()
                on:click=move |_| store.act(Action::Picture(PictureAction::Choose(Some(Mark::Issue(at)))))
            >
                <span class=format!("rail-mark {}", kind_mark(kind.name())) aria-hidden="true"></span>
                <strong>{wording::kind_title(kind)}</strong>
                <span class="figure issue-score">{format::score(issue.score)}</span>
                <span class="issue-sentence">{sentence}</span>
                {issue.known.map(|known| view! { <span class="issue-known">{if known { "Made wrong on purpose: found again" } else { "Not made wrong on purpose" }}</span> })}
            </button>
            <Show
                when=move || settled().is_none()
                fallback=move || view! { <p class="issue-settled" data-testid="issue-settled">{settled()}</p> }
            >
                <div class="issue-actions">
                    <button type="button" class="button button-small button-primary" data-testid="accept" on:click=move |_| store.act(Action::Picture(PictureAction::Accept(Some(at))))>
                        <span>{accept}</span> <kbd>"W"</kbd>
                    </button>
                    <button type="button" class="button button-small" data-testid="keep" on:click=move |_| store.act(Action::Picture(PictureAction::Keep(Some(at))))>
                        <span>{keep}</span> <kbd>"Q"</kbd>
                    </button>
                </div>
            </Show>
        </li>
    })
}

/// Why it is an issue.
fn sentence(issue: &BoxIssue, names: &[String]) -> String {
    let class = |class: Option<u32>| class.and_then(|class| names.get(class as usize).cloned());
    match issue.kind {
        BoxIssueKind::Overlooked => {
            format!(
                "The model sees {} here",
                class(issue.suggested_class).map_or_else(|| "an object".to_owned(), |name| format!("“{name}”"))
            )
        }
        BoxIssueKind::BadlyLocated => "The model puts it elsewhere: see the dashed box".to_owned(),
        BoxIssueKind::Swapped => match (class(issue.class), class(issue.suggested_class)) {
            (Some(given), Some(suggested)) => format!("Labelled “{given}”, seen as “{suggested}”"),
            _ => "The model sees another class".to_owned(),
        },
    }
}
