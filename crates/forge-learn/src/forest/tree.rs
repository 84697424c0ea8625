//! A fitted tree and the way of rows through it.

use super::batch::Batch;
use super::compact::Compact;

/// A node in 16 bytes. The left child of a split follows it.
///
/// *Invariant*: a leaf has a threshold of NaN, is its own right child, and keeps its leaf number in `feature`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) feature: u32,
    pub(crate) threshold: f32,
    pub(crate) right: u32,
    /// Weight of the training rows that came here.
    pub(crate) weight: f32,
}

impl Node {
    pub(crate) fn is_leaf(&self) -> bool {
        self.threshold.is_nan()
    }
}

/// Nodes in the order of a depth-first walk, and what leaves predict.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
    pub(crate) leaves: Leaves,
}

/// Predictions of leaves. Leaves that hold one class alone share the numbers below `width`.
#[derive(Clone, Debug)]
pub(crate) struct Leaves {
    /// Numbers per leaf: the classes, or 1.
    pub(crate) width: usize,
    table: Vec<f64>,
}

impl Leaves {
    pub(crate) fn new(width: usize) -> Self {
        Self { width, table: Vec::new() }
    }

    /// Leaf numbers below this stand for a class.
    fn n_pure(&self) -> usize {
        if self.width > 1 { self.width } else { 0 }
    }

    /// Keeps a prediction that `write` appends, and returns the number of the leaf.
    pub(crate) fn push(&mut self, write: impl FnOnce(&mut Vec<f64>)) -> u32 {
        let first = self.table.len();
        write(&mut self.table);
        if self.width > 1
            && let Some(class) = self.table[first..].iter().position(|&p| p == 1.0)
        {
            self.table.truncate(first);
            return class as u32;
        }
        (self.n_pure() + first / self.width) as u32
    }

    /// Adds the prediction of a leaf to `out`, one number per class.
    #[inline]
    pub(crate) fn add(&self, leaf: u32, out: &mut [f64]) {
        let leaf = leaf as usize;
        if leaf < self.n_pure() {
            out[leaf] += 1.0;
        } else {
            let first = (leaf - self.n_pure()) * self.width;
            for (sum, p) in out.iter_mut().zip(&self.table[first..first + self.width]) {
                *sum += p;
            }
        }
    }

    pub(crate) fn shrink(&mut self) {
        self.table.shrink_to_fit();
    }
}

/// Rows that walk down side by side, so that waiting for memory overlaps.
const ABREAST: usize = 16;

/// Nodes of a tree that is shallow everywhere.
const SHALLOW: usize = 1024;

/// A row on its way down.
#[derive(Clone, Copy, Default)]
struct Walker {
    at: usize,
    row: usize,
}

/// Sends one row per place of `out` down a tree, and writes there the number of the leaf it comes to.
#[inline]
fn walk(out: &mut [u32], leaf: impl Fn(usize) -> Option<u32>, next: impl Fn(usize, usize) -> usize) {
    let mut walkers = [Walker::default(); ABREAST];
    let mut n_walking = ABREAST.min(out.len());
    walkers.iter_mut().enumerate().for_each(|(row, walker)| walker.row = row);
    let mut waiting = n_walking;
    while n_walking > 0 {
        let mut i = 0;
        while i < n_walking {
            let Walker { at, row } = walkers[i];
            if let Some(number) = leaf(at) {
                out[row] = number;
                if waiting < out.len() {
                    walkers[i] = Walker { at: 0, row: waiting };
                    waiting += 1;
                } else {
                    n_walking -= 1;
                    walkers[i] = walkers[n_walking];
                }
                continue;
            }
            walkers[i].at = next(at, row);
            i += 1;
        }
    }
}

impl Tree {
    /// The leaf number of each row of a batch.
    pub(crate) fn leaves_of(&self, batch: &Batch, out: &mut [u32]) {
        if self.nodes.len() <= SHALLOW {
            return self.leaves_of_block(batch, out);
        }
        let is_leaf = |at: usize| self.nodes[at].is_leaf().then_some(self.nodes[at].feature);
        walk(out, is_leaf, |at, row| {
            let node = self.nodes[at];
            let x = batch.values[row * batch.width + node.feature as usize];
            if x <= node.threshold { at + 1 } else { node.right as usize }
        });
    }

    /// The same for a batch without unfolded columns.
    pub(super) fn leaves_of_compact(&self, batch: &mut Compact, out: &mut [u32]) {
        batch.read(self);
        let (steps, width, values) = (&batch.steps, batch.width, &batch.values);
        let is_leaf = |at: usize| steps[at].low.is_nan().then_some(steps[at].column);
        walk(out, is_leaf, |at, row| {
            let step = steps[at];
            let x = values[row * width + step.column as usize];
            #[expect(clippy::needless_bitwise_bool, reason = "one choice without a branch, where || would make two")]
            let goes_left = (x <= step.low) | (x >= step.high);
            if goes_left { at + 1 } else { step.right as usize }
        });
    }

    /// The same for a tree whose leaves are about equally deep: rows go in step until the last has arrived.
    fn leaves_of_block(&self, batch: &Batch, out: &mut [u32]) {
        for (block, out) in out.chunks_mut(ABREAST).enumerate() {
            let mut at = [0_usize; ABREAST];
            let mut moved = true;
            while moved {
                moved = false;
                for (lane, at) in at.iter_mut().enumerate() {
                    let node = self.nodes[*at];
                    let row = block * ABREAST + lane.min(out.len() - 1);
                    // A leaf leads to itself, whatever is read for it.
                    let x = batch.values.get(row * batch.width + node.feature as usize).copied().unwrap_or(0.0);
                    let next = if x <= node.threshold { *at + 1 } else { node.right as usize };
                    moved |= next != *at;
                    *at = next;
                }
            }
            out.iter_mut().zip(at).for_each(|(leaf, at)| *leaf = self.nodes[at].feature);
        }
    }

    /// The nodes a row of a batch passes, root first.
    pub(crate) fn path<'a>(&'a self, batch: &'a Batch, row: usize) -> impl Iterator<Item = usize> + 'a {
        std::iter::successors(Some(0), move |&at: &usize| {
            let node = self.nodes[at];
            if node.is_leaf() {
                return None;
            }
            let x = batch.values[row * batch.width + node.feature as usize];
            Some(if x <= node.threshold { at + 1 } else { node.right as usize })
        })
    }

    /// The prediction of every node, that of a split being the mean of what lies below it; nodes × width.
    pub(crate) fn values(&self) -> Vec<f64> {
        let width = self.leaves.width;
        let mut values = vec![0.0; self.nodes.len() * width];
        for (at, node) in self.nodes.iter().enumerate().rev() {
            let (here, below) = values[at * width..].split_at_mut(width);
            if node.is_leaf() {
                self.leaves.add(node.feature, here);
                continue;
            }
            let right = node.right as usize;
            let (share_left, share_right) = (self.nodes[at + 1].weight, self.nodes[right].weight);
            let share = share_left as f64 / (share_left as f64 + share_right as f64);
            let right = &below[(right - at - 1) * width..];
            for (class, value) in here.iter_mut().enumerate() {
                *value = share * below[class] + (1.0 - share) * right[class];
            }
        }
        values
    }
}
