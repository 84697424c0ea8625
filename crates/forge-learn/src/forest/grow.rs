//! Grows one tree, depth first.
//!
//! At each node features are drawn without replacement until `max_features` have been looked at and at least one of
//! them was not constant, as scikit-learn does. Features once found constant stay so below and are not looked at again:
//! each node has a list of those that may vary, and of the others it only matters how many there are.
//! One-hot features have their sums from those of the parent, where sums are exact; else all features of a slot are
//! counted together, the first time one of them is drawn.

use std::ops::Range;

use rand_chacha::ChaCha8Rng;

use super::columns::{ABSENT, Columns, Group, Store};
use super::inherited::{FEW_ROWS, Inherited, Part};
use super::network::MOST_RANKS;
use super::split::{COPIES, Cut, Found, Left, NodeView, Overall, Splitter, below, put_all};
use super::target::Target;
use super::tree::{Leaves, Node, Tree};

/// When a tree stops growing, and how many features a node looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) max_depth: usize,
    pub(super) min_samples_split: usize,
    pub(super) min_samples_leaf: usize,
    pub(super) max_features: usize,
}

/// A tree, and the weighted impurity each feature took away.
pub(super) struct Grown {
    pub(super) tree: Tree,
    pub(super) gains: Vec<f64>,
}

/// A node not yet grown.
struct Open<T: Target> {
    rows: Range<usize>,
    depth: usize,
    /// The split whose right child this is.
    right_of: Option<usize>,
    /// Where in [`Grower::varying`] the features are that may vary in its parent.
    varying: Range<usize>,
    /// Whether its rows are numbers of rows in [`Grower::near`].
    is_near: bool,
    /// The sums of its one-hot features, where its parent passed them on.
    sums: Option<T::Bins>,
}

/// The state of growing.
pub(super) struct Grower<'a, T: Target, S: Splitter<T>> {
    columns: &'a Columns<S::Value>,
    /// The rows of a node small enough for them to lie close together, for it and all below it.
    near: Store<S::Value>,
    near_rows: usize,
    limits: Limits,
    rng: ChaCha8Rng,
    splitter: S,
    rows: Vec<u32>,
    items: Vec<T::Item>,
    spare_rows: Vec<u32>,
    spare_items: Vec<T::Item>,
    total: T,
    left: T,
    right: T,
    /// Sums per one-hot feature of the groups counted in this node, and of "none".
    bins: T::Bins,
    inherited: Inherited<T>,
    counted: Vec<u32>,
    is_counted: Vec<bool>,
    /// Lists of features that may vary, each node's after those of the nodes above it.
    varying: Vec<u32>,
    /// Features found constant in this node.
    constants: Vec<u32>,
    is_constant: Vec<bool>,
}

impl<'a, T: Target, S: Splitter<T>> Grower<'a, T, S> {
    /// Prepares to grow from `rows`, which bring `items`.
    pub(super) fn new(
        columns: &'a Columns<S::Value>,
        limits: Limits,
        target: &T,
        (rows, items): (Vec<u32>, Vec<T::Item>),
        rng: ChaCha8Rng,
    ) -> Self {
        // Copying pays where most columns will be looked at on the way down.
        let n_columns = columns.n_dense + columns.n_slots;
        let most_looked_at = n_columns <= 4 * limits.max_features;
        let near_rows = if most_looked_at { (NEAR / n_columns.max(1)).min(MOST_RANKS) } else { 0 };
        Self {
            splitter: S::new(columns, target, limits.max_features),
            near: Store::empty_like(&columns.all),
            near_rows,
            columns,
            limits,
            rng,
            spare_rows: rows.clone(),
            spare_items: items.clone(),
            total: target.clone(),
            left: target.clone(),
            right: target.clone(),
            bins: target.bins((columns.n_one_hot() + 1) * COPIES),
            inherited: Inherited::new(target, columns, most_looked_at),
            counted: Vec::new(),
            is_counted: vec![false; columns.groups.len()],
            varying: (0..columns.n_features as u32).collect(),
            constants: Vec::new(),
            is_constant: vec![false; columns.n_features],
            rows,
            items,
        }
    }

