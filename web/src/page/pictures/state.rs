//! What is shown of pictures: the part of the store that only they need.

use std::collections::BTreeMap;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::edits::Edits;
use super::view::{Frame, View};
use crate::vision::Engine;

/// Something in a picture that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A box as it is now, by its place.
    Box(usize),
    /// What looks wrong, by its place among the issues of the picture.
    Issue(usize),
}

/// A small picture with what is predicted in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Thumb {
    /// Its address.
    pub(crate) address: String,
    /// Width and height of the large one.
    pub(crate) size: (f64, f64),
    /// Left, upper, right and lower edge of each box in pixels of the large one, and its score.
    pub(crate) boxes: Vec<[f64; 5]>,
}

impl Thumb {
    /// Score from which a box is shown.
    pub(crate) const SURE: f64 = 0.3;
}

/// What dragging does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tool {
    /// Chooses, moves and resizes boxes, and moves the picture.
    #[default]
    Choose,
    /// Draws a box: that of the chosen one anew, else another.
    Draw,
}

/// What is drawn over a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Layers {
    /// Whether boxes as they are now are.
    pub(crate) given: bool,
    /// Whether predicted boxes are.
    pub(crate) predicted: bool,
    /// How opaque masks are, from 0 to 1.
    pub(crate) opacity: f64,
}

impl Default for Layers {
    fn default() -> Self {
        Self { given: true, predicted: true, opacity: 0.5 }
    }
}

/// A request to do something about the picture that is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PictureAction {
    /// Choose a box or an issue, or nothing.
    Choose(Option<Mark>),
    /// Choose the mark that many places further.
    StepMark(i32),
    /// Take over what is predicted for an issue; absent for the chosen or the worst one.
    Accept(Option<usize>),
    /// Keep what an issue is about; absent for the chosen or the worst one.
    Keep(Option<usize>),
    /// Give a box other edges.
    Reshape(usize, [f64; 4]),
    /// Add a box.
    Add([f64; 4]),
    /// Give a box a class; absent for the chosen one.
    Relabel(Option<usize>, u32),
    /// Remove a box; absent for the chosen one.
    Remove(Option<usize>),
    /// Put the predicted mask in the place of the given one, or back.
    SwitchMask,
    /// Drag for something else.
    Take(Tool),
    /// Enlarge by that factor around the middle.
    Zoom(f64),
    /// See that part.
    Look(View),
    /// Draw other layers.
    Show(Layers),
}

/// The signals.
#[derive(Clone, Copy)]
pub(crate) struct PictureSignals {
    /// The changes.
    pub(crate) edits: RwSignal<Edits>,
    /// What is chosen.
    pub(crate) chosen: RwSignal<Option<Mark>>,
    /// What dragging does.
    pub(crate) tool: RwSignal<Tool>,
    /// The part that is seen.
    pub(crate) view: RwSignal<View>,
    /// Sizes of picture and stage.
    pub(crate) frame: RwSignal<Frame>,
    /// What is drawn.
    pub(crate) layers: RwSignal<Layers>,
    /// Small pictures as the vision engine made them.
    pub(crate) thumbs: RwSignal<BTreeMap<u32, Thumb>>,
    /// What the models see in each picture, as the vision engine gives it; undefined where it has not looked.
    pub(crate) seen: StoredValue<Vec<JsValue>, LocalStorage>,
    /// Pictures that the vision engine was asked to look at.
    pub(crate) asked: StoredValue<usize>,
    /// Those of them that it has seen.
    pub(crate) done: StoredValue<usize>,
    /// The vision engine, once it was needed.
    pub(crate) engine: StoredValue<Option<Engine>, LocalStorage>,
}

impl Default for PictureSignals {
    fn default() -> Self {
        Self {
            edits: RwSignal::default(),
            chosen: RwSignal::default(),
            tool: RwSignal::default(),
            view: RwSignal::default(),
            frame: RwSignal::default(),
            layers: RwSignal::default(),
            thumbs: RwSignal::default(),
            seen: StoredValue::new_local(Vec::new()),
            asked: StoredValue::new(0),
            done: StoredValue::new(0),
            engine: StoredValue::new_local(None),
        }
    }
}
