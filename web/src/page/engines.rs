//! The page's end of the pool of workers that run jobs.

use forge_core::Job;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Blob;

use crate::protocol::{self, Parts, Response, Source};

#[wasm_bindgen(raw_module = "./engines.js")]
extern "C" {
    #[wasm_bindgen(js_name = Engines)]
    type Pool;

    #[wasm_bindgen(constructor, js_class = "Engines")]
    fn new(hear: &Closure<dyn FnMut(JsValue)>) -> Pool;

    #[wasm_bindgen(method, js_class = "Engines")]
    fn prepare(this: &Pool, source: &str, file: &Blob, job: &str);

    #[wasm_bindgen(method, js_class = "Engines")]
    fn run(this: &Pool, source: &str, file: &Blob, job: &str);

    #[wasm_bindgen(method, js_class = "Engines")]
    fn cancel(this: &Pool);
}

/// The workers that run jobs; they start when there is something to do, and are replaced when they break.
pub(crate) struct Engines {
    pool: Pool,
    _hear: Closure<dyn FnMut(JsValue)>,
}

impl Engines {
    /// A pool whose responses go to `receive`.
    pub(crate) fn new(receive: impl Fn(Response, Parts) + 'static) -> Self {
        let hear = Closure::<dyn FnMut(JsValue)>::new(move |message: JsValue| match protocol::unpack(&message) {
            Ok((response, parts)) => receive(response, parts),
            Err(failure) => receive(Response::Crashed { message: failure.message }, Vec::new()),
        });
        Self { pool: Pool::new(&hear), _hear: hear }
    }

    /// Has the workers read a file that a job is likely to come for, and rehearse the job on a few of its rows, so that the
    /// browser has optimised the engine when it comes.
    pub(crate) fn prepare(&self, source: &Source, file: &Blob, job: &Job) {
        if let (Ok(source), Ok(job)) = (serde_json::to_string(source), serde_json::to_string(job)) {
            self.pool.prepare(&source, file, &job);
        }
    }

    /// Runs a job on a file.
    ///
    /// # Errors
    /// Where the job cannot be written as JSON, as with a number that is none.
    pub(crate) fn run(&self, source: &Source, file: &Blob, job: &Job) -> Result<(), serde_json::Error> {
        self.pool.run(&serde_json::to_string(source)?, file, &serde_json::to_string(job)?);
        Ok(())
    }

    /// Stops the job; nothing more is heard of it.
    pub(crate) fn cancel(&self) {
        self.pool.cancel();
    }
}
