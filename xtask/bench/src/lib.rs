//! The items of `cargo xtask bench algorithms` and `bench models` on our side: each takes the arrays of a data set, calls
//! one algorithm and returns what the call returned as arrays, under the names that `bench_algorithms.py` and
//! `bench_models.py` in `tests/reference` use.
//!
//! The program of this crate runs them natively, its [`wasm`] face in Node. Neither is shipped.

mod arrays;
mod items;
mod stopwatch;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

pub use arrays::{Arrays, Shaped, Values};
pub use items::{names, run};
pub use stopwatch::Stopwatch;
