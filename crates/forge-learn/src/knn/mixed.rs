//! Exact nearest rows where rows are some numbers and one index per category, without unfolding the categories.
//!
//! The squared distance is that of the numbers plus the number of one-hot columns in which two rows differ: 2 for a
//! category that differs, 1 where one of the rows has no level. Rows are sorted by their categories and laid out sixteen
//! together, so that one comparison of sixteen bytes says which of them differ in a category; once `k` near rows are
//! known, most groups are passed over after that. What remains is measured in single precision with a bound on its error,
//! and only what may be among the nearest is measured in full. With R the largest length of a row and u = 2⁻²⁴, rounding
//! numbers to single precision moves a distance by at most u(|x| + R), and summing d squares changes the sum by at most
//! (d + 4)u of it (Higham, "Accuracy and Stability of Numerical Algorithms", section 3.1).
//!
//! *Invariant*: neighbours and distances are those of [`NearestNeighbors`](crate::NearestNeighbors) over the unfolded
//! rows, to the bit.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::search::NearestRows;
use crate::{Host, LearnError, Matrix, Progress, map_units};

/// Rows measured together.
const WIDTH: usize = 16;
/// Groups that all queries of a block go through before the next, so that they stay in the cache.
const TILE: usize = 64;
/// Queries that are answered as one unit of work.
const BLOCK: usize = 64;
/// Categories per row up to which differences are counted in a byte.
const MOST_SLOTS: usize = 100;
/// Largest number that single precision can square and sum.
const LARGEST: f64 = 1e15;
/// More than what numbers too small for single precision add up to.
const UNDERFLOW: f64 = 1e-20;
/// The byte of a row without a level.
const NO_LEVEL: u8 = 255;
/// Which slot a feature occurs in, where it occurs in none.
const UNSEEN: u32 = u32::MAX;

/// Training rows.
#[derive(Debug)]
pub(super) struct MixedRows {
    matrix: Matrix,
    /// Row numbers, sorted by categories.
    order: Vec<u32>,
    /// A byte per category, group after group, within it slot after slot; rows beyond the last repeat it.
    codes: Vec<[u8; WIDTH]>,
    /// The numbers, group after group, within it column after column.
    numbers: Vec<[f32; WIDTH]>,
    /// The one slot that a feature occurs in.
    slot_of: Vec<u32>,
    every_level_known: bool,
    /// Largest length of the numbers of a row.
    radius: f64,
}

/// A query on its way through the groups.
struct Seeker<'a> {
    numbers: &'a [f64],
    slots: &'a [u32],
    /// The byte of each category, as often as it is compared at once.
    codes: Vec<[u8; WIDTH]>,
    rounded: Vec<f32>,
    /// What a differing category adds at least.
    unit: f32,
    length: f64,
    /// The k nearest by (squared distance, row), ascending.
    found: Vec<(f64, u32)>,
    /// A squared distance that the k-th nearest row does not exceed.
    limit: f64,
    k: usize,
}

impl MixedRows {
    /// `None` where the rows do not suit this search: no categories, very many, a feature in two slots, or huge numbers.
    pub(super) fn new(features: &Matrix) -> Option<Self> {
        let (n, n_slots, n_dense) = (features.n_rows(), features.n_slots(), features.n_dense());
        let none = features.n_features() as u32;
        if n == 0 || n_slots == 0 || n_slots > MOST_SLOTS || n >= u32::MAX as usize - WIDTH {
            return None;
        }
        let mut slot_of = vec![UNSEEN; features.n_features()];
        let (mut every_level_known, mut radius) = (true, 0.0_f64);
        for row in 0..n {
            if !remember_slots(features.slot_row(row), &mut slot_of) || !is_small(features.dense_row(row)) {
                return None;
            }
            every_level_known &= !features.slot_row(row).contains(&none);
            radius = radius.max(length(features.dense_row(row)));
        }
        let mut order: Vec<u32> = (0..n as u32).collect();
        order.sort_by(|&a, &b| features.slot_row(a as usize).cmp(features.slot_row(b as usize)));
        let n_groups = n.div_ceil(WIDTH);
        let (mut codes, mut numbers) = (Vec::with_capacity(n_groups * n_slots), Vec::with_capacity(n_groups * n_dense));
        for group in order.chunks(WIDTH) {
            let row = |w: usize| group.get(w).or(group.last()).map_or(0, |&row| row as usize);
            for slot in 0..n_slots {
                codes.push(std::array::from_fn(|w| code(features.slot_row(row(w))[slot], none)));
            }
            for column in 0..n_dense {
                numbers.push(std::array::from_fn(|w| features.dense_row(row(w))[column] as f32));
            }
        }
        Some(Self { matrix: features.clone(), order, codes, numbers, slot_of, every_level_known, radius })
    }

    pub(super) fn matrix(&self) -> &Matrix {
        &self.matrix
    }

