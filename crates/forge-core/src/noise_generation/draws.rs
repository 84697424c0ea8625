//! Random numbers under a sum and bounds: probabilities, and balls in bins.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use libm::log;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::CoreError;
use crate::inputs::TOLERANCE;

/// The most values drawn at once.
const MOST_VALUES: usize = 10_000_000;
/// The most balls distributed at once: up to 2⁵³ every count is exact as a floating-point number.
const MOST_BALLS: u64 = 1 << 53;

/// Bounds of probabilities, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProbabilityRange {
    /// cleanlab's `min_prob`; 0 by default.
    pub min: f64,
    /// cleanlab's `max_prob`; 1 by default.
    pub max: f64,
}

impl Default for ProbabilityRange {
    fn default() -> Self {
        Self { min: 0.0, max: 1.0 }
    }
}

/// Bounds of the balls in a bin, both inclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BallRange {
    /// cleanlab's `min_balls_per_bin`; 0 by default.
    pub min: usize,
    /// cleanlab's `max_balls_per_bin`; no bound by default.
    pub max: Option<usize>,
}

/// `n` random probabilities within `range` whose sum is `m`. cleanlab:
/// `benchmarking.noise_generation.generate_n_rand_probabilities_that_sum_to_m`.
///
/// # Errors
/// [`CoreError::Setting`] where no such numbers exist.
pub fn generate_n_rand_probabilities_that_sum_to_m(
    n: usize,
    m: f64,
    range: ProbabilityRange,
    seed: u64,
) -> Result<Vec<f64>, CoreError> {
    probabilities(n, m, range, &mut ChaCha8Rng::seed_from_u64(seed))
}

pub(super) fn probabilities(
    n: usize,
    m: f64,
    range: ProbabilityRange,
    rng: &mut ChaCha8Rng,
) -> Result<Vec<f64>, CoreError> {
    let ProbabilityRange { min, max } = range;
    if n == 0 {
        return Ok(Vec::new());
    }
    if n > MOST_VALUES {
        return Err(CoreError::setting("n", n, format!("at most {MOST_VALUES}")));
    }
    if !m.is_finite() {
        return Err(CoreError::setting("m", m, "a finite number"));
    }
    let mean = m / n as f64;
    if max.is_nan() || max + TOLERANCE < mean {
        return Err(CoreError::setting("max_prob", max, format!("at least m / n, which is {mean}")));
    }
    if min.is_nan() || min > mean + TOLERANCE / n as f64 {
        return Err(CoreError::setting("min_prob", min, format!("at most m / n, which is {mean}")));
    }
    // Exponential numbers over their sum are uniform on the simplex: a Dirichlet draw with every parameter 1.
    let mut values: Vec<f64> = (0..n).map(|_| -log(1.0 - rng.random::<f64>())).collect();
    let total: f64 = values.iter().sum();
    values.iter_mut().for_each(|value| *value = if total > 0.0 { *value / total * m } else { mean });
    spread(&mut values, range, rng);
    shrink_into(&mut values, mean, range);
    Ok(values)
}

/// Moves what is too much in the largest value to the smallest, then what is too little in the smallest from the
/// largest, each time a random amount more, until the bounds are kept or it has been tried often enough.
fn spread(values: &mut [f64], range: ProbabilityRange, rng: &mut ChaCha8Rng) {
    let tries = (100 + 2 * values.len()).min(MOST_VALUES / values.len()).max(1);
    for _ in 0..tries {
        let (smallest, largest) = extremes(values);
        if values[largest] <= range.max + TOLERANCE {
            break;
        }
        let new_smallest = values[smallest] + (values[largest] - range.max);
        let more = (range.max - new_smallest) * rng.random::<f64>();
        values[smallest] = new_smallest + more;
        values[largest] = range.max - more;
    }
    for _ in 0..tries {
        let (smallest, largest) = extremes(values);
        if values[smallest] >= range.min - TOLERANCE {
            break;
        }
        let new_largest = values[largest] - (range.min - values[smallest]);
        let more = (new_largest - range.min) * rng.random::<f64>();
        values[largest] = new_largest - more;
        values[smallest] = range.min + more;
    }
}

/// Where bounds are still broken, draws all values towards their mean just as far as needed.
fn shrink_into(values: &mut [f64], mean: f64, range: ProbabilityRange) {
    let (smallest, largest) = extremes(values);
    let (low, high) = (values[smallest], values[largest]);
    let mut keep = 1.0_f64;
    if high > range.max + TOLERANCE {
        keep = keep.min((range.max - mean).max(0.0) / (high - mean));
    }
    if low < range.min - TOLERANCE {
        keep = keep.min((mean - range.min).max(0.0) / (mean - low));
    }
    if keep < 1.0 {
        values.iter_mut().for_each(|value| *value = mean + keep * (*value - mean));
    }
}

