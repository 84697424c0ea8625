//! The settings of a run that most people may want to change.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::store::{RunState, store};
use super::more_settings::{self, MoreSettings};
use super::number_setting::{NumberField, NumberSetting};

const NUMBERS: [NumberField; 4] = [
    NumberField {
        name: "cv_folds",
        label: "Folds",
        help: "Parts the rows are cut into. Each part is judged by a model trained on the others.",
        range: (2.0, 20.0),
        step: "1",
        get: |config| Some(config.cv_folds as f64),
        set: |config, value| config.cv_folds = whole(value),
    },
    NumberField {
        name: "test_size",
        label: "Test share",
        help: "Share of the rows kept apart to measure the models.",
        range: (0.05, 0.5),
        step: "0.05",
        get: |config| Some(config.test_size),
        set: |config, value| config.test_size = value.unwrap_or_default(),
    },
    NumberField {
        name: "prune_fraction",
        label: "Prune at most",
        help: "Share of the training rows left out, worst first, before training again.",
        range: (0.0, 0.2),
        step: "0.01",
        get: |config| Some(config.prune_fraction),
        set: |config, value| config.prune_fraction = value.unwrap_or_default(),
    },
    NumberField {
        name: "seed",
        label: "Seed",
        help: "The same seed gives the same result, here and on the command line.",
        range: (0.0, 9_007_199_254_740_991.0),
        step: "1",
        get: |config| Some(config.seed as f64),
        set: |config, value| config.seed = whole(value) as u64,
    },
];

/// The panel.
#[component]
pub(super) fn Settings() -> impl IntoView {
    let store = store();
    let columns = move || {
        let facts = store.facts.get();
        let names = facts.iter().flat_map(|facts| facts.columns.iter().map(|column| column.name.clone()));
        names.collect::<Vec<_>>()
    };
    let option = move |name: String| {
        let (value, text) = (name.clone(), name.clone());
        let selected = move || store.config.with(|config| config.target == name);
        view! { <option value=value selected=selected>{text}</option> }
    };
    view! {
        <aside class="settings" aria-labelledby="settings-title">
            <h2 id="settings-title" class="section-title">"Settings"</h2>
            <fieldset disabled=move || store.run.with(RunState::is_running)>
                <legend class="visually-hidden">"Settings of the run"</legend>
                <div class="setting">
                    <label for="setting-target">"Target"</label>
                    <select
                        id="setting-target"
                        data-testid="setting-target"
                        on:change:target=move |event| {
                            store.act(Action::SetRole(event.target().value(), forge_data::Role::Target));
                        }
                    >
                        <Show when=move || store.config.with(|config| config.target.is_empty())>
                            <option value="" selected=true disabled=true>"Choose…"</option>
                        </Show>
                        {move || columns().into_iter().map(option).collect_view()}
                    </select>
                    <p class="setting-help">"The column whose labels are checked."</p>
                </div>
                {NUMBERS.map(|field| view! { <NumberSetting field/> }).collect_view()}
                <MoreSettings/>
            </fieldset>
        </aside>
    }
}

/// The whole number in a field; 0, which only the seed allows, where there is none.
pub(super) fn whole(value: Option<f64>) -> usize {
    value.unwrap_or_default().max(0.0) as usize
}

/// What the setting `name` is called here.
pub(super) fn label_of(name: &str) -> Option<&'static str> {
    NUMBERS.iter().chain(&more_settings::NUMBERS).find(|field| field.name == name).map(|field| field.label)
}
