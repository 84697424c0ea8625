//! Grows one tree: the leaf with the best split is split next, as in scikit-learn's `TreeGrower`.
//!
//! Rows lie in one array in which every node owns a stretch; splitting parts the stretch. The smaller child's histogram is
//! counted, the larger's is what remains of the parent's. Validation rows travel along in a second array, so no tree is
//! ever walked during training.

use std::collections::BinaryHeap;
use std::ops::Range;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::gradients::{Entry, Units, add, minus};
use super::histogram::{Histogram, build, subtract};
use super::split::{Split, Splitter, Test};
use crate::Host;
use crate::binning::{Binned, Candidate, Kind};

/// How a tree grows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Growth {
    pub(super) max_leaf_nodes: Option<usize>,
    pub(super) max_depth: Option<usize>,
    pub(super) min_samples_leaf: usize,
    pub(super) l2_regularization: f64,
    pub(super) shrinkage: f64,
    /// Features among which each node chooses, of how many; `None` for all.
    pub(super) n_chosen: Option<(usize, usize)>,
    /// Seed of that choice.
    pub(super) seed: u64,
}

/// A node of a grown tree.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grown {
    /// Value after shrinkage; of the root what a tree without splits would say.
    pub(super) value: f64,
    /// How it was split and its left child; the right one follows that.
    pub(super) split: Option<(Split, usize)>,
    /// Its fit rows in the order of [`Workspace::rows`].
    rows: Range<usize>,
    /// Its validation rows likewise.
    validation: Range<usize>,
    sums: Entry,
    depth: usize,
}

/// A node that can be split, ordered by gain and then by age.
#[derive(Debug)]
struct Open {
    node: usize,
    split: Split,
    histogram: Histogram,
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.split.gain.total_cmp(&other.split.gain).then(other.node.cmp(&self.node))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Open {}

/// Buffers that outlive a tree.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    rows: Vec<u32>,
    validation: Vec<u32>,
    buffer: Vec<u32>,
    ordered: Vec<Entry>,
    spare: Vec<Histogram>,
}

/// What a tree is grown on.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) binned: &'a Binned,
    /// Rows that trees learn from, ascending.
    pub(super) rows: &'a [u32],
    /// Rows that only travel along.
    pub(super) validation: &'a [u32],
    pub(super) host: &'a dyn Host,
}

impl Workspace {
    /// Grows a tree on the derivatives of all rows.
    pub(super) fn grow(
        &mut self,
        ground: Ground<'_>,
        derivatives: &[Entry],
        units: Units,
        growth: Growth,
    ) -> Vec<Grown> {
        self.rows.clear();
        self.rows.extend_from_slice(ground.rows);
        self.validation.clear();
        self.validation.extend_from_slice(ground.validation);
        self.buffer.resize(ground.rows.len().max(ground.validation.len()), 0);
        let mut growing = Growing {
            splitter: Splitter {
                candidates: &ground.binned.candidates,
                columns: &ground.binned.columns,
                units,
                min_samples_leaf: growth.min_samples_leaf,
                l2_regularization: growth.l2_regularization,
            },
            ground,
            derivatives,
            growth,
            choice: growth.n_chosen.map(|chosen| (chosen, ChaCha8Rng::seed_from_u64(growth.seed))),
            nodes: Vec::new(),
            open: BinaryHeap::new(),
            space: self,
        };
        growing.root();
        while let Some(open) = growing.open.pop() {
            growing.split(open);
        }
        growing.nodes
    }

    /// Adds the value of its leaf to the score of every row, validation rows included.
    pub(super) fn add_to_scores(&self, nodes: &[Grown], scores: &mut [f64]) {
        for leaf in nodes.iter().filter(|node| node.split.is_none()) {
            let rows = &self.rows[leaf.rows.clone()];
            for &row in rows.iter().chain(&self.validation[leaf.validation.clone()]) {
                scores[row as usize] += leaf.value;
            }
        }
    }
}

struct Growing<'a> {
    splitter: Splitter<'a>,
    ground: Ground<'a>,
    derivatives: &'a [Entry],
    growth: Growth,
    choice: Option<((usize, usize), ChaCha8Rng)>,
    nodes: Vec<Grown>,
    open: BinaryHeap<Open>,
    space: &'a mut Workspace,
}

