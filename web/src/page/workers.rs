//! The page's end of the worker that keeps the table.
//!
//! It takes requests only after it said it is ready; until then they wait here.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::protocol::{self, Failure, Parts, Request, Response};

/// What the workers run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Program {
    /// Reads text and arrays, which is what most files are.
    #[default]
    Light,
    /// Reads Parquet, Arrow and workbooks too; it is fetched when there is such a file.
    EveryFormat,
}

impl Program {
    /// Its name, from which those of its files come, beside the page.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Light => "worker",
            Self::EveryFormat => "worker_formats",
        }
    }
}

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Post {
    /// The worker that keeps the table.
    Table,
    /// The pool that runs jobs.
    Engine,
}

/// A running worker; dropping it terminates it.
pub(crate) struct Link {
    worker: Worker,
    ready: Rc<Cell<bool>>,
    waiting: Rc<RefCell<Vec<JsValue>>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Link {
    /// Starts a worker whose responses go to `receive`.
    ///
    /// # Errors
    /// A failure with the code `worker` if the browser refuses.
    pub(crate) fn start(
        program: Program,
        receive: impl Fn(Response, Parts) + Clone + 'static,
    ) -> Result<Self, Failure> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&format!("./{}_loader.js", program.name()), &options)
            .map_err(|error| refused(&error))?;
        let ready = Rc::new(Cell::new(false));
        let waiting = Rc::new(RefCell::new(Vec::<JsValue>::new()));

        let on_message = {
            let (worker, ready, waiting, receive) =
                (worker.clone(), Rc::clone(&ready), Rc::clone(&waiting), receive.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                match protocol::unpack::<Response>(&event.data()) {
                    Ok((Response::Ready, _)) => {
                        ready.set(true);
                        for message in waiting.borrow_mut().drain(..) {
                            send(&worker, &message, &receive);
                        }
                    }
                    Ok((response, parts)) => receive(response, parts),
                    Err(failure) => receive(Response::Crashed { message: failure.message }, Vec::new()),
                }
            })
        };
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            event.prevent_default();
            receive(Response::Crashed { message: event.message() }, Vec::new());
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, ready, waiting, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a request, now or as soon as the worker is ready.
    ///
    /// # Errors
    /// A failure if the request cannot be written or sent.
    pub(crate) fn request(&self, request: &Request, parts: &[JsValue]) -> Result<(), Failure> {
        let message = protocol::pack(request, parts)?;
        if self.ready.get() {
            return self.worker.post_message(&message).map_err(|error| refused(&error));
        }
        self.waiting.borrow_mut().push(message.into());
        Ok(())
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

fn send(worker: &Worker, message: &JsValue, receive: &impl Fn(Response, Parts)) {
    if let Err(error) = worker.post_message(message) {
        receive(Response::Crashed { message: refused(&error).message }, Vec::new());
    }
}

fn refused(error: &JsValue) -> Failure {
    Failure {
        code: "worker".to_owned(),
        message: format!("The browser did not start or reach the background worker ({error:?})."),
        hint: Some("Serve the page over http or https, in a browser with module workers and WebAssembly.".to_owned()),
    }
}
