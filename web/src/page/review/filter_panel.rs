//! Adding a filter: a button and a small panel that closes by itself.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, Node};

use super::super::action::Action;
use super::super::list::Filters;
use super::super::store::{Store, store};

/// The button and, while it is open, the panel under it. Escape, a press elsewhere, the focus going elsewhere and a
/// choice close it.
#[component]
pub(super) fn FilterPanel() -> impl IntoView {
    let store = store();
    let open = RwSignal::new(false);
    let shift = RwSignal::new(0);
    // The arrow keys pass over choices that are not meant.
    let stepping = StoredValue::new(false);
    let place = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let panel = NodeRef::<html::Div>::new();
    let holds = move |target: Option<EventTarget>| {
        let node = target.and_then(|target| target.dyn_into::<Node>().ok());
        place.get_untracked().is_some_and(|place| place.contains(node.as_ref()))
    };
    let close = move || {
        open.set(false);
        if let Some(button) = button.get_untracked() {
            // Focus is a courtesy; nothing depends on it.
            drop(button.focus());
        }
    };
    let presses = window_event_listener(leptos::ev::pointerdown, move |event| {
        if open.get_untracked() && !holds(event.target()) {
            open.set(false);
        }
    });
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if open.get_untracked() && event.key() == "Escape" {
            close();
        }
    });
    on_cleanup(move || {
        presses.remove();
        keys.remove();
    });
    Effect::new(move |_| {
        store.filters.track();
        if let (Some(panel), Some(place)) = (panel.get(), place.get_untracked()) {
            // The panel stays inside the line of chips, however far right the button is.
            let line = place.parent_element().map_or(0, |line| line.client_width());
            shift.set((line - panel.offset_width() - place.offset_left()).min(0));
        }
    });
    let chosen = Callback::new(move |()| {
        if !stepping.get_value() {
            close();
        }
    });
    view! {
        <div
            class="chip-more"
            node_ref=place
            on:keydown=move |event| stepping.set_value(!event.alt_key() && !matches!(event.key().as_str(), "Enter" | " "))
            on:pointerdown=move |_| stepping.set_value(false)
            on:focusout=move |event| {
                // Without a target the window lost the focus, or something that takes none was pressed.
                let target = event.related_target();
                if target.is_some() && !holds(target) {
                    open.set(false);
                }
            }
        >
            <button
                type="button"
                class="chip chip-add"
                data-testid="add-filter"
                aria-expanded=move || open.get().to_string()
                aria-controls=move || open.get().then_some("filter-panel")
                node_ref=button
                on:click=move |_| open.update(|open| *open = !*open)
            >
                "Add filter…"
            </button>
            <Show when=move || open.get()>
                <div
                    class="chip-panel"
                    id="filter-panel"
                    role="group"
                    aria-label="Filters"
                    node_ref=panel
                    style:left=move || format!("{}px", shift.get())
                >
                    {class_select(store, "filter-given", "Given label", chosen, |filters| &mut filters.given)}
                    {class_select(store, "filter-suggested", "Suggested label", chosen, |filters| &mut filters.suggested)}
                </div>
            </Show>
        </div>
    }
}

fn class_select(
    store: Store,
    testid: &'static str,
    label: &'static str,
    done: Callback<()>,
    field: fn(&mut Filters) -> &mut Option<u32>,
) -> impl IntoView {
    let names =
        move || store.analysis.with(|analysis| analysis.as_ref().map(|a| a.report.classes.clone()).unwrap_or_default());
    let chosen = move || *field(&mut store.filters.get());
    view! {
        <label class="chip-field">
            {label}
            <select
                data-testid=testid
                on:change:target=move |event| {
                    let mut filters = store.filters.get_untracked();
                    *field(&mut filters) = event.target().value().parse().ok();
                    store.act(Action::SetFilters(filters));
                    done.run(());
                }
            >
                <option value="any" selected=move || chosen().is_none()>"Any"</option>
                {move || (0_u32..).zip(names()).map(|(class, name)| view! {
                    <option value=class.to_string() selected=move || chosen() == Some(class)>{name}</option>
                }).collect_view()}
            </select>
        </label>
    }
}
