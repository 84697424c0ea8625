//! A setting that is a number: label, field, range and a sentence of help.

use forge_core::RunConfig;
use leptos::prelude::*;

use super::super::action::Action;
use super::super::store::{RunState, store};

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

/// The setting. Values out of range are kept and marked; so is the value that the engine, which has the last word,
/// refused.
#[component]
pub(super) fn NumberSetting(
    /// Which number.
    field: NumberField,
) -> impl IntoView {
    let store = store();
    let NumberField { name, label, help, range: (min, max), step, get, set } = field;
    let value = move || store.config.with(get);
    let wrong = move || value().is_some_and(|value| value < min || value > max);
    let complaint = Memo::new(move |_| {
        if wrong() {
            return Some(format!("Allowed: {min} to {max}."));
        }
        let refusal = format!(" is {}, expected ", value()?);
        store.run.with(|run| match run {
            RunState::Failed(failure) => {
                let (refused, rest) = refused_setting(&failure.message)?;
                let rule = rest.strip_prefix(&refusal).filter(|_| refused == name)?;
                Some(format!("Expected: {rule}"))
            }
            _ => None,
        })
    });
    let refused = move || complaint.with(Option::is_some);
    let (help_id, error_id) = (format!("help-{name}"), format!("error-{name}"));
    view! {
        <div class="setting" class:setting-wrong=refused>
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
                aria-describedby=format!("{error_id} {help_id}")
                aria-invalid=move || refused().then_some("true")
                on:change:target=move |event| {
                    let mut config = store.config.get_untracked();
                    set(&mut config, event.target().value().trim().parse().ok());
                    store.act(Action::Configure(Box::new(config)));
                }
            />
            <p id=error_id class="setting-error">{complaint}</p>
            <p id=help_id class="setting-help">{help}</p>
        </div>
    }
}

/// The setting that a message of the engine begins with, in backticks, and the rest of the message.
pub(super) fn refused_setting(message: &str) -> Option<(&str, &str)> {
    message.strip_prefix('`')?.split_once('`')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_message_that_begins_with_a_setting_names_one() {
        assert_eq!(refused_setting("`c` is 0, expected more."), Some(("c", " is 0, expected more.")));
        assert_eq!(refused_setting("The target `c` is missing."), None);
    }
}
