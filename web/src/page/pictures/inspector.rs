//! What can be done about the picture that is shown: its issues, its boxes, its mask.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::format;
use super::super::store::store;
use super::box_list::BoxList;
use super::findings::{box_picture, is_rehearsal, mask_picture};
use super::issue_list::IssueList;
use super::state::PictureAction;
use super::{file_name, path_of, shown, wording};

/// The panel beside the stage.
#[component]
pub(super) fn Inspector() -> impl IntoView {
    let store = store();
    let picture = shown(store);
    let rehearsal =
        Memo::new(move |_| store.found.with(|found| found.as_ref().is_some_and(|found| is_rehearsal(found))));
    let finding = Memo::new(move |_| {
        let (found, entry) = (store.found.get()?, store.selected.get()?);
        found.finding(store.group.get(), entry).cloned()
    });
    let has_boxes = Memo::new(move |_| {
        store.found.with(|found| {
            found.as_ref().zip(picture.get()).is_some_and(|(found, picture)| box_picture(found, picture).is_some())
        })
    });
    let twins = move || {
        let twins = finding.get()?.twins;
        let names: Vec<String> = twins.into_iter().map(|twin| file_name(&path_of(store, twin))).collect();
        (!names.is_empty()).then(|| view! { <p class="why">"The same as " <strong>{names.join(", ")}</strong></p> })
    };
    let trouble = move || {
        let (found, picture) = (store.found.get()?, picture.get()?);
        let trouble = box_picture(&found, picture)
            .map(|one| one.trouble.clone())
            .or_else(|| mask_picture(&found, picture).map(|one| one.trouble.clone()))??;
        Some(view! { <p class="note note-warning" data-testid="picture-trouble">{trouble}</p> })
    };
    view! {
        <div class="inspector" data-testid="inspector" tabindex="0" role="region" aria-label="What can be done">
            {trouble}
            {twins}
            <Show when=move || has_boxes.get() fallback=|| view! { <MaskPanel/> }>
                <IssueList/>
                <BoxList/>
            </Show>
            <Show when=move || rehearsal.get()>
                <p class="note note-info" data-testid="rehearsal">
                    "Some annotations were made wrong on purpose for this run. Correct them as you would your own."
                </p>
            </Show>
        </div>
    }
}

/// What is known of a mask, and the switch to the predicted one.
#[component]
fn MaskPanel() -> impl IntoView {
    let store = store();
    let picture = shown(store);
    let one = Memo::new(move |_| mask_picture(store.found.get()?.as_ref(), picture.get()?).cloned());
    let replaced = Memo::new(move |_| {
        picture.get().is_some_and(|picture| {
            store.pictures.edits.with(|edits| edits.state(picture).is_some_and(|now| now.mask_replaced))
        })
    });
    move || {
        let one = one.get()?;
        let pixels = (f64::from(one.width) * f64::from(one.height)).max(1.0);
        let share = |n: u64| format::percent(n as f64 / pixels);
        let fact =
            |label: &'static str, value: String| view! { <div><dt>{label}</dt><dd class="figure">{value}</dd></div> };
        let can_switch = one.given.is_some() && one.predicted.is_some();
        Some(view! {
            <p class="why" data-testid="why">{wording::mask_picture(&one)}</p>
            <ul class="mask-key">
                <li><span class="key-mask key-mask-given" aria-hidden="true"></span>{move || if replaced.get() { "Mask, replaced by the prediction" } else { "Given mask" }}</li>
                <Show when=move || !replaced.get()>
                    <li><span class="key-mask key-mask-predicted" aria-hidden="true"></span>"Predicted mask"</li>
                    <li><span class="key-mask key-mask-pixels" aria-hidden="true"></span>"Pixels in doubt"</li>
                </Show>
            </ul>
            <dl class="facts inspector-facts">
                {one.score.map(|score| fact("Score", format::score(score)))}
                {one.given.as_ref().map(|runs| fact("Given", share(runs.count())))}
                {one.predicted.as_ref().map(|runs| fact("Predicted", share(runs.count())))}
                {one.iou.map(|iou| fact("Overlap", format::percent(iou)))}
            </dl>
            <div class="inspector-actions">
                <button
                    type="button"
                    class="button"
                    class:button-primary=move || !replaced.get()
                    data-testid="switch-mask"
                    disabled=!can_switch
                    on:click=move |_| store.act(Action::Picture(PictureAction::SwitchMask))
                >
                    <span>{move || if replaced.get() { "Back to the given mask" } else { "Take the predicted mask" }}</span> <kbd>"W"</kbd>
                </button>
                <button type="button" class="button" data-testid="next-row" on:click=move |_| store.act(Action::Move(1))>
                    <span>"Next picture"</span> <kbd>"↓"</kbd>
                </button>
            </div>
        })
    }
}