    /// Grows the tree, unless `stop` says not to go on.
    pub(super) fn grow(mut self, width: usize, stop: &dyn Fn() -> bool) -> Option<Grown> {
        let mut nodes: Vec<Node> = Vec::new();
        let mut leaves = Leaves::new(width);
        let mut gains = vec![0.0; self.columns.n_features];
        let sums = self.inherited.pays(self.rows.len()).then(|| {
            let Self { inherited, columns, rows, items, .. } = &mut self;
            inherited.count(&columns.all, (rows, items))
        });
        let (rows, varying) = (0..self.rows.len(), 0..self.varying.len());
        let mut open = vec![Open { rows, depth: 0, right_of: None, varying, is_near: false, sums }];
        let mut unasked = 0;
        while let Some(mut node) = open.pop() {
            unasked += node.rows.len();
            if unasked > 1 << 18 {
                unasked = 0;
                if stop() {
                    return None;
                }
            }
            let number = nodes.len();
            if let Some(split) = node.right_of {
                nodes[split].right = number as u32;
            }
            self.total.clear();
            for &item in &self.items[node.rows.clone()] {
                self.total.add(item);
            }
            let weight = self.total.weight() as f32;
            let chosen = if self.may_split(&node) {
                self.approach(&mut node);
                self.choose(&mut node)
            } else {
                None
            };
            let Some((feature, cut)) = chosen else {
                self.inherited.give_back(node.sums);
                let leaf = leaves.push(|out| self.total.predict(width, out));
                nodes.push(Node { feature: leaf, threshold: f32::NAN, right: number as u32, weight });
                continue;
            };
            gains[feature] += (cut.score - self.total.score()).max(0.0);
            let (middle, threshold) = match cut.left {
                Left::UpTo { value, next } => {
                    let store = if node.is_near { &self.near } else { &self.columns.all };
                    let column = store.column(feature);
                    let parts = Parts {
                        rows: &mut self.rows[node.rows.clone()],
                        items: &mut self.items[node.rows.clone()],
                        spare_rows: &mut self.spare_rows,
                        spare_items: &mut self.spare_items,
                    };
                    let threshold = S::threshold(self.columns, feature, value, next);
                    (parts.divide(|row| column[row] <= value), threshold)
                }
                Left::Without => (self.divide_one_hot(&node, feature), 0.5),
            };
            nodes.push(Node { feature: feature as u32, threshold, right: 0, weight });
            let middle = node.rows.start + middle;
            let [left_sums, right_sums] = self.pass_on(&mut node, middle);
            let (depth, varying, is_near) = (node.depth + 1, node.varying, node.is_near);
            let (left, right) = (node.rows.start..middle, middle..node.rows.end);
            let right_of = Some(number);
            open.push(Open { rows: right, depth, right_of, varying: varying.clone(), is_near, sums: right_sums });
            open.push(Open { rows: left, depth, right_of: None, varying, is_near, sums: left_sums });
        }
        nodes.shrink_to_fit();
        leaves.shrink();
        Some(Grown { tree: Tree { nodes, leaves }, gains })
    }

    /// Copies the rows of a node that has become small.
    ///
    /// Nodes are grown depth first, so no other node needs the copy before all below this one are done.
    fn approach(&mut self, node: &mut Open<T>) {
        let m = node.rows.len();
        if node.is_near || m > self.near_rows {
            return;
        }
        let rows = &mut self.rows[node.rows.clone()];
        self.near.become_rows(&self.columns.all, rows);
        self.splitter.approach(self.columns, &self.near, rows);
        rows.iter_mut().zip(0..).for_each(|(row, i)| *row = i);
        node.is_near = true;
    }

