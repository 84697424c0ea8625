//! Deciding about the picture that is shown: its boxes, its mask, and what looks wrong with them.

use std::collections::BTreeMap;

use forge_core::{BoxIssueKind, DetectionPicture, TaskDetail};
use forge_data::{BoxKind, LabelledBox};
use leptos::prelude::*;
use web_sys::Url;

use super::super::found::Found;
use super::super::pictures::{
    Edits, IssueKey, Mark, PictureAction, Retouched, Standing, Tool, Verdict, View, box_picture, mask_picture,
    predicted_box, standing,
};
use super::super::store::Store;
use crate::protocol::{KeptBox, PictureSetFacts};

/// Least side of a box in pixels.
const LEAST: f64 = 2.0;

/// Forgets the pictures that were there; `facts` are those of the new ones, where there are any.
pub(super) fn start_over(store: Store, facts: Option<&PictureSetFacts>) {
    let pictures = store.pictures;
    pictures.edits.set(facts.map(Edits::new).unwrap_or_default());
    pictures.seen.set_value(Vec::new());
    let thumbs = pictures.thumbs.try_update(std::mem::take).unwrap_or_default();
    thumbs.values().for_each(|thumb| drop(Url::revoke_object_url(&thumb.address)));
    pictures.thumbs.set(BTreeMap::new());
    pictures.chosen.set(None);
    pictures.tool.set(Tool::default());
    pictures.view.set(View::default());
}

/// Begins with what a run shows, where it made boxes wrong on purpose; else goes on with the changes that there are.
pub(super) fn go_on(store: Store, found: &Found) {
    let rehearsed = store.pictures.edits.with_untracked(Edits::rehearses);
    let facts = store.facts.get_untracked();
    let Some(facts) = facts.as_ref().and_then(|facts| facts.pictures.as_ref()) else { return };
    match found.task().map(|report| &report.detail) {
        Some(TaskDetail::ObjectDetection(detail)) if detail.corruption.is_some() => {
            store.pictures.edits.set(Edits::rehearsal(facts, &detail.pictures));
        }
        _ if rehearsed => store.pictures.edits.set(Edits::new(facts)),
        _ => {}
    }
    store.pictures.chosen.set(None);
}

/// The picture that is shown.
fn shown(store: Store) -> Option<u32> {
    store.found.with_untracked(|found| {
        let finding = found.as_ref()?.finding(store.group.get_untracked(), store.selected.get_untracked()?)?;
        Some(finding.issue.row)
    })
}

