//! The page: state, actions, reducer and components.
//!
//! A click becomes an [`Action`](action::Action); the reducer in `reduce` applies it to the signals of the
//! [`Store`](store::Store); components draw the signals. Components hold no state beyond what only they show.

#![expect(unreachable_pub, reason = "the component macro writes property types that are public")]

mod action;
mod analyse;
mod analysis;
mod choices;
mod clock;
mod columns;
mod decisions;
mod engines;
mod export;
mod format;
mod found;
mod frame;
mod issue_file;
mod list;
mod load;
mod reduce;
mod review;
mod store;
mod summary;
mod task_review;
mod work;
mod workers;

use leptos::prelude::*;

/// Mounts the page in place of the notice in the document, and registers the service worker.
pub fn start() {
    console_error_panic_hook::set_once();
    if let Some(notice) = document().get_element_by_id("starting") {
        notice.remove();
    }
    register_service_worker();
    leptos::mount::mount_to_body(|| {
        let store = store::Store::new();
        provide_context(store);
        store.start_worker();
        store.start_engines();
        view! { <frame::App/> }
    });
}

/// Makes the page work without a network from the next visit on; a page opened as a file does without.
fn register_service_worker() {
    let window = window();
    if window.location().protocol().is_ok_and(|protocol| protocol.starts_with("http")) && window.is_secure_context() {
        // The promise is left alone: without the service worker only the next visit is slower.
        drop(window.navigator().service_worker().register("./sw.js"));
    }
}