    /// Hands the sums of a divided node on to its children.
    fn pass_on(&mut self, node: &mut Open<T>, middle: usize) -> [Option<T::Bins>; 2] {
        let Some(sums) = node.sums.take() else { return [None, None] };
        let ranges = [node.rows.start..middle, middle..node.rows.end];
        self.left.clear();
        for &item in &self.items[ranges[0].clone()] {
            self.left.add(item);
        }
        self.right.become_rest(&self.total, &self.left);
        let parts = ranges.map(|range| (&self.rows[range.clone()], &self.items[range]));
        let wants = |sums: &T, side: usize| self.inherited.pays(parts[side].0.len()) && !sums.is_pure(parts[side].1);
        let wanted = [wants(&self.left, 0), wants(&self.right, 1)];
        let store = if node.is_near { &self.near } else { &self.columns.all };
        self.inherited.pass_on(sums, wanted, store, parts)
    }

    /// Whether a node whose sums are in `total` may be split.
    fn may_split(&self, node: &Open<T>) -> bool {
        let m = node.rows.len();
        let Limits { max_depth, min_samples_split, min_samples_leaf, .. } = self.limits;
        node.depth < max_depth
            && m >= min_samples_split
            && m >= 2 * min_samples_leaf
            && !self.total.is_pure(&self.items[node.rows.clone()])
    }

