//! The picture itself, large, with boxes and masks over it: seen closer, moved, drawn on.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent, Url, WheelEvent};

use super::super::action::Action;
use super::super::store::{Store, store};
use super::boxes::{Boxes, Draft, Drag, Grip, dragged};
use super::masks::Masks;
use super::patterns::Patterns;
use super::shown;
use super::state::{Mark, PictureAction, Tool};
use super::view::{Frame, STEP, View};

/// Pixels of the page that a pointer may move in a click.
const CLICK: f64 = 3.0;
/// Pixels of the picture that Shift and an arrow key move a box.
const FAR: f64 = 10.0;
/// Share of what is seen that an arrow key moves it.
const PAN: f64 = 0.1;

/// The stage.
#[component]
pub(super) fn Stage() -> impl IntoView {
    let store = store();
    let picture = shown(store);
    let area = NodeRef::<html::Div>::new();
    let drag = RwSignal::new(None::<Drag>);
    let draft = RwSignal::new(None::<Draft>);
    let address = large_picture(store, picture);
    let pictures = store.pictures;
    Effect::new(move |_| {
        let size = picture.get().and_then(|picture| size_of(store, picture)).unwrap_or_default();
        pictures.frame.update(|frame| frame.picture = size);
        pictures.view.set(View::default());
        draft.set(None);
        drag.set(None);
    });
    let measure = move || {
        if let Some(area) = area.get_untracked() {
            let stage = (f64::from(area.client_width()), f64::from(area.client_height()));
            if pictures.frame.get_untracked().stage != stage {
                pictures.frame.update(|frame| frame.stage = stage);
            }
        }
    };
    let handle = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || handle.remove());
    Effect::new(move |_| {
        area.track();
        store.sheet.track();
        request_animation_frame(measure);
    });
    let scale = Memo::new(move |_| pictures.frame.get().scale(pictures.view.get()));
    let view_box = move || {
        let [x, y, width, height] = pictures.frame.get().view_box(pictures.view.get());
        format!("{x} {y} {width} {height}")
    };
    let label = move || picture.get().map(|picture| format!("Picture {}", super::path_of(store, picture)));
    view! {
        <div
            node_ref=area
            class="stage"
            class:stage-draws=move || pictures.tool.get() == Tool::Draw
            class:stage-drags=move || drag.with(Option::is_some)
            tabindex="0"
            role="application"
            aria-label=label
            data-testid="stage"
            on:wheel=move |event| wheeled(store, area, &event)
            on:pointerdown=move |event| pressed(store, (area, drag, draft), &event)
            on:pointermove=move |event| moved(store, (area, drag, draft), &event)
            on:pointerup=move |_| released(store, drag, draft)
            on:pointercancel=move |_| { drag.set(None); draft.set(None); }
            on:keydown=move |event| keyed(store, &event)
        >
            <svg class="stage-picture" viewBox=view_box preserveAspectRatio="xMidYMid meet">
                <Patterns scale/>
                {move || address.get().map(|address| view! {
                    <image
                        href=address
                        width=move || pictures.frame.get().picture.0.to_string()
                        height=move || pictures.frame.get().picture.1.to_string()
                        preserveAspectRatio="none"
                        data-testid="picture"
                    />
                })}
                <Masks/>
                <Boxes scale drag draft/>
            </svg>
        </div>
    }
}

/// The address of the picture that is shown; the one before is let go.
fn large_picture(store: Store, picture: Memo<Option<u32>>) -> Memo<Option<String>> {
    let address = Memo::new(move |before: Option<&Option<String>>| {
        if let Some(Some(before)) = before {
            drop(Url::revoke_object_url(before));
        }
        let picture = picture.get()?;
        let file =
            store.facts.with(|facts| Some(facts.as_ref()?.pictures.as_ref()?.pictures.get(picture as usize)?.file))?;
        let blob = store.files.with_value(|files| files.loaded.get(file).cloned())?;
        Url::create_object_url_with_blob(&blob).ok()
    });
    on_cleanup(move || {
        if let Some(Some(address)) = address.try_get_untracked() {
            drop(Url::revoke_object_url(&address));
        }
    });
    address
}

/// Width and height of a picture: as it is shown, where the vision engine has told, else as its file says.
fn size_of(store: Store, picture: u32) -> Option<(f64, f64)> {
    let seen = store.pictures.thumbs.with_untracked(|thumbs| thumbs.get(&picture).map(|thumb| thumb.size));
    seen.filter(|size| size.0 > 0.0).or_else(|| {
        store.facts.with_untracked(|facts| {
            let fact = facts.as_ref()?.pictures.as_ref()?.pictures.get(picture as usize)?;
            Some((f64::from(fact.width), f64::from(fact.height)))
        })
    })
}

type Area = NodeRef<html::Div>;
type Dragging = (Area, RwSignal<Option<Drag>>, RwSignal<Option<Draft>>);

/// Where on the stage an event is.
fn on_stage(area: Area, (x, y): (i32, i32)) -> Option<(f64, f64)> {
    let rect = area.get_untracked()?.get_bounding_client_rect();
    Some((f64::from(x) - rect.left(), f64::from(y) - rect.top()))
}

fn wheeled(store: Store, area: Area, event: &WheelEvent) {
    event.prevent_default();
    if let Some(at) = on_stage(area, (event.client_x(), event.client_y())) {
        let factor = STEP.powf((-event.delta_y() / 100.0).clamp(-2.0, 2.0));
        let view = store.pictures.frame.get_untracked().zoomed(store.pictures.view.get_untracked(), factor, at);
        store.act(Action::Picture(PictureAction::Look(view)));
    }
}

