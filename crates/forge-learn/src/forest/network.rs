//! The order of a few rows by all dense columns at once, eight columns side by side.
//!
//! A sorting network compares at places fixed beforehand (Batcher, Sorting networks and their applications, 1968), so
//! that one minimum and one maximum of vectors serve eight columns. Trees that look at every feature spend most of their
//! time in nodes of a few rows, for which sorting column by column costs several times as much.

use rand_chacha::ChaCha8Rng;

use super::columns::{Columns, Store};
use super::split::{Contest, Cut, Left, NodeView, Overall};
use super::target::Target;

/// Columns sorted side by side.
const LANES: usize = 8;

/// Most rows of a node that is sorted so.
pub(super) const MOST_ROWS: usize = 32;

/// Bits of a key that hold the place of a row in its node; the others hold its rank.
const PLACE_BITS: u32 = MOST_ROWS.trailing_zeros();
const PLACE: u16 = MOST_ROWS as u16 - 1;

/// Most ranks of a column, and so most rows of a store.
pub(super) const MOST_RANKS: usize = 1 << (u16::BITS - PLACE_BITS);

/// A key of each of eight columns: rank and place, less 2¹⁵, because vectors compare signed numbers.
type Keys = [i16; LANES];

/// The ranks of some rows, row by row, and the order of those of the latest node.
pub(super) struct Network {
    n_dense: usize,
    /// Groups of eight columns.
    n_groups: usize,
    table: Vec<Keys>,
    /// Of each column, the ranks that stand in the table as 0, 1 and so on; empty where they stand for themselves.
    ranks: Vec<Vec<u16>>,
    sorted: Vec<[Keys; MOST_ROWS]>,
}

impl Network {
    pub(super) fn new(n_dense: usize) -> Self {
        let n_groups = n_dense.div_ceil(LANES);
        let sorted = vec![[[0; LANES]; MOST_ROWS]; n_groups];
        Self { n_dense, n_groups, table: Vec::new(), ranks: vec![Vec::new(); n_dense], sorted }
    }

    /// Takes the rows of a store, at most [`MOST_RANKS`], by whose numbers nodes find them.
    pub(super) fn take(&mut self, store: &Store<u16>, columns: &Columns<u16>) {
        self.table.clear();
        self.table.resize(self.n_groups * store.n_rows(), [0; LANES]);
        for (feature, ranks) in self.ranks.iter_mut().enumerate().take(self.n_dense) {
            let column = store.column(feature);
            ranks.clear();
            if columns.n_ranks(feature) > MOST_RANKS {
                ranks.extend_from_slice(column);
                ranks.sort_unstable();
                ranks.dedup();
            }
            let (group, lane) = (feature / LANES, feature % LANES);
            let places = self.table.iter_mut().skip(group).step_by(self.n_groups);
            for (place, &rank) in places.zip(column) {
                let rank = if ranks.is_empty() { rank } else { ranks.partition_point(|&other| other < rank) as u16 };
                place[lane] = signed(rank << PLACE_BITS);
            }
        }
    }

    /// The best cut of a node of at most [`MOST_ROWS`] rows.
    pub(super) fn best<T: Target>(
        &mut self,
        node: &NodeView<'_, T>,
        (left, right): (&mut T, &mut T),
        rng: &mut ChaCha8Rng,
    ) -> Overall<u16> {
        self.sort(node.rows);
        let mut contest = Contest::new();
        for feature in 0..self.n_dense {
            if let Some(cut) = self.look(feature, node, (left, right)) {
                contest.offer(feature, cut, rng);
            }
        }
        contest.end()
    }

    /// Sorts the rows by each column.
    fn sort(&mut self, rows: &[u32]) {
        for (group, keys) in self.sorted.iter_mut().enumerate() {
            let size = match rows.len() {
                ..=4 => 4,
                5..=8 => 8,
                9..=12 => 12,
                13..=16 => 16,
                17..=24 => 24,
                _ => 32,
            };
            for ((key, &row), place) in keys.iter_mut().zip(rows).zip(0_i16..) {
                *key = self.table[row as usize * self.n_groups + group].map(|rank| rank | place);
            }
            // What fills up stays behind every row.
            keys[rows.len()..size].fill([i16::MAX; LANES]);
            match size {
                4 => exchange(keys, &FOR_4),
                8 => exchange(keys, &FOR_8),
                12 => exchange(keys, &FOR_12),
                16 => exchange(keys, &FOR_16),
                24 => exchange(keys, &FOR_24),
                _ => exchange(keys, &FOR_32),
            }
        }
    }

