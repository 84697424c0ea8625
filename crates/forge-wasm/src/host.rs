//! What JavaScript lends to long work: a function for progress, which may stop the work, and the clock.

use std::sync::atomic::{AtomicBool, Ordering};

use forge_core::{Host, Progress};
use js_sys::{Date, Function};
use wasm_bindgen::JsValue;

/// The caller of a long function.
pub(crate) struct Caller {
    on_progress: Option<Function>,
    stopped: AtomicBool,
}

impl Caller {
    /// `on_progress` is called with `(stage, done, total)`; when it returns `true` the work is cancelled.
    pub(crate) fn new(on_progress: Option<Function>) -> Self {
        Self { on_progress, stopped: AtomicBool::new(false) }
    }
}

// SAFETY: the module is built without threads, so no second thread exists that could share the function.
#[expect(
    unsafe_code,
    reason = "a JavaScript function is not Sync, and wasm without threads has nothing to share it with"
)]
unsafe impl Sync for Caller {}

impl Host for Caller {
    fn progress(&self, progress: Progress<'_>) {
        let Some(on_progress) = &self.on_progress else { return };
        let (stage, done, total) = (progress.stage.into(), progress.done as f64, progress.total as f64);
        // A callback that throws must not stop the work.
        let answer = on_progress.call3(&JsValue::NULL, &stage, &done.into(), &total.into());
        if answer.is_ok_and(|answer| answer == JsValue::TRUE) {
            self.stopped.store(true, Ordering::Relaxed);
        }
    }

    fn cancelled(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    fn seconds(&self) -> f64 {
        Date::now() / 1000.0
    }
}
