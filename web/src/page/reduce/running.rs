//! Setting up, starting, following and stopping the analysis.

use std::sync::Arc;
use std::time::Duration;

use forge_core::{Report, SettingKind};
use forge_data::Role;
use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::super::analysis::Analysis;
use super::super::choices::Entry;
use super::super::engines::Engines;
use super::super::found::Found;
use super::super::list::{Direction, Filters, SortBy};
use super::super::store::{RunState, Stage, Store};
use super::super::work::Work;
use crate::protocol::{self, Failure, Histogram, Parts};

/// Gives a column a role; a new target makes a feature of the old one, but where rows have several labels.
pub(super) fn set_role(store: Store, column: String, role: Role) {
    let several = store.work.get_untracked().target_kind() == Some(SettingKind::Names)
        && store.work.get_untracked() != Work::Audit;
    store.columns.update(|columns| {
        if several {
            columns.label_columns.retain(|label| *label != column);
            if role == Role::Target {
                columns.label_columns.push(column.clone());
                columns.roles.remove(&column);
            } else {
                columns.roles.insert(column, role);
            }
            return;
        }
        if role == Role::Target {
            let old = std::mem::replace(&mut columns.target, column.clone());
            columns.roles.remove(&column);
            if !old.is_empty() && old != column {
                columns.roles.insert(old, Role::Feature);
            }
            return;
        }
        if columns.target == column {
            columns.target.clear();
        }
        columns.roles.insert(column, role);
    });
    keep_work_fitting(store);
}

/// Looks for something else because the user wants it.
pub(super) fn choose(store: Store, work: Work) {
    store.work_is_chosen.set(true);
    look_for(store, work);
}

fn look_for(store: Store, work: Work) {
    store.work.set(work);
    store.run.update(|run| {
        if !run.is_running() {
            *run = RunState::Idle;
        }
    });
}

/// Looks for what suits the data best, unless something else was chosen that suits them too.
pub(super) fn keep_work_fitting(store: Store) {
    let works = untrack(|| store.works());
    let is_chosen = store.work_is_chosen.get_untracked() && works.contains(&store.work.get_untracked());
    let best = works.first().copied().unwrap_or_default();
    if !is_chosen && best != store.work.get_untracked() {
        look_for(store, best);
    }
}

/// Takes an entry for a setting of what is looked for.
pub(super) fn enter(store: Store, name: &str, entry: Entry) {
    let work = store.work.get_untracked();
    store.choices.update(|choices| choices.enter(work, name, entry));
}

/// Gives the job to the workers.
pub(super) fn run(store: Store) {
    let (Some(source), Some(blob)) =
        (store.source.get_untracked(), store.files.with_value(|files| files.loaded.clone()))
    else {
        return;
    };
    if store.run.with_untracked(RunState::is_running) {
        return;
    }
    let job = match untrack(|| store.job()) {
        Ok(job) => job,
        Err(failure) => {
            store.sent.set(None);
            store.run.set(RunState::Failed(failure));
            return;
        }
    };
    store.run_since.set(super::super::clock::seconds());
    store.run.set(RunState::Running(Vec::new()));
    store.sent.set(Some(job.clone()));
    let sent =
        store.workers.with_value(|workers| workers.engines.as_ref().map(|engines| engines.run(&source, &blob, &job)));
    if let Some(Err(error)) = sent {
        let hint = Some("Choose other settings.".to_owned());
        failed(
            store,
            Failure { code: "setting".to_owned(), message: format!("The job cannot be sent: {error}."), hint },
        );
    }
}

/// Lets the workers read the loaded file and warm up before it is asked to run.
pub(super) fn prepare(store: Store) {
    let (Some(source), Some(blob)) =
        (store.source.get_untracked(), store.files.with_value(|files| files.loaded.clone()))
    else {
        return;
    };
    if let Ok(job) = untrack(|| store.job()) {
        store.workers.with_value(|workers| {
            if let Some(engines) = &workers.engines {
                engines.prepare(&source, &blob, &job);
            }
        });
    }
}

/// Ends the workers that run the job; their successors start when the page has answered the user.
pub(super) fn cancel(store: Store) {
    if !store.run.with_untracked(RunState::is_running) {
        return;
    }
    store.run.set(RunState::Cancelled);
    store.workers.with_value(|workers| workers.engines.as_ref().map(Engines::cancel));
    set_timeout(move || prepare(store), Duration::ZERO);
}

/// Notes a step of the running job.
pub(super) fn progress(store: Store, name: String, done: usize, total: usize) {
    store.run.update(|run| {
        if let RunState::Running(stages) = run {
            match stages.last_mut().filter(|stage| stage.name == name) {
                Some(stage) => (stage.done, stage.total) = (done, total),
                None => stages.push(Stage { name, done, total, since: super::super::clock::seconds() }),
            }
        }
    });
}

/// Takes over what a finished job found.
pub(super) fn finished(store: Store, report: Report, histogram: Histogram, parts: &Parts) {
    if !store.run.with_untracked(RunState::is_running) {
        return;
    }
    let Some(analysis) = Analysis::new(report, histogram, parts) else {
        failed(
            store,
            Failure {
                code: "findings".to_owned(),
                message: "The engine's findings do not fit together.".to_owned(),
                hint: Some("Please report this with the data and the settings, then run again.".to_owned()),
            },
        );
        return;
    };
    store.selected.set(None);
    store.filters.set(Filters::default());
    store.sort.set((SortBy::default(), Direction::default()));
    store.column_order.set(None);
    store.threshold.set(analysis.natural_threshold());
    store.found.set(None);
    store.ran.set(store.sent.get_untracked());
    store.analysis.set(Some(Arc::new(analysis)));
    store.run.set(RunState::Idle);
    let first = store.listed.with_untracked(|listed| listed.first().copied());
    store.selected.set(first);
}

/// Takes over what a job of another kind found.
pub(super) fn found(store: Store, found: protocol::Found, parts: &Parts) {
    if !store.run.with_untracked(RunState::is_running) {
        return;
    }
    let page = parts.first().and_then(JsValue::dyn_ref).map(Uint8Array::to_vec);
    let found = Found::new(found, page);
    store.selected.set(None);
    store.sheet.set(false);
    store.group.set(0);
    store.analysis.set(None);
    let first = found.groups.first().is_some_and(|group| !group.findings.is_empty()).then_some(0);
    store.ran.set(store.sent.get_untracked());
    store.found.set(Some(Arc::new(found)));
    store.run.set(RunState::Idle);
    store.selected.set(first);
}

/// Shows why the job failed; the data and earlier findings stay.
pub(super) fn failed(store: Store, failure: Failure) {
    if store.run.with_untracked(RunState::is_running) {
        store.run.set(RunState::Failed(failure));
    }
}
