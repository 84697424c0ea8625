//! The page's end of the pool of workers that run jobs.

use forge_core::Job;
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;

use super::workers::Program;
use crate::protocol::{self, Parts, Response, Source};

#[wasm_bindgen(raw_module = "./engines.js")]
extern "C" {
    #[wasm_bindgen(js_name = Engines)]
    type Pool;

    #[wasm_bindgen(constructor, js_class = "Engines")]
    fn new(program: &str, hear: &Closure<dyn FnMut(JsValue)>) -> Pool;

    #[wasm_bindgen(method, js_class = "Engines")]
    fn prepare(this: &Pool, source: &str, files: Array, job: &str);

    #[wasm_bindgen(method, js_class = "Engines")]
    fn run(this: &Pool, source: &str, files: Array, job: &str, seen: Option<Array>);

    #[wasm_bindgen(method, js_class = "Engines")]
    fn cancel(this: &Pool);

    #[wasm_bindgen(method, js_class = "Engines")]
    fn close(this: &Pool);
}

/// The workers that run jobs; they start when there is something to do, and are replaced when they break. Dropping this
/// ends them.
pub(crate) struct Engines {
    pool: Pool,
    _hear: Closure<dyn FnMut(JsValue)>,
}

impl Engines {
    /// A pool whose workers run `program` and whose responses go to `receive`.
    pub(crate) fn new(program: Program, receive: impl Fn(Response, Parts) + 'static) -> Self {
        let hear = Closure::<dyn FnMut(JsValue)>::new(move |message: JsValue| match protocol::unpack(&message) {
            Ok((response, parts)) => receive(response, parts),
            Err(failure) => receive(Response::Crashed { message: failure.message }, Vec::new()),
        });
        Self { pool: Pool::new(program.name(), &hear), _hear: hear }
    }

    /// Has the workers read a file that a job is likely to come for, and rehearse the job on a few of its rows, so that the
    /// browser has optimised the engine when it comes.
    pub(crate) fn prepare(&self, source: &Source, files: &[JsValue], job: &Job) {
        if let (Ok(source), Ok(job)) = (serde_json::to_string(source), serde_json::to_string(job)) {
            self.pool.prepare(&source, files.iter().collect(), &job);
        }
    }

    /// Runs a job on files, which are blobs, with what models see in them if they are pictures.
    ///
    /// # Errors
    /// Where the job cannot be written as JSON, as with a number that is none.
    pub(crate) fn run(
        &self,
        source: &Source,
        files: &[JsValue],
        job: &Job,
        seen: Option<Array>,
    ) -> Result<(), serde_json::Error> {
        let (source, job) = (serde_json::to_string(source)?, serde_json::to_string(job)?);
        self.pool.run(&source, files.iter().collect(), &job, seen);
        Ok(())
    }

    /// Stops the job; nothing more is heard of it.
    pub(crate) fn cancel(&self) {
        self.pool.cancel();
    }
}

impl Drop for Engines {
    fn drop(&mut self) {
        self.pool.close();
    }
}
