//! Setting up, starting, following and stopping the analysis.

use std::sync::Arc;
use std::time::Duration;

use forge_core::{Job, Report};
use forge_data::Role;
use leptos::prelude::*;

use super::super::analysis::Analysis;
use super::super::list::{Direction, Filters, SortBy};
use super::super::store::{RunState, Stage, Store};
use super::super::workers::Post;
use crate::protocol::{Failure, Histogram, Parts, Request};

/// Gives a column a role; a new target makes a feature of the old one.
pub(super) fn set_role(store: Store, column: String, role: Role) {
    store.config.update(|config| {
        if role == Role::Target {
            let old = std::mem::replace(&mut config.target, column.clone());
            config.roles.remove(&column);
            if !old.is_empty() && old != column {
                config.roles.insert(old, Role::Feature);
            }
            return;
        }
        if config.target == column {
            config.target.clear();
        }
        config.roles.insert(column, role);
    });
}

/// Sends the job to the engine worker.
pub(super) fn run(store: Store) {
    let (Some(source), Some(blob)) =
        (store.source.get_untracked(), store.files.with_value(|files| files.loaded.clone()))
    else {
        return;
    };
    if store.run.with_untracked(RunState::is_running) {
        return;
    }
    store.run_since.set(super::super::clock::seconds());
    store.run.set(RunState::Running(Vec::new()));
    let job = Job::Run(store.config.get_untracked());
    store.request(Post::Engine, &Request::Run { source, job }, &[blob.into()]);
}

/// Lets the engine worker read the loaded file and warm up before it is asked to run.
pub(super) fn prepare(store: Store) {
    let (Some(source), Some(blob)) =
        (store.source.get_untracked(), store.files.with_value(|files| files.loaded.clone()))
    else {
        return;
    };
    let job = Job::Run(store.config.get_untracked());
    store.request(Post::Engine, &Request::Prepare { source, job }, &[blob.into()]);
}

/// Terminates the engine worker; its successor starts when the page has answered the user.
pub(super) fn cancel(store: Store) {
    if !store.run.with_untracked(RunState::is_running) {
        return;
    }
    store.run.set(RunState::Cancelled);
    store.workers.update_value(|workers| workers.engine = None);
    set_timeout(
        move || {
            store.start_worker(Post::Engine);
            prepare(store);
        },
        Duration::ZERO,
    );
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
    store.analysis.set(Some(Arc::new(analysis)));
    store.run.set(RunState::Idle);
    let first = store.listed.with_untracked(|listed| listed.first().copied());
    store.selected.set(first);
}

/// Shows why the job failed; the data and earlier findings stay.
pub(super) fn failed(store: Store, failure: Failure) {
    if store.run.with_untracked(RunState::is_running) {
        store.run.set(RunState::Failed(failure));
    }
}
