//! The settings of a run that few people change, folded away.

use forge_core::FilterBy;
use leptos::prelude::*;

use super::super::action::Action;
use super::super::store::store;
use super::number_setting::{NumberField, NumberSetting};
use super::settings::whole;

/// A way to flag issues: its value, its name on the command line, and what it is called here.
const RULES: [(FilterBy, &str, &str); 7] = [
    (FilterBy::PruneByNoiseRate, "prune_by_noise_rate", "By noise rate"),
    (FilterBy::PruneByClass, "prune_by_class", "By class"),
    (FilterBy::Both, "both", "By noise rate and by class"),
    (FilterBy::ConfidentLearning, "confident_learning", "Confident learning"),
    (FilterBy::PredictedNeqGiven, "predicted_neq_given", "Prediction differs"),
    (FilterBy::LowNormalizedMargin, "low_normalized_margin", "Low margin"),
    (FilterBy::LowSelfConfidence, "low_self_confidence", "Low confidence"),
];

/// The numbers among them.
pub(super) const NUMBERS: [NumberField; 3] = [
    NumberField {
        name: "label_noise_fraction",
        label: "Flip labels",
        help: "Share of the training labels made wrong on purpose, to see how many are found again.",
        range: (0.0, 0.5),
        step: "0.05",
        get: |config| Some(config.label_noise_fraction),
        set: |config, value| config.label_noise_fraction = value.unwrap_or_default(),
    },
    NumberField {
        name: "issue_score_threshold",
        label: "Score limit",
        help: "Only rows up to this score count as errors. Empty: the rule alone decides.",
        range: (0.0, 1.0),
        step: "0.05",
        get: |config| config.issue_score_threshold,
        set: |config, value| config.issue_score_threshold = value,
    },
    NumberField {
        name: "max_rows",
        label: "Rows at most",
        help: "Rows drawn from the file. Empty: all.",
        range: (100.0, 1e9),
        step: "1000",
        get: |config| config.max_rows.map(|rows| rows as f64),
        set: |config, value| config.max_rows = value.map(|rows| rows.max(0.0) as usize),
    },
];

/// The fold.
#[component]
pub(super) fn MoreSettings() -> impl IntoView {
    let store = store();
    let choose_rule = move |value: &str| {
        if let Some((rule, ..)) = RULES.into_iter().find(|(_, id, _)| *id == value) {
            let mut config = store.config.get_untracked();
            config.filter_by = rule;
            store.act(Action::Configure(Box::new(config)));
        }
    };
    let stratify = move |stratify: bool| {
        let mut config = store.config.get_untracked();
        config.stratify = stratify;
        store.act(Action::Configure(Box::new(config)));
    };
    let rule_option = move |(rule, id, label): (FilterBy, &'static str, &'static str)| {
        let selected = move || store.config.with(|config| config.filter_by == rule);
        view! { <option value=id selected=selected>{label}</option> }
    };
    view! {
        <details class="fold more-settings" data-testid="more-settings">
            <summary>"More settings"</summary>
            <div class="setting">
                <label for="setting-filter_by">"Rule"</label>
                <select
                    id="setting-filter_by"
                    data-testid="setting-filter_by"
                    on:change:target=move |event| choose_rule(&event.target().value())
                >
                    {RULES.map(rule_option).collect_view()}
                </select>
                <p class="setting-help">"What makes a row a likely label error."</p>
            </div>
            <div class="setting setting-check">
                <input
                    id="setting-stratify"
                    data-testid="setting-stratify"
                    type="checkbox"
                    prop:checked=move || store.config.with(|config| config.stratify)
                    on:change:target=move |event| stratify(event.target().checked())
                />
                <label for="setting-stratify">"Each class in the same share on both sides"</label>
            </div>
            {NUMBERS.map(|field| view! { <NumberSetting field/> }).collect_view()}
        </details>
    }
}