/// Does it.
pub(super) fn act(store: Store, action: PictureAction) {
    let pictures = store.pictures;
    match action {
        PictureAction::Choose(mark) => return pictures.chosen.set(mark),
        PictureAction::Take(tool) => return pictures.tool.set(tool),
        PictureAction::Look(view) => return pictures.view.set(view),
        PictureAction::Show(layers) => return pictures.layers.set(layers),
        PictureAction::Zoom(factor) => {
            let frame = pictures.frame.get_untracked();
            let middle = (frame.stage.0 / 2.0, frame.stage.1 / 2.0);
            return pictures.view.update(|view| *view = frame.zoomed(*view, factor, middle));
        }
        _ => {}
    }
    let (Some(picture), Some(found)) = (shown(store), store.found.get_untracked()) else { return };
    if let PictureAction::StepMark(by) = action {
        return step_mark(store, &found, picture, by);
    }
    let frame = pictures.frame.get_untracked().picture;
    let chosen = pictures.chosen.get_untracked();
    let chosen_box = match chosen {
        Some(Mark::Box(place)) => Some(place),
        _ => None,
    };
    let change = |change: &dyn Fn(&mut Retouched)| pictures.edits.update(|edits| edits.change(picture, change));
    match action {
        PictureAction::Accept(issue) => settle(store, &found, (picture, issue), Verdict::Accepted),
        PictureAction::Keep(issue) => settle(store, &found, (picture, issue), Verdict::Kept),
        PictureAction::Reshape(place, edges) => change(&|now| {
            if let (Some(kept), Some(edges)) = (now.boxes.get_mut(place), within(edges, frame)) {
                set_edges(&mut kept.labelled, edges);
            }
        }),
        PictureAction::Add(edges) => {
            let Some([x1, y1, x2, y2]) = within(edges, frame) else { return };
            let n = pictures.edits.with_untracked(|edits| edits.state(picture).map_or(0, |now| now.boxes.len()));
            change(&|now| {
                let like = chosen_box.and_then(|place| now.boxes.get(place)).or(now.boxes.last());
                let class = like.map_or(0, |kept| kept.labelled.class);
                let labelled = LabelledBox { class, x1, y1, x2, y2, kind: BoxKind::Object };
                now.boxes.push(KeptBox { index: None, labelled });
            });
            pictures.chosen.set(Some(Mark::Box(n)));
        }
        PictureAction::Relabel(place, class) => {
            let n_classes = store.facts.with_untracked(|facts| {
                facts.as_ref().and_then(|facts| facts.pictures.as_ref()).map_or(0, |pictures| pictures.classes.len())
            });
            if let Some(place) = place.or(chosen_box).filter(|_| (class as usize) < n_classes) {
                change(&|now| {
                    if let Some(kept) = now.boxes.get_mut(place) {
                        kept.labelled.class = class;
                    }
                });
            }
        }
        PictureAction::Remove(place) => {
            if let Some(place) = place.or(chosen_box) {
                change(&|now| {
                    if place < now.boxes.len() {
                        now.boxes.remove(place);
                    }
                });
                pictures.chosen.set(None);
            }
        }
        PictureAction::SwitchMask if can_switch(&found, picture) => {
            change(&|now| now.mask_replaced = !now.mask_replaced);
        }
        _ => {}
    }
}

/// Whether a picture has a mask and a predicted one.
fn can_switch(found: &Found, picture: u32) -> bool {
    mask_picture(found, picture).is_some_and(|one| one.predicted.is_some() && one.given.is_some())
}

/// Edges in order and within the picture; none where too little is left.
fn within([x1, y1, x2, y2]: [f64; 4], (width, height): (f64, f64)) -> Option<[f64; 4]> {
    // Whole pixels are as exact as a hand is, and short in a file.
    let edge = |at: f64, most: f64| at.clamp(0.0, most).round();
    let (left, right) = (edge(x1.min(x2), width), edge(x1.max(x2), width));
    let (top, bottom) = (edge(y1.min(y2), height), edge(y1.max(y2), height));
    (right - left >= LEAST && bottom - top >= LEAST).then_some([left, top, right, bottom])
}

fn set_edges(labelled: &mut LabelledBox, [x1, y1, x2, y2]: [f64; 4]) {
    *labelled = LabelledBox { x1, y1, x2, y2, ..*labelled };
}

/// Settles an issue and chooses the next that is open.
fn settle(store: Store, found: &Found, (picture, issue): (u32, Option<usize>), verdict: Verdict) {
    let Some(report) = box_picture(found, picture) else {
        if verdict == Verdict::Accepted {
            act(store, PictureAction::SwitchMask);
        }
        return;
    };
    let pictures = store.pictures;
    let open = |now: &Retouched| (0..report.issues.len()).find(|&at| standing(report, at, now) == Standing::Open);
    let chosen = match pictures.chosen.get_untracked() {
        Some(Mark::Issue(issue)) => Some(issue),
        _ => None,
    };
    let first = pictures.edits.with_untracked(|edits| edits.state(picture).and_then(open));
    let Some(issue) = issue.or(chosen).or(first) else { return };
    pictures.edits.update(|edits| {
        edits.change(picture, |now| {
            if verdict == Verdict::Accepted {
                take_over(report, issue, now);
            }
            if let Some(one) = report.issues.get(issue) {
                let key = IssueKey::of(one);
                now.verdicts.retain(|(of, _)| *of != key);
                now.verdicts.push((key, verdict));
            }
        });
    });
    let next = pictures.edits.with_untracked(|edits| edits.state(picture).and_then(open));
    pictures.chosen.set(next.map(Mark::Issue));
}

