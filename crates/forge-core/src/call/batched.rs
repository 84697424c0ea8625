//! `experimental.label_issues_batched.*`.

use super::Function;

pub(super) const FUNCTIONS: &[Function] = &[];
