//! A host that runs units on threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use forge_learn::Host;

/// How many threads run units; each takes the next unit when it has finished one.
pub(crate) struct Threads(pub(crate) usize);

impl Host for Threads {
    fn run_units(&self, n: usize, unit: &(dyn Fn(usize) + Sync)) {
        let next = AtomicUsize::new(0);
        let work = || {
            loop {
                let i = next.fetch_add(1, Ordering::Relaxed);
                if i >= n {
                    return;
                }
                unit(i);
            }
        };
        thread::scope(|scope| (0..self.0.min(n)).for_each(|_| drop(scope.spawn(work))));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn every_unit_runs_once() {
        let seen = Mutex::new(Vec::new());
        Threads(3).run_units(20, &|i| seen.lock().unwrap().push(i));
        let mut seen = seen.into_inner().unwrap();
        seen.sort_unstable();
        assert_eq!(seen, (0..20).collect::<Vec<_>>());
    }
}
