//! Work that several programs do together although they have no memory in common, such as the workers of a page.
//!
//! All of them run the same job on the same data. Where the job comes to work that can be shared, a *phase*, each does the
//! units dealt to it and leaves the job; what all of them found is collected into a [`Memo`], and the job is run again by
//! everyone: known phases are read from the memo, and the next one is shared. Since the engine is deterministic, every run
//! comes to the same phases. Who does a whole phase alone goes on at once, in the end to the end of the job.
//!
//! The engine calls [`share_units`] where it might call [`map_units`]; `part.rs` is what a host needs to answer.

mod part;

use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Host, LearnError, Progress, map_units};
pub use part::{Memo, Part, Phase, PhasePart, Turn};

/// A unit of work whose result can travel; nothing where it fails.
pub type ByteUnit<'a> = dyn Fn(usize) -> Option<Vec<u8>> + Sync + 'a;

/// What came of a phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exchanged {
    /// What every unit gave, in order.
    All(Vec<Vec<u8>>),
    /// A unit failed, here too.
    Failed,
    /// The units of this partner are done, and the job is to be left.
    Left,
}

/// Runs `unit` for `0..n`, here or wherever the host has partners, and returns the results in order.
///
/// # Errors
/// The error of the unit with the lowest number, or [`LearnError::Cancelled`].
pub fn share_units<T: Send + Serialize + DeserializeOwned>(
    host: &dyn Host,
    n: usize,
    unit: impl Fn(usize) -> Result<T, LearnError> + Sync,
) -> Result<Vec<T>, LearnError> {
    // One copy of the work serves both ways.
    let unit: &(dyn Fn(usize) -> Result<T, LearnError> + Sync) = &unit;
    match share(host, n, unit) {
        Some(found) => found,
        None => map_units(host, n, unit),
    }
}

/// Does work that only one of those who share a job need do.
///
/// # Errors
/// Those of `work`, or [`LearnError::Cancelled`].
pub fn share_work<T, E>(host: &dyn Host, work: impl Fn() -> Result<T, E> + Sync) -> Result<T, E>
where
    T: Serialize + DeserializeOwned,
    E: From<LearnError> + Send,
{
    match share(host, 1, &|_| work()) {
        Some(found) => found?.pop().ok_or_else(|| LearnError::Cancelled.into()),
        None => work(),
    }
}

/// The units by way of the host's partners; nothing where it has none.
fn share<T, E>(host: &dyn Host, n: usize, unit: &(dyn Fn(usize) -> Result<T, E> + Sync)) -> Option<Result<Vec<T>, E>>
where
    T: Serialize + DeserializeOwned,
    E: From<LearnError> + Send,
{
    if !host.shares() {
        return None;
    }
    let failed: Mutex<Option<(usize, E)>> = Mutex::new(None);
    let exchanged = host.exchange(n, &|i| match unit(i) {
        Ok(found) => written(&found),
        Err(error) => {
            let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
            if failed.as_ref().is_none_or(|&(first, _)| i < first) {
                *failed = Some((i, error));
            }
            None
        }
    })?;
    Some(match exchanged {
        Exchanged::All(bytes) => {
            bytes.iter().map(|bytes| read(bytes).ok_or(LearnError::Exchange)).collect::<Result<_, _>>().map_err(E::from)
        }
        Exchanged::Failed => Err(failed
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .map_or_else(|| LearnError::Exchange.into(), |(_, error)| error)),
        Exchanged::Left => Err(LearnError::Cancelled.into()),
    })
}

/// Numbers as they are in memory, least significant byte first.
fn written(value: &impl Serialize) -> Option<Vec<u8>> {
    postcard::to_allocvec(value).ok()
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

/// Something that is needed later and can be worked out now.
pub type Errand<'a> = dyn Fn() -> Option<Vec<u8>> + Sync + 'a;

/// Makes an errand of work; what fails is left to be done, and to fail, in its place.
pub fn errand<'a, T: Serialize, E>(work: impl Fn() -> Result<T, E> + Sync + 'a) -> Box<Errand<'a>> {
    Box::new(move || written(&work().ok()?))
}

/// A host that has errands done beside the units of the first phase it shares, since those who share a job would
/// otherwise wait for one of them to do so later.
pub struct Beside<'a> {
    host: &'a dyn Host,
    errands: Vec<Box<Errand<'a>>>,
    found: Mutex<Option<Vec<Vec<u8>>>>,
}

impl<'a> Beside<'a> {
    /// Has `errands` done where `host` shares; where it does not they are left to be done in their place.
    pub fn new(host: &'a dyn Host, errands: Vec<Box<Errand<'a>>>) -> Self {
        Self { host, errands, found: Mutex::new(None) }
    }

    /// What the errand with a number found; nothing where it failed or was not done.
    pub fn found<T: DeserializeOwned>(&self, errand: usize) -> Option<T> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.as_ref().and_then(|found| found.get(errand)).and_then(|bytes| read(bytes))
    }
}

impl Host for Beside<'_> {
    fn progress(&self, progress: Progress<'_>) {
        self.host.progress(progress);
    }

    fn cancelled(&self) -> bool {
        self.host.cancelled()
    }

    fn seconds(&self) -> f64 {
        self.host.seconds()
    }

    fn run_units(&self, n: usize, unit: &(dyn Fn(usize) + Sync)) {
        self.host.run_units(n, unit);
    }

    fn shares(&self) -> bool {
        self.host.shares()
    }

    fn exchange(&self, n: usize, unit: &ByteUnit<'_>) -> Option<Exchanged> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if found.is_some() {
            drop(found);
            return self.host.exchange(n, unit);
        }
        // Errands come first: one may take longer than any unit. One that fails gives nothing to read.
        let both = |i: usize| match self.errands.get(i) {
            Some(errand) => Some(errand().unwrap_or_default()),
            None => unit(i - self.errands.len()),
        };
        let exchanged = self.host.exchange(n + self.errands.len(), &both)?;
        Some(match exchanged {
            Exchanged::All(mut all) => {
                let units = all.split_off(self.errands.len());
                *found = Some(all);
                Exchanged::All(units)
            }
            other => other,
        })
    }
}

#[cfg(test)]
mod tests;