    /// The best cut of a column of the rows sorted last.
    #[inline]
    fn look<T: Target>(
        &self,
        feature: usize,
        node: &NodeView<'_, T>,
        (left, right): (&mut T, &mut T),
    ) -> Option<Cut<u16>> {
        let (keys, lane) = (&self.sorted[feature / LANES], feature % LANES);
        let key = |place: usize| unsigned(keys[place % MOST_ROWS][lane]);
        let last = node.items.len() - 1;
        if key(0) >> PLACE_BITS == key(last) >> PLACE_BITS {
            return None;
        }
        left.clear();
        let (mut best, mut cut) = (f64::NEG_INFINITY, None);
        let mut here = key(0);
        for place in 0..last {
            left.add(node.items[(here & PLACE) as usize]);
            let next = key(place + 1);
            if here >> PLACE_BITS != next >> PLACE_BITS {
                right.become_rest(node.total, left);
                let least = node.min_samples_leaf;
                if least <= 1 || (left.rows() >= least && right.rows() >= least) {
                    let score = T::scores(left, right);
                    if score > best {
                        (best, cut) = (score, Some((here >> PLACE_BITS, next >> PLACE_BITS)));
                    }
                }
            }
            here = next;
        }
        let (value, next) = cut?;
        let ranks = &self.ranks[feature];
        let rank = |local: u16| ranks.get(local as usize).copied().unwrap_or(local);
        Some(Cut { score: best, left: Left::UpTo { value: rank(value), next: rank(next) } })
    }
}

fn signed(key: u16) -> i16 {
    (key ^ 1 << 15).cast_signed()
}

fn unsigned(key: i16) -> u16 {
    key.cast_unsigned() ^ 1 << 15
}

/// Orders the pairs of places one after the other, in every lane.
#[inline]
fn exchange(keys: &mut [Keys; MOST_ROWS], pairs: &[(u8, u8)]) {
    for &(low, high) in pairs {
        let (low, high) = (low as usize % MOST_ROWS, high as usize % MOST_ROWS);
        let (a, b) = (keys[low], keys[high]);
        keys[low] = std::array::from_fn(|lane| a[lane].min(b[lane]));
        keys[high] = std::array::from_fn(|lane| a[lane].max(b[lane]));
    }
}

static FOR_4: [(u8, u8); n_pairs(4)] = pairs(4);
static FOR_8: [(u8, u8); n_pairs(8)] = pairs(8);
static FOR_12: [(u8, u8); n_pairs(12)] = pairs(12);
static FOR_16: [(u8, u8); n_pairs(16)] = pairs(16);
static FOR_24: [(u8, u8); n_pairs(24)] = pairs(24);
static FOR_32: [(u8, u8); n_pairs(32)] = pairs(32);

/// How many comparisons [`pairs`] makes.
const fn n_pairs(size: usize) -> usize {
    walk::<0>(size).1
}

/// The comparisons of Batcher's odd-even merge sort of `size` places; `N` is their number.
const fn pairs<const N: usize>(size: usize) -> [(u8, u8); N] {
    walk(size).0
}

