//! The exponential moving average over the scores of each row from best to worst.
//!
//! Many rows are sorted at once, a row in each lane, by a network of comparisons that is the same for all of them
//! (Batcher's merge exchange: Knuth, "The Art of Computer Programming", volume 3, algorithm 5.2.2M).

use crate::vector_math::in_wide_vectors;

/// Rows sorted at once.
const ROWS: usize = 64;

/// One score of each of some rows.
type Column = [f64; ROWS];

/// The average of each row of `k` scores, with the weight `alpha` of the next, lower score; NaN where a score is.
pub(super) fn moving_averages(scores: &[f64], k: usize, alpha: f64) -> Vec<f64> {
    let network = merge_exchange(k);
    let mut columns = vec![[0.0; ROWS]; k];
    let mut averages = Vec::with_capacity(scores.len() / k);
    for rows in scores.chunks(ROWS * k) {
        for (lane, row) in rows.chunks_exact(k).enumerate() {
            columns.iter_mut().zip(row).for_each(|(column, &score)| column[lane] = score);
        }
        let mut average = [0.0; ROWS];
        average_sorted(&mut average, &mut columns, &network, alpha);
        for (row, average) in rows.chunks_exact(k).zip(average) {
            averages.push(if row.iter().fold(false, |any, score| any | score.is_nan()) { f64::NAN } else { average });
        }
    }
    averages
}

in_wide_vectors! {
    /// Sorts each lane of `columns` by `network` and averages it from its last value to its first.
    fn average_sorted(average: &mut Column, columns: &mut [Column], network: &[(usize, usize)], alpha: f64) {
        for &(low, high) in network {
            let (before, from) = columns.split_at_mut(high);
            for (a, b) in before[low].iter_mut().zip(&mut from[0]) {
                let (x, y) = (*a, *b);
                *a = if y < x { y } else { x };
                *b = if x > y { x } else { y };
            }
        }
        if let Some((best, others)) = columns.split_last() {
            *average = *best;
            for scores in others.iter().rev() {
                average.iter_mut().zip(scores).for_each(|(a, score)| *a = alpha * score + (1.0 - alpha) * *a);
            }
        }
    }
}

/// Pairs of places, the smaller first, whose values are to be put in order one pair after the other to sort `n` values.
fn merge_exchange(n: usize) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let top = n.next_power_of_two() / 2;
    let mut p = top;
    while p > 0 {
        let (mut q, mut r, mut d) = (top, 0, p);
        loop {
            pairs.extend((0..n - d).filter(|i| i & p == r).map(|i| (i, i + d)));
            if q == p {
                break;
            }
            d = q - p;
            q /= 2;
            r = p;
        }
        p /= 2;
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_network_sorts_zeros_and_ones_and_so_everything() {
        for n in 1..13 {
            let network = merge_exchange(n);
            for bits in 0..1_u32 << n {
                let mut values: Vec<u32> = (0..n).map(|i| bits >> i & 1).collect();
                for &(low, high) in &network {
                    if values[high] < values[low] {
                        values.swap(low, high);
                    }
                }
                assert!(values.is_sorted(), "{n} {bits:b}");
            }
        }
    }

    #[test]
    fn many_rows_average_as_each_alone() {
        let k = 5;
        let scores: Vec<f64> = (0..k * 131).map(|i| (i * 37 % 101) as f64 / 101.0).collect();
        let averages = moving_averages(&scores, k, 0.8);
        for (row, average) in scores.chunks(k).zip(&averages) {
            let mut sorted = row.to_vec();
            sorted.sort_by(|a, b| b.total_cmp(a));
            let expected = sorted[1..].iter().fold(sorted[0], |average, score| 0.8 * score + (1.0 - 0.8) * average);
            assert_eq!(*average, expected);
        }
        assert!(moving_averages(&[0.2, f64::NAN, 0.1, 0.3], 2, 0.5)[0].is_nan());
    }
}
