//! The worker as one of the pool that runs jobs: what `engine_worker.js` calls.
//!
//! Several of them do one job together; see `share.rs` of forge-learn and `sharing.js`.

use forge_core::Job;
use forge_learn::{Memo, Phase, Turn};
use js_sys::{Array, Uint8Array};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

use super::host::{WorkerHost, object};
use super::{failure, job};
use crate::protocol::{self, Failure};

/// Reads the bytes of a file, as a [`Source`](protocol::Source) in JSON says.
///
/// # Errors
/// An object with `code`, `message` and `hint`.
pub fn read_file(source: &str, bytes: Vec<u8>) -> Result<(), JsValue> {
    parsed(source).and_then(|source| job::read(source, bytes)).map_err(|failure| thrown(&failure))
}

/// Rehearses a job, given as JSON, on some rows of the file.
///
/// # Errors
/// An object with `code`, `message` and `hint`.
pub fn rehearse(job: &str) -> Result<(), JsValue> {
    parsed(job).map(job::rehearse).map_err(|failure| thrown(&failure))
}

/// A phase as JavaScript describes it; what was given to it comes apart from that.
#[derive(Deserialize)]
struct Known {
    n: usize,
    seconds: f64,
    firsts: Vec<usize>,
}

/// Takes a turn of a job. `turn` and `known` are JSON; `given` holds the bytes of all known phases, one after the other.
///
/// Returns `{parts, result}`: a message for the page, where the job came to its end.
///
/// # Errors
/// An object with `code`, `message` and `hint`.
pub fn take_turn(job: &str, turn: &str, known: &str, given: &Array) -> Result<JsValue, JsValue> {
    let took = || -> Result<JsValue, Failure> {
        let (job, turn): (Job, Turn) = (parsed(job)?, parsed(turn)?);
        let host = WorkerHost::new(memo(parsed(known)?, given), turn);
        let result = match job::run(&job, &host)? {
            Some((response, parts)) => protocol::pack(&response, &parts)?.into(),
            None => JsValue::UNDEFINED,
        };
        let parts = Array::new();
        for part in host.given() {
            let number = |value: usize| JsValue::from(value as u32);
            parts.push(&object(&[
                ("phase", number(part.phase)),
                ("n", number(part.n)),
                ("first", number(part.first)),
                ("count", number(part.count)),
                ("before", part.before.into()),
                ("during", part.during.into()),
                ("units", Uint8Array::from(&part.units[..]).into()),
            ]));
        }
        Ok(object(&[("parts", parts.into()), ("result", result)]))
    };
    took().map_err(|failure| thrown(&failure))
}

fn memo(known: Vec<Known>, given: &Array) -> Memo {
    let mut bytes = given.iter();
    known
        .into_iter()
        .map(|Known { n, seconds, firsts }| {
            let given: Vec<(usize, Vec<u8>)> = firsts
                .into_iter()
                .map(|first| {
                    let units = bytes.next().and_then(|units| units.dyn_into::<Uint8Array>().ok());
                    (first, units.map(|units| units.to_vec()).unwrap_or_default())
                })
                .collect();
            Phase::of(n, seconds, given.iter().map(|(first, units)| (*first, &units[..])))
        })
        .collect()
}

fn parsed<T: DeserializeOwned>(json: &str) -> Result<T, Failure> {
    serde_json::from_str(json).map_err(|error| failure::unreadable(&error.to_string()))
}

fn thrown(failure: &Failure) -> JsValue {
    let hint = failure.hint.as_ref().map_or(JsValue::UNDEFINED, JsValue::from);
    object(&[("code", (&failure.code).into()), ("message", (&failure.message).into()), ("hint", hint)])
}
