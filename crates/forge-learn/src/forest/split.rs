//! Where a dense column divides a node best: between any two values, or at one threshold drawn at random.

use std::ops::Range;

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::abreast::Abreast;
use super::columns::{Columns, SAME, Store};
use super::network::{MOST_ROWS, Network};
use super::target::Target;

/// A way to divide a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut<V> {
    /// Score of the left side plus that of the right.
    pub(super) score: f64,
    pub(super) left: Left<V>,
}

impl Cut<f32> {
    /// The cut at a threshold.
    pub(super) fn up_to(value: f32, score: f64) -> Self {
        Self { score, left: Left::UpTo { value, next: value } }
    }
}

/// The rows that go left.
#[derive(Clone, Copy, Debug)]
pub(super) enum Left<V> {
    /// Those of at most `value`; the least of the others is `next`, where that is known.
    UpTo { value: V, next: V },
    /// Those that do not have the one-hot feature.
    Without,
}

/// What looking at a feature of a node found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found<V> {
    /// All values are equal.
    Constant,
    /// Values differ, but no cut leaves enough rows on both sides.
    Nothing,
    Cut(Cut<V>),
}

/// The rows of a node, as a splitter sees them.
pub(super) struct NodeView<'a, T: Target> {
    pub(super) rows: &'a [u32],
    pub(super) items: &'a [T::Item],
    pub(super) total: &'a T,
    pub(super) min_samples_leaf: usize,
    /// Whether these are numbers of rows of the store that was approached last.
    pub(super) is_near: bool,
}

/// The best cut of a node among all columns.
pub(super) enum Overall<V> {
    /// The columns have to be looked at one by one.
    Unknown,
    /// No column can be cut.
    Nothing,
    /// The column and its cut.
    Cut(usize, Cut<V>),
}

/// Finds the best of the cuts it is offered, each of equal ones being as likely.
pub(super) struct Contest<V> {
    best: Option<(usize, Cut<V>)>,
    n_equal: u32,
}

impl<V: Copy> Contest<V> {
    pub(super) fn new() -> Self {
        Self { best: None, n_equal: 0 }
    }

    #[inline]
    pub(super) fn offer(&mut self, feature: usize, cut: Cut<V>, rng: &mut ChaCha8Rng) {
        let best = self.best.map_or(f64::NEG_INFINITY, |(_, best)| best.score);
        if cut.score > best {
            (self.best, self.n_equal) = (Some((feature, cut)), 1);
        } else if cut.score == best {
            self.n_equal += 1;
            if below(rng, self.n_equal as usize) == 0 {
                self.best = Some((feature, cut));
            }
        }
    }

    pub(super) fn end(self) -> Overall<V> {
        self.best.map_or(Overall::Nothing, |(feature, cut)| Overall::Cut(feature, cut))
    }
}

/// A number below `n`.
pub(super) fn below(rng: &mut ChaCha8Rng, n: usize) -> usize {
    ((rng.next_u32() as u64 * n as u64) >> 32) as usize
}

/// A rule for dividing nodes by dense columns.
pub(super) trait Splitter<T: Target>: Sized {
    /// A value of a column as the rule reads it.
    type Value: Copy + PartialOrd + Send + Sync;

    /// `looks` is the number of features a node looks at.
    fn new(columns: &Columns<Self::Value>, target: &T, looks: usize) -> Self;

    /// Is shown the store that nodes come from, from now on and until the next one, and the rows it has been made of.
    fn approach(&mut self, columns: &Columns<Self::Value>, store: &Store<Self::Value>, rows: &[u32]);

    /// The best cut of a node among all columns, where there is a quicker way to it than looking at each.
    fn best_of_all(
        &mut self,
        _columns: &Columns<Self::Value>,
        _node: &NodeView<'_, T>,
        _rng: &mut ChaCha8Rng,
    ) -> Overall<Self::Value> {
        Overall::Unknown
    }

    /// The threshold between two values of a dense column.
    fn threshold(columns: &Columns<Self::Value>, feature: usize, value: Self::Value, next: Self::Value) -> f32;

    /// Looks at a dense column of a node.
    fn look(
        &mut self,
        columns: (&Columns<Self::Value>, &Store<Self::Value>),
        feature: usize,
        node: &NodeView<'_, T>,
        rng: &mut ChaCha8Rng,
    ) -> Found<Self::Value>;
}

/// The best of all cuts, for random forests.
///
/// Where a node has many rows for the ranks it spans, sums per rank give all cuts in one pass; else its rows are sorted,
/// few of them by all columns at once.
pub(super) struct Best<T: Target> {
    ranks: Vec<u16>,
    keys: Vec<u32>,
    bins: T::Bins,
    left: T,
    right: T,
    /// Set where nodes look at all features and these are dense.
    network: Option<Network>,
}

/// Cuts are offered from left to right.
struct Search<'a, T: Target> {
    node: &'a NodeView<'a, T>,
    best: f64,
    cut: u16,
    /// The rank after the cut, once it is known.
    next: Option<u16>,
    any: bool,
}

