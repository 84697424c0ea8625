//! What else a finished run says: injected noise found again, warnings, time per stage.

use forge_core::NoiseReport;
use leptos::prelude::*;

use super::super::format;
use super::super::store::store;

/// The notes.
#[component]
pub(super) fn RunNotes() -> impl IntoView {
    let store = store();
    move || {
        let report = store.summary.get()?;
        let total: f64 = report.timings.iter().map(|timing| timing.seconds).sum();
        let warnings = report.warnings.iter().map(|warning| {
            view! { <li class="note note-warning" data-testid="run-warning">{warning.clone()}</li> }
        });
        let timings = report.timings.iter().map(|timing| {
            view! {
                <tr data-testid="timing">
                    <th scope="row">{timing.stage.clone()}</th>
                    <td class="number figure">{format!("{:.2}\u{202f}s", timing.seconds)}</td>
                </tr>
            }
        });
        Some(view! {
            <ul class="notes">{warnings.collect_view()}</ul>
            {report.noise.as_ref().map(noise)}
            <details class="fold" data-testid="timings">
                <summary>"Time per stage, " {format::seconds(total)} " in all"</summary>
                <table class="plain-table"><tbody>{timings.collect_view()}</tbody></table>
            </details>
        })
    }
}

fn noise(noise: &NoiseReport) -> impl IntoView + use<> {
    let share = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), format::percent);
    let cell = |testid: &'static str, label: &'static str, value: Option<f64>| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd class="figure" data-testid=testid data-value=value.map(|value| value.to_string())>{share(value)}</dd>
            </div>
        }
    };
    view! {
        <section class="card" data-testid="noise">
            <h2 class="card-title">"Injected noise, found again"</h2>
            <p class="card-note">
                {format::counted(noise.n_flipped, "label was", "labels were")} " made wrong on purpose, "
                {format::counted(noise.n_pruned, "was", "were")} " pruned"
            </p>
            <dl class="facts facts-pairs">
                {cell("noise-precision-prune", "Pruned that were made wrong", noise.precision_at_prune)}
                {cell("noise-recall-prune", "Made wrong that were pruned", noise.recall_at_prune)}
                {cell("noise-precision-flag", "Flagged that were made wrong", noise.precision_at_flag)}
                {cell("noise-recall-flag", "Made wrong that were flagged", noise.recall_at_flag)}
            </dl>
        </section>
    }
}
