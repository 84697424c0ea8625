//! Rows and trees as predicting reads them where there are one-hot columns: one number per dense column and per slot.
//!
//! A row takes a fraction of the room it takes unfolded, so that more rows go down a tree while it is in the cache.

use std::ops::Range;

use super::columns::single;
use super::tree::Tree;
use crate::Matrix;

/// Numbers a batch holds.
const ROOM: usize = 1 << 16;

/// Slot numbers from here on have no exact single precision.
const MOST_FEATURES: usize = 1 << 24;

/// Where a feature is found in a row.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// The number in this column.
    Number(u32),
    /// 1 where the slot in this column has the feature, else 0.
    Level(u32),
}

/// A node: rows with `value <= low` or `value >= high` go left, to the node that follows.
///
/// *Invariant*: a leaf has a `low` of NaN and keeps its leaf number in `column`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) column: u32,
    pub(super) low: f32,
    pub(super) high: f32,
    pub(super) right: u32,
}

/// A batch of rows, and the latest tree in the terms of their columns.
#[derive(Clone)]
pub(super) struct Compact {
    places: Vec<Place>,
    n_dense: usize,
    pub(super) width: usize,
    pub(super) values: Vec<f32>,
    pub(super) steps: Vec<Step>,
}

impl Compact {
    /// A reader of `features` for trees of `n_features` features; none where a feature is found in two slots.
    pub(super) fn new(features: &Matrix, n_features: usize) -> Option<Self> {
        if features.n_slots() == 0 || features.n_features() >= MOST_FEATURES {
            return None;
        }
        let n_dense = features.n_dense();
        // The last column is 0 in every row, as is a feature that no row has.
        let width = n_dense + features.n_slots() + 1;
        let nowhere = width as u32 - 1;
        let mut places: Vec<Place> = (0..n_features.max(features.n_features()) as u32)
            .map(|feature| Place::Number(if (feature as usize) < n_dense { feature } else { nowhere }))
            .collect();
        for row in 0..features.n_rows() {
            for (slot, &feature) in features.slot_row(row).iter().enumerate() {
                let column = (n_dense + slot) as u32;
                match places.get_mut(feature as usize) {
                    Some(Place::Level(owner)) if *owner != column => return None,
                    Some(place) => *place = Place::Level(column),
                    None => {}
                }
            }
        }
        Some(Self { places, n_dense, width, values: Vec::new(), steps: Vec::new() })
    }

    /// Rows that a batch holds.
    pub(super) fn capacity(&self) -> usize {
        (ROOM / self.width).max(16)
    }

    /// Reads the given rows.
    pub(super) fn fill(&mut self, features: &Matrix, rows: Range<usize>) {
        self.values.clear();
        for row in rows {
            self.values.extend(features.dense_row(row).iter().take(self.n_dense).map(|&x| single(x)));
            self.values.extend(features.slot_row(row).iter().map(|&feature| feature as f32));
            self.values.push(0.0);
        }
    }

    /// Reads a tree.
    pub(super) fn read(&mut self, tree: &Tree) {
        let Self { steps, places, .. } = self;
        steps.clear();
        steps.extend(tree.nodes.iter().map(|node| {
            let (low, right) = (node.threshold, node.right);
            let step = |column, low, high| Step { column, low, high, right };
            if node.is_leaf() {
                return step(node.feature, low, low);
            }
            match places[node.feature as usize] {
                Place::Number(column) => step(column, low, f32::INFINITY),
                // Both 0 and 1 lie on one side.
                Place::Level(column) if low < 0.0 => step(column, f32::NEG_INFINITY, f32::INFINITY),
                Place::Level(column) if low >= 1.0 => step(column, f32::INFINITY, f32::INFINITY),
                Place::Level(column) => step(column, node.feature as f32 - 0.5, node.feature as f32 + 0.5),
            }
        }));
    }
}