    /// Whether `queries` have the form of the training rows.
    pub(super) fn can_answer(&self, queries: &Matrix) -> bool {
        let shape = |m: &Matrix| (m.n_dense(), m.n_slots(), m.n_features());
        let mut slot_of = self.slot_of.clone();
        shape(queries) == shape(&self.matrix)
            && (0..queries.n_rows())
                .all(|row| remember_slots(queries.slot_row(row), &mut slot_of) && is_small(queries.dense_row(row)))
    }

    /// The `k` nearest training rows of each query, 1 ≤ k ≤ n.
    pub(super) fn nearest(&self, queries: &Matrix, k: usize, host: &dyn Host) -> Result<NearestRows, LearnError> {
        if k == 0 || k > self.matrix.n_rows() {
            let range = "at least 1 and at most the number of rows";
            return Err(LearnError::Setting { setting: "k", value: k.to_string(), range });
        }
        let n_blocks = queries.n_rows().div_ceil(BLOCK);
        let finished = AtomicUsize::new(0);
        let blocks = map_units(host, n_blocks, |block| {
            let rows = block * BLOCK..((block + 1) * BLOCK).min(queries.n_rows());
            let mut seekers: Vec<Seeker<'_>> = rows.map(|row| self.seeker(queries, row, k)).collect();
            for first in (0..self.n_groups()).step_by(TILE) {
                if host.cancelled() {
                    return Err(LearnError::Cancelled);
                }
                for seeker in &mut seekers {
                    self.sweep(first..(first + TILE).min(self.n_groups()), seeker);
                }
            }
            let done = finished.fetch_add(1, Ordering::Relaxed) + 1;
            host.progress(Progress { stage: "finding nearest neighbours", done, total: n_blocks });
            Ok(seekers.into_iter().map(|seeker| seeker.found).collect::<Vec<_>>())
        })?;
        let found: Vec<(f64, u32)> = blocks.into_iter().flatten().flatten().collect();
        let rows = found.iter().map(|pair| pair.1).collect();
        let distances = found.into_iter().map(|pair| pair.0.sqrt()).collect();
        Ok(NearestRows::new(k, rows, distances))
    }

    fn n_groups(&self) -> usize {
        self.order.len().div_ceil(WIDTH)
    }

    /// A query with a first limit: the k-th distance among rows whose categories sort next to its own.
    fn seeker<'a>(&self, queries: &'a Matrix, row: usize, k: usize) -> Seeker<'a> {
        let (numbers, slots) = (queries.dense_row(row), queries.slot_row(row));
        let none = queries.n_features() as u32;
        let known = self.every_level_known && !slots.contains(&none);
        let mut seeker = Seeker {
            numbers,
            slots,
            codes: slots.iter().map(|&slot| [code(slot, none); WIDTH]).collect(),
            rounded: numbers.iter().map(|&x| x as f32).collect(),
            unit: if known { 2.0 } else { 1.0 },
            length: length(numbers),
            found: Vec::with_capacity(k + 1),
            limit: f64::INFINITY,
            k,
        };
        let place = self.order.partition_point(|&row| self.matrix.slot_row(row as usize) < slots);
        let first = place.saturating_sub(WIDTH).min(self.order.len() - k);
        let near = self.order.iter().skip(first).take(k + 4 * WIDTH);
        let mut keys: Vec<f64> = near.map(|&row| self.key(&seeker, row)).collect();
        seeker.limit = *keys.select_nth_unstable_by(k - 1, f64::total_cmp).1;
        seeker
    }

    /// The squared distance, summed as over unfolded columns.
    fn key(&self, seeker: &Seeker<'_>, row: u32) -> f64 {
        let none = self.matrix.n_features() as u32;
        let numbers = seeker.numbers.iter().zip(self.matrix.dense_row(row as usize));
        let mut key = numbers.fold(0.0, |sum, (a, b)| sum + (a - b) * (a - b));
        for (&a, &b) in seeker.slots.iter().zip(self.matrix.slot_row(row as usize)) {
            if a != b {
                for _ in 0..u8::from(a != none) + u8::from(b != none) {
                    key += 1.0;
                }
            }
        }
        key
    }

    /// What a key in single precision must not exceed for a row to be worth measuring.
    fn threshold(&self, seeker: &Seeker<'_>) -> f32 {
        let u = f64::from(f32::EPSILON) / 2.0;
        let moved = u * (seeker.length + self.radius) * 1.001;
        let limit = seeker.limit + 2.0 * moved * seeker.limit.sqrt() + moved * moved;
        let sums = 1.0 + (seeker.numbers.len() + seeker.slots.len() + 8) as f64 * 2.0 * u;
        ((limit * sums + UNDERFLOW) as f32).next_up()
    }

    fn sweep(&self, groups: std::ops::Range<usize>, seeker: &mut Seeker<'_>) {
        let (n_slots, n_dense) = (seeker.codes.len(), seeker.rounded.len());
        let mut threshold = self.threshold(seeker);
        let mut allowed = seeker.allowed(threshold);
        let codes = &self.codes[groups.start * n_slots..groups.end * n_slots];
        for (group, codes) in groups.zip(codes.chunks_exact(n_slots)) {
            let differ = differing(codes, &seeker.codes);
            if differ.iter().fold(u8::MAX, |least, &count| least.min(count)) > allowed {
                continue;
            }
            let mut sums = differ.map(|count| f32::from(count) * seeker.unit);
            add_squares(&mut sums, &self.numbers[group * n_dense..(group + 1) * n_dense], &seeker.rounded);
            if sums.iter().fold(f32::INFINITY, |least, &sum| least.min(sum)) > threshold {
                continue;
            }
            let rows = self.order.iter().skip(group * WIDTH);
            for (&row, _) in rows.zip(&sums).filter(|(_, sum)| **sum <= threshold) {
                seeker.offer(self.key(seeker, row), row);
            }
            threshold = self.threshold(seeker);
            allowed = seeker.allowed(threshold);
        }
    }
}

