//! Panics of the libraries that decode binary formats, as errors.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a library that may panic on damaged bytes that the checks before it let through: where panics unwind, that is an
/// error like any other. What it worked on is not used afterwards.
pub(crate) fn contained<T, E>(run: impl FnOnce() -> Result<T, E>, damaged: impl FnOnce() -> E) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(damaged()))
}
