//! The settings of what is looked for: first the few that matter, the rest folded away.

use forge_core::Setting;
use leptos::prelude::*;

use super::super::super::store::{RunState, store};
use super::setting_field::SettingField;

/// The settings that are not folded away, in the order they are asked for.
const FIRST: [&str; 10] = [
    "target",
    "strategy",
    "model",
    "cv_folds",
    "test_size",
    "prune_fraction",
    "prune_frac",
    "contamination",
    "max_train_sentences",
    "seed",
];
/// Settings that the columns step asks for.
const ELSEWHERE: [&str; 2] = ["csv", "roles"];

/// The panel.
#[component]
pub(in super::super) fn SettingsPanel() -> impl IntoView {
    let store = store();
    let fields =
        |settings: Vec<Setting>| settings.into_iter().map(|setting| view! { <SettingField setting/> }).collect_view();
    view! {
        <aside class="settings" aria-labelledby="settings-title">
            <h2 id="settings-title" class="section-title">"Settings"</h2>
            <fieldset disabled=move || store.run.with(RunState::is_running)>
                <legend class="visually-hidden">"Settings of the run"</legend>
                {move || {
                    let (first, more) = sorted(store.work.get().settings());
                    view! {
                        {fields(first)}
                        <details class="fold more-settings" data-testid="more-settings">
                            <summary>"More settings"</summary>
                            {fields(more)}
                        </details>
                    }
                }}
            </fieldset>
        </aside>
    }
}

/// What is shown at once, and the rest.
fn sorted(settings: Vec<Setting>) -> (Vec<Setting>, Vec<Setting>) {
    let place = |setting: &Setting| FIRST.iter().position(|name| *name == setting.name);
    let asked = settings.into_iter().filter(|setting| !ELSEWHERE.contains(&setting.name.as_str()));
    let (mut first, more): (Vec<_>, Vec<_>) = asked.partition(|setting| place(setting).is_some());
    first.sort_by_key(place);
    (first, more)
}
