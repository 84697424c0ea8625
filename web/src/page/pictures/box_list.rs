//! The boxes of a picture as they are now: their classes, which can be changed, and the way to take one out.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::store::store;
use super::findings::box_picture;
use super::state::{Mark, PictureAction};
use super::{classes, shown};
use crate::protocol::KeptBox;

/// The list.
#[component]
pub(super) fn BoxList() -> impl IntoView {
    let store = store();
    let picture = shown(store);
    let boxes = Memo::new(move |_| {
        let (found, picture) = (store.found.get()?, picture.get()?);
        let now = store.pictures.edits.with(|edits| edits.state(picture).cloned()).unwrap_or_default();
        box_picture(&found, picture).map(|_| now.boxes)
    });
    let lines = move || boxes.get().unwrap_or_default().into_iter().enumerate().collect::<Vec<_>>();
    let n = move || boxes.with(|boxes| boxes.as_ref().map_or(0, Vec::len));
    view! {
        <h3 class="evidence-title">"Boxes " <span class="figure" data-testid="n-boxes" data-value=move || n().to_string()>{n}</span></h3>
        <ul class="box-lines">
            <For each=lines key=|(place, kept)| (*place, kept.index, kept.labelled.class, [kept.labelled.x1, kept.labelled.y1, kept.labelled.x2, kept.labelled.y2].map(f64::to_bits)) let((place, kept))>
                <BoxLine place kept/>
            </For>
        </ul>
    }
}

/// One box.
#[component]
fn BoxLine(place: usize, kept: KeptBox) -> impl IntoView {
    let store = store();
    let chosen = Memo::new(move |_| store.pictures.chosen.get() == Some(Mark::Box(place)));
    let names = untrack(|| classes(store));
    let b = kept.labelled;
    let size = format!("{:.0} × {:.0}", b.x2 - b.x1, b.y2 - b.y1);
    let label = format!("Box {}, {size} pixels", place + 1);
    let options: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(class, name)| view! { <option value=class.to_string() selected=class as u32 == b.class>{name.clone()}</option> })
        .collect();
    view! {
        <li class="box-line" class:box-line-chosen=chosen data-testid="box-line" data-place=place.to_string()
            data-class=names.get(b.class as usize).cloned()
            data-edges=format!("{} {} {} {}", b.x1, b.y1, b.x2, b.y2)>
            <button
                type="button"
                class="box-choose"
                aria-label=label
                aria-pressed=move || chosen.get().to_string()
                data-testid="choose-box"
                on:click=move |_| store.act(Action::Picture(PictureAction::Choose(Some(Mark::Box(place)))))
            >
                <span class="key-given" aria-hidden="true"></span>
                <span class="figure">{size}</span>
                {kept.index.is_none().then(|| view! { <span class="tag-changed">"New"</span> })}
            </button>
            <select
                aria-label=format!("Class of box {}", place + 1)
                data-testid="box-class"
                on:change:target=move |event| {
                    if let Ok(class) = event.target().value().parse() {
                        store.act(Action::Picture(PictureAction::Relabel(Some(place), class)));
                    }
                }
            >
                {options}
            </select>
            <button
                type="button"
                class="icon-button"
                aria-label=format!("Remove box {}", place + 1)
                title="Remove (E)"
                data-testid="remove-box"
                on:click=move |_| store.act(Action::Picture(PictureAction::Remove(Some(place))))
            >
                "✕"
            </button>
        </li>
    }
}
