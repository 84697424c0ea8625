//! The worker: reads files and runs jobs, one request at a time, off the page's thread.
//!
//! The page starts one that keeps the table and answers about its rows, and a pool of others that run jobs together and are
//! terminated to cancel one. All are this program: the first answers messages, the others' [`engine`] is called.

mod data;
pub mod engine;
mod failure;
mod host;
mod issues;
mod job;
mod table;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::protocol::{self, Failed, Failure, Parts, Request, Response};

/// The name of a worker of the pool.
const ENGINE: &str = "engine";

/// Listens for requests and tells the page that it does; a worker of the pool is called instead.
pub fn start() {
    if scope().name() == ENGINE {
        std::panic::set_hook(Box::new(|info| {
            console_error_panic_hook::hook(info);
            let message = [("type", "crashed".into()), ("message", info.to_string().into())];
            // Where nothing can be said any more the page hears of the error itself.
            drop(scope().post_message(&host::object(&message)));
        }));
        return;
    }
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        post(&Response::Crashed { message: info.to_string() }, &[]);
    }));
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        match protocol::unpack::<Request>(&event.data()) {
            Ok((request, parts)) => spawn_local(answer(request, parts)),
            Err(failure) => post(&Response::Failed { what: Failed::Rows, failure }, &[]),
        }
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    post(&Response::Ready, &[]);
}

async fn answer(request: Request, parts: Parts) {
    let (what, result) = match request {
        Request::Load { source } => (Failed::Load, table::load(source, &parts).await),
        Request::Cells { rows } => (Failed::Rows, table::cells(rows)),
        Request::Order { column } => (Failed::Rows, table::order(column)),
        Request::Without => (Failed::Export, table::without(&parts)),
        Request::Issues { format, scope, classes } => {
            (Failed::Export, table::lines().and_then(|lines| issues::write(format, scope, &classes, &parts, &lines)))
        }
    };
    match result {
        Ok((response, parts)) => post(&response, &parts),
        Err(failure) => post(&Response::Failed { what, failure }, &[]),
    }
}

/// Sends a response with its parts to the page, handing over their buffers.
fn post(response: &Response, parts: &[JsValue]) {
    match protocol::pack(response, parts) {
        Ok(message) => {
            if let Err(error) = scope().post_message_with_transfer(&message, &protocol::transferable(parts)) {
                web_sys::console::error_2(&"a worker could not answer".into(), &error);
            }
        }
        Err(failure) => web_sys::console::error_1(&failure.message.into()),
    }
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// What handling a request gives: a response with its parts, or why there is none.
type Answer = Result<(Response, Vec<JsValue>), Failure>;

/// Bytes of the blob in front of `parts`.
async fn blob_bytes(parts: &[JsValue]) -> Result<Vec<u8>, Failure> {
    let blob: &web_sys::Blob =
        parts.first().and_then(JsCast::dyn_ref).ok_or_else(|| failure::unreadable("no file came with the request"))?;
    let buffer = wasm_bindgen_futures::JsFuture::from(blob.array_buffer())
        .await
        .map_err(|error| failure::unreadable(&failure::text_of(&error)))?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}
