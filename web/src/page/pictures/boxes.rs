//! Boxes over a picture: given ones solid, predicted ones dashed, wrong ones in the colour and pattern of their trouble.

use forge_core::DetectionPicture;
use leptos::prelude::*;

use super::super::store::store;
use super::findings::{Standing, box_picture, standing};
use super::state::Mark;
use super::view::View;
use super::{classes, shown};
use crate::protocol::KeptBox;

/// Which edges dragging moves, across and down: -1 the first, 1 the second, 0 none; none at all moves the box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grip(pub(super) i8, pub(super) i8);

impl Grip {
    const ALL: [Self; 8] =
        [Self(-1, -1), Self(0, -1), Self(1, -1), Self(-1, 0), Self(1, 0), Self(-1, 1), Self(0, 1), Self(1, 1)];

    /// The grip of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grip| grip.name() == name)
    }

    fn name(self) -> String {
        let across = ["w", "", "e"][(self.0 + 1) as usize];
        let down = ["n", "", "s"][(self.1 + 1) as usize];
        format!("{down}{across}")
    }

    /// Its place on a box.
    fn place(self, [x1, y1, x2, y2]: [f64; 4]) -> (f64, f64) {
        let along = |at: i8, low: f64, high: f64| low + (high - low) * f64::from(at + 1) / 2.0;
        (along(self.0, x1, x2), along(self.1, y1, y2))
    }
}

/// A drag under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Drag {
    /// Moves what is seen, from a place on the stage; whether it began on an issue.
    Look {
        /// Where it began.
        start: (f64, f64),
        /// What was seen then.
        view: View,
        /// Whether something was chosen with it.
        marked: bool,
    },
    /// Draws, moves or resizes a box, from a place in the picture.
    Shape {
        /// Which edges move.
        grip: Grip,
        /// The edges as they were.
        from: [f64; 4],
        /// Where it began.
        start: (f64, f64),
        /// The box; none for a new one.
        of: Option<usize>,
    },
}

/// A box while it is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Draft {
    /// Which it will be; none for a new one.
    pub(super) of: Option<usize>,
    /// Its edges.
    pub(super) edges: [f64; 4],
}

/// Edges of which some are moved; a box that is moved whole stays within the picture.
pub(super) fn dragged([x1, y1, x2, y2]: [f64; 4], grip: Grip, (dx, dy): (f64, f64), size: (f64, f64)) -> [f64; 4] {
    if grip == Grip(0, 0) {
        let dx = dx.clamp(-x1, (size.0 - x2).max(-x1));
        let dy = dy.clamp(-y1, (size.1 - y2).max(-y1));
        return [x1 + dx, y1 + dy, x2 + dx, y2 + dy];
    }
    let by = |edge: f64, moves: bool, by: f64| if moves { edge + by } else { edge };
    [by(x1, grip.0 == -1, dx), by(y1, grip.1 == -1, dy), by(x2, grip.0 == 1, dx), by(y2, grip.1 == 1, dy)]
}

/// Height of a word on a box, and width of a letter of it, in pixels of the page.
const TAG: f64 = 16.0;
const LETTER: f64 = 6.7;

/// The boxes.
#[component]
pub(super) fn Boxes(
    /// Pixels of the page per pixel of the picture.
    scale: Memo<f64>,
    /// The drag under way.
    drag: RwSignal<Option<Drag>>,
    /// The box that is drawn.
    draft: RwSignal<Option<Draft>>,
) -> impl IntoView {
    let store = store();
    let picture = shown(store);
    let report = Memo::new(move |_| box_picture(store.found.get()?.as_ref(), picture.get()?).cloned());
    let now =
        Memo::new(move |_| store.pictures.edits.with(|edits| edits.state(picture.get()?).cloned()).unwrap_or_default());
    let kept = Memo::new(move |_| report.with(Option::is_some).then(|| now.with(|now| now.boxes.clone())));
    let names = Memo::new(move |_| classes(store));
    let layers = move || store.pictures.layers.get();
    let predicted = move || {
        let report = report.get().filter(|_| layers().predicted)?;
        let disputed: Vec<u32> = report.issues.iter().filter_map(|issue| issue.predicted).collect();
        let others = (0..).zip(&report.predicted).filter(|(place, _)| !disputed.contains(place));
        let drawn = others.map(|(_, predicted)| {
            let b = predicted.labelled;
            rect("box box-predicted", [b.x1, b.y1, b.x2, b.y2])
        });
        Some(drawn.collect::<Vec<_>>())
    };
    let given = move || {
        let boxes = kept.get().filter(|_| layers().given)?;
        let several = names.with(|names| names.len() > 1);
        let chosen = store.pictures.chosen.get();
        let drawn = boxes.into_iter().enumerate().map(|(place, kept)| {
            let is_chosen = chosen == Some(Mark::Box(place));
            let edges = edges(&kept);
            let text = edges.map(|edge| edge.to_string()).join(" ");
            let name = names.with(|names| names.get(kept.labelled.class as usize).cloned().unwrap_or_default());
            view! {
                <g class="given" class:given-chosen=is_chosen class:given-new=kept.index.is_none()>
                    {rect("box box-halo", edges)}
                    {rect("box box-given", edges)}
                    <rect
                        class="box-grab"
                        x=edges[0].to_string() y=edges[1].to_string()
                        width=(edges[2] - edges[0]).to_string() height=(edges[3] - edges[1]).to_string()
                        data-testid="given-box" data-place=place.to_string() data-edges=text
                    />
                    {(several || is_chosen).then(|| tag("box-tag", (edges[0], edges[1]), name, scale))}
                </g>
            }
        });
        Some(drawn.collect::<Vec<_>>())
    };
    let issues = move || {
        let report = report.get()?;
        let drawn = (0..report.issues.len()).map(|at| issue(store, &report, at, now));
        Some(drawn.collect::<Vec<_>>())
    };
    let grips = move || {
        let Some(Mark::Box(place)) = store.pictures.chosen.get() else { return None };
        if drag.with(Option::is_some) {
            return None;
        }
        let edges = edges(kept.get()?.get(place)?);
        let text = edges.map(|edge| edge.to_string()).join(" ");
        let side = 9.0 / scale.get();
        let one = |grip: Grip| {
            let (x, y) = grip.place(edges);
            view! {
                <rect
                    class=format!("grip grip-{}", grip.name())
                    x=(x - side / 2.0).to_string() y=(y - side / 2.0).to_string()
                    width=side.to_string() height=side.to_string()
                    data-testid=format!("grip-{}", grip.name())
                    data-grip=grip.name() data-place=place.to_string() data-edges=text.clone()
                />
            }
        };
        Some(Grip::ALL.map(one).collect_view())
    };
    let drawn = move || {
        draft.get().map(|draft| {
            let [x1, y1, x2, y2] = draft.edges;
            rect("box box-draft", [x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2)])
        })
    };
    view! {
        {predicted}
        {given}
        {issues}
        {grips}
        {drawn}
    }
}

