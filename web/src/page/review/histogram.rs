//! The scores as a picture with a handle: what lies left of it is listed, and how much of that the rule flags.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::format;
use super::super::list::Shelf;
use super::super::store::store;
use crate::protocol::N_BINS;

const HEIGHT: f64 = 56.0;

/// The picture, the slider over it, and the counts.
#[component]
pub(super) fn Histogram() -> impl IntoView {
    let store = store();
    let counts = Memo::new(move |_| {
        let threshold = store.threshold.get();
        store.analysis.with(|analysis| analysis.as_ref().map_or((0, 0), |analysis| analysis.counts(threshold)))
    });
    let bars = move || {
        let histogram = store.analysis.with(|analysis| analysis.as_ref().map(|analysis| analysis.histogram.clone()));
        let all = histogram.map(|histogram| histogram.all).unwrap_or_default();
        // Few rows are suspicious and most are not: square roots keep the few visible.
        let most = f64::from(all.iter().copied().max().unwrap_or(1).max(1)).sqrt();
        let bar = move |(bin, n): (usize, u32)| {
            let height = f64::from(n).sqrt() / most * HEIGHT;
            let height = if n > 0 { height.max(1.5) } else { 0.0 };
            let left = bin as f64 / N_BINS as f64;
            let inside = move || left < store.threshold.get();
            view! {
                <rect
                    class="bar"
                    class:bar-in=inside
                    x=(bin as f64 * 10.0 + 1.0).to_string()
                    y=(HEIGHT - height).to_string()
                    width="8"
                    height=height.to_string()
                />
            }
        };
        all.into_iter().enumerate().map(bar).collect_view()
    };
    let spoken = move || {
        let (n, flagged) = counts.get();
        format!("{}: {} rows, {} flagged", format::score(store.threshold.get()), n, flagged)
    };
    view! {
        <section class="card histogram" aria-label="Scores">
            <div class="histogram-picture">
                <svg
                    viewBox=format!("0 0 {} {HEIGHT}", N_BINS * 10)
                    preserveAspectRatio="none"
                    aria-hidden="true"
                    data-testid="histogram"
                >
                    {bars}
                </svg>
                <input
                    type="range"
                    class="threshold"
                    data-testid="threshold"
                    min="0"
                    max="1"
                    step="0.001"
                    aria-label="Highest score listed"
                    aria-valuetext=spoken
                    disabled=move || store.filters.with(|filters| filters.shelf == Shelf::Excluded)
                    prop:value=move || store.threshold.get().to_string()
                    on:input:target=move |event| {
                        if let Ok(threshold) = event.target().value().parse() {
                            store.act(Action::SetThreshold(threshold));
                        }
                    }
                />
                <p class="histogram-ends" aria-hidden="true"><span>"0 implausible"</span><span>"plausible 1"</span></p>
            </div>
            <div class="histogram-counts">
                <p class="big-number figure" data-testid="threshold-count" data-value=move || counts.get().0.to_string()>
                    {move || format::count(counts.get().0)}
                </p>
                <p class="histogram-note">
                    "rows at score ≤ " <span class="figure" data-testid="threshold-value">{move || format::score(store.threshold.get())}</span>
                </p>
                <p class="histogram-note">
                    <strong class="figure" data-testid="threshold-flagged" data-value=move || counts.get().1.to_string()>
                        {move || format::count(counts.get().1)}
                    </strong>
                    " of them flagged as errors"
                </p>
            </div>
        </section>
    }
}