    /// The best split of a node whose sums are in `total`, if any divides it, with its feature.
    fn choose(&mut self, node: &mut Open<T>) -> Option<(usize, Cut<S::Value>)> {
        let m = node.rows.len();
        let Limits { min_samples_leaf, max_features, .. } = self.limits;
        // Nothing is better than two pure sides, so the first such split will do.
        let enough = if m == 2 { f64::NEG_INFINITY } else { self.total.best_possible() };
        let mut best: Option<(usize, Cut<S::Value>)> = None;
        // Of two rows the first feature that varies will do: no use in looking at all.
        if m > 2 {
            let view = node_view(node, (&self.rows, &self.items), &self.total, min_samples_leaf);
            match self.splitter.best_of_all(self.columns, &view, &mut self.rng) {
                Overall::Unknown => {}
                Overall::Nothing => return None,
                Overall::Cut(feature, cut) => return Some((feature, cut)),
            }
        }
        self.narrow(node);
        let mut any_varies = false;
        // Those from here to the end of the list have been drawn.
        let mut first = node.varying.end;
        let mut wanted = max_features;
        'looking: while first > node.varying.start {
            let end = first;
            first = self.draw(node.varying.start..end, wanted);
            for place in (first..end).rev() {
                let feature = self.varying[place] as usize;
                if self.is_constant[feature] {
                    continue;
                }
                let found = if feature < self.columns.n_dense {
                    let rows = node_view(node, (&self.rows, &self.items), &self.total, min_samples_leaf);
                    let store = if node.is_near { &self.near } else { &self.columns.all };
                    self.splitter.look((self.columns, store), feature, &rows, &mut self.rng)
                } else {
                    self.look_at_one_hot(feature, node)
                };
                match found {
                    Found::Constant => self.mark_constant(feature),
                    Found::Nothing => any_varies = true,
                    Found::Cut(cut) => {
                        any_varies = true;
                        if best.is_none_or(|(_, best)| cut.score > best.score) {
                            best = Some((feature, cut));
                            if cut.score >= enough {
                                break 'looking;
                            }
                        }
                    }
                }
            }
            if any_varies {
                break;
            }
            wanted = 0;
        }
        self.forget_counts(node);
        self.leave_out_constants(node);
        best
    }

    /// Gives a node whose sums are known a list of its own, without the one-hot features that do not vary in it.
    fn narrow(&mut self, node: &mut Open<T>) {
        self.varying.truncate(node.varying.end);
        let Some(sums) = &node.sums else { return };
        let (n_dense, m) = (self.columns.n_dense as u32, node.rows.len());
        let start = node.varying.end;
        self.varying.resize(start + node.varying.len(), 0);
        let (above, list) = self.varying.split_at_mut(start);
        let mut n_varying = 0;
        for &feature in &above[node.varying.clone()] {
            let with = T::rows_in(sums, feature.saturating_sub(n_dense) as usize);
            // All are written and some count, which spares a branch no processor foresees.
            list[n_varying] = feature;
            #[expect(clippy::needless_bitwise_bool, reason = "one choice without a branch, where || would make two")]
            let varies = (feature < n_dense) | ((with != 0) & (with != m));
            n_varying += usize::from(varies);
        }
        node.varying = start..start + n_varying;
        self.varying.truncate(node.varying.end);
    }

    /// Gives the nodes below a list without the features found constant in this one.
    fn leave_out_constants(&mut self, node: &mut Open<T>) {
        if self.constants.is_empty() {
            return;
        }
        let start = node.varying.end;
        for place in node.varying.clone() {
            let feature = self.varying[place];
            if !self.is_constant[feature as usize] {
                self.varying.push(feature);
            }
        }
        node.varying = start..self.varying.len();
        for constant in self.constants.drain(..) {
            self.is_constant[constant as usize] = false;
        }
    }

    /// Draws `wanted` features without replacement and moves those that may vary, which are at `places`, to their end;
    /// returns the place of the first. If 0 are wanted it draws one of those that may vary.
    fn draw(&mut self, places: Range<usize>, wanted: usize) -> usize {
        let Self { varying, rng, .. } = self;
        let list = &mut varying[places.clone()];
        let mut n_left = list.len();
        if wanted == 0 {
            list.swap(below(rng, n_left), n_left - 1);
            return places.end - 1;
        }
        let n_features = self.columns.n_features;
        for n_undrawn in (n_features - wanted.min(n_features) + 1..=n_features).rev() {
            if n_left == 0 {
                break;
            }
            let drawn = below(rng, n_undrawn);
            let is_listed = drawn < n_left;
            // A swap with itself, where the feature drawn is none of them, spares a branch no processor foresees.
            list.swap(if is_listed { drawn } else { n_left - 1 }, n_left - 1);
            n_left -= usize::from(is_listed);
        }
        places.start + n_left
    }

    fn mark_constant(&mut self, feature: usize) {
        if !self.is_constant[feature] {
            self.is_constant[feature] = true;
            self.constants.push(feature as u32);
        }
    }

    fn look_at_one_hot(&mut self, feature: usize, node: &Open<T>) -> Found<S::Value> {
        let one_hot = feature - self.columns.n_dense;
        let group = self.columns.group_of(one_hot);
        if group == ABSENT {
            return Found::Constant;
        }
        if let Some(sums) = &node.sums {
            self.right.load(sums, one_hot);
        } else if node.rows.len() <= FEW_ROWS {
            self.compare(group, one_hot as u32, node);
        } else {
            if !self.is_counted[group as usize] {
                self.count(group, node);
            }
            self.right.load(&self.bins, one_hot);
        }
        let (with, m) = (self.right.rows(), self.total.rows());
        if with == 0 || with == m {
            return Found::Constant;
        }
        if with.min(m - with) < self.limits.min_samples_leaf {
            return Found::Nothing;
        }
        self.left.become_rest(&self.total, &self.right);
        Found::Cut(Cut { score: self.left.score() + self.right.score(), left: Left::Without })
    }

    /// Makes `right` the sums of the few rows of a node that have a one-hot feature.
    fn compare(&mut self, group: u32, one_hot: u32, node: &Open<T>) {
        let Group { slots, .. } = &self.columns.groups[group as usize];
        let store = if node.is_near { &self.near } else { &self.columns.all };
        self.right.clear();
        for &slot in slots {
            for (&row, &item) in self.rows[node.rows.clone()].iter().zip(&self.items[node.rows.clone()]) {
                if store.level(row as usize, slot) == one_hot {
                    self.right.add(item);
                }
            }
        }
    }

    /// Counts all one-hot features of a group.
    fn count(&mut self, group: u32, node: &Open<T>) {
        self.is_counted[group as usize] = true;
        self.counted.push(group);
        let columns = self.columns;
        let Group { slots, members } = &columns.groups[group as usize];
        let store = if node.is_near { &self.near } else { &columns.all };
        let (rows, items) = (&self.rows[node.rows.clone()], &self.items[node.rows.clone()]);
        let m = self.total.rows();
        let stride = columns.n_one_hot() + 1;
        let range = match members[..] {
            [] => 0..0,
            [first, ..] => first as usize..members[members.len() - 1] as usize + 1,
        };
        for &slot in slots {
            // Rows without a level go to the last bin, which nobody reads.
            put_all::<T>(
                &mut self.bins,
                (stride, range.clone()),
                rows.iter().map(|&row| store.level(row as usize, slot) as usize),
                items,
            );
        }
        // What does not vary here does not vary below: seeing it now saves counting there.
        if members.len() <= rows.len().max(FEW) {
            for &member in members {
                let with = T::rows_in(&self.bins, member as usize);
                if with == 0 || with == m {
                    self.mark_constant(columns.n_dense + member as usize);
                }
            }
        }
    }

    /// Empties the bins this node used.
    fn forget_counts(&mut self, node: &Open<T>) {
        if self.counted.is_empty() {
            return;
        }
        let columns = self.columns;
        let store = if node.is_near { &self.near } else { &columns.all };
        let rows = &self.rows[node.rows.clone()];
        let none = columns.n_one_hot();
        while let Some(group) = self.counted.pop() {
            self.is_counted[group as usize] = false;
            let Group { slots, members } = &columns.groups[group as usize];
            if let (Some(&first), Some(&last)) = (members.first(), members.last())
                && (last - first) as usize <= rows.len().max(FEW)
            {
                T::empty(&mut self.bins, first as usize..last as usize + 1);
                continue;
            }
            for &slot in slots {
                for &row in rows {
                    let value = store.level(row as usize, slot) as usize;
                    T::empty(&mut self.bins, value..value + 1);
                }
            }
        }
        for copy in 0..COPIES {
            let none = copy * (none + 1) + none;
            T::empty(&mut self.bins, none..none + 1);
        }
    }

    fn divide_one_hot(&mut self, node: &Open<T>, feature: usize) -> usize {
        let columns = self.columns;
        let store = if node.is_near { &self.near } else { &columns.all };
        let one_hot = (feature - columns.n_dense) as u32;
        let group = &columns.groups[columns.group_of(one_hot as usize) as usize];
        let parts = Parts {
            rows: &mut self.rows[node.rows.clone()],
            items: &mut self.items[node.rows.clone()],
            spare_rows: &mut self.spare_rows,
            spare_items: &mut self.spare_items,
        };
        if let [slot] = group.slots[..] {
            return parts.divide(|row| store.level(row, slot) != one_hot);
        }
        parts.divide(|row| group.slots.iter().all(|&slot| store.level(row, slot) != one_hot))
    }
}

