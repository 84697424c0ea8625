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

/// The layers of the bitonic network for eight lanes: pairs whose smaller key goes to the first place.
const NETWORK: [[(usize, usize); 4]; 6] = [
    [(0, 1), (2, 3), (4, 5), (6, 7)],
    [(0, 3), (1, 2), (4, 7), (5, 6)],
    [(0, 1), (2, 3), (4, 5), (6, 7)],
    [(0, 7), (1, 6), (2, 5), (3, 4)],
    [(0, 2), (1, 3), (4, 6), (5, 7)],
    [(0, 1), (2, 3), (4, 5), (6, 7)],
];

/// Positions by ascending key. Which of two equal keys comes first decides here which count is corrected, so up to eight
/// keys are ordered as NumPy orders them on a processor with eight lanes; more keys keep their order.
fn numpy_argsort(keys: &[f64]) -> Vec<u32> {
    let n = keys.len();
    if n > 8 {
        return argsort(keys);
    }
    let mut lanes: [(f64, u32); 8] =
        std::array::from_fn(|lane| (keys.get(lane).copied().unwrap_or(f64::INFINITY), lane as u32));
    for (a, b) in NETWORK.into_iter().flatten() {
        if lanes[a].0 > lanes[b].0 {
            lanes.swap(a, b);
        }
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
    }
}
