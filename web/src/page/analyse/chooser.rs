//! What to look for: the kinds of job that the loaded data allow.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::store::{RunState, store};
use super::super::work::Work;

/// The choice.
#[component]
pub(super) fn Chooser() -> impl IntoView {
    let store = store();
    let works = Memo::new(move |_| store.works());
    let choice = move |work: Work| {
        let id = format!("work-{}", work.id());
        view! {
            <span class="work">
                <input
                    id=id.clone()
                    class="visually-hidden"
                    type="radio"
                    name="work"
                    data-testid=id.clone()
                    prop:checked=move || store.work.get() == work
                    on:change=move |_| store.act(Action::Choose(work))
                />
                <label for=id>{work.title()}</label>
            </span>
        }
    };
    view! {
        <fieldset class="works" data-testid="works" disabled=move || store.run.with(RunState::is_running)>
            <legend>"What to look for"</legend>
            {move || works.get().into_iter().map(choice).collect_view()}
        </fieldset>
    }
}