/// Takes over what is predicted for an issue.
fn take_over(report: &DetectionPicture, issue: usize, now: &mut Retouched) {
    let (Some(issue), Some(predicted)) = (report.issues.get(issue), predicted_box(report, issue)) else { return };
    let given = issue.given.and_then(|place| report.given.get(place as usize));
    let place = given.and_then(|given| now.place_of(given.index));
    match (issue.kind, place) {
        (BoxIssueKind::Overlooked, _) => {
            let class = issue.suggested_class.unwrap_or(0);
            let mut labelled = LabelledBox { class, ..predicted };
            set_edges(&mut labelled, tenths(&predicted));
            now.boxes.push(KeptBox { index: None, labelled });
        }
        (BoxIssueKind::BadlyLocated, Some(place)) => {
            set_edges(&mut now.boxes[place].labelled, tenths(&predicted));
        }
        (BoxIssueKind::Swapped, Some(place)) => {
            if let Some(class) = issue.suggested_class {
                now.boxes[place].labelled.class = class;
            }
        }
        (_, None) => {}
    }
}

/// The edges of a predicted box to a tenth of a pixel, which is more than a model knows.
fn tenths(labelled: &LabelledBox) -> [f64; 4] {
    [labelled.x1, labelled.y1, labelled.x2, labelled.y2].map(|edge| (edge * 10.0).round() / 10.0)
}

/// Chooses the mark that many places further: issues first, then boxes.
fn step_mark(store: Store, found: &Found, picture: u32, by: i32) {
    let n_issues = box_picture(found, picture).map_or(0, |report| report.issues.len());
    let n_boxes = store.pictures.edits.with_untracked(|edits| edits.state(picture).map_or(0, |now| now.boxes.len()));
    let marks: Vec<Mark> = (0..n_issues).map(Mark::Issue).chain((0..n_boxes).map(Mark::Box)).collect();
    if marks.is_empty() {
        return;
    }
    let at = store.pictures.chosen.get_untracked().and_then(|mark| marks.iter().position(|other| *other == mark));
    let n = marks.len();
    let next = match at {
        Some(at) => (at + n).saturating_add_signed(by as isize) % n,
        None if by > 0 => 0,
        None => n - 1,
    };
    store.pictures.chosen.set(marks.get(next).copied());
}

/// Takes back the last step and shows the picture it was about.
pub(super) fn undo(store: Store) {
    let picture = store.pictures.edits.try_update(Edits::undo).flatten();
    show(store, picture);
}

/// Does the step that was taken back last again and shows the picture it is about.
pub(super) fn redo(store: Store) {
    let picture = store.pictures.edits.try_update(Edits::redo).flatten();
    show(store, picture);
}

/// Selects a picture where it is listed.
fn show(store: Store, picture: Option<u32>) {
    let Some(picture) = picture.filter(|picture| shown(store) != Some(*picture)) else { return };
    let at = store.found.with_untracked(|found| {
        let findings = found.as_ref()?.findings(store.group.get_untracked());
        findings.iter().position(|finding| finding.issue.row == picture)
    });
    if let Some(at) = at {
        store.pictures.chosen.set(None);
        store.selected.set(Some(at as u32));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_put_in_order_and_kept_within_the_picture() {
        assert_eq!(within([50.4, 9.0, -3.0, 2.6], (40.0, 30.0)), Some([0.0, 3.0, 40.0, 9.0]));
        assert_eq!(within([5.0, 5.0, 6.0, 20.0], (40.0, 30.0)), None);
    }
}
