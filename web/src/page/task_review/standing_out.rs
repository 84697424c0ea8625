//! The columns in which a row is unlike the others.

use leptos::prelude::*;

use super::super::found::{Finding, Found};

/// The columns that stand out; nothing for other kinds of issues.
pub(super) fn standing_out(_found: &Found, _finding: &Finding) -> Option<impl IntoView + use<>> {
    None::<AnyView>
}
