//! The engine's view of the browser: progress goes to the page, time comes from its clock, and other workers take part.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use forge_learn::{ByteUnit, Exchanged, Host, Memo, Part, PhasePart, Progress, Turn};
use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

use super::scope;

/// Seconds between two messages of one stage at least.
const PACE: f64 = 0.04;

/// Runs a worker's part of a job. Cancelling is the page terminating the worker, so nothing asks for it here.
pub(super) struct WorkerHost {
    part: Part,
    /// Whether this worker's result is the one that counts.
    answers: bool,
    /// Units of the phase under way, and how many of them are done here.
    n: AtomicUsize,
    done: AtomicUsize,
    last: Mutex<Last>,
}

#[derive(Default)]
struct Last {
    stage: String,
    seconds: f64,
}

impl WorkerHost {
    pub(super) fn new(memo: Memo, turn: Turn) -> Self {
        let answers = !matches!(turn, Turn::First { partner: 1.., .. });
        Self {
            part: Part::new(memo, turn, seconds),
            answers,
            n: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            last: Mutex::default(),
        }
    }

    pub(super) fn answers(&self) -> bool {
        self.answers
    }

    /// What was done of the phases.
    pub(super) fn given(self) -> Vec<PhasePart> {
        self.part.given().0
    }

    /// Whether enough time has passed for another message of a stage, or it is the first or last of it.
    fn is_due(&self, stage: &str, is_last: bool) -> bool {
        let now = seconds();
        let Ok(mut last) = self.last.lock() else { return true };
        if last.stage == stage && !is_last && now - last.seconds < PACE {
            return false;
        }
        stage.clone_into(&mut last.stage);
        last.seconds = now;
        true
    }

    fn unit_done(&self) {
        let (n, units) = (self.n.load(Ordering::Relaxed), self.done.fetch_add(1, Ordering::Relaxed) + 1);
        if let Some(phase) = self.part.phase().filter(|_| n > 1)
            && self.is_due("", false)
        {
            tell(&[("phase", phase.into()), ("n", n.into()), ("units", units.into())]);
        }
    }
}

impl Host for WorkerHost {
    fn progress(&self, progress: Progress<'_>) {
        // Of a phase of many units the page counts the units that all workers did; a single unit tells its own steps.
        let is_news = match self.part.phase() {
            Some(_) => self.n.load(Ordering::Relaxed) == 1,
            None => self.part.tells(),
        };
        if is_news && self.is_due(progress.stage, progress.done >= progress.total) {
            let (done, total) = (progress.done.into(), progress.total.into());
            tell(&[("stage", progress.stage.into()), ("done", done), ("total", total)]);
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
            self.unit_done();
            found
        })
    }
}

fn seconds() -> f64 {
    scope().performance().map_or(0.0, |clock| clock.now() / 1000.0)
}

/// Tells the pool of a step.
fn tell(step: &[(&str, JsValue)]) {
    let message = object(&[("type", "progress".into()), ("progress", object(step))]);
    // A step that cannot be told is not missed.
    drop(scope().post_message(&message));
}

/// An object with properties.
pub(super) fn object(properties: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        // Setting a property of an object that was just made cannot fail.
        drop(Reflect::set(&object, &(*name).into(), value));
    }
    object.into()
}
