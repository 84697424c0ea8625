//! The promise, counted: how many requests this page made to anywhere but its own address.

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{PerformanceEntry, PerformanceObserver, PerformanceObserverEntryList, PerformanceObserverInit};

/// The badge.
#[component]
pub(super) fn PrivacyBadge() -> impl IntoView {
    let elsewhere = RwSignal::new(count_past());
    watch(elsewhere);
    let text = move || match elsewhere.get() {
        0 => "Nothing has left this tab",
        _ => "Requests to other sites",
    };
    let requests = move || format!("{} requests", elsewhere.get());
    view! {
        <div
            class="badge"
            class:badge-warning=move || elsewhere.get() != 0
            data-testid="privacy-badge"
            data-requests=move || elsewhere.get().to_string()
            role="status"
            title="Requests to addresses other than the page's own, counted by the browser. The page's content security policy forbids them."
        >
            <span class="badge-dot" aria-hidden="true"></span>
            <span class="badge-text">{text} <span class="badge-count">" · " {requests}</span></span>
        </div>
    }
}

/// Requests to elsewhere since the page was opened.
fn count_past() -> usize {
    let past = window().performance().map(|performance| performance.get_entries_by_type("resource"));
    past.map_or(0, |entries| entries.iter().filter(leads_elsewhere).count())
}

/// Counts further ones as the browser reports them.
fn watch(elsewhere: RwSignal<usize>) {
    let on_entries =
        Closure::<dyn FnMut(PerformanceObserverEntryList)>::new(move |list: PerformanceObserverEntryList| {
            let more = list.get_entries().iter().filter(leads_elsewhere).count();
            if more > 0 {
                elsewhere.update(|n| *n += more);
            }
        });
    if let Ok(observer) = PerformanceObserver::new(on_entries.as_ref().unchecked_ref()) {
        let kinds = js_sys::Array::of1(&JsValue::from_str("resource"));
        observer.observe(&PerformanceObserverInit::new(&kinds));
        // It watches for as long as the page is open.
        on_entries.forget();
    }
}

fn leads_elsewhere(entry: &JsValue) -> bool {
    let Some(entry) = entry.dyn_ref::<PerformanceEntry>() else {
        return false;
    };
    let home = window().location().origin().unwrap_or_default();
    let address = entry.name();
    let inside = ["blob:", "data:"].iter().any(|scheme| address.starts_with(scheme));
    let rest = address.strip_prefix(&home);
    !inside && !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
