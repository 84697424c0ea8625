//! Measures the call alone, between reading its inputs and writing its results.

/// Processor time of the parts that count.
pub struct Stopwatch<'a> {
    now: &'a dyn Fn() -> f64,
    seconds: f64,
}

impl<'a> Stopwatch<'a> {
    /// A stopwatch at zero; `now` tells the processor time of this process, in seconds.
    pub fn new(now: &'a dyn Fn() -> f64) -> Self {
        Self { now, seconds: 0.0 }
    }

    /// Runs `call` and adds the time it took.
    pub(crate) fn time<T>(&mut self, call: impl FnOnce() -> T) -> T {
        let start = (self.now)();
        let result = call();
        self.seconds += (self.now)() - start;
        result
    }

    /// Runs `algorithm` on the inputs that `check` makes and adds the time of both. Inputs are freed when the time is
    /// taken: as in Python they are the caller's, whom the call does not rid of them.
    pub(crate) fn time_on<I, T, E>(
        &mut self,
        check: impl FnOnce() -> Result<I, E>,
        algorithm: impl FnOnce(&I) -> Result<T, E>,
    ) -> Result<T, E> {
        let (result, _inputs) = self.time(|| {
            let inputs = check()?;
            Ok((algorithm(&inputs)?, inputs))
        })?;
        Ok(result)
    }

    /// Seconds so far.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn only_what_is_timed_counts() {
        let clock = Cell::new(1.0);
        let now = || clock.get();
        let mut stopwatch = Stopwatch::new(&now);
        stopwatch.time(|| clock.set(3.0));
        clock.set(10.0);
        stopwatch.time(|| clock.set(10.5));
        assert_eq!(stopwatch.seconds(), 2.5);
    }

    #[test]
    fn freeing_the_inputs_does_not_count() {
        struct Slow<'a>(&'a Cell<f64>);
        impl Drop for Slow<'_> {
            fn drop(&mut self) {
                self.0.set(self.0.get() + 100.0);
            }
        }
        let clock = Cell::new(1.0);
        let now = || clock.get();
        let tick = || clock.set(clock.get() + 1.0);
        let mut stopwatch = Stopwatch::new(&now);
        let check = || {
            tick();
            Ok::<_, ()>(Slow(&clock))
        };
        let result = stopwatch.time_on(check, |_| {
            tick();
            Ok(7)
        });
        assert_eq!((result, stopwatch.seconds(), clock.get()), (Ok(7), 2.0, 103.0));
    }
}
