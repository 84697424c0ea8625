//! Label noise put in on purpose, to see how much of it is found again.

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::anomaly::normal;

/// Flips the given share of labels, each to another class chosen uniformly, and returns the flipped positions,
/// ascending. Labels of fewer than two classes stay as they are.
pub(crate) fn flip_labels(labels: &mut [u32], n_classes: usize, fraction: f64, seed: u64) -> Vec<usize> {
    if n_classes < 2 {
        return Vec::new();
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut positions: Vec<usize> = (0..labels.len()).collect();
    positions.shuffle(&mut rng);
    positions.truncate((labels.len() as f64 * fraction).round() as usize);
    positions.sort_unstable();
    for &position in &positions {
        let shift = rng.random_range(1..n_classes as u32);
        labels[position] = (labels[position] + shift) % n_classes as u32;
    }
    positions
}

/// Adds Gaussian noise of `scale` standard deviations of the values to the given share of them and returns their
/// positions, ascending.
pub(crate) fn add_noise(values: &mut [f64], fraction: f64, scale: f64, seed: u64) -> Vec<usize> {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let deviation = (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n).sqrt();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut positions: Vec<usize> = (0..values.len()).collect();
    positions.shuffle(&mut rng);
    positions.truncate((values.len() as f64 * fraction).round() as usize);
    positions.sort_unstable();
    for &position in &positions {
        values[position] += normal(&mut rng) * scale * deviation;
    }
    positions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_named_positions_change_to_another_class() {
        let before: Vec<u32> = (0..1000).map(|i| i % 3).collect();
        let mut after = before.clone();
        let flipped = flip_labels(&mut after, 3, 0.1, 7);
        assert_eq!(flipped.len(), 100);
        let changed: Vec<usize> = (0..1000).filter(|&i| before[i] != after[i]).collect();
        assert_eq!(changed, flipped);
        assert!(after.iter().all(|&label| label < 3));
        assert!(flip_labels(&mut after, 1, 0.5, 7).is_empty());
    }

    #[test]
    fn noise_moves_the_named_numbers_by_as_many_deviations_as_asked() {
        let before: Vec<f64> = (0..4000).map(|i| f64::from(i % 7)).collect();
        let mut after = before.clone();
        let moved = add_noise(&mut after, 0.25, 5.0, 7);
        assert_eq!(moved.len(), 1000);
        assert_eq!((0..4000).filter(|&i| before[i] != after[i]).collect::<Vec<_>>(), moved);
        let spread = (moved.iter().map(|&i| (after[i] - before[i]).powi(2)).sum::<f64>() / 1000.0).sqrt();
        assert!((spread / 10.0 - 1.0).abs() < 0.1, "{spread}");
    }
}
