//! The models side by side: before and after leaving out the worst rows, metric by metric.

use forge_core::{Variant, lower_is_better};
use leptos::prelude::*;

use super::super::format;
use super::super::store::store;
use super::super::summary::Summary;
use super::super::work::Work;
use super::gain::{self, metric_label, words};

/// The comparison; nothing where no model was trained.
#[component]
pub(super) fn Comparison() -> impl IntoView {
    let store = store();
    move || {
        let summary = store.summary.get()?;
        let base = summary.variants.first()?;
        let mut keys: Vec<&str> = base.metrics.iter().map(|(key, _)| key).collect();
        keys.sort_by_key(|key| summary.primary_metric.as_deref() != Some(key));
        let rows = keys.into_iter().map(|key| metric_row(key, &summary));
        let heads = summary.variants.iter().map(|variant| {
            view! { <th scope="col" class="number">{variant_label(&variant.name)}</th> }
        });
        let sizes = summary.variants.iter().map(|variant| {
            view! {
                <td class="number figure" data-testid=format!("n-train-{}", variant.name)>
                    {format::count(variant.n_train)}
                </td>
            }
        });
        let pruned = summary.variants.len() > 1;
        let (one, many) = if summary.work == Work::Task("token") { ("token", "tokens") } else { ("row", "rows") };
        let (title, note) = match summary.work {
            Work::Task("anomaly") => (
                "How well the known anomalies are found".to_owned(),
                "Scores and flags against the values of the target, which the search did not see".to_owned(),
            ),
            Work::Task("multiannotator") => {
                ("How good the consensus is".to_owned(), "Against what is known of the examples".to_owned())
            }
            _ => (
                format!("What leaving out the worst {many} buys"),
                format!("Measured on {} that no model was trained on", format::counted(summary.n_test, one, many)),
            ),
        };
        Some(view! {
            <section class="card" data-testid="comparison">
                <h2 class="card-title">{title}</h2>
                <p class="card-note">{note}</p>
                <div class="table-scroll">
                    <table class="plain-table comparison">
                        <thead>
                            <tr>
                                <th scope="col">"Metric"</th>
                                {heads.collect_view()}
                                {pruned.then(|| view! { <th scope="col" class="number">"Change"</th> })}
                            </tr>
                        </thead>
                        <tbody>
                            {rows.collect_view()}
                            <tr>
                                <th scope="row">{format!("{} trained on", words(many))}</th>
                                {sizes.collect_view()}
                                {pruned.then(|| view! { <td></td> })}
                            </tr>
                        </tbody>
                    </table>
                </div>
            </section>
        })
    }
}

fn metric_row(key: &str, summary: &Summary) -> impl IntoView + use<> {
    let value_of = |variant: &Variant| variant.metrics.get(key);
    let cells = summary.variants.iter().map(|variant| {
        let value = value_of(variant);
        view! {
            <td
                class="number figure"
                data-testid=format!("metric-{}-{key}", variant.name)
                data-value=value.map(|value| value.to_string())
            >
                {value.map_or_else(|| "–".to_owned(), format::metric)}
            </td>
        }
    });
    let change = summary.variants.get(1).map(|variant| {
        let change = summary.variants.first().and_then(value_of).zip(value_of(variant)).map(|(old, new)| new - old);
        match change {
            Some(change) => view! {
                <td class="number" data-testid=format!("delta-{key}")>
                    <span class=format!("figure {}", gain::class(key, change))>{format::signed(change)}</span>
                    " "
                    <span class=format!("gain-word {}", gain::class(key, change))>{gain::word(key, change)}</span>
                </td>
            }
            .into_any(),
            None => view! { <td class="number">"–"</td> }.into_any(),
        }
    });
    let primary = summary.primary_metric.as_deref() == Some(key);
    view! {
        <tr class:is-primary=primary>
            <th scope="row">
                {metric_label(key)}
                {lower_is_better(key).then(|| view! { <span class="row-note">" lower is better"</span> })}
                {primary.then(|| view! { <span class="row-note">" decides"</span> })}
            </th>
            {cells.collect_view()}
            {change}
        </tr>
    }
}

fn variant_label(name: &str) -> String {
    match name {
        "baseline" => "All rows".to_owned(),
        "pruned_retrain" => "Without the worst".to_owned(),
        "cleanlearning" => "CleanLearning".to_owned(),
        other => words(other),
    }
}
