//! The settings as a form that is made from what the engine says of each: its kind, range, default and help.

mod check_input;
mod choice_input;
mod label_columns;
mod setting_field;
mod settings_panel;
mod target_select;
mod text_input;

pub(super) use settings_panel::SettingsPanel;

use forge_core::Setting;
use leptos::prelude::*;

use super::super::action::Action;
use super::super::choices::{self, Entry};
use super::super::store::Store;

/// What holds for a setting.
fn entry(store: Store, setting: &Setting) -> Entry {
    store.choices.with(|choices| choices.entry(store.work.get(), setting))
}

/// The same as its field shows it.
fn shown(store: Store, setting: &Setting) -> String {
    choices::shown(&entry(store, setting))
}

/// Takes what was typed or chosen.
fn enter(store: Store, setting: &Setting, text: &str) {
    store.act(Action::Enter(setting.name.clone(), choices::read(setting, text)));
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