impl<'a, T: Target> Search<'a, T> {
    fn new(node: &'a NodeView<'a, T>) -> Self {
        Self { node, best: f64::NEG_INFINITY, cut: 0, next: None, any: false }
    }

    /// Tells the rank of the rows to come.
    #[inline]
    fn arrive(&mut self, rank: u16) {
        self.next.get_or_insert(rank);
    }

    /// Offers the cut after `rank`.
    #[inline]
    fn offer(&mut self, rank: u16, left: &T, right: &T) {
        let least = self.node.min_samples_leaf;
        if least > 1 && (left.rows() < least || right.rows() < least) {
            return;
        }
        let score = T::scores(left, right);
        if score > self.best {
            (self.best, self.cut, self.next, self.any) = (score, rank, None, true);
        }
    }
}

impl<T: Target> Best<T> {
    /// Sums per rank, `ranks` being those of the rows less `first`, and says whether they differ.
    fn by_bins(
        &mut self,
        (first, span): (u16, usize),
        ranks: impl ExactSizeIterator<Item = usize>,
        search: &mut Search<'_, T>,
    ) -> bool {
        put_all::<T>(&mut self.bins, (span, 0..span), ranks, search.node.items);
        let Self { bins, left, right, .. } = self;
        left.clear();
        right.become_same(search.node.total);
        let mut differ = false;
        for bin in 0..span {
            if T::shift(bins, bin, right, left) > 0 {
                let rank = first + bin as u16;
                search.arrive(rank);
                if right.rows() == 0 {
                    break;
                }
                differ = true;
                search.offer(rank, left, right);
            }
        }
        T::empty(&mut self.bins, 0..span);
        differ
    }

    /// The one cut between two rows.
    fn apart(&mut self, (low, high): (u16, u16), node: &NodeView<'_, T>) -> Found<u16> {
        self.left.clear();
        self.left.add(node.items[0]);
        self.right.become_rest(node.total, &self.left);
        Found::Cut(Cut { score: T::scores(&self.left, &self.right), left: Left::UpTo { value: low, next: high } })
    }

    /// Fewer rows than ranks, so a row number fits into 16 bits beside its rank.
    fn by_sorting(&mut self, ranks: &[u16], search: &mut Search<'_, T>) {
        self.keys.clear();
        self.keys.extend(ranks.iter().enumerate().map(|(i, &rank)| (rank as u32) << 16 | i as u32));
        self.keys.sort_unstable();
        self.left.clear();
        self.right.become_same(search.node.total);
        let mut before = self.keys.first().map_or(0, |key| (key >> 16) as u16);
        for &key in &self.keys {
            let rank = (key >> 16) as u16;
            if rank != before {
                search.offer(before, &self.left, &self.right);
                search.arrive(rank);
                before = rank;
            }
            let item = search.node.items[key as u16 as usize];
            self.left.add(item);
            self.right.sub(item);
        }
    }
}

impl<T: Target> Splitter<T> for Best<T> {
    type Value = u16;

    fn new(columns: &Columns<u16>, target: &T, looks: usize) -> Self {
        let n_dense = columns.n_dense;
        let all = T::HAS_LANES && looks == n_dense && columns.n_features == n_dense;
        let most = (0..columns.n_dense).map(|feature| columns.n_ranks(feature)).max().unwrap_or(0);
        Self {
            ranks: Vec::new(),
            keys: Vec::new(),
            bins: target.bins(most * COPIES),
            left: target.clone(),
            right: target.clone(),
            network: all.then(|| Network::new(n_dense)),
        }
    }

    fn approach(&mut self, columns: &Columns<u16>, store: &Store<u16>, _rows: &[u32]) {
        if let Some(network) = &mut self.network {
            network.take(store, columns);
        }
    }

    fn best_of_all(&mut self, _columns: &Columns<u16>, node: &NodeView<'_, T>, rng: &mut ChaCha8Rng) -> Overall<u16> {
        let Self { network: Some(network), left, right, .. } = self else { return Overall::Unknown };
        if !node.is_near || node.rows.len() > MOST_ROWS {
            return Overall::Unknown;
        }
        network.best(node, (left, right), rng)
    }

    fn threshold(columns: &Columns<u16>, feature: usize, value: u16, next: u16) -> f32 {
        columns.threshold(feature, value, next)
    }