impl Growing<'_> {
    fn root(&mut self) {
        let mut sums = [0, 0];
        self.space.rows.iter().for_each(|&row| add(&mut sums, self.derivatives[row as usize]));
        let value = self.splitter.value(sums) * self.growth.shrinkage;
        let (rows, validation) = (0..self.space.rows.len(), 0..self.space.validation.len());
        self.nodes.push(Grown { value, split: None, rows: rows.clone(), validation, sums, depth: 0 });
        let too_few = rows.len() < 2 * self.growth.min_samples_leaf;
        if !too_few && self.growth.max_leaf_nodes != Some(1) && self.growth.max_depth != Some(0) {
            let histogram = self.count(rows);
            self.consider(0, histogram);
        }
    }

    /// The histogram of a stretch of rows.
    fn count(&mut self, rows: Range<usize>) -> Histogram {
        let columns = &self.ground.binned.columns;
        let mut histogram = self.space.spare.pop().unwrap_or_default();
        histogram.resize(columns.n_entries(), [0, 0]);
        let rows = &self.space.rows[rows];
        self.space.ordered.clear();
        self.space.ordered.extend(rows.iter().map(|&row| self.derivatives[row as usize]));
        build(columns, rows, &self.space.ordered, &mut histogram, self.ground.host);
        histogram
    }

    /// Opens a node for splitting where a split gains anything.
    fn consider(&mut self, node: usize, histogram: Histogram) {
        let mask = self.choice.as_mut().map(|((n_chosen, n_features), rng)| {
            let mut mask = vec![false; *n_features];
            mask[..*n_chosen].fill(true);
            mask.shuffle(rng);
            mask
        });
        let Grown { sums, depth, .. } = self.nodes[node];
        let value = if depth == 0 { 0.0 } else { self.splitter.value(sums) };
        match self.splitter.best(&histogram, sums, value, mask.as_deref()) {
            Some(split) => self.open.push(Open { node, split, histogram }),
            None => self.space.spare.push(histogram),
        }
    }

    fn split(&mut self, Open { node, mut split, mut histogram }: Open) {
        let Grown { rows, validation, sums, depth, .. } = self.nodes[node].clone();
        let candidate = self.ground.binned.candidates[split.candidate];
        let columns = &self.ground.binned.columns;
        let units = self.splitter.units;
        let n_left = units.count(split.left);
        if !matches!(candidate.kind, Kind::Ordered { has_missing: true, .. } | Kind::Category { has_missing: true, .. })
        {
            // Where no fit row misses the value, rows that do follow the larger child.
            split.missing_left = n_left > units.count(sums) - n_left;
        }
        let left_codes = left_codes(&candidate, &split, columns.column(candidate.column).n_codes);
        let space = &mut *self.space;
        let middle = rows.start
            + columns.partition(candidate.column, &left_codes, &mut space.rows[rows.clone()], &mut space.buffer);
        debug_assert_eq!(middle - rows.start, n_left);
        let validation_middle = validation.start
            + columns.partition(
                candidate.column,
                &left_codes,
                &mut space.validation[validation.clone()],
                &mut space.buffer,
            );
        let left = self.nodes.len();
        let of_child = |sums, rows, validation| Grown {
            value: self.splitter.value(sums) * self.growth.shrinkage,
            split: None,
            rows,
            validation,
            sums,
            depth: depth + 1,
        };
        let right_sums = minus(sums, split.left);
        let children = [
            of_child(split.left, rows.start..middle, validation.start..validation_middle),
            of_child(right_sums, middle..rows.end, validation_middle..validation.end),
        ];
        self.nodes.extend(children);
        self.nodes[node].split = Some((split, left));

        // Every split makes two nodes and one more leaf.
        if Some(self.nodes.len().div_ceil(2)) == self.growth.max_leaf_nodes {
            self.space.spare.push(histogram);
            let open = self.open.drain().map(|open| open.histogram);
            self.space.spare.extend(open);
            return;
        }
        let splittable = |n: usize| n >= 2 * self.growth.min_samples_leaf && Some(depth + 1) != self.growth.max_depth;
        let sizes = [middle - rows.start, rows.end - middle];
        if !sizes.iter().any(|&n| splittable(n)) {
            self.space.spare.push(histogram);
            return;
        }
        let splittable = sizes.map(splittable);
        let smaller = usize::from(sizes[0] >= sizes[1]);
        let counted = self.count([rows.start..middle, middle..rows.end][smaller].clone());
        subtract(&mut histogram, &counted);
        let mut histograms = [Some(counted), Some(histogram)];
        if smaller == 1 {
            histograms.reverse();
        }
        for (child, histogram) in histograms.into_iter().enumerate() {
            match histogram {
                Some(histogram) if splittable[child] => self.consider(left + child, histogram),
                Some(histogram) => self.space.spare.push(histogram),
                None => {}
            }
        }
    }
}

/// Which codes of its column a split sends left.
fn left_codes(candidate: &Candidate, split: &Split, n_codes: usize) -> Vec<bool> {
    let mut left: Vec<bool> = match (&split.test, candidate.kind) {
        (Test::Lower, Kind::Indicator { code: marked, marks_upper }) => {
            (0..n_codes).map(|code| (code == marked) != marks_upper).collect()
        }
        (Test::UpTo(bin), _) => (0..n_codes).map(|code| code <= *bin).collect(),
        (Test::Lower, _) => vec![false; n_codes],
        (Test::Among(codes), _) => {
            let mut left = vec![false; n_codes];
            codes.iter().for_each(|&code| left[code as usize] = true);
            left
        }
    };
    if let Kind::Ordered { n_bins: missing, .. } | Kind::Category { n_levels: missing, .. } = candidate.kind
        && let Some(missing) = left.get_mut(missing)
    {
        *missing = split.missing_left;
    }
    left
}