/// What is under the pointer decides what dragging does.
fn pressed(store: Store, (area, drag, draft): Dragging, event: &PointerEvent) {
    let Some(at) = on_stage(area, (event.client_x(), event.client_y())).filter(|_| event.button() == 0) else { return };
    if let Some(area) = area.get_untracked() {
        // Without capture a drag ends at the edge of the stage.
        let _ = area.set_pointer_capture(event.pointer_id());
        drop(area.focus());
    }
    event.prevent_default();
    let pictures = store.pictures;
    let (frame, view) = (pictures.frame.get_untracked(), pictures.view.get_untracked());
    let place = frame.place(view, at);
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let attribute = |name: &str| target.as_ref().and_then(|target| target.get_attribute(name));
    if pictures.tool.get_untracked() == Tool::Draw {
        let chosen = match pictures.chosen.get_untracked() {
            Some(Mark::Box(place)) => Some(place),
            _ => None,
        };
        let edges = [place.0, place.1, place.0, place.1];
        drag.set(Some(Drag::Shape { grip: Grip(1, 1), from: edges, start: place, of: chosen }));
        return draft.set(Some(Draft { of: chosen, edges }));
    }
    if let Some(issue) = attribute("data-issue").and_then(|at| at.parse().ok()) {
        store.act(Action::Picture(PictureAction::Choose(Some(Mark::Issue(issue)))));
    } else if let Some(of) = attribute("data-place").and_then(|at| at.parse::<usize>().ok()) {
        store.act(Action::Picture(PictureAction::Choose(Some(Mark::Box(of)))));
        let from = attribute("data-edges").and_then(|text| edges_of(&text));
        let grip = attribute("data-grip").and_then(|text| Grip::named(&text)).unwrap_or(Grip(0, 0));
        if let Some(from) = from {
            return drag.set(Some(Drag::Shape { grip, from, start: place, of: Some(of) }));
        }
    }
    drag.set(Some(Drag::Look { start: at, view, marked: attribute("data-issue").is_some() }));
}

/// The edges as an element carries them.
fn edges_of(text: &str) -> Option<[f64; 4]> {
    let numbers: Vec<f64> = text.split(' ').filter_map(|number| number.parse().ok()).collect();
    numbers.try_into().ok()
}

fn moved(store: Store, (area, drag, draft): Dragging, event: &PointerEvent) {
    let Some(drag) = drag.get_untracked() else { return };
    let Some(at) = on_stage(area, (event.client_x(), event.client_y())) else { return };
    let pictures = store.pictures;
    let frame = pictures.frame.get_untracked();
    match drag {
        Drag::Look { start, view, .. } => {
            let scale = frame.scale(view);
            let view = frame.moved(view, ((start.0 - at.0) / scale, (start.1 - at.1) / scale));
            store.act(Action::Picture(PictureAction::Look(view)));
        }
        Drag::Shape { grip, from, start, of } => {
            let view = pictures.view.get_untracked();
            let place = frame.place(view, at);
            let by = (place.0 - start.0, place.1 - start.1);
            if draft.with_untracked(Option::is_some) || by.0.hypot(by.1) * frame.scale(view) > CLICK {
                draft.set(Some(Draft { of, edges: dragged(from, grip, by, frame.picture) }));
            }
        }
    }
}

fn released(store: Store, drag: RwSignal<Option<Drag>>, draft: RwSignal<Option<Draft>>) {
    let (was, drawn) = (drag.get_untracked(), draft.get_untracked());
    drag.set(None);
    draft.set(None);
    if let Some(Draft { of, edges }) = drawn {
        store.act(Action::Picture(match of {
            Some(of) => PictureAction::Reshape(of, edges),
            None => PictureAction::Add(edges),
        }));
        store.act(Action::Picture(PictureAction::Take(Tool::Choose)));
    } else if let Some(Drag::Look { view, marked: false, .. }) = was
        && view == store.pictures.view.get_untracked()
    {
        store.act(Action::Picture(PictureAction::Choose(None)));
    }
}

/// Arrow keys move the chosen box, or what is seen.
fn keyed(store: Store, event: &KeyboardEvent) {
    let direction = match event.key().as_str() {
        "ArrowLeft" => (-1.0, 0.0),
        "ArrowRight" => (1.0, 0.0),
        "ArrowUp" => (0.0, -1.0),
        "ArrowDown" => (0.0, 1.0),
        _ => return,
    };
    let pictures = store.pictures;
    let (frame, view) = (pictures.frame.get_untracked(), pictures.view.get_untracked());
    let chosen = match (pictures.chosen.get_untracked(), super::shown_now(store)) {
        (Some(Mark::Box(place)), Some(picture)) => pictures
            .edits
            .with_untracked(|edits| edits.state(picture)?.boxes.get(place).map(|kept| (place, kept.labelled))),
        _ => None,
    };
    let far = if event.shift_key() { FAR } else { 1.0 };
    let action = match chosen {
        Some((place, labelled)) => {
            let from = [labelled.x1, labelled.y1, labelled.x2, labelled.y2];
            let by = (direction.0 * far, direction.1 * far);
            PictureAction::Reshape(place, dragged(from, Grip(0, 0), by, frame.picture))
        }
        // Where all is seen, the keys step through the list.
        None if view.zoom <= 1.0 => return,
        None => PictureAction::Look(pan(frame, view, direction)),
    };
    event.prevent_default();
    event.stop_propagation();
    store.act(Action::Picture(action));
}

fn pan(frame: Frame, view: View, direction: (f64, f64)) -> View {
    let [_, _, width, height] = frame.view_box(view);
    frame.moved(view, (direction.0 * width * PAN, direction.1 * height * PAN))
}
