//! The keys: what each one does, where it applies, and the list that help shows.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::super::action::{Action, Step};
use super::super::pictures;
use super::super::store::Store;

/// Keys and what they do, for the help.
pub(super) const KEYS: [(&str, &str); 7] = [
    ("↑ ↓", "Move through the list"),
    ("Page ↑ ↓", "Move ten rows"),
    ("E", "Exclude the selected row, or restore it"),
    ("U", "Undo the last decision"),
    ("Shift U", "Do it again"),
    ("Esc", "Close the row or this help"),
    ("?", "Open this help"),
];

/// Turns a key into an action, unless the user is typing.
pub(super) fn pressed(store: Store, help: RwSignal<bool>, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || help.get_untracked() {
        return;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if target.as_ref().is_some_and(types_text) {
        return;
    }
    let scrolls = target.as_ref().is_some_and(uses_arrows);
    let key = event.key();
    if key == "?" {
        event.prevent_default();
        help.set(true);
        return;
    }
    if store.step.get_untracked() != Step::Review {
        return;
    }
    if let Some(action) = pictures::action(&key).filter(|_| untrack(|| store.has_pictures())) {
        event.prevent_default();
        return store.act(action);
    }
    let action = match key.as_str() {
        "ArrowDown" | "j" if !scrolls => Action::Move(1),
        "ArrowUp" | "k" if !scrolls => Action::Move(-1),
        "PageDown" if !scrolls => Action::Move(10),
        "PageUp" if !scrolls => Action::Move(-10),
        "e" | "E" => Action::ToggleSelected,
        "u" => Action::Undo,
        "U" => Action::Redo,
        "Escape" => Action::CloseSheet,
        _ => return,
    };
    event.prevent_default();
    store.act(action);
}

/// Whether keys pressed in an element belong to it.
fn types_text(element: &Element) -> bool {
    match element.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => element.get_attribute("type").is_none_or(|kind| kind == "text" || kind == "number"),
        _ => false,
    }
}

/// Whether the arrow keys belong to an element: it is the threshold, or text that scrolls.
fn uses_arrows(element: &Element) -> bool {
    element.tag_name() == "INPUT" || element.matches(".evidence-body, .inspector").unwrap_or(false)
}
