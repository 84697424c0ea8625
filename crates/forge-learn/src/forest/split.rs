//! Where a dense column divides a node best: between any two values, or at one threshold drawn at random.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::columns::{Columns, SAME, round_down};
use super::target::Target;

/// A way to divide a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut<V> {
    /// Score of the left side plus that of the right.
    pub(super) score: f64,
    pub(super) left: Left<V>,
}

/// The rows that go left.
#[derive(Clone, Copy, Debug)]
pub(super) enum Left<V> {
    /// Those of at most a value, which lie at or below `threshold`.
    UpTo { value: V, threshold: f32 },
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
pub(super) struct Rows<'a, T: Target> {
    pub(super) rows: &'a [u32],
    pub(super) items: &'a [T::Item],
    pub(super) total: &'a T,
    pub(super) min_samples_leaf: usize,
}

impl<T: Target> Clone for Rows<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Target> Copy for Rows<'_, T> {}

/// A rule for dividing nodes by dense columns.
pub(super) trait Splitter<T: Target>: Sized {
    /// A value of a column as the rule reads it.
    type Value: Copy + PartialOrd + Send + Sync;

    fn new(columns: &Columns<Self::Value>, target: &T) -> Self;

    /// Looks at a dense column of a node.
    fn look(
        &mut self,
        columns: &Columns<Self::Value>,
        feature: usize,
        node: Rows<'_, T>,
        rng: &mut ChaCha8Rng,
    ) -> Found<Self::Value>;
}

/// The best of all cuts, for random forests.
///
/// Where a node has many rows for the ranks it spans, sums per rank give all cuts in one pass; else its rows are sorted.
pub(super) struct Best<T: Target> {
    ranks: Vec<u16>,
    keys: Vec<u64>,
    bins: T::Bins,
    left: T,
    right: T,
}

/// Cuts are offered from left to right.
struct Search<'a, T: Target> {
    node: Rows<'a, T>,
    best: f64,
    cut: u16,
    /// The rank after the cut, once it is known.
    next: Option<u16>,
    any: bool,
}

impl<'a, T: Target> Search<'a, T> {
    fn new(node: Rows<'a, T>) -> Self {
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
        let score = left.score() + right.score();
        if score > self.best {
            (self.best, self.cut, self.next, self.any) = (score, rank, None, true);
        }
    }
}

impl<T: Target> Best<T> {
    fn by_bins(&mut self, low: u16, high: u16, search: &mut Search<'_, T>) {
        let first = low as usize;
        for (&rank, &item) in self.ranks.iter().zip(search.node.items) {
            T::put(&mut self.bins, rank as usize - first, item);
        }
        self.left.clear();
        self.right.become_same(search.node.total);
        for bin in 0..(high - low) as usize {
            if T::rows_in(&self.bins, bin) == 0 {
                continue;
            }
            let rank = low + bin as u16;
            search.arrive(rank);
            T::shift(&self.bins, bin, &mut self.right, &mut self.left);
            search.offer(rank, &self.left, &self.right);
        }
        search.arrive(high);
        T::empty(&mut self.bins, 0..(high - low) as usize + 1);
    }

    fn by_sorting(&mut self, search: &mut Search<'_, T>) {
        self.keys.clear();
        self.keys.extend(self.ranks.iter().enumerate().map(|(i, &rank)| (rank as u64) << 32 | i as u64));
        self.keys.sort_unstable();
        self.left.clear();
        self.right.become_same(search.node.total);
        let mut before = self.keys.first().map_or(0, |key| (key >> 32) as u16);
        for &key in &self.keys {
            let rank = (key >> 32) as u16;
            if rank != before {
                search.offer(before, &self.left, &self.right);
                search.arrive(rank);
                before = rank;
            }
            let item = search.node.items[key as u32 as usize];
            self.left.add(item);
            self.right.sub(item);
        }
    }
}

impl<T: Target> Splitter<T> for Best<T> {
    type Value = u16;

    fn new(columns: &Columns<u16>, target: &T) -> Self {
        let most = (0..columns.n_dense).map(|feature| columns.n_ranks(feature)).max().unwrap_or(0);
        Self {
            ranks: Vec::new(),
            keys: Vec::new(),
            bins: target.bins(most),
            left: target.clone(),
            right: target.clone(),
        }
    }

    fn look(
        &mut self,
        columns: &Columns<u16>,
        feature: usize,
        node: Rows<'_, T>,
        _rng: &mut ChaCha8Rng,
    ) -> Found<u16> {
        let column = columns.column(feature);
        self.ranks.clear();
        self.ranks.extend(node.rows.iter().map(|&row| column[row as usize]));
        let low = self.ranks.iter().copied().min().unwrap_or(0);
        let high = self.ranks.iter().copied().max().unwrap_or(0);
        if low == high {
            return Found::Constant;
        }
        let mut search = Search::new(node);
        let m = node.rows.len();
        if (high - low) as usize <= BINS_PER_ROW * m {
            self.by_bins(low, high, &mut search);
        } else {
            self.by_sorting(&mut search);
        }
        match search.next {
            Some(next) if search.any => Found::Cut(Cut {
                score: search.best,
                left: Left::UpTo { value: search.cut, threshold: columns.threshold(feature, search.cut, next) },
            }),
            _ => Found::Nothing,
        }
    }
}

/// Ranks a node may span per row for sums per rank to be the quicker way.
const BINS_PER_ROW: usize = 4;

/// One cut drawn evenly between the least and the greatest value, for extra trees.
pub(super) struct Random<T: Target> {
    values: Vec<f32>,
    left: T,
    right: T,
}

impl<T: Target> Splitter<T> for Random<T> {
    type Value = f32;

    fn new(_columns: &Columns<f32>, target: &T) -> Self {
        Self { values: Vec::new(), left: target.clone(), right: target.clone() }
    }

    fn look(
        &mut self,
        columns: &Columns<f32>,
        feature: usize,
        node: Rows<'_, T>,
        rng: &mut ChaCha8Rng,
    ) -> Found<f32> {
        let column = columns.column(feature);
        self.values.clear();
        self.values.extend(node.rows.iter().map(|&row| column[row as usize]));
        let (low, high) = range(&self.values);
        if high <= low + SAME {
            return Found::Constant;
        }
        let share = (rng.next_u32() as f64) / 4_294_967_296.0;
        let drawn = round_down(low as f64 + share * (high as f64 - low as f64));
        let cut = if drawn >= high { low } else { drawn };
        self.left.sum_up_to(&self.values, cut, node.items);
        self.right.become_rest(node.total, &self.left);
        if self.left.rows() < node.min_samples_leaf || self.right.rows() < node.min_samples_leaf {
            return Found::Nothing;
        }
        Found::Cut(Cut {
            score: self.left.score() + self.right.score(),
            left: Left::UpTo { value: cut, threshold: cut },
        })
    }
}

/// The least and the greatest value, compared eight at a time.
fn range(values: &[f32]) -> (f32, f32) {
    let (blocks, rest) = values.as_chunks::<8>();
    let (mut low, mut high) = ([f32::MAX; 8], [f32::MIN; 8]);
    for block in blocks {
        for lane in 0..8 {
            low[lane] = if block[lane] < low[lane] { block[lane] } else { low[lane] };
            high[lane] = if block[lane] > high[lane] { block[lane] } else { high[lane] };
        }
    }
    let low = low.iter().chain(rest).fold(f32::MAX, |least, &x| if x < least { x } else { least });
    let high = high.iter().chain(rest).fold(f32::MIN, |most, &x| if x > most { x } else { most });
    (low, high)
}
