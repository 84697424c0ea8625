//! The Haar wavelet transform of a square. `PyWavelets`: `wavedec2` and `waverec2` with `haar`.

use std::f64::consts::FRAC_1_SQRT_2;

/// The four quarters of a transformed square of numbers, each of half its side.
struct Quarters {
    smooth: Vec<f64>,
    details: [Vec<f64>; 3],
}

/// Sums and differences of neighbours, along the columns first, then along the rows.
fn split(values: &[f64], side: usize) -> Quarters {
    let half = side / 2;
    let mut quarters = Quarters { smooth: Vec::with_capacity(half * half), details: [const { Vec::new() }; 3] };
    let mut sums = vec![0.0; side];
    let mut differences = vec![0.0; side];
    for rows in values.chunks_exact(2 * side) {
        let (upper, lower) = rows.split_at(side);
        for x in 0..side {
            sums[x] = FRAC_1_SQRT_2 * lower[x] + FRAC_1_SQRT_2 * upper[x];
            differences[x] = -FRAC_1_SQRT_2 * lower[x] + FRAC_1_SQRT_2 * upper[x];
        }
        let sum = |pair: &[f64; 2]| FRAC_1_SQRT_2 * pair[1] + FRAC_1_SQRT_2 * pair[0];
        let difference = |pair: &[f64; 2]| -FRAC_1_SQRT_2 * pair[1] + FRAC_1_SQRT_2 * pair[0];
        quarters.smooth.extend(sums.as_chunks::<2>().0.iter().map(sum));
        quarters.details[0].extend(sums.as_chunks::<2>().0.iter().map(difference));
        quarters.details[1].extend(differences.as_chunks::<2>().0.iter().map(sum));
        quarters.details[2].extend(differences.as_chunks::<2>().0.iter().map(difference));
    }
    quarters
}

/// The inverse of [`split`], into a square of the given side.
fn join(quarters: &Quarters, side: usize) -> Vec<f64> {
    let half = side / 2;
    let mut values = Vec::with_capacity(side * side);
    let pair = |a: f64, d: f64| [FRAC_1_SQRT_2 * a + FRAC_1_SQRT_2 * d, FRAC_1_SQRT_2 * a - FRAC_1_SQRT_2 * d];
    let rows = |quarter: &[f64], detail: &[f64]| -> Vec<f64> {
        quarter.iter().zip(detail).flat_map(|(&a, &d)| pair(a, d)).collect()
    };
    for y in 0..half {
        let row = y * half..(y + 1) * half;
        let [across, down, both] = quarters.details.each_ref().map(|detail| &detail[row.clone()]);
        let sums = rows(&quarters.smooth[row.clone()], across);
        let differences = rows(down, both);
        values.extend(sums.iter().zip(&differences).map(|(&a, &d)| pair(a, d)[0]));
        values.extend(sums.iter().zip(&differences).map(|(&a, &d)| pair(a, d)[1]));
    }
    values
}

/// The square without its mean: transformed down to one number, which becomes 0, and back. The side is a power of 2.
pub(super) fn without_mean(values: Vec<f64>, side: usize) -> Vec<f64> {
    let (mut smooth, mut levels) = (values, Vec::new());
    let mut now = side;
    while now > 1 {
        let quarters = split(&smooth, now);
        smooth.clone_from(&quarters.smooth);
        levels.push(quarters);
        now /= 2;
    }
    smooth.fill(0.0);
    while let Some(quarters) = levels.pop() {
        now *= 2;
        smooth = join(&Quarters { smooth, ..quarters }, now);
    }
    smooth
}

/// The square smoothed down to a smaller side. Both sides are powers of 2.
pub(super) fn smoothed(mut values: Vec<f64>, from: usize, to: usize) -> Vec<f64> {
    let mut side = from;
    while side > to {
        values = split(&values, side).smooth;
        side /= 2;
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_the_mean_goes() {
        let values: Vec<f64> = (0..64).map(|i| f64::from((i * i * 5 + 3 * i) % 17)).collect();
        let mean = values.iter().sum::<f64>() / 64.0;
        let without = without_mean(values.clone(), 8);
        assert!(values.iter().zip(&without).all(|(value, left)| (value - mean - left).abs() < 1e-12));
        assert_eq!(without_mean(vec![0.4; 16], 4), [0.0; 16]);
        assert_eq!(without_mean(vec![0.4], 1), [0.0]);
    }

    #[test]
    fn a_smoothed_square_holds_the_sums_of_its_blocks() {
        let values: Vec<f64> = (0..16).map(f64::from).collect();
        let smooth = smoothed(values, 4, 2);
        let expected = [5.0, 9.0, 21.0, 25.0];
        assert!(smooth.iter().zip(expected).all(|(value, block)| (value - block).abs() < 1e-12));
    }
}
