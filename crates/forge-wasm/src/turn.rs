//! A part of a job or of an algorithm that several workers do together; see `share.rs` of forge-learn and `js/sharing.js`.

use std::sync::atomic::{AtomicUsize, Ordering};

use forge_core::call::call_on;
use forge_core::{CoreError, Host, Job, Progress};
use forge_learn::{ByteUnit, Exchanged, Memo, Part, Phase, Turn};
use js_sys::{Array, Date, Function, Uint8Array};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::data::Data;
use crate::{failure, findings, jobs, lent, outcome};

/// A phase as JavaScript describes it; the bytes that were given to it come apart from that.
#[derive(Deserialize)]
struct Known {
    n: usize,
    seconds: f64,
    firsts: Vec<usize>,
}

/// Takes a turn of a job on data. `turn` and `known`, what is known of the phases, are JSON; `given` holds the bytes of these
/// phases, one after the other. Gives `{parts, result}`, the latter as `run_job` gives it where the job came to its end.
///
/// `on_progress` is called with `(stage, done, total)`, or with `(phase, n, units)`, three numbers.
///
/// # Errors
/// As `run_job`.
#[wasm_bindgen]
pub fn job_turn(job: JsValue, data: &Data, turn: Array, on_progress: Function) -> Result<JsValue, JsValue> {
    let job: Job = failure::read(job)?;
    taken(&turn, on_progress, |host| job.run_on(data.task_data(), host), jobs::found)
}

/// Takes a turn of an algorithm, called as `invoke` does; otherwise as [`job_turn`].
///
/// # Errors
/// As `invoke`.
#[wasm_bindgen]
pub fn call_turn(
    name: &str,
    kwargs: JsValue,
    arrays: Array,
    turn: Array,
    on_progress: Function,
) -> Result<JsValue, JsValue> {
    let kwargs: Map<String, Value> = failure::read(kwargs)?;
    let arrays = arrays.iter().map(lent::argument).collect::<Result<Vec<_>, CoreError>>();
    let arrays = arrays.map_err(|error| failure::of_core(&error))?;
    taken(&turn, on_progress, |host| call_on(name, &kwargs, &arrays, host), |found| Ok(outcome::to_js(found)))
}

/// Works as the partner whose turn is `[turn, known, given]`.
fn taken<T>(
    turn: &Array,
    on_progress: Function,
    work: impl FnOnce(&dyn Host) -> Result<T, CoreError>,
    shown: impl FnOnce(T) -> Result<JsValue, JsValue>,
) -> Result<JsValue, JsValue> {
    let (known, given): (Vec<Known>, Array) = (parsed(&turn.get(1))?, turn.get(2).unchecked_into());
    let turn: Turn = parsed(&turn.get(0))?;
    let answers = !matches!(turn, Turn::First { partner: 1.., .. });
    let partner = Partner {
        part: Part::new(memo(known, &given), turn, || Date::now() / 1000.0),
        n: AtomicUsize::new(0),
        done: AtomicUsize::new(0),
        on_progress,
    };
    let found = work(&partner);
    let (given, left) = partner.part.given();
    let result = match found {
        _ if left => JsValue::UNDEFINED,
        Ok(found) if answers => shown(found)?,
        Ok(_) => JsValue::UNDEFINED,
        Err(error) => return Err(failure::of_core(&error)),
    };
    let number = |value: usize| JsValue::from(value as u32);
    let parts = given.into_iter().map(|part| {
        findings::object([
            ("phase", number(part.phase)),
            ("n", number(part.n)),
            ("first", number(part.first)),
            ("count", number(part.count)),
            ("before", part.before.into()),
            ("during", part.during.into()),
            ("units", Uint8Array::from(&part.units[..]).into()),
        ])
    });
    Ok(findings::object([("parts", parts.collect::<Array>().into()), ("result", result)]))
}

fn parsed<T: DeserializeOwned>(json: &JsValue) -> Result<T, JsValue> {
    let json = json.as_string().unwrap_or_default();
    serde_json::from_str(&json).map_err(|error| failure::thrown("internal", &error))
}

fn memo(known: Vec<Known>, given: &Array) -> Memo {
    let mut bytes = given.iter();
    let mut phase = |Known { n, seconds, firsts }: Known| {
        let given: Vec<(usize, Vec<u8>)> = firsts
            .into_iter()
            .map(|first| {
                let units = bytes.next().and_then(|units| units.dyn_into::<Uint8Array>().ok());
                (first, units.map(|units| units.to_vec()).unwrap_or_default())
            })
            .collect();
        Phase::of(n, seconds, given.iter().map(|(first, units)| (*first, &units[..])))
    };
    known.into_iter().map(&mut phase).collect()
}

/// A host that shares its work with other workers.
struct Partner {
    part: Part,
    /// Units of the phase under way, and how many of them are done here.
    n: AtomicUsize,
    done: AtomicUsize,
    on_progress: Function,
}

// SAFETY: the module is built without threads, so no second thread exists that could share the function.
#[expect(
    unsafe_code,
    reason = "a JavaScript function is not Sync, and wasm without threads has nothing to share it with"
)]
unsafe impl Sync for Partner {}

impl Partner {
    fn tell(&self, what: JsValue, done: usize, total: usize) {
        // A step that cannot be told is not missed.
        drop(self.on_progress.call3(&JsValue::NULL, &what, &(done as f64).into(), &(total as f64).into()));
    }
}

impl Host for Partner {
    fn progress(&self, progress: Progress<'_>) {
        // Of a phase of many units those that are done by all are counted; a single unit tells its own steps.
        let is_news = match self.part.phase() {
            Some(_) => self.n.load(Ordering::Relaxed) == 1,
            None => self.part.tells(),
        };
        if is_news {
            self.tell(progress.stage.into(), progress.done, progress.total);
        }
    }

    fn cancelled(&self) -> bool {
        self.part.left()
    }

    fn seconds(&self) -> f64 {
        self.part.seconds()
    }

    fn shares(&self) -> bool {
        self.part.shares()
    }

    fn exchange(&self, n: usize, unit: &ByteUnit<'_>) -> Option<Exchanged> {
        if !self.shares() {
            return None;
        }
        self.n.store(n, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        self.part.exchange(n, &|i| {
            let found = unit(i);
            let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
            if let Some(phase) = self.part.phase().filter(|_| n > 1) {
                self.tell((phase as f64).into(), n, done);
            }
            found
        })
    }
}
