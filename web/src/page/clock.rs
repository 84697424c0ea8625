//! The page's clock.

use leptos::prelude::window;

/// Seconds since the page was opened.
pub(crate) fn seconds() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now() / 1000.0)
}
