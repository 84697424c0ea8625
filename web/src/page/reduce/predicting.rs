//! Running a job on pictures: which are chosen, what models see in them, and then the job itself.

use js_sys::{Array, Float64Array, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, Url};

use super::super::action::Action;
use super::super::pictures::Thumb;
use super::super::store::{RunState, Store};
use super::super::work::Work;
use super::running;
use crate::protocol::{Failure, PictureSetFacts};
use crate::vision::{Engine, Seen, Wanted};

/// What people read while the models are at work.
const STAGE: &str = "looking at pictures";

/// What the job that runs needs to know of pictures.
fn wanted(store: Store) -> Wanted {
    match store.work.get_untracked() {
        Work::Task("segmentation") => Wanted::Mask,
        _ => Wanted::Boxes,
    }
}

/// Shows the models those of the chosen pictures that they have not seen.
pub(super) fn chosen(store: Store, pictures: &[u32]) {
    if !store.run.with_untracked(RunState::is_running) {
        return;
    }
    let Some(facts) = store.facts.get_untracked() else { return };
    let Some(facts) = &facts.pictures else { return };
    let wanted = wanted(store);
    let missing: Vec<u32> = store.pictures.seen.with_value(|seen| {
        let knows = |picture: &u32| {
            seen.get(*picture as usize).is_some_and(|one| has(one, wanted.field()) || has(one, "trouble"))
        };
        pictures.iter().filter(|picture| !knows(picture)).copied().collect()
    });
    store.pictures.asked.set_value(missing.len());
    let units: Array = missing.into_iter().filter_map(|picture| unit(store, facts, picture, wanted)).collect();
    store.pictures.engine.update_value(|engine| {
        engine.get_or_insert_with(|| Engine::new(move |seen| store.act(Action::Seen(seen)))).predict(&units);
    });
}

/// A picture as the vision engine takes it.
fn unit(store: Store, facts: &PictureSetFacts, picture: u32, wanted: Wanted) -> Option<JsValue> {
    let file = facts.pictures.get(picture as usize)?.file;
    let blob = store.files.with_value(|files| files.loaded.get(file).cloned())?;
    let unit = Object::new();
    let fields: [(&str, JsValue); 4] = [
        ("index", picture.into()),
        ("name", facts.files.get(file).map(String::as_str).unwrap_or_default().into()),
        ("blob", blob.into()),
        ("wanted", wanted.field().into()),
    ];
    for (name, value) in fields {
        Reflect::set(&unit, &name.into(), &value).ok()?;
    }
    Some(unit.into())
}

/// Whether an object has a field.
fn has(object: &JsValue, field: &str) -> bool {
    object.is_object()
        && Reflect::get(object, &field.into()).is_ok_and(|value| !value.is_undefined() && !value.is_null())
}

/// Takes what the vision engine says.
pub(super) fn seen(store: Store, seen: Seen) {
    if !store.run.with_untracked(RunState::is_running) {
        return;
    }
    match seen {
        Seen::Stage(name, done, total) => running::progress(store, name, done, total),
        Seen::Picture(picture, saw) => {
            show(store, picture, &saw);
            let done = store.pictures.done.try_update_value(|done| {
                *done += 1;
                *done
            });
            store.pictures.seen.update_value(|seen| keep(seen, picture as usize, saw));
            running::progress(store, STAGE.to_owned(), done.unwrap_or_default(), store.pictures.asked.get_value());
        }
        Seen::All(classes) => hand_on(store, classes),
        Seen::Failed(message) => running::failed(
            store,
            Failure {
                code: "vision".to_owned(),
                message,
                hint: Some("Your pictures are still loaded: run again.".to_owned()),
            },
        ),
    }
}

/// Adds what was seen in a picture to what is known of it.
fn keep(seen: &mut Vec<JsValue>, picture: usize, saw: JsValue) {
    if seen.len() <= picture {
        seen.resize(picture + 1, JsValue::UNDEFINED);
    }
    if seen[picture].is_object() && saw.is_object() {
        let (known, new): (&Object, &Object) = (seen[picture].unchecked_ref(), saw.unchecked_ref());
        Object::assign(known, new);
    } else {
        seen[picture] = saw;
    }
}

/// Shows a picture that was just seen.
fn show(store: Store, picture: u32, saw: &JsValue) {
    let field = |name: &str| Reflect::get(saw, &name.into()).unwrap_or_default();
    let Some(blob) = field("thumb").dyn_ref::<Blob>().cloned() else { return };
    let Ok(address) = Url::create_object_url_with_blob(&blob) else { return };
    let numbers = field("boxes").dyn_ref::<Float64Array>().map(Float64Array::to_vec).unwrap_or_default();
    let side = |name: &str| field(name).as_f64().unwrap_or_default();
    let boxes = numbers.as_chunks::<5>().0.iter().filter(|found| found[4] >= Thumb::SURE).copied().collect();
    let thumb = Thumb { address, size: (side("width"), side("height")), boxes };
    let before = store.pictures.thumbs.try_update(|thumbs| thumbs.insert(picture, thumb)).flatten();
    if let Some(before) = before {
        drop(Url::revoke_object_url(&before.address));
    }
}

/// Runs the job with what was seen.
fn hand_on(store: Store, classes: JsValue) {
    let (Some((source, files)), Some(job)) = (store.loaded(), store.sent.get_untracked()) else { return };
    let n = store.facts.with_untracked(|facts| facts.as_ref().map_or(0, |facts| facts.n_rows));
    let seen: JsValue = store.pictures.seen.with_value(|seen| {
        (0..n).map(|picture| seen.get(picture).cloned().unwrap_or(JsValue::UNDEFINED)).collect::<Array>().into()
    });
    running::start(store, &source, &files, &job, Some([seen, classes].iter().collect()));
}
