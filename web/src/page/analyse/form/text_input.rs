//! The field of a number, a text, a list of names, or parameters as JSON.

use forge_core::{Setting, SettingKind};
use leptos::prelude::*;

use super::super::super::store::store;
use super::{enter, shown};

/// Range up to which a number is a share and its arrows take small steps.
const SHARE: f64 = 1.0;

/// The field.
#[component]
pub(super) fn TextInput(
    /// Which setting.
    setting: Setting,
    /// Whether its value is wrong.
    wrong: Memo<bool>,
) -> impl IntoView {
    let store = store();
    let name = setting.name.clone();
    let is_number = matches!(setting.kind, SettingKind::Whole | SettingKind::Number);
    let (min, max) =
        setting.range.map_or((None, None), |(low, high)| (Some(low), Some(high).filter(|high| high.is_finite())));
    let is_share = max.zip(min).is_some_and(|(high, low)| high - low <= SHARE);
    let step = match setting.kind {
        SettingKind::Whole => "1",
        _ if is_share => "0.01",
        _ => "any",
    };
    let placeholder = match setting.kind {
        SettingKind::Structure => "{\"name\": value}",
        SettingKind::Names => "a, b",
        _ if setting.optional => "–",
        _ => "",
    };
    let text = {
        let setting = setting.clone();
        move || shown(store, &setting)
    };
    view! {
        <input
            id=format!("setting-{name}")
            data-testid=format!("setting-{name}")
            type=if is_number { "number" } else { "text" }
            inputmode=is_number.then_some("decimal")
            min=is_number.then(|| min.map(|min| min.to_string())).flatten()
            max=is_number.then(|| max.map(|max| max.to_string())).flatten()
            step=is_number.then_some(step)
            placeholder=placeholder
            spellcheck="false"
            autocomplete="off"
            prop:value=text
            aria-describedby=format!("error-{name} help-{name}")
            aria-invalid=move || wrong.get().then_some("true")
            on:change:target=move |event| enter(store, &setting, &event.target().value())
        />
    }
}
