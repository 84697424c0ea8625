//! The engine's view of the browser: progress goes to the page, time comes from its clock.

use std::sync::Mutex;

use forge_learn::{Host, Progress};

use super::{post, scope};
use crate::protocol::Response;

/// Seconds between two messages of one stage at least.
const PACE: f64 = 0.04;

/// Posts progress to the page. Cancelling is the page terminating the worker, so nothing asks for it here.
#[derive(Default)]
pub(super) struct WorkerHost {
    last: Mutex<Last>,
}

#[derive(Default)]
struct Last {
    stage: String,
    seconds: f64,
}

impl Host for WorkerHost {
    fn progress(&self, progress: Progress<'_>) {
        let now = self.seconds();
        if let Ok(mut last) = self.last.lock() {
            let same_stage = last.stage == progress.stage;
            if same_stage && progress.done < progress.total && now - last.seconds < PACE {
                return;
            }
            if !same_stage {
                progress.stage.clone_into(&mut last.stage);
            }
            last.seconds = now;
        }
        let (done, total) = (progress.done, progress.total);
        post(&Response::Progress { stage: progress.stage.to_owned(), done, total }, &[]);
    }

    fn seconds(&self) -> f64 {
        scope().performance().map_or(0.0, |clock| clock.now() / 1000.0)
    }
}
