//! Several models on the same rows, side by side: the best first.

use forge_core::SweepRow;
use leptos::prelude::*;

use super::super::analyse::{metric_label, words};
use super::super::format;
use super::super::store::store;
use crate::protocol::Found;

/// The table; nothing where no models were compared.
#[component]
pub(crate) fn SweepTable() -> impl IntoView {
    let store = store();
    move || {
        let found = store.found.get()?;
        let Found::Sweep(report) = &found.result else { return None };
        let primary = report.primary_metric.clone();
        let metrics: Vec<String> = report
            .rows
            .iter()
            .find_map(|row| row.metrics.as_ref())
            .map_or_else(Vec::new, |metrics| metrics.iter().map(|(name, _)| name.to_owned()).collect());
        let mut rows = report.rows.clone();
        rows.sort_by(|a, b| b.primary.unwrap_or(f64::NEG_INFINITY).total_cmp(&a.primary.unwrap_or(f64::NEG_INFINITY)));
        let best = rows.first().and_then(|row| row.primary);
        let heads = metrics.iter().map(|name| {
            view! {
                <th scope="col" class="number">{metric_label(name)} {(*name == primary).then_some(" · decides")}</th>
            }
        });
        let lines = rows.iter().map(|row| line(row, &metrics, best.is_some() && row.primary == best));
        Some(view! {
            <section class="card table-scroll" data-testid="sweep" tabindex="0" role="region" aria-label="Models compared">
                <table class="plain-table sweep-table">
                    <thead>
                        <tr>
                            <th scope="col">"Model"</th>
                            {heads.collect::<Vec<_>>()}
                            <th scope="col" class="number">"Label issues"</th>
                            <th scope="col" class="number">"Time"</th>
                        </tr>
                    </thead>
                    <tbody>{lines.collect::<Vec<_>>()}</tbody>
                </table>
            </section>
        })
    }
}

fn line(row: &SweepRow, metrics: &[String], best: bool) -> impl IntoView + use<> {
    let name = row.model.clone();
    let cells: Vec<_> = match (&row.metrics, &row.error) {
        (Some(values), _) => metrics.iter().map(|metric| {
            let value = values.get(metric);
            view! {
                <td class="number figure" data-testid=format!("sweep-{name}-{metric}") data-value=value.map(|value| value.to_string())>
                    {value.map_or_else(|| "–".to_owned(), format::metric)}
                </td>
            }.into_any()
        }).collect(),
        (None, error) => {
            let span = metrics.len().max(1).to_string();
            vec![view! { <td colspan=span class="sweep-error">"Failed: " {error.clone().unwrap_or_default()}</td> }.into_any()]
        }
    };
    view! {
        <tr class:is-primary=best data-testid="sweep-row" data-model=row.model.clone()>
            <th scope="row">{words(&row.model)} {best.then(|| view! { <span class="row-note">" best"</span> })}</th>
            {cells}
            <td class="number figure" data-testid=format!("sweep-{}-issues", row.model)>{row.n_label_issues.map_or_else(|| "–".to_owned(), format::count)}</td>
            <td class="number figure">{format::seconds(row.seconds)}</td>
        </tr>
    }
}
