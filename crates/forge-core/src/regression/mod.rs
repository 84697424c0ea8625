//! Label issues in regression, cleanlab's `regression`.

#[cfg(feature = "tasks")]
pub mod learn;
pub mod rank;
