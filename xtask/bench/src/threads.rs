//! A host that runs units on threads, as the `forge` program does.

use anyhow::Result;
use forge_learn::Host;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Threads that take units, those of units within units too.
pub(crate) struct Threads(ThreadPool);

impl Threads {
    pub(crate) fn new(count: usize) -> Result<Self> {
        Ok(Self(ThreadPoolBuilder::new().num_threads(count).build()?))
    }
}

impl Host for Threads {
    fn run_units(&self, n: usize, unit: &(dyn Fn(usize) + Sync)) {
        self.0.install(|| (0..n).into_par_iter().for_each(unit));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn every_unit_runs_once() {
        let seen = Mutex::new(Vec::new());
        Threads::new(3).unwrap().run_units(20, &|i| seen.lock().unwrap().push(i));
        let mut seen = seen.into_inner().unwrap();
        seen.sort_unstable();
        assert_eq!(seen, (0..20).collect::<Vec<_>>());
    }
}
