//! What can be set of the stage: how large the picture is, what is drawn over it, what dragging does.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::store::store;
use super::findings::mask_picture;
use super::shown;
use super::state::{Layers, PictureAction, Tool};
use super::view::STEP;

/// The toolbar.
#[component]
pub(super) fn Toolbar() -> impl IntoView {
    let store = store();
    let picture = shown(store);
    let has_mask = Memo::new(move |_| {
        store.found.with(|found| {
            found.as_ref().zip(picture.get()).is_some_and(|(found, picture)| mask_picture(found, picture).is_some())
        })
    });
    let zoom = move |testid: &'static str, label: &'static str, sign: &'static str, factor: f64| {
        view! {
            <button
                type="button"
                class="icon-button"
                data-testid=testid
                aria-label=label
                title=label
                on:click=move |_| store.act(Action::Picture(PictureAction::Zoom(factor)))
            >
                {sign}
            </button>
        }
    };
    let show = move |layers: Layers| store.act(Action::Picture(PictureAction::Show(layers)));
    let is_drawing = move || store.pictures.tool.get() == Tool::Draw;
    view! {
        <div class="toolbar" role="group" aria-label="View">
            <Show
                when=move || has_mask.get()
                fallback=move || view! {
                    <button
                        type="button"
                        class="tool"
                        data-testid="draw"
                        aria-pressed=move || is_drawing().to_string()
                        title="Draw a box (D)"
                        on:click=move |_| {
                            let tool = if is_drawing() { Tool::Choose } else { Tool::Draw };
                            store.act(Action::Picture(PictureAction::Take(tool)));
                        }
                    >
                        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                            <path d="M3 3h10v10H3z" fill="none" stroke-width="1.5" stroke-dasharray="3 1.6"/>
                        </svg>
                        "Draw"
                    </button>
                    <LayerButtons/>
                }
            >
                <label class="tool-slider">
                    "Mask"
                    <input
                        type="range"
                        min="0"
                        max="100"
                        step="5"
                        data-testid="mask-opacity"
                        aria-label="Opacity of the masks"
                        prop:value=move || (store.pictures.layers.get().opacity * 100.0).round().to_string()
                        on:input:target=move |event| {
                            let value: f64 = event.target().value().parse().unwrap_or(50.0);
                            show(Layers { opacity: value / 100.0, ..store.pictures.layers.get_untracked() });
                        }
                    />
                </label>
            </Show>
            <span class="toolbar-zoom">
                {zoom("zoom-out", "Make smaller (−)", "−", 1.0 / STEP)}
                <span class="figure zoom-value" data-testid="zoom" data-value=move || store.pictures.view.get().zoom.to_string()>
                    {move || format!("{:.0}\u{202f}%", store.pictures.view.get().zoom * 100.0)}
                </span>
                {zoom("zoom-in", "Enlarge (+)", "+", STEP)}
                {zoom("zoom-fit", "Fit (0)", "⤢", 0.0)}
            </span>
        </div>
    }
}

/// Which boxes are drawn.
#[component]
fn LayerButtons() -> impl IntoView {
    let store = store();
    let show = move |layers: Layers| store.act(Action::Picture(PictureAction::Show(layers)));
    view! {
        <button
            type="button"
            class="tool"
            data-testid="show-given"
            aria-pressed=move || store.pictures.layers.get().given.to_string()
            on:click=move |_| {
                let layers = store.pictures.layers.get_untracked();
                show(Layers { given: !layers.given, ..layers });
            }
        >
            <span class="key-given" aria-hidden="true"></span>
            "Given"
        </button>
        <button
            type="button"
            class="tool"
            data-testid="show-predicted"
            aria-pressed=move || store.pictures.layers.get().predicted.to_string()
            on:click=move |_| {
                let layers = store.pictures.layers.get_untracked();
                show(Layers { predicted: !layers.predicted, ..layers });
            }
        >
            <span class="key-predicted" aria-hidden="true"></span>
            "Predicted"
        </button>
    }
}
