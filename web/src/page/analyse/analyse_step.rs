//! The step: settings at the side, what to look for, the run and its result in the middle.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::frame::FailureNote;
use super::super::pictures::PicturesSoFar;
use super::super::store::{RunState, Store, store};
use super::chooser::Chooser;
use super::form::{SettingsPanel, refused_setting};
use super::outcome::Outcome;
use super::run_progress::RunProgress;
use crate::protocol::Failure;

/// The step.
#[component]
pub(crate) fn AnalyseStep() -> impl IntoView {
    let store = store();
    let running = move || store.run.with(RunState::is_running);
    let failure = Signal::derive(move || match store.run.get() {
        RunState::Failed(failure) => Some(with_label(store, failure)),
        _ => None,
    });
    let done = move || store.is_finished();
    let stale = Memo::new(move |_| store.ran.with(Option::is_some) && store.ran.get() != store.job().ok());
    view! {
        <div class="page page-split" data-testid="analyse-step">
            <SettingsPanel/>
            <div class="split-main">
                <div class="page-head">
                    <div>
                        <h1 class="title">"Analyse"</h1>
                        <p class="subtitle" data-testid="work-note">{move || store.work.get().note()}</p>
                    </div>
                    <Show
                        when=running
                        fallback=move || view! {
                            <button
                                type="button"
                                class="button"
                                class:button-primary=move || !done() || stale.get()
                                data-testid="run"
                                on:click=move |_| store.act(Action::Run)
                            >
                                {move || if done() && !stale.get() { "Run again" } else { "Run" }}
                            </button>
                        }
                    >
                        <button type="button" class="button" data-testid="cancel" on:click=move |_| store.act(Action::Cancel)>
                            "Cancel"
                        </button>
                    </Show>
                </div>
                <Chooser/>
                <FailureNote failure testid="run-error" title="The analysis could not be run"/>
                <Show when=move || store.run.with(|run| *run == RunState::Cancelled)>
                    <p class="note note-info" role="status" data-testid="run-cancelled">
                        "Cancelled. Your data and any earlier findings are still here."
                    </p>
                </Show>
                <Show when=running><RunProgress/><PicturesSoFar/></Show>
                <Show
                    when=move || done() && !running()
                    fallback=move || view! {
                        <Show when=move || !running() && failure.get().is_none()>
                            <p class="empty" data-testid="not-run">
                                "The defaults work. Run takes seconds, in this tab."
                            </p>
                        </Show>
                    }
                >
                    <Show when=move || stale.get()>
                        <p class="note note-info" data-testid="stale">"Settings have changed since this run."</p>
                    </Show>
                    <Outcome/>
                </Show>
            </div>
        </div>
    }
}

/// A failure that calls a setting by the name its field has here, and by its own.
fn with_label(store: Store, failure: Failure) -> Failure {
    let labelled = refused_setting(&failure.message).and_then(|(name, rest)| {
        let settings = store.work.get_untracked().settings();
        let setting = settings.into_iter().find(|setting| setting.name == name)?;
        Some(format!("{} ({name}){rest}", setting.label))
    });
    Failure { message: labelled.unwrap_or_else(|| failure.message.clone()), ..failure }
}
