//! What the model gives each class for a row it never saw.

use leptos::prelude::*;

use super::super::analysis::Analysis;
use super::super::format;

/// Classes shown at most, the likeliest first; the given one always is.
const MAX_SHOWN: usize = 8;

/// Bars for the classes of an entry.
pub(super) fn probabilities(analysis: &Analysis, entry: u32) -> impl IntoView + use<> {
    let given = analysis.given.get(entry as usize).copied().unwrap_or_default();
    let values = analysis.probabilities(entry);
    let mut classes: Vec<u32> = (0..values.len() as u32).collect();
    classes.sort_by(|&a, &b| values[b as usize].total_cmp(&values[a as usize]).then(a.cmp(&b)));
    let hidden = classes.len().saturating_sub(MAX_SHOWN);
    let classes: Vec<u32> = classes
        .iter()
        .enumerate()
        .filter(|&(rank, &class)| rank < MAX_SHOWN || class == given)
        .map(|(_, &class)| class)
        .collect();
    let bars = classes.into_iter().map(|class| {
        let value = values[class as usize];
        let name = analysis.class(class).to_owned();
        let is_given = class == given;
        view! {
            <li class="probability" class:probability-given=is_given data-testid="probability" data-class=name.clone() data-value=value.to_string()>
                <span class="probability-name">
                    <span class="probability-label" title=name.clone()>{name.clone()}</span>
                    {is_given.then(|| view! { <span class="tag">"given"</span> })}
                </span>
                <svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="meter-back" width="100" height="8"/>
                    <rect class="meter-fill" width=(value * 100.0).clamp(0.8, 100.0).to_string() height="8"/>
                </svg>
                <span class="figure">{format::score(value)}</span>
            </li>
        }
    });
    view! {
        <ul class="probabilities">{bars.collect_view()}</ul>
        {(hidden > 0).then(|| view! { <p class="heat-note">{format::counted(hidden, "less likely class", "less likely classes")} " not shown"</p> })}
    }
}
