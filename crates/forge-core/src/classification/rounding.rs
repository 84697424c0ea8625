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
        let mut order = argsort(&lost);
        if step > 0.0 {
            order.reverse();
        }
        for &i in &order[..changes] {
            rounded[i as usize] += step;
        }
    }
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
}
