//! What a caller lends to long work: a place for progress, a way to cancel, a clock and its cores.

use std::sync::Mutex;

use crate::{ByteUnit, Exchanged, LearnError};

/// A step of a long piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// What is being done, in the words a person reads.
    pub stage: &'a str,
    /// Units finished.
    pub done: usize,
    /// Units in this stage.
    pub total: usize,
}

/// The outside world as the engine sees it. Every method has a default that reaches nothing.
///
/// *Invariant*: results never depend on a host. It only decides when and where units run.
pub trait Host: Sync {
    /// Receives each step.
    fn progress(&self, _progress: Progress<'_>) {}

    /// Whether the work should stop; asked between and inside units.
    fn cancelled(&self) -> bool {
        false
    }

    /// Seconds since any fixed moment; 0 from a host without a clock.
    fn seconds(&self) -> f64 {
        0.0
    }

    /// Calls `unit(0)` to `unit(n - 1)`, in any order, on as many threads as the host likes.
    fn run_units(&self, n: usize, unit: &(dyn Fn(usize) + Sync)) {
        (0..n).for_each(unit);
    }

    /// Whether others, with no memory in common, do this job too and take a part of [`Host::exchange`].
    fn shares(&self) -> bool {
        false
    }

    /// Has the units of one phase done by all who share the job, and tells what they gave; nothing where this host shares
    /// with nobody, or from within a unit. See [`share_units`](crate::share_units).
    fn exchange(&self, _n: usize, _unit: &ByteUnit<'_>) -> Option<Exchanged> {
        None
    }
}

/// A host that reports to nobody, never cancels and works on the calling thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Host for Quiet {}

/// A host for a fit that is one unit of longer work: its progress is dropped, so that it does not overwrite that of the
/// work it is part of; cancelling, clock, threads and partners are the host's.
pub struct Muted<'a>(pub &'a dyn Host);

impl Host for Muted<'_> {
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }

    fn seconds(&self) -> f64 {
        self.0.seconds()
    }

    fn run_units(&self, n: usize, unit: &(dyn Fn(usize) + Sync)) {
        self.0.run_units(n, unit);
    }

    fn shares(&self) -> bool {
        self.0.shares()
    }

    fn exchange(&self, n: usize, unit: &ByteUnit<'_>) -> Option<Exchanged> {
        self.0.exchange(n, unit)
    }
}

/// Runs `unit` for `0..n` on the host and returns the results in order.
///
/// # Errors
/// The error of the unit with the lowest number, or [`LearnError::Cancelled`].
pub fn map_units<T: Send>(
    host: &dyn Host,
    n: usize,
    unit: impl Fn(usize) -> Result<T, LearnError> + Sync,
) -> Result<Vec<T>, LearnError> {
    let slots: Vec<Mutex<Option<Result<T, LearnError>>>> = (0..n).map(|_| Mutex::new(None)).collect();
    host.run_units(n, &|i| {
        let result = if host.cancelled() { Err(LearnError::Cancelled) } else { unit(i) };
        if let Ok(mut slot) = slots[i].lock() {
            *slot = Some(result);
        }
    });
    slots.into_iter().map(|slot| slot.into_inner().ok().flatten().unwrap_or(Err(LearnError::Cancelled))).collect()
}