/// The first smallest and the first largest of one or more values.
fn extremes(values: &[f64]) -> (usize, usize) {
    let (mut smallest, mut largest) = (0, 0);
    for (i, &value) in values.iter().enumerate() {
        if value < values[smallest] {
            smallest = i;
        }
        if value > values[largest] {
            largest = i;
        }
    }
    (smallest, largest)
}

/// `n_balls` distributed at random over `n_bins` bins; fewer where the bins cannot hold them all. cleanlab:
/// `benchmarking.noise_generation.randomly_distribute_N_balls_into_K_bins`.
///
/// # Errors
/// [`CoreError::Setting`] without a bin, for more than ten million of them, or for more than 2⁵³ balls that fit.
pub fn randomly_distribute_balls_into_bins(
    n_balls: usize,
    n_bins: usize,
    range: BallRange,
    seed: u64,
) -> Result<Vec<usize>, CoreError> {
    balls(n_balls, n_bins, range, &mut ChaCha8Rng::seed_from_u64(seed))
}

pub(super) fn balls(
    n_balls: usize,
    n_bins: usize,
    range: BallRange,
    rng: &mut ChaCha8Rng,
) -> Result<Vec<usize>, CoreError> {
    if n_bins > MOST_VALUES || (n_bins == 0 && n_balls > 0) {
        return Err(CoreError::setting("K", n_bins, format!("1 to {MOST_VALUES} bins")));
    }
    let most = range.max.unwrap_or(n_balls).min(n_balls);
    let n_balls = n_balls.min(most.saturating_mul(n_bins));
    if n_balls as u64 > MOST_BALLS {
        return Err(CoreError::setting("N", n_balls, format!("at most {MOST_BALLS} balls")));
    }
    if n_balls == 0 {
        return Ok(vec![0; n_bins]);
    }
    let total = n_balls as f64;
    let least = (range.min as f64).min(total / n_bins as f64);
    let bounds = ProbabilityRange { min: least / total, max: most as f64 / total };
    let shares = probabilities(n_bins, 1.0, bounds, rng)?;
    let mut bins: Vec<usize> = shares.iter().map(|share| (share * total).round_ties_even().max(0.0) as usize).collect();
    let mut placed: usize = bins.iter().sum();
    if placed > n_balls {
        let mut fullest: BinaryHeap<_> = (0..n_bins).map(|bin| (bins[bin], Reverse(bin))).collect();
        while placed > n_balls
            && let Some((count, Reverse(bin))) = fullest.pop()
        {
            bins[bin] = count - 1;
            fullest.push((count - 1, Reverse(bin)));
            placed -= 1;
        }
    }
    if placed < n_balls {
        let mut emptiest: BinaryHeap<_> = (0..n_bins).map(|bin| Reverse((bins[bin], bin))).collect();
        while placed < n_balls
            && let Some(Reverse((count, bin))) = emptiest.pop()
        {
            bins[bin] = count + 1;
            emptiest.push(Reverse((count + 1, bin)));
            placed += 1;
        }
    }
    Ok(bins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_keep_their_bounds_and_their_sum() {
        for (n, m, min, max) in [(5, 1.0, 0.0, 1.0), (4, 2.0, 0.3, 0.8), (3, 3.0, 0.0, 1.0), (6, 0.6, 0.1, 0.1)] {
            for seed in 0..50 {
                let drawn =
                    generate_n_rand_probabilities_that_sum_to_m(n, m, ProbabilityRange { min, max }, seed).unwrap();
                assert!((drawn.iter().sum::<f64>() - m).abs() < 1e-9, "{drawn:?}");
                assert!(drawn.iter().all(|p| (min - 2e-6..=max + 2e-6).contains(p)), "{drawn:?}");
            }
        }
        let wide = ProbabilityRange::default();
        assert!(generate_n_rand_probabilities_that_sum_to_m(3, 3.5, wide, 0).is_err());
        assert!(generate_n_rand_probabilities_that_sum_to_m(3, f64::NAN, wide, 0).is_err());
        let high = ProbabilityRange { min: 0.5, max: 1.0 };
        assert!(generate_n_rand_probabilities_that_sum_to_m(3, 0.1, high, 0).is_err());
    }

    #[test]
    fn all_balls_land_in_bins_that_can_hold_them() {
        for seed in 0..50 {
            let range = BallRange { min: 1, max: Some(4) };
            let bins = randomly_distribute_balls_into_bins(10, 4, range, seed).unwrap();
            assert_eq!(bins.iter().sum::<usize>(), 10);
            assert!(bins.iter().all(|bin| (1..=4).contains(bin)), "{bins:?}");
        }
        let full = randomly_distribute_balls_into_bins(20, 3, BallRange { min: 0, max: Some(4) }, 0).unwrap();
        assert_eq!(full, [4, 4, 4]);
        assert!(randomly_distribute_balls_into_bins(1, 0, BallRange::default(), 0).is_err());
        assert!(randomly_distribute_balls_into_bins(usize::MAX, 3, BallRange::default(), 0).is_err());
    }
}
