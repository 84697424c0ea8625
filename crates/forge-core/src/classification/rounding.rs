//! Rounding that keeps sums, cleanlab's `internal.util.round_preserving_sum` and `round_preserving_row_totals`.

use ndarray::{Array2, ArrayView1};

use super::order::argsort;

/// Rounds to whole numbers (halves to even) whose sum is the rounded sum of `values`: the values that lost or gained
/// most by rounding are corrected first.
pub(crate) fn round_preserving_sum(values: ArrayView1<'_, f64>) -> Vec<f64> {
    let mut rounded: Vec<f64> = values.iter().map(|v| v.round_ties_even()).collect();
    let target = values.sum().round_ties_even();
    // A NaN sum leaves the loop at once, as it does in NumPy.
    loop {
        let missing = (target - rounded.iter().sum::<f64>().round_ties_even()).round_ties_even();
        if missing.is_nan() || missing.abs() <= 1e-6 {
            return rounded;
        }
        let step = missing.signum();
        let changes = (missing.abs() as usize).min(rounded.len());
        let lost: Vec<f64> = values.iter().zip(&rounded).map(|(v, r)| v - r).collect();
        let mut order = numpy_argsort(&lost);
        if step > 0.0 {
            order.reverse();
        }
        for &i in &order[..changes] {
            rounded[i as usize] += step;
        }
    }
}

/// NumPy's pairwise sum: eight running sums over blocks of up to 128 values. Rounding a half depends on the last bit of the
/// total, so it is added up in the same order.
pub(crate) fn pairwise_sum(values: &[f64]) -> f64 {
    let n = values.len();
    if n < 8 {
        return values.iter().sum();
    }
    if n > 128 {
        let half = n / 2 - (n / 2) % 8;
        return pairwise_sum(&values[..half]) + pairwise_sum(&values[half..]);
    }
    let (blocks, rest) = values.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for block in blocks {
        sums.iter_mut().zip(block).for_each(|(sum, value)| *sum += value);
    }
    let [a, b, c, d, e, f, g, h] = sums;
    rest.iter().fold(((a + b) + (c + d)) + ((e + f) + (g + h)), |sum, value| sum + value)
}

/// Keys that NumPy orders by a network at most.
const NETWORK_KEYS: usize = 256;

/// Positions by ascending key. Which of two equal keys comes first decides here which count is corrected, so up to 256
/// keys are ordered by the bitonic network that NumPy runs on a processor with eight lanes (K. E. Batcher, "Sorting
/// networks and their applications", 1968); more keys keep their order.
fn numpy_argsort(keys: &[f64]) -> Vec<u32> {
    let n = keys.len();
    if n > NETWORK_KEYS {
        return argsort(keys);
    }
    let size = n.next_power_of_two().max(8);
    let mut lanes: Vec<(f64, u32)> =
        (0..size).map(|lane| (keys.get(lane).copied().unwrap_or(f64::INFINITY), lane as u32)).collect();
    let exchange = |lanes: &mut [(f64, u32)], low: usize, high: usize| {
        if lanes[low].0 > lanes[high].0 {
            lanes.swap(low, high);
        }
    };
    let mut block = 2;
    while block <= size {
        for lanes in lanes.chunks_exact_mut(block) {
            (0..block / 2).for_each(|low| exchange(lanes, low, block - 1 - low));
            let mut distance = block / 4;
            while distance > 0 {
                (0..block).filter(|low| low & distance == 0).for_each(|low| exchange(lanes, low, low | distance));
                distance /= 2;
            }
        }
        block *= 2;
    }
    lanes[..n].iter().map(|lane| lane.1).collect()
}

/// [`round_preserving_sum`] on each row.
pub(crate) fn round_preserving_row_totals(matrix: &Array2<f64>) -> Array2<f64> {
    let mut rounded = matrix.clone();
    for (mut target, row) in rounded.outer_iter_mut().zip(matrix.outer_iter()) {
        target.iter_mut().zip(round_preserving_sum(row)).for_each(|(t, r)| *t = r);
    }
    rounded
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::arr1;

    #[test]
    fn the_sum_survives_rounding() {
        assert_eq!(round_preserving_sum(arr1(&[0.4, 0.4, 0.2]).view()).iter().sum::<f64>(), 1.0);
        assert_eq!(round_preserving_sum(arr1(&[2.5, 3.5]).view()).iter().sum::<f64>(), 6.0);
        assert_eq!(round_preserving_sum(arr1(&[1.6, 1.6, 1.6]).view()).iter().sum::<f64>(), 5.0);
    }

    #[test]
    fn equal_keys_come_in_the_order_of_numpy() {
        let third = 1.0 / 3.0;
        assert_eq!(numpy_argsort(&[0.45, 0.45, -0.27, 0.0, 0.36]), [2, 3, 4, 1, 0]);
        assert_eq!(numpy_argsort(&[third, 0.0, third, third, 0.0])[4], 3);
        assert_eq!(numpy_argsort(&[0.0; 9]), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
        let cases: [(u32, u32, &[u32]); 3] = [
            (10, 3, &[0, 3, 6, 9, 7, 4, 1, 2, 5, 8][..]),
            (16, 4, &[0, 4, 12, 8, 11, 15, 7, 3, 14, 10, 2, 6, 5, 1, 9, 13][..]),
            (20, 3, &[0, 3, 6, 9, 12, 15, 18, 7, 13, 10, 4, 1, 16, 19, 5, 2, 14, 11, 8, 17][..]),
        ];
        for (n, repeat, expected) in cases {
            let keys: Vec<f64> = (0..n).map(|i| f64::from(i * 7 % repeat)).collect();
            assert_eq!(numpy_argsort(&keys), expected, "{n} keys of {repeat} values");
        }
    }
}
