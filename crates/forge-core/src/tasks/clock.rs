//! How long the stages of a task take, by the clock of its host.

use forge_learn::Host;

use crate::report::StageTiming;

/// Measures stages by the host's clock.
pub(super) struct Clock<'a> {
    host: &'a dyn Host,
    last: f64,
    pub(super) laps: Vec<StageTiming>,
}

impl<'a> Clock<'a> {
    pub(super) fn new(host: &'a dyn Host) -> Self {
        Self { host, last: host.seconds(), laps: Vec::new() }
    }

    pub(super) fn lap(&mut self, stage: &str) {
        let now = self.host.seconds();
        self.laps.push(StageTiming { stage: stage.to_owned(), seconds: now - self.last });
        self.last = now;
    }
}
