//! The step: settings at the side, the run and its result in the middle.

use leptos::prelude::*;

use super::super::action::{Action, Step};
use super::super::format;
use super::super::frame::FailureNote;
use super::super::store::{RunState, store};
use super::comparison::Comparison;
use super::number_setting::refused_setting;
use super::run_notes::RunNotes;
use super::run_progress::RunProgress;
use super::settings::{Settings, label_of};
use crate::protocol::Failure;

/// The step.
#[component]
pub(crate) fn AnalyseStep() -> impl IntoView {
    let store = store();
    let running = move || store.run.with(RunState::is_running);
    let failure = Signal::derive(move || match store.run.get() {
        RunState::Failed(failure) => Some(with_label(failure)),
        _ => None,
    });
    let done = move || store.analysis.with(Option::is_some);
    let n_issues = move || {
        store.analysis.with(|analysis| analysis.as_ref().map_or(0, |analysis| analysis.report.label_issues.n_issues))
    };
    let stale = move || {
        let config = store.config.get();
        store.analysis.with(|analysis| analysis.as_ref().is_some_and(|analysis| analysis.report.config != config))
    };
    view! {
        <div class="page page-split" data-testid="analyse-step">
            <Settings/>
            <div class="split-main">
                <div class="page-head">
                    <div>
                        <h1 class="title">"Analyse"</h1>
                        <p class="subtitle">
                            "Checks the labels in " <strong>{move || store.config.with(|config| config.target.clone())}</strong>
                            " with a model that never saw the row it judges"
                        </p>
                    </div>
                    <Show
                        when=running
                        fallback=move || view! {
                            <button
                                type="button"
                                class="button"
                                class:button-primary=move || !done() || stale()
                                data-testid="run"
                                on:click=move |_| store.act(Action::Run)
                            >
                                {move || if done() { "Run again" } else { "Run" }}
                            </button>
                        }
                    >
                        <button type="button" class="button" data-testid="cancel" on:click=move |_| store.act(Action::Cancel)>
                            "Cancel"
                        </button>
                    </Show>
                </div>
                <FailureNote failure testid="run-error" title="The analysis could not be run"/>
                <Show when=move || store.run.with(|run| *run == RunState::Cancelled)>
                    <p class="note note-info" role="status" data-testid="run-cancelled">
                        "Cancelled. Your data and any earlier findings are still here."
                    </p>
                </Show>
                <Show when=running><RunProgress/></Show>
                <Show
                    when=move || done() && !running()
                    fallback=move || view! {
                        <Show when=move || !running() && failure.get().is_none()>
                            <p class="empty" data-testid="not-run">
                                "The defaults work. Run takes seconds and shows how sure the model is of every label."
                            </p>
                        </Show>
                    }
                >
                    <Show when=stale>
                        <p class="note note-info" data-testid="stale">"Settings have changed since this run."</p>
                    </Show>
                    <button
                        type="button"
                        class="found"
                        data-testid="to-review"
                        data-issues=move || n_issues().to_string()
                        on:click=move |_| store.act(Action::GoTo(Step::Review))
                    >
                        <span class="found-number figure">{move || format::count(n_issues())}</span>
                        <span class="found-text">{move || if n_issues() == 1 { "likely label error" } else { "likely label errors" }}</span>
                        <span class="found-word">"Review…"</span>
                    </button>
                    <Comparison/>
                    <RunNotes/>
                </Show>
            </div>
        </div>
    }
}

/// A failure that calls a setting by the name its field has here, and by its own.
fn with_label(failure: Failure) -> Failure {
    let message = refused_setting(&failure.message)
        .and_then(|(name, rest)| Some(format!("{} ({name}){rest}", label_of(name)?)))
        .unwrap_or_else(|| failure.message.clone());
    Failure { message, ..failure }
}
