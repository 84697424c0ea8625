//! One setting: its label, its field, what is wrong with its value, and a sentence of help.

use forge_core::{Setting, SettingKind};
use leptos::prelude::*;

use super::super::super::choices::Entry;
use super::super::super::store::{RunState, Store, store};
use super::super::super::work::Work;
use super::check_input::CheckInput;
use super::choice_input::ChoiceInput;
use super::label_columns::LabelColumns;
use super::target_select::TargetSelect;
use super::text_input::TextInput;
use super::{entry, refused_setting};

/// The setting. Values out of range are kept and marked; so is the value that the engine, which has the last word,
/// refused.
#[component]
pub(super) fn SettingField(
    /// Which one.
    setting: Setting,
) -> impl IntoView {
    let store = store();
    let name = setting.name.clone();
    let (help, label) = (setting.help.clone(), setting.label.clone());
    let complaint = {
        let setting = setting.clone();
        Memo::new(move |_| complaint(store, &setting))
    };
    let wrong = Memo::new(move |_| complaint.with(Option::is_some));
    let is_check = setting.kind == SettingKind::YesNo;
    let stands_alone =
        name == "target" && setting.kind == SettingKind::Names && store.work.get_untracked() != Work::Audit;
    let input = match (name.as_str(), &setting.kind) {
        ("target", SettingKind::Names) if stands_alone => view! { <LabelColumns/> }.into_any(),
        ("target", _) => view! { <TargetSelect setting/> }.into_any(),
        (_, SettingKind::YesNo) => view! { <CheckInput setting/> }.into_any(),
        (_, SettingKind::Choice(_)) => view! { <ChoiceInput setting/> }.into_any(),
        _ => view! { <TextInput setting wrong/> }.into_any(),
    };
    let label = if stands_alone {
        view! { <span class="setting-name" id=format!("label-{name}")>{label}</span> }.into_any()
    } else {
        view! { <label for=format!("setting-{name}")>{label}</label> }.into_any()
    };
    view! {
        <div class="setting" class:setting-wrong=wrong class:setting-check=is_check class:setting-wide=stands_alone>
            {if is_check { view! { {input} {label} }.into_any() } else { view! { {label} {input} }.into_any() }}
            <p id=format!("error-{name}") class="setting-error">{complaint}</p>
            <p id=format!("help-{name}") class="setting-help">{help}</p>
        </div>
    }
}

/// What is wrong with the value of a setting.
fn complaint(store: Store, setting: &Setting) -> Option<String> {
    let value = match entry(store, setting) {
        Entry::Wrong { rule, .. } => return Some(format!("Expected: {rule}.")),
        Entry::Value(value) => value,
    };
    if let (Some(number), Some((low, high))) = (value.as_f64(), setting.range)
        && !(low..=high).contains(&number)
    {
        return Some(if high.is_finite() {
            format!("Allowed: {low} to {high}.")
        } else {
            format!("Allowed: at least {low}.")
        });
    }
    let refused = store.run.with(|run| match run {
        RunState::Failed(failure) => {
            let (name, rest) = refused_setting(&failure.message)?;
            let (_, rule) = rest.split_once(", expected ")?;
            (name == setting.name).then(|| format!("Expected: {rule}"))
        }
        _ => None,
    })?;
    // What was entered since is not what was refused.
    let sent = store.sent.with(|sent| serde_json::to_value(sent.as_ref()?).ok())?;
    (sent.get(&setting.name) == Some(&value) || setting.name == "target").then_some(refused)
}