/// The first `N` comparisons, and how many there are.
const fn walk<const N: usize>(size: usize) -> ([(u8, u8); N], usize) {
    let (mut out, mut count) = ([(0, 0); N], 0);
    let mut run = 1;
    while run < size {
        let mut gap = run;
        while gap > 0 {
            let mut low = gap % run;
            while low + gap < size {
                // Of each stretch of two gaps the first is compared with the second, within merged runs alone.
                let starts = (low - gap % run) % (2 * gap) < gap;
                if starts && low / (2 * run) == (low + gap) / (2 * run) {
                    if count < N {
                        out[count] = (low as u8, (low + gap) as u8);
                    }
                    count += 1;
                }
                low += 1;
            }
            gap /= 2;
        }
        run *= 2;
    }
    (out, count)
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use rand::SeedableRng;

    use super::*;
    use crate::Matrix;
    use crate::forest::columns::SlotOrder;
    use crate::forest::whole::Whole;

    #[test]
    fn every_network_sorts_whatever_is_above_and_below_any_bound() {
        // A network that sorts all of 0 and 1 sorts all numbers (Knuth, The Art of Computer Programming 3, 5.3.4).
        for (size, pairs) in [(4, &FOR_4[..]), (8, &FOR_8), (12, &FOR_12), (16, &FOR_16)] {
            for first in (0..1_usize << size).step_by(LANES) {
                let key = |i: usize, lane: usize| ((first + lane) >> i & 1) as u8;
                let mut keys: [Keys; MOST_ROWS] =
                    std::array::from_fn(|i| std::array::from_fn(|lane| i16::from(key(i, lane))));
                exchange(&mut keys, pairs);
                for lane in 0..LANES {
                    assert!(keys[..size].iter().map(|key| key[lane]).is_sorted(), "{size} places, {first:b} + {lane}");
                }
            }
        }
    }

    #[test]
    fn the_larger_networks_sort_too() {
        for (size, pairs) in [(24, &FOR_24[..]), (32, &FOR_32)] {
            for seed in 0..2_000_u32 {
                let key = |i: usize, lane: usize| {
                    ((i as u32 + 1) * (2 * seed + 1) * (lane as u32 + 7)).wrapping_mul(2_654_435_761) >> 17
                };
                let mut keys: [Keys; MOST_ROWS] = std::array::from_fn(|i| std::array::from_fn(|l| key(i, l) as i16));
                exchange(&mut keys, pairs);
                for lane in 0..LANES {
                    assert!(keys[..size].iter().map(|key| key[lane]).is_sorted(), "{size} places");
                }
            }
        }
    }

    #[test]
    fn the_best_of_all_cuts_is_found_however_many_ranks_there_are() {
        // Of the columns one has more ranks than a key can hold, one few, and one a single rank.
        let value = |row: usize, column: usize| [(row * 7_919 % 3_001) as f64, (row * 31 % 5) as f64, 1.0][column];
        let x = Array2::from_shape_fn((3_001, 3), |(row, column)| value(row, column));
        let columns = Columns::ranked(&Matrix::from_dense(&x).unwrap(), SlotOrder::ByRow);
        let near: Vec<u32> = (0..300).map(|i| i * 10).collect();
        let mut store = Store::empty_like(&columns.all);
        store.become_rows(&columns.all, &near);
        let mut network = Network::new(3);
        network.take(&store, &columns);
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        for m in 3..=MOST_ROWS {
            let rows: Vec<u32> = (0..m as u32).map(|i| (i * 41 + 5) % 300).collect();
            let target = |row: u32| f64::from(row * row % 83) - 40.0;
            let items: Vec<_> = rows.iter().map(|&row| Whole::default().item(target(row), 1.0)).collect();
            let sums = |chosen: &dyn Fn(usize) -> bool| {
                let mut sums = Whole::default();
                items.iter().enumerate().filter(|(i, _)| chosen(*i)).for_each(|(_, item)| sums.add(*item));
                sums
            };
            let total = sums(&|_| true);
            let view = NodeView { rows: &rows, items: &items, total: &total, min_samples_leaf: 1, is_near: true };
            let rank = |feature: usize, i: usize| columns.all.column(feature)[near[rows[i] as usize] as usize];
            let score = |feature: usize, last: u16| {
                let (left, right) = (sums(&|i| rank(feature, i) <= last), sums(&|i| rank(feature, i) > last));
                if left.rows() == 0 || right.rows() == 0 { 0.0 } else { Whole::scores(&left, &right) }
            };
            let all = (0..3).flat_map(|feature| (0..m).map(move |i| (feature, i)));
            let most = all.map(|(feature, i)| score(feature, rank(feature, i))).fold(0.0, f64::max);
            let (mut left, mut right) = (Whole::default(), Whole::default());
            let Overall::Cut(feature, cut) = network.best(&view, (&mut left, &mut right), &mut rng) else {
                panic!("{m} rows have no cut");
            };
            let Left::UpTo { value, next } = cut.left else { panic!("the cut is of a one-hot column") };
            assert!((cut.score - most).abs() < 1e-9 * most, "{m} rows: {} is not {most}", cut.score);
            assert!((score(feature, value) - most).abs() < 1e-9 * most, "{m} rows");
            assert!((0..m).all(|i| rank(feature, i) <= value || rank(feature, i) >= next), "{m} rows");
        }
    }
}