impl Seeker<'_> {
    /// Categories that may differ at most.
    fn allowed(&self, threshold: f32) -> u8 {
        (threshold / self.unit).clamp(0.0, f32::from(u8::MAX - 1)) as u8
    }

    /// Keeps a row if it is among the k nearest.
    fn offer(&mut self, key: f64, row: u32) {
        if self.found.len() == self.k {
            if self.found.last().is_none_or(|&last| last <= (key, row)) {
                return;
            }
            self.found.pop();
        }
        let place = self.found.partition_point(|&other| other < (key, row));
        self.found.insert(place, (key, row));
        if let Some(last) = self.found.get(self.k - 1) {
            self.limit = self.limit.min(last.0);
        }
    }
}

/// In how many categories each row of a group differs from the query.
#[inline]
fn differing(codes: &[[u8; WIDTH]], own: &[[u8; WIDTH]]) -> [u8; WIDTH] {
    let mut differ = [0; WIDTH];
    for (codes, own) in codes.iter().zip(own) {
        for w in 0..WIDTH {
            differ[w] += u8::from(codes[w] != own[w]);
        }
    }
    differ
}

/// Adds the squared differences of each row of a group from the query.
#[inline]
fn add_squares(sums: &mut [f32; WIDTH], columns: &[[f32; WIDTH]], own: &[f32]) {
    for (column, &x) in columns.iter().zip(own) {
        for w in 0..WIDTH {
            sums[w] += (x - column[w]) * (x - column[w]);
        }
    }
}

/// Writes down which slot each feature occurs in; `false` when one occurs in two.
fn remember_slots(slots: &[u32], slot_of: &mut [u32]) -> bool {
    let mut agrees = true;
    for (place, &feature) in (0_u32..).zip(slots) {
        if let Some(known) = slot_of.get_mut(feature as usize) {
            agrees &= *known == UNSEEN || *known == place;
            *known = place;
        }
    }
    agrees
}

/// Equal levels have equal bytes; beyond 255 features different ones may, too.
fn code(feature: u32, none: u32) -> u8 {
    if feature == none { NO_LEVEL } else { (feature % u32::from(NO_LEVEL)) as u8 }
}

fn is_small(numbers: &[f64]) -> bool {
    numbers.iter().all(|value| value.abs() <= LARGEST)
}

fn length(numbers: &[f64]) -> f64 {
    numbers.iter().map(|value| value * value).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::{Metric, NONE, NearestNeighbors, Quiet};

    /// Rows with ties, rows without a level, and more levels than a byte counts.
    fn example(n: usize, seed: u64) -> Matrix {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let dense = Array2::from_shape_fn((n, 2), |_| f64::from(rng.random_range(0..9_u8)) * 0.1);
        let one_hot = Array2::from_shape_fn((n, 3), |(_, slot)| match (slot, rng.random_range(0..600_u32)) {
            (0, level) => 2 + level % 3,
            (1, level) if level % 7 == 0 => NONE,
            (1, level) => 5 + level % 5,
            (_, level) => 10 + level,
        });
        Matrix::new(&dense, &one_hot, 610).unwrap()
    }

    #[test]
    fn neighbours_are_those_of_the_unfolded_rows_to_the_bit() {
        let (rows, queries) = (example(333, 1), example(70, 2));
        let mixed = MixedRows::new(&rows).unwrap();
        assert!(mixed.can_answer(&queries));
        let unfolded = NearestNeighbors::new(rows.to_dense().view(), Metric::Euclidean).unwrap();
        for k in [1, 5, 40, 333] {
            let expected = unfolded.of(queries.to_dense().view(), k, &Quiet).unwrap();
            assert_eq!(mixed.nearest(&queries, k, &Quiet).unwrap(), expected.into(), "k = {k}");
        }
    }

    #[test]
    fn a_feature_in_two_slots_is_left_to_the_search_over_unfolded_rows() {
        let swapped = Matrix::new(&Array2::zeros((2, 0)), &ndarray::array![[0, 1], [1, 0]], 2).unwrap();
        assert!(MixedRows::new(&swapped).is_none());
        let straight = Matrix::new(&Array2::zeros((1, 0)), &ndarray::array![[0, 1]], 2).unwrap();
        assert!(!MixedRows::new(&straight).unwrap().can_answer(&swapped));
    }
}
