//! What the workers say, and starting and replacing them.

use std::sync::Arc;
use std::time::Duration;

use js_sys::Uint32Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::super::action::Action;
use super::super::engines::Engines;
use super::super::store::Store;
use super::super::workers::{Link, Post, Program};
use super::{exporting, loading, predicting, reviewing, running};
use crate::protocol::{Failed, Failure, NOT_BUILT_IN, Parts, Request, Response};

/// Applies a worker's response.
pub(super) fn heard(store: Store, post: Post, response: Response, parts: Parts) {
    let current = |generation: u32| {
        store.source.with_untracked(|source| source.as_ref().is_some_and(|source| source.generation == generation))
    };
    match response {
        Response::Ready => {}
        Response::Loaded { generation, facts } => loading::loaded(store, generation, facts, parts),
        Response::Chosen { generation, pictures } => {
            if current(generation) {
                predicting::chosen(store, &pictures);
            }
        }
        Response::Cells { generation, rows, cells, lines } => {
            if current(generation) {
                reviewing::keep_cells(store, rows, cells, lines);
            }
        }
        Response::Order { generation, column } => {
            let rows = parts.first().and_then(JsValue::dyn_ref).map(Uint32Array::to_vec);
            if let Some(rows) = rows.filter(|_| current(generation)) {
                store.column_order.set(Some((column, Arc::new(rows))));
            }
        }
        Response::File { content } => exporting::deliver(store, content, parts),
        Response::Progress { stage, done, total } => running::progress(store, stage, done, total),
        Response::Finished { report, histogram } => {
            running::finished(store, *report, histogram, &parts);
        }
        Response::Found { found } => running::found(store, found, &parts),
        Response::Failed { what, failure } => failed(store, what, failure),
        Response::Crashed { message } => crashed(store, post, &message),
    }
}

fn failed(store: Store, what: Failed, failure: Failure) {
    match what {
        Failed::Load if failure.code == NOT_BUILT_IN && store.use_program(Program::EveryFormat) => {}
        Failed::Load => loading::failed(store, failure),
        Failed::Run => running::failed(store, failure),
        Failed::Export => store.export_failure.set(Some(failure)),
        Failed::Rows => leptos::logging::warn!("{}", failure.message),
    }
}

/// Replaces a broken worker and shows what was lost; what is loaded stays.
fn crashed(store: Store, post: Post, message: &str) {
    let failure = Failure {
        code: "crashed".to_owned(),
        message: format!("The background worker stopped: {message}"),
        hint: Some(
            "It has been replaced and your data is still loaded. A file this large may not fit in this tab.".into(),
        ),
    };
    match post {
        // The pool replaces its workers itself.
        Post::Engine => running::failed(store, failure),
        Post::Table => {
            if store.loading.with_untracked(Option::is_some) {
                loading::failed(store, failure);
            } else {
                store.export_failure.set(Some(failure));
            }
            // Its handler is still on the stack, so it goes with the next task.
            set_timeout(
                move || {
                    store.start_worker();
                    loading::reload(store);
                },
                Duration::ZERO,
            );
        }
    }
}

impl Store {
    /// Starts the worker that keeps the table, in the place of the one before.
    pub(crate) fn start_worker(self) {
        let program = self.workers.with_value(|workers| workers.program);
        let link = Link::start(program, move |response, parts| self.act(Action::Heard(Post::Table, response, parts)));
        match link {
            Ok(link) => self.workers.update_value(|workers| workers.table = Some(link)),
            Err(failure) => self.load_failure.set(Some(failure)),
        }
    }

    /// Has the workers run another program and read the file that is asked for again; false if they run it already.
    fn use_program(self, program: Program) -> bool {
        if self.workers.with_value(|workers| workers.program) == program {
            return false;
        }
        // A handler of the worker that goes is still on the stack, so it goes with the next task.
        set_timeout(
            move || {
                self.workers.update_value(|workers| workers.program = program);
                self.start_worker();
                self.start_engines();
                loading::read_pending(self);
            },
            Duration::ZERO,
        );
        true
    }

    /// Makes the pool of workers that run jobs.
    pub(crate) fn start_engines(self) {
        let program = self.workers.with_value(|workers| workers.program);
        let engines =
            Engines::new(program, move |response, parts| self.act(Action::Heard(Post::Engine, response, parts)));
        self.workers.update_value(|workers| workers.engines = Some(engines));
    }

    /// Sends a request to the worker that keeps the table; trouble is shown where the request came from.
    pub(crate) fn request(self, request: &Request, parts: &[JsValue]) {
        let sent = self.workers.with_value(|workers| workers.table.as_ref().map(|link| link.request(request, parts)));
        let failure = match sent {
            Some(Ok(())) => return,
            Some(Err(failure)) => failure,
            None => Failure {
                code: "worker".to_owned(),
                message: "The background worker is not running.".to_owned(),
                hint: Some("Reload the page.".to_owned()),
            },
        };
        let what = match request {
            Request::Load { .. } => Failed::Load,
            Request::Choose { .. } => Failed::Run,
            Request::Without | Request::Issues { .. } | Request::Annotations { .. } => Failed::Export,
            Request::Cells { .. } | Request::Order { .. } => Failed::Rows,
        };
        failed(self, what, failure);
    }
}
