//! The run as it goes: each stage with its time, the current one with a bar.

use std::time::Duration;

use leptos::prelude::*;

use super::super::clock;
use super::super::format;
use super::super::store::{RunState, Stage, store};

/// The stages so far.
#[component]
pub(super) fn RunProgress() -> impl IntoView {
    let store = store();
    let now = RwSignal::new(clock::seconds());
    if let Ok(ticking) = set_interval_with_handle(move || now.set(clock::seconds()), Duration::from_millis(100)) {
        on_cleanup(move || ticking.clear());
    }
    let stages = move || match store.run.get() {
        RunState::Running(stages) => stages,
        _ => Vec::new(),
    };
    let current = move || stages().last().map_or_else(|| "Starting".to_owned(), |stage| capital(&stage.name));
    view! {
        <section class="card" data-testid="progress" aria-label="Progress">
            <div class="progress-head">
                <p class="visually-hidden" role="status" data-testid="current-stage">{current}</p>
                <p>"Running in this tab"</p>
                <p class="figure" data-testid="elapsed">
                    {move || format::seconds((now.get() - store.run_since.get()).max(0.0))}
                </p>
            </div>
            <ol class="stages">
                {move || {
                    let stages = stages();
                    let ends: Vec<Option<f64>> = stages.iter().skip(1).map(|next| Some(next.since)).chain([None]).collect();
                    stages.into_iter().zip(ends).map(|(stage, end)| line(&stage, end, now)).collect_view()
                }}
            </ol>
        </section>
    }
}

fn line(stage: &Stage, end: Option<f64>, now: RwSignal<f64>) -> impl IntoView + use<> {
    let since = stage.since;
    let time = move || format::seconds((end.unwrap_or_else(|| now.get()) - since).max(0.0));
    let (done, total) = if end.is_some() { (1, 1) } else { (stage.done, stage.total.max(1)) };
    let share = done as f64 / total as f64 * 100.0;
    let counts = (end.is_none() && stage.total > 1).then(|| format!(" {done} of {total}"));
    let name = capital(&stage.name);
    view! {
        <li class="stage" class:stage-done=end.is_some() data-testid="stage">
            <span class="stage-name">{name.clone()} <span class="stage-count figure">{counts}</span></span>
            <span class="figure stage-time">{time}</span>
            <progress class="stage-bar" max="100" value=share.to_string() aria-label=name></progress>
        </li>
    }
}

/// With a capital first letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
