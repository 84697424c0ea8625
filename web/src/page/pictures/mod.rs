//! Step 4, Review, for pictures: the list with small pictures, the stage with boxes and masks, and what can be done about
//! them.

mod box_list;
mod boxes;
mod edits;
mod findings;
mod inspector;
mod issue_list;
mod keys;
mod masks;
mod patterns;
mod picture_list;
mod review;
mod so_far;
mod stage;
mod state;
mod toolbar;
mod view;
mod wording;

pub(crate) use edits::{Edits, IssueKey, Retouched, Verdict};
pub(crate) use findings::{
    Standing, box_picture, groups, is_rehearsal, mask_picture, predicted_box, predicted_mask, standing,
};
pub(crate) use keys::{KEYS, action};
pub(crate) use review::PictureReview;
pub(crate) use so_far::PicturesSoFar;
pub(crate) use state::{Mark, PictureAction, PictureSignals, Thumb, Tool};
pub(crate) use view::View;

use leptos::prelude::*;

use super::store::Store;

/// The picture that is shown.
fn shown(store: Store) -> Memo<Option<u32>> {
    Memo::new(move |_| {
        let (group, entry) = (store.group.get(), store.selected.get()?);
        store.found.with(|found| Some(found.as_ref()?.finding(group, entry)?.issue.row))
    })
}

/// The same without following it.
fn shown_now(store: Store) -> Option<u32> {
    let (group, entry) = (store.group.get_untracked(), store.selected.get_untracked()?);
    store.found.with_untracked(|found| Some(found.as_ref()?.finding(group, entry)?.issue.row))
}

/// The path of a picture.
fn path_of(store: Store, picture: u32) -> String {
    store.facts.with(|facts| {
        let pictures = facts.as_ref().and_then(|facts| facts.pictures.as_ref());
        let path = pictures.and_then(|facts| facts.files.get(facts.pictures.get(picture as usize)?.file));
        path.cloned().unwrap_or_default()
    })
}

/// The last part of a path.
fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

/// Names of the classes that boxes can have.
fn classes(store: Store) -> Vec<String> {
    store.facts.with(|facts| {
        facts.as_ref().and_then(|facts| facts.pictures.as_ref()).map_or_else(Vec::new, |facts| facts.classes.clone())
    })
}