/// A node as splitters see it.
fn node_view<'a, T: Target>(
    node: &Open<T>,
    (rows, items): Part<'a, T>,
    total: &'a T,
    min_samples_leaf: usize,
) -> NodeView<'a, T> {
    let (rows, items) = (&rows[node.rows.clone()], &items[node.rows.clone()]);
    NodeView { rows, items, total, min_samples_leaf, is_near: node.is_near }
}

/// The rows of a node, and room for as many.
struct Parts<'a, I> {
    rows: &'a mut [u32],
    items: &'a mut [I],
    spare_rows: &'a mut [u32],
    spare_items: &'a mut [I],
}

impl<I: Copy> Parts<'_, I> {
    /// Brings the rows that go left to the front, each side in its old order, and returns how many they are.
    fn divide(self, goes_left: impl Fn(usize) -> bool) -> usize {
        let Self { rows, items, spare_rows, spare_items } = self;
        let (spare_rows, spare_items) = (&mut spare_rows[..rows.len()], &mut spare_items[..rows.len()]);
        let (mut n_left, mut n_right) = (0, 0);
        for i in 0..rows.len() {
            let (row, item) = (rows[i], items[i]);
            let left = goes_left(row as usize);
            // Both are written and one counts, which spares a branch no processor foresees.
            (rows[n_left], items[n_left]) = (row, item);
            (spare_rows[n_right], spare_items[n_right]) = (row, item);
            n_left += usize::from(left);
            n_right += usize::from(!left);
        }
        rows[n_left..].copy_from_slice(&spare_rows[..n_right]);
        items[n_left..].copy_from_slice(&spare_items[..n_right]);
        n_left
    }
}

/// Numbers of a node whose rows are copied to lie close together.
const NEAR: usize = 1 << 14;

/// Features of a group that are always looked through.
const FEW: usize = 64;
