//! `token_classification.*`.

use super::Function;

pub(super) const FUNCTIONS: &[Function] = &[];
