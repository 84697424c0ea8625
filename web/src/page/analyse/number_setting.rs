//! A setting that is a number: label, field, range and a sentence of help.

use forge_core::RunConfig;
use leptos::prelude::*;

use super::super::action::Action;
use super::super::store::store;

/// A number in the settings of a run.
#[derive(Clone, Copy)]
pub(super) struct NumberField {
    /// Name in the settings, as users type it on the command line.
    pub(super) name: &'static str,
    /// Name people read.
    pub(super) label: &'static str,
    /// What it does.
    pub(super) help: &'static str,
    /// Smallest and largest value.
    pub(super) range: (f64, f64),
    /// Step of the arrows in the field.
    pub(super) step: &'static str,
    /// Its value; `None` shows an empty field.
    pub(super) get: fn(&RunConfig) -> Option<f64>,
    /// Sets it; `None` for a field that holds no number.
    pub(super) set: fn(&mut RunConfig, Option<f64>),
}

/// The setting. Values out of range are kept and marked: the engine has the last word.
#[component]
pub(super) fn NumberSetting(
    /// Which number.
    field: NumberField,
) -> impl IntoView {
    let store = store();
    let NumberField { name, label, help, range: (min, max), step, get, set } = field;
    let value = move || store.config.with(get);
    let wrong = move || value().is_some_and(|value| value < min || value > max);
    let help_id = format!("help-{name}");
    view! {
        <div class="setting" class:setting-wrong=wrong>
            <label for=format!("setting-{name}")>{label}</label>
            <input
                id=format!("setting-{name}")
                data-testid=format!("setting-{name}")
                type="number"
                inputmode="decimal"
                min=min.to_string()
                max=max.to_string()
                step=step
                prop:value=move || value().map(|value| value.to_string()).unwrap_or_default()
                aria-describedby=help_id.clone()
                aria-invalid=move || wrong().then_some("true")
                on:change:target=move |event| {
                    let mut config = store.config.get_untracked();
                    set(&mut config, event.target().value().trim().parse().ok());
                    store.act(Action::Configure(Box::new(config)));
                }
            />
            <p id=help_id class="setting-help">
                {help}
                <Show when=wrong>
                    <strong class="setting-error">{format!(" Allowed: {min} to {max}.")}</strong>
                </Show>
            </p>
        </div>
    }
}
