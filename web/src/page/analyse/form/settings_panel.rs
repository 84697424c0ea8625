//! The settings of what is looked for: first the few that matter, the rest folded away.

use forge_core::Setting;
use leptos::prelude::*;

use super::super::super::store::{RunState, store};
use super::super::super::work::Work;
use super::setting_field::SettingField;

/// The settings that are not folded away, in the order they are asked for.
const FIRST: [&str; 13] = [
    "target",
    "strategy",
    "model",
    "cv_folds",
    "test_size",
    "prune_fraction",
    "prune_frac",
    "contamination",
    "max_train_sentences",
    "max_images",
    "score_threshold",
    "corrupt_frac",
    "seed",
];
/// Settings that the columns step asks for.
const ELSEWHERE: [&str; 2] = ["csv", "roles"];

/// The panel.
#[component]
pub(in super::super) fn SettingsPanel() -> impl IntoView {
    let store = store();
    let settings = Memo::new(move |_| {
        let work = store.work.get();
        let of_work = |settings: Vec<Setting>| settings.into_iter().map(|setting| (work, setting)).collect::<Vec<_>>();
        let (first, more) = sorted(work.settings());
        (of_work(first), of_work(more))
    });
    view! {
        <aside class="settings" aria-labelledby="settings-title">
            <h2 id="settings-title" class="section-title">"Settings"</h2>
            <fieldset disabled=move || store.run.with(RunState::is_running)>
                <legend class="visually-hidden">"Settings of the run"</legend>
                <For each=move || settings.get().0 key=name_of let((_, setting))>
                    <SettingField setting/>
                </For>
                <details class="fold more-settings" data-testid="more-settings">
                    <summary>"More settings"</summary>
                    <For each=move || settings.get().1 key=name_of let((_, setting))>
                        <SettingField setting/>
                    </For>
                </details>
            </fieldset>
        </aside>
    }
}

/// What tells a field from all others: settings of the same name mean different things elsewhere.
fn name_of((work, setting): &(Work, Setting)) -> (Work, String) {
    (*work, setting.name.clone())
}

/// What is shown at once, and the rest.
fn sorted(settings: Vec<Setting>) -> (Vec<Setting>, Vec<Setting>) {
    let place = |setting: &Setting| FIRST.iter().position(|name| *name == setting.name);
    let asked = settings.into_iter().filter(|setting| !ELSEWHERE.contains(&setting.name.as_str()));
    let (mut first, more): (Vec<_>, Vec<_>) = asked.partition(|setting| place(setting).is_some());
    first.sort_by_key(place);
    (first, more)
}
