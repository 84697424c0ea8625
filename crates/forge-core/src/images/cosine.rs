//! The discrete cosine transform of the second kind.

use std::f64::consts::PI;

/// The transform of so many values.
pub(super) struct Transform {
    n: usize,
    cosines: Vec<f64>,
    /// The transform of half as many, where the number is even.
    half: Option<Box<Transform>>,
}

impl Transform {
    pub(super) fn new(n: usize) -> Self {
        let half = (n > 1 && n.is_multiple_of(2)).then(|| Box::new(Self::new(n / 2)));
        Self { n, cosines: cosines(n), half }
    }

    /// Σₙ xₙ cos(π k (2n + 1) / 2N) for every k, of N values; values that are not there count as 0.
    ///
    /// Halves are folded onto each other before they are multiplied, so that what cancels by symmetry comes out as exactly
    /// 0, as it does from a fast transform: hashes ask which coefficients lie above 0.
    pub(super) fn of(&self, values: &[f64]) -> Vec<f64> {
        let n = self.n;
        let at = |i: usize| values.get(i).copied().unwrap_or(0.0);
        let middle = (!n.is_multiple_of(2)).then(|| at(n / 2));
        let sums: Vec<f64> = (0..n / 2).map(|i| at(i) + at(n - 1 - i)).chain(middle).collect();
        let differences: Vec<f64> = (0..n / 2).map(|i| at(i) - at(n - 1 - i)).collect();
        let even = self.half.as_ref().map(|half| half.of(&sums));
        let weighed = |k: usize, folded: &[f64]| -> f64 {
            folded.iter().enumerate().map(|(i, value)| value * self.cosines[k * (2 * i + 1) % (4 * n)]).sum()
        };
        (0..n)
            .map(|k| match (&even, k % 2) {
                (Some(even), 0) => even[k / 2],
                (None, 0) => weighed(k, &sums),
                _ => weighed(k, &differences),
            })
            .collect()
    }
}

/// cos(π m / 2n) for m below 4n, exact where it is 0, ±½ or ±1.
fn cosines(n: usize) -> Vec<f64> {
    (0..4 * n)
        .map(|m| match () {
            () if m == n || m == 3 * n => 0.0,
            () if 3 * m == 2 * n || 3 * m == 10 * n => 0.5,
            () if 3 * m == 4 * n || 3 * m == 8 * n => -0.5,
            () if m == 2 * n => -1.0,
            () => libm::cos(PI * m as f64 / (2 * n) as f64),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_sum_it_says() {
        for n in [1, 2, 3, 5, 6, 8, 12, 32] {
            let values: Vec<f64> = (0..n).map(|i| f64::from((i * i * 7 + i) as u32 % 23)).collect();
            for (k, &found) in Transform::new(n).of(&values).iter().enumerate() {
                let cosine = |i: usize| (PI * k as f64 * (2 * i + 1) as f64 / (2 * n) as f64).cos();
                let expected: f64 = values.iter().enumerate().map(|(i, value)| value * cosine(i)).sum();
                assert!((found - expected).abs() < 1e-10, "{n}, {k}: {found} against {expected}");
            }
        }
    }

    #[test]
    fn what_is_constant_has_exactly_one_coefficient() {
        for n in [8, 12, 16, 24, 32, 64] {
            let coefficients = Transform::new(n).of(&vec![120.0; n]);
            assert_eq!(coefficients[0], 120.0 * n as f64);
            assert!(coefficients[1..].iter().all(|&value| value == 0.0), "{n}: {coefficients:?}");
        }
    }
}
