//! The mean distance to very many neighbours, without keeping them.

use super::Metric;

/// Values from which the bracket of a selection is guessed.
const SAMPLE: usize = 512;
/// How far the bracket reaches to either side, in sample values: three standard deviations of a middle quantile.
const REACH: f64 = 34.0;
/// Sums run in this many lanes, always in the same order.
const LANES: usize = 8;

/// The rows searched, column by column, so that all are measured at once.
#[derive(Debug)]
pub(super) struct Columns {
    values: Vec<f64>,
    n_rows: usize,
    n_dimensions: usize,
}

impl Columns {
    pub(super) fn new(rows: &[f64], n_dimensions: usize) -> Self {
        let column = |j: usize| rows.iter().skip(j).step_by(n_dimensions).copied();
        let values = (0..n_dimensions).flat_map(column).collect();
        Self { values, n_rows: rows.len() / n_dimensions.max(1), n_dimensions }
    }

    /// The mean distance of each query to its `k` nearest rows, 1 ≤ k ≤ n.
    pub(super) fn mean_distances(&self, queries: &[f64], k: usize, metric: Metric) -> Vec<f64> {
        let (mut keys, mut scratch) = (vec![0.0; self.n_rows], vec![0.0; self.n_rows + 1]);
        let mean = |query: &[f64]| {
            self.measure(query, metric, &mut keys);
            let limit = kth_smallest(&keys, k, &mut scratch);
            match metric {
                Metric::Euclidean => sum_of_smallest(&keys, limit, k, f64::sqrt) / k as f64,
                Metric::Cosine => sum_of_smallest(&keys, limit, k, |key| key) / k as f64,
            }
        };
        queries.chunks_exact(self.n_dimensions).map(mean).collect()
    }

    /// The keys of all rows, summed in the order of [`Metric::key`].
    fn measure(&self, query: &[f64], metric: Metric, keys: &mut [f64]) {
        keys.fill(0.0);
        for (&x, column) in query.iter().zip(self.values.chunks_exact(self.n_rows)) {
            match metric {
                Metric::Euclidean => keys.iter_mut().zip(column).for_each(|(key, y)| *key += (x - y) * (x - y)),
                Metric::Cosine => keys.iter_mut().zip(column).for_each(|(key, y)| *key += x * y),
            }
        }
        if metric == Metric::Cosine {
            keys.iter_mut().for_each(|key| *key = (1.0 - *key).clamp(0.0, 2.0));
        }
    }
}

/// The k-th smallest value, by bracketing it with a sample first (Floyd and Rivest, 1975). `scratch` has room for one
/// value more than there are.
fn kth_smallest(values: &[f64], k: usize, scratch: &mut [f64]) -> f64 {
    let n = values.len();
    if n >= 4 * SAMPLE {
        let mut sample: Vec<f64> = (0..SAMPLE).filter_map(|i| values.get(i * n / SAMPLE)).copied().collect();
        let middle = k as f64 / n as f64 * SAMPLE as f64;
        let mut at = |place: f64| {
            let is_there = place > 0.0 && (place as usize) < sample.len();
            is_there.then(|| *sample.select_nth_unstable_by(place as usize, f64::total_cmp).1)
        };
        let low = at(middle - REACH).unwrap_or(f64::NEG_INFINITY);
        let high = at(middle + REACH).unwrap_or(f64::INFINITY);
        let (mut below, mut between) = (0, 0);
        for &value in values {
            below += usize::from(value < low);
            if let Some(place) = scratch.get_mut(between) {
                *place = value;
            }
            between += usize::from(value >= low && value <= high);
        }
        if below < k
            && k <= below + between
            && let Some(bracketed) = scratch.get_mut(..between)
        {
            return *bracketed.select_nth_unstable_by(k - below - 1, f64::total_cmp).1;
        }
    }
    let all = scratch.get_mut(..n).unwrap_or_default();
    all.copy_from_slice(values);
    if k == 0 || k > n { 0.0 } else { *all.select_nth_unstable_by(k - 1, f64::total_cmp).1 }
}

/// Sum of the distances of the `k` smallest keys, of which `limit` is the largest.
fn sum_of_smallest(keys: &[f64], limit: f64, k: usize, distance: impl Fn(f64) -> f64) -> f64 {
    let (mut sums, mut counts) = ([0.0; LANES], [0.0; LANES]);
    let (chunks, rest) = keys.as_chunks::<LANES>();
    for chunk in chunks {
        for ((sum, count), &key) in sums.iter_mut().zip(&mut counts).zip(chunk) {
            *sum += if key < limit { distance(key) } else { 0.0 };
            *count += if key < limit { 1.0 } else { 0.0 };
        }
    }
    let (mut sum, mut count) = (sums.iter().sum::<f64>(), counts.iter().sum::<f64>());
    for &key in rest.iter().filter(|&&key| key < limit) {
        sum += distance(key);
        count += 1.0;
    }
    sum + (k as f64 - count) * distance(limit)
}