fn edges(kept: &KeptBox) -> [f64; 4] {
    [kept.labelled.x1, kept.labelled.y1, kept.labelled.x2, kept.labelled.y2]
}

fn rect(class: &'static str, [x1, y1, x2, y2]: [f64; 4]) -> impl IntoView {
    view! {
        <rect class=class x=x1.to_string() y=y1.to_string() width=(x2 - x1).to_string() height=(y2 - y1).to_string()/>
    }
}

/// A word on a box, as large as other words on the page.
fn tag(class: &'static str, (x, y): (f64, f64), word: String, scale: Memo<f64>) -> impl IntoView {
    let width = word.chars().count() as f64 * LETTER + 10.0;
    view! {
        <g
            class=class
            transform=move || {
                let px = 1.0 / scale.get();
                format!("translate({x} {}) scale({px})", (y - TAG * px).max(0.0))
            }
        >
            <rect width=width.to_string() height=TAG.to_string() rx="3"/>
            <text x="5" y="12">{word}</text>
        </g>
    }
}

/// What looks wrong: the box in question hatched, and the one that is predicted dashed.
fn issue(
    store: super::super::store::Store,
    report: &DetectionPicture,
    at: usize,
    now: Memo<super::edits::Retouched>,
) -> Option<impl IntoView + use<>> {
    let one = report.issues.get(at)?;
    let is_chosen = store.pictures.chosen.get() == Some(Mark::Issue(at));
    let stands = now.with(|now| standing(report, at, now));
    let predicted = one.predicted.and_then(|place| report.predicted.get(place as usize)).map(|predicted| {
        let b = predicted.labelled;
        [b.x1, b.y1, b.x2, b.y2]
    });
    let kind = one.kind.name();
    let edges = one.edges;
    (stands == Standing::Open || is_chosen).then(|| {
        view! {
            <g class=format!("issue issue-{kind}") class:issue-chosen=is_chosen>
                {predicted.map(|edges| view! { {rect("box box-halo", edges)} {rect("box box-dashed", edges)} })}
                {rect("box issue-edge", edges)}
                <rect
                    class="issue-fill"
                    fill=format!("url(#hatch-{kind})")
                    x=edges[0].to_string() y=edges[1].to_string()
                    width=(edges[2] - edges[0]).to_string() height=(edges[3] - edges[1]).to_string()
                    data-testid="issue-box" data-issue=at.to_string() data-kind=kind
                />
            </g>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_that_is_moved_stays_within_the_picture_and_an_edge_moves_alone() {
        let size = (100.0, 50.0);
        assert_eq!(dragged([10.0, 10.0, 30.0, 20.0], Grip(0, 0), (-40.0, 90.0), size), [0.0, 40.0, 20.0, 50.0]);
        assert_eq!(dragged([10.0, 10.0, 30.0, 20.0], Grip(1, 0), (5.0, 5.0), size), [10.0, 10.0, 35.0, 20.0]);
    }

    #[test]
    fn every_grip_is_found_by_its_name() {
        for grip in Grip::ALL {
            assert_eq!(Grip::named(&grip.name()), Some(grip));
        }
        assert_eq!(Grip::named(""), None);
    }
}
