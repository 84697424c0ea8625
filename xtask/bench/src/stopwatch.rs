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
}
