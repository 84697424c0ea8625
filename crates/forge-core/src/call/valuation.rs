//! `data_valuation.*`.

use super::Function;

pub(super) const FUNCTIONS: &[Function] = &[];
