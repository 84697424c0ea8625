//! The models side by side: before and after leaving out the worst rows, metric by metric.

use forge_core::{Report, Variant};
use leptos::prelude::*;

use super::super::format;
use super::super::store::store;
use super::gain::{self, is_loss, metric_label};

/// The comparison.
#[component]
pub(super) fn Comparison() -> impl IntoView {
    let store = store();
    move || {
        let report = store.analysis.with(|analysis| analysis.as_ref().map(|analysis| analysis.report.clone()))?;
        let base = report.variants.first()?.clone();
        let keys = gain::metrics(&base.metrics).map(|(key, _)| key);
        let rows = keys.map(|key| metric_row(key, &report));
        let heads = report.variants.iter().map(|variant| {
            view! { <th scope="col" class="number">{variant_label(&variant.name)}</th> }
        });
        let sizes = report.variants.iter().map(|variant| {
            view! {
                <td class="number figure" data-testid=format!("n-train-{}", variant.name)>
                    {format::count(variant.n_train)}
                </td>
            }
        });
        let pruned = report.variants.len() > 1;
        Some(view! {
            <section class="card" data-testid="comparison">
                <h2 class="card-title">"What leaving out the worst rows buys"</h2>
                <p class="card-note">
                    "Measured on " {format::counted(report.n_test, "row", "rows")} " that no model was trained on"
                </p>
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
                                <th scope="row">"Rows trained on"</th>
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

fn metric_row(key: &'static str, report: &Report) -> impl IntoView + use<> {
    let value_of = |variant: &Variant| gain::metrics(&variant.metrics).into_iter().find(|(at, _)| *at == key)?.1;
    let cells = report.variants.iter().map(|variant| {
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
    let change = report.variants.get(1).map(|variant| {
        let change = report.variants.first().and_then(value_of).zip(value_of(variant)).map(|(old, new)| new - old);
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
    let primary = report.primary_metric == key;
    view! {
        <tr class:is-primary=primary>
            <th scope="row">
                {metric_label(key)}
                {is_loss(key).then(|| view! { <span class="row-note">" lower is better"</span> })}
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
        other => other.replace('_', " "),
    }
}
