//! Labels by several annotators: how good each is, and which examples to label next.

use forge_core::{AnnotatorRow, MultiannotatorDetail, NextRow};
use leptos::prelude::*;

use super::super::format;

/// Both tables, side by side where there is room.
#[component]
pub(super) fn AnnotatorTables(
    /// What the engine says.
    detail: MultiannotatorDetail,
) -> impl IntoView {
    let annotators: Vec<_> = detail.worst_annotators.iter().map(annotator).collect();
    let next: Vec<_> = detail.next_to_label.iter().enumerate().map(next_row).collect();
    view! {
        <section class="card overview-table overview-half" tabindex="0" role="region" aria-label="Annotators" data-testid="annotators">
            <h2 class="card-title">"Annotators, worst first"</h2>
            <table class="plain-table">
                <thead>
                    <tr>
                        <th scope="col">"Annotator"</th>
                        <th scope="col">"Quality"</th>
                        <th scope="col" class="number">"Agrees"</th>
                        <th scope="col">"Weakest in"</th>
                        <th scope="col" class="number">"Labels"</th>
                    </tr>
                </thead>
                <tbody>{annotators}</tbody>
            </table>
        </section>
        <section class="card overview-table overview-half" tabindex="0" role="region" aria-label="Next to label" data-testid="next-to-label">
            <h2 class="card-title">"Worth another label, first of all first"</h2>
            <table class="plain-table">
                <thead>
                    <tr>
                        <th scope="col" class="number">"#"</th>
                        <th scope="col">"Example"</th>
                        <th scope="col">"Certainty"</th>
                        <th scope="col" class="number">"Labels so far"</th>
                    </tr>
                </thead>
                <tbody>{next}</tbody>
            </table>
        </section>
    }
}

/// A score in [0, 1] as a bar and a number.
fn bar(score: f64) -> impl IntoView {
    view! {
        <span class="bar-cell">
            <svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect class="meter-back" width="100" height="6"/>
                <rect class="meter-quiet" width=(score * 100.0).clamp(1.5, 100.0).to_string() height="6"/>
            </svg>
            <span class="figure">{format::score(score)}</span>
        </span>
    }
}

fn annotator(row: &AnnotatorRow) -> impl IntoView + use<> {
    view! {
        <tr data-testid="annotator-row" data-annotator=row.annotator.clone() data-quality=row.quality.map(|quality| quality.to_string())>
            <th scope="row">{row.annotator.clone()}</th>
            <td>{row.quality.map(bar)}</td>
            <td class="number figure">{format::percent(row.agreement_with_consensus)}</td>
            <td>{row.worst_class.clone()}</td>
            <td class="number figure">{format::count(row.n_labels)}</td>
        </tr>
    }
}

fn next_row((at, row): (usize, &NextRow)) -> impl IntoView + use<> {
    view! {
        <tr data-testid="next-row-to-label" data-example=row.example.to_string() data-score=row.score.to_string()>
            <td class="number figure">{at + 1}</td>
            <th scope="row">{row.name.clone()}</th>
            <td>{bar(row.score)}</td>
            <td class="number figure">{format::count(row.n_labels)}</td>
        </tr>
    }
}
