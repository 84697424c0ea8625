//! Ordering rows by a score. cleanlab sorts with NumPy's quicksort, whose order among equal scores depends on the
//! processor; here equal scores keep their row order, on every platform.

use std::cmp::Ordering;

fn ascending(keys: &[f64], a: u32, b: u32) -> Ordering {
    // Adding zero makes the two zeros equal.
    (keys[a as usize] + 0.0).total_cmp(&(keys[b as usize] + 0.0)).then(a.cmp(&b))
}

/// Sorts rows by ascending key; equal keys in row order.
pub(crate) fn sort(rows: &mut [u32], keys: &[f64]) {
    rows.sort_unstable_by(|&a, &b| ascending(keys, a, b));
}

/// Row numbers by ascending key; equal keys in row order.
pub(crate) fn argsort(keys: &[f64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..keys.len() as u32).collect();
    sort(&mut order, keys);
    order
}

/// A whole number that orders as the key does: both zeros equal, NaN last.
#[inline]
fn rank_bits(key: f64) -> i64 {
    let bits = (key + 0.0).to_bits().cast_signed();
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

/// The `count` rows with the smallest keys, in row order; among equal keys the first rows.
pub(crate) fn smallest(keys: &[f64], count: usize) -> Vec<u32> {
    let mut rows = Vec::with_capacity(count.min(keys.len()));
    Smallest::default().for_each(keys, count, |row| rows.push(row as u32));
    rows
}

/// Below so many keys a sample saves nothing.
const SAMPLED_FROM: usize = 4096;
/// Keys in a sample.
const SAMPLE: usize = 1024;
/// Places of the sample to either side of the wanted one: several times the spread of a sample of this size.
const MARGIN: usize = 64;

/// Finds the smallest of many keys; its memory is used again from one list to the next.
#[derive(Default)]
pub(crate) struct Smallest {
    ranks: Vec<i64>,
    sample: Vec<i64>,
    scratch: Vec<i64>,
    places: Vec<u32>,
}

impl Smallest {
    /// Visits the places of the `count` smallest keys, ascending; among equal keys the first.
    pub(crate) fn for_each(&mut self, keys: &[f64], count: usize, visit: impl FnMut(usize)) {
        let mut ranks = std::mem::take(&mut self.ranks);
        ranks.clear();
        ranks.extend(keys.iter().map(|&key| rank_bits(key)));
        self.for_each_key(&ranks, count, visit);
        self.ranks = ranks;
    }

    /// As [`Smallest::for_each`], on keys that are whole numbers.
    pub(crate) fn for_each_key(&mut self, keys: &[i64], count: usize, mut visit: impl FnMut(usize)) {
        if count >= keys.len() {
            (0..keys.len()).for_each(visit);
            return;
        }
        if count == 0 {
            return;
        }
        let (limit, mut equal) = self.limit(keys, count);
        at_least(&mut self.places, keys.len());
        let mut n = 0;
        for (place, &key) in keys.iter().enumerate() {
            // Written in any case and kept only where it is wanted: a branch would often be mistaken.
            self.places[n] = place as u32;
            n += usize::from(key <= limit);
        }
        for &place in &self.places[..n] {
            let place = place as usize;
            if keys[place] < limit {
                visit(place);
            } else if equal > 0 {
                equal -= 1;
                visit(place);
            }
        }
    }

    /// The `count`th smallest of more than `count` keys, and how many that are equal to it are among the smallest.
    fn limit(&mut self, keys: &[i64], count: usize) -> (i64, usize) {
        at_least(&mut self.scratch, keys.len());
        let (mut below, mut inside) = (0, 0);
        if keys.len() >= SAMPLED_FROM {
            // A sample tells between which keys the limit must lie; only those are ordered.
            let step = keys.len() / SAMPLE;
            self.sample.clear();
            self.sample.extend(keys.iter().step_by(step));
            self.sample.sort_unstable();
            let wanted = count / step;
            let low = wanted.checked_sub(MARGIN).map_or(i64::MIN, |place| self.sample[place]);
            let high = self.sample.get(wanted + MARGIN).copied().unwrap_or(i64::MAX);
            for &key in keys {
                self.scratch[inside] = key;
                inside += usize::from(low <= key && key <= high);
                below += usize::from(key < low);
            }
        }
        if count <= below || count > below + inside {
            (below, inside) = (0, keys.len());
            self.scratch[..inside].copy_from_slice(keys);
        }
        let place = count - below - 1;
        let (smaller, &mut limit, _) = self.scratch[..inside].select_nth_unstable(place);
        (limit, place + 1 - smaller.iter().filter(|&&key| key < limit).count())
    }
}

/// Makes a list as long as `n` where it is shorter; what it holds is of no interest.
fn at_least<T: Copy + Default>(list: &mut Vec<T>, n: usize) {
    if list.len() < n {
        list.resize(n, T::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_keep_their_row_order() {
        assert_eq!(argsort(&[0.3, 0.1, 0.3, 0.1]), [1, 3, 0, 2]);
        assert_eq!(smallest(&[0.3, 0.1, 0.3, 0.1], 3), [0, 1, 3]);
        assert_eq!(smallest(&[0.0, -1.5, -0.0, f64::NAN, -2.0], 3), [0, 1, 4]);
        assert_eq!(smallest(&[f64::NAN, 1.0, f64::NAN], 2), [0, 1]);
        assert!(smallest(&[0.3], 0).is_empty());
        assert_eq!(smallest(&[0.3], 5), [0]);
    }

    #[test]
    fn a_sample_changes_nothing() {
        let lists: [fn(u64) -> f64; 4] = [
            |i| (i * 7919 % 10_007) as f64,
            |i| (i * 7919 % 11) as f64,
            |i| if i % 19 == 0 { f64::NAN } else { -(i as f64) },
            |i| if i % 9 == 0 { i as f64 } else { 1e9 },
        ];
        for key in lists {
            let keys: Vec<f64> = (0..10_007).map(key).collect();
            let order = argsort(&keys);
            for count in [1, 17, 1000, 5000, 9990, 10_006] {
                let mut expected = order[..count].to_vec();
                expected.sort_unstable();
                assert_eq!(smallest(&keys, count), expected);
            }
        }
    }
}
