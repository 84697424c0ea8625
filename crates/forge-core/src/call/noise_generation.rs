//! `benchmarking.noise_generation.*`.

use super::Function;

pub(super) const FUNCTIONS: &[Function] = &[];
