//! Several labels per row: which are given, which are missing, which are too many.

use forge_core::{LabelCounts, TaskDetail};
use leptos::prelude::*;

use super::super::format;
use super::super::found::{Finding, Found};

/// The labels of a row as chips; nothing for other kinds of data.
pub(super) fn label_sets(found: &Found, finding: &Finding) -> Option<impl IntoView + use<>> {
    let TaskDetail::Multilabel(detail) = &found.task()?.detail else { return None };
    let example = detail.examples.iter().find(|example| example.row == finding.issue.row)?;
    let kept = example.given.iter().filter(|name| !example.extra.contains(name));
    let chip = |class: &'static str, word: &'static str, name: &String| {
        view! {
            <li class=format!("label-chip {class}") data-testid=class>
                <span class="label-chip-name">{name.clone()}</span>
                {(!word.is_empty()).then(|| view! { <span class="label-chip-word">{word}</span> })}
            </li>
        }
    };
    let chips: Vec<_> = example
        .missing
        .iter()
        .map(|name| chip("label-missing", "missing", name))
        .chain(example.extra.iter().map(|name| chip("label-extra", "too many", name)))
        .chain(kept.map(|name| chip("label-kept", "", name)))
        .collect();
    Some(view! {
        <h3 class="evidence-title">"Labels"</h3>
        <ul class="label-chips" data-testid="label-chips">{chips}</ul>
    })
}

/// How often each label is missing or too many, and how well it is predicted.
#[component]
pub(super) fn LabelCountsTable(
    /// The labels.
    counts: Vec<LabelCounts>,
) -> impl IntoView {
    let score = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), format::score);
    let rows = counts.into_iter().map(|label| {
        view! {
            <tr data-testid="label-counts" data-label=label.name.clone()>
                <th scope="row">{label.name.clone()}</th>
                <td class="number figure">{format::count(label.n_given)}</td>
                <td class="number figure">{format::count(label.n_missing)}</td>
                <td class="number figure">{format::count(label.n_extra)}</td>
                <td class="number figure">{score(Some(label.f1))}</td>
                <td class="number figure">{score(label.f1_pruned)}</td>
            </tr>
        }
    });
    view! {
        <section class="card overview-table" tabindex="0" role="region" aria-label="Labels">
            <table class="plain-table">
                <thead>
                    <tr>
                        <th scope="col">"Label"</th>
                        <th scope="col" class="number">"Given"</th>
                        <th scope="col" class="number">"Missing"</th>
                        <th scope="col" class="number">"Too many"</th>
                        <th scope="col" class="number">"F1"</th>
                        <th scope="col" class="number">"F1 pruned"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect::<Vec<_>>()}</tbody>
            </table>
        </section>
    }
}