    fn look(
        &mut self,
        (columns, store): (&Columns<u16>, &Store<u16>),
        feature: usize,
        node: &NodeView<'_, T>,
        _rng: &mut ChaCha8Rng,
    ) -> Found<u16> {
        let m = node.rows.len();
        let column = store.column(feature);
        let mut search = Search::new(node);
        let n_ranks = columns.n_ranks(feature);
        if n_ranks * RANKS_AT_ONCE <= m {
            // So few ranks that finding out which of them the rows span costs more than it saves.
            let ranks = node.rows.iter().map(|&row| column[row as usize] as usize);
            if !self.by_bins((0, n_ranks), ranks, &mut search) {
                return Found::Constant;
            }
        } else {
            let (mut low, mut high) = (u16::MAX, 0);
            let mut ranks = std::mem::take(&mut self.ranks);
            ranks.clear();
            ranks.extend(node.rows.iter().map(|&row| {
                let rank = column[row as usize];
                (low, high) = (low.min(rank), high.max(rank));
                rank
            }));
            let is_pair = m == 2 && node.min_samples_leaf == 1;
            if low < high && !is_pair {
                let span = (high - low) as usize;
                if span <= BINS_PER_ROW * m {
                    let ranks = ranks.iter().map(|&rank| (rank - low) as usize);
                    self.by_bins((low, span + 1), ranks, &mut search);
                } else {
                    self.by_sorting(&ranks, &mut search);
                }
            }
            self.ranks = ranks;
            if low == high {
                return Found::Constant;
            }
            if is_pair {
                return self.apart((low, high), node);
            }
        }
        match search.next {
            Some(next) if search.any => {
                Found::Cut(Cut { score: search.best, left: Left::UpTo { value: search.cut, next } })
            }
            _ => Found::Nothing,
        }
    }
}

/// Rows per rank of a column from which its ranks are summed at once.
const RANKS_AT_ONCE: usize = 2;

/// Ranks a node may span per row for sums per rank to be the quicker way.
const BINS_PER_ROW: usize = 1;

/// Copies of the bins that rows are dealt to in turn.
pub(super) const COPIES: usize = 4;

/// Adds rows to their bins, of which copies lie `stride` apart, and gathers in the first copy those of `range`.
///
/// Rows that follow each other often share a bin, and then each has to wait for the one before: dealt to copies, they
/// do not.
#[inline]
pub(super) fn put_all<T: Target>(
    bins: &mut T::Bins,
    (stride, range): (usize, Range<usize>),
    of_row: impl ExactSizeIterator<Item = usize>,
    items: &[T::Item],
) {
    if of_row.len() < 2 * COPIES * range.len() {
        for (bin, &item) in of_row.zip(items) {
            T::put(bins, bin, item);
        }
        return;
    }
    let mut copy = 0;
    for (bin, &item) in of_row.zip(items) {
        T::put(bins, copy + bin, item);
        copy = if copy == (COPIES - 1) * stride { 0 } else { copy + stride };
    }
    for bin in range {
        for copy in 1..COPIES {
            T::merge(bins, bin, copy * stride + bin);
        }
    }
}

/// One cut drawn evenly between the least and the greatest value, for extra trees.
pub(super) struct Random<T: Target> {
    values: Vec<f32>,
    left: T,
    right: T,
    /// Set where nodes look at all features and these are dense.
    abreast: Option<Abreast<T>>,
}

impl<T: Target> Splitter<T> for Random<T> {
    type Value = f32;

    fn new(columns: &Columns<f32>, target: &T, _looks: usize) -> Self {
        let n_dense = columns.n_dense;
        let abreast = columns.has_table().then(|| Abreast::new(n_dense, target));
        Self { values: Vec::new(), left: target.clone(), right: target.clone(), abreast }
    }

    fn best_of_all(&mut self, columns: &Columns<f32>, node: &NodeView<'_, T>, rng: &mut ChaCha8Rng) -> Overall<f32> {
        match &mut self.abreast {
            Some(abreast) => abreast.best(columns, node, rng),
            None => Overall::Unknown,
        }
    }

    fn approach(&mut self, columns: &Columns<f32>, _store: &Store<f32>, rows: &[u32]) {
        if let Some(abreast) = &mut self.abreast {
            abreast.take(columns, rows);
        }
    }

    fn threshold(_columns: &Columns<f32>, _feature: usize, value: f32, _next: f32) -> f32 {
        value
    }

    fn look(
        &mut self,
        (_, store): (&Columns<f32>, &Store<f32>),
        feature: usize,
        node: &NodeView<'_, T>,
        rng: &mut ChaCha8Rng,
    ) -> Found<f32> {
        let column = store.column(feature);
        let (mut low, mut high) = (f32::MAX, f32::MIN);
        self.values.clear();
        self.values.extend(node.rows.iter().map(|&row| {
            let value = column[row as usize];
            low = if value < low { value } else { low };
            high = if value > high { value } else { high };
            value
        }));
        let Some(cut) = draw_cut(low, high, rng) else { return Found::Constant };
        self.left.sum_up_to(&self.values, cut, node.items);
        weigh(cut, &self.left, &mut self.right, node)
    }
}

/// A cut drawn evenly between the extremes of a column, if they differ.
pub(crate) fn draw_cut(low: f32, high: f32, rng: &mut ChaCha8Rng) -> Option<f32> {
    if high <= low + SAME {
        return None;
    }
    let share = (rng.next_u32() >> 8) as f32 / (1 << 24) as f32;
    let drawn = low + share * (high - low);
    Some(if drawn < high { drawn } else { low })
}

/// The score of a cut whose left side is known.
fn weigh<T: Target>(cut: f32, left: &T, right: &mut T, node: &NodeView<'_, T>) -> Found<f32> {
    right.become_rest(node.total, left);
    if left.rows() < node.min_samples_leaf || right.rows() < node.min_samples_leaf {
        return Found::Nothing;
    }
    Found::Cut(Cut::up_to(cut, T::scores(left, right)))
}
