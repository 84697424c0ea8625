//! Predicted against given numbers: on the diagonal they agree; flagged ones are marked, the selected one most.

use forge_core::{NumberIssue, TaskDetail};
use leptos::html;
use leptos::prelude::*;
use std::fmt::Write;

use super::super::action::Action;
use super::super::format;
use super::super::store::store;

/// Width and height of the picture in its own units.
const SIZE: (f64, f64) = (520.0, 220.0);
/// Room for the axes' names: left, bottom.
const MARGIN: (f64, f64) = (8.0, 8.0);

/// How numbers become places in the picture.
#[derive(Clone, Copy)]
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    fn x(self, value: f64) -> f64 {
        MARGIN.0 + (value - self.low) / (self.high - self.low) * (SIZE.0 - 2.0 * MARGIN.0)
    }

    fn y(self, value: f64) -> f64 {
        SIZE.1 - MARGIN.1 - (value - self.low) / (self.high - self.low) * (SIZE.1 - 2.0 * MARGIN.1)
    }
}

/// The plot; nothing where no numbers were predicted.
#[component]
pub(super) fn ResidualPlot() -> impl IntoView {
    let store = store();
    let picture = NodeRef::<html::Div>::new();
    move || {
        let found = store.found.get()?;
        let TaskDetail::Regression(detail) = &found.task()?.detail else { return None };
        let numbers = detail.sample.iter().map(|point| (point.given, point.predicted));
        let numbers = numbers.chain(detail.rows.iter().map(|row| (row.given, row.predicted)));
        let (low, high) = numbers
            .flat_map(|(given, predicted)| [given, predicted])
            .filter(|number| number.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), number| (low.min(number), high.max(number)));
        if low >= high {
            return None;
        }
        let scale = Scale { low, high };
        // One path of squares is drawn much faster than thousands of circles.
        let quiet = squares(
            detail
                .sample
                .iter()
                .filter(|point| !point.flagged)
                .map(|point| (scale.x(point.given), scale.y(point.predicted))),
            1.5,
        );
        let flagged = squares(detail.rows.iter().map(|row| (scale.x(row.given), scale.y(row.predicted))), 2.5);
        let rows: Vec<NumberIssue> = detail.rows.clone();
        let selected = {
            let rows = rows.clone();
            move || {
                let found = store.found.get()?;
                let row = found.finding(store.group.get(), store.selected.get()?)?.issue.row;
                let point = rows.iter().find(|point| point.row == row)?;
                Some((scale.x(point.given), scale.y(point.predicted), point.clone()))
            }
        };
        let words = {
            let selected = selected.clone();
            move || {
                selected().map_or_else(
                    || "Each dot is a row; red ones are likely wrong".to_owned(),
                    |(_, _, point)| {
                        format!(
                            "Row {}: given {}, predicted {}",
                            format::count(point.row as usize),
                            format::number(point.given),
                            format::number(point.predicted)
                        )
                    },
                )
            }
        };
        let pick = move |event: leptos::ev::MouseEvent| {
            let Some(picture) = picture.get_untracked() else { return };
            let width = f64::from(picture.client_width()).max(1.0);
            let height = f64::from(picture.client_height()).max(1.0);
            let (x, y) = (f64::from(event.offset_x()) / width * SIZE.0, f64::from(event.offset_y()) / height * SIZE.1);
            let distance = |row: &NumberIssue| (scale.x(row.given) - x).hypot(scale.y(row.predicted) - y);
            let nearest = rows.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).map(|row| row.row);
            let place = store.found.with_untracked(|found| {
                let findings = found.as_ref()?.findings(store.group.get_untracked());
                findings.iter().position(|finding| Some(finding.issue.row) == nearest)
            });
            if let Some(place) = place {
                store.act(Action::Select(place as u32));
            }
        };
        Some(view! {
            <section class="card plot" data-testid="residual-plot" aria-label="Predicted against given numbers">
                <p class="plot-title">"Predicted ↑ against given →"</p>
                <div class="plot-picture" node_ref=picture on:click=pick>
                    <svg viewBox=format!("0 0 {} {}", SIZE.0, SIZE.1) preserveAspectRatio="none" aria-hidden="true">
                        <line class="plot-diagonal" x1=scale.x(low).to_string() y1=scale.y(low).to_string() x2=scale.x(high).to_string() y2=scale.y(high).to_string() vector-effect="non-scaling-stroke"/>
                        <path class="plot-quiet" d=quiet/>
                        <path class="plot-flagged" d=flagged/>
                        {move || selected().map(|(x, y, _)| view! {
                            <circle class="plot-selected" cx=x.to_string() cy=y.to_string() r="6" fill="none" vector-effect="non-scaling-stroke"/>
                        })}
                    </svg>
                </div>
                <p class="plot-ends"><span class="figure">{format::number(low)}</span> <span>{words}</span> <span class="figure">{format::number(high)}</span></p>
            </section>
        })
    }
}

/// A path of small squares around points.
fn squares(points: impl Iterator<Item = (f64, f64)>, half: f64) -> String {
    let mut path = String::new();
    for (x, y) in points {
        // Writing to a string cannot fail.
        let _ = write!(path, "M{:.1} {:.1}h{w}v{w}h-{w}z", x - half, y - half, w = 2.0 * half);
    }
    path
}
