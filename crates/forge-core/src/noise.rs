//! Label noise put in on purpose, to see how much of it is found again.

use ndarray::Array2;
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
    let positions = choose(labels.len(), fraction, &mut rng);
    for &position in &positions {
        let shift = rng.random_range(1..n_classes as u32);
        labels[position] = (labels[position] + shift) % n_classes as u32;
    }
    positions
}

/// Puts one class, chosen uniformly, into or out of each of the given share of rows (n × k) and returns these rows,
/// ascending.
pub(crate) fn flip_bits(bits: &mut Array2<bool>, fraction: f64, seed: u64) -> Vec<usize> {
    let (n, k) = bits.dim();
    if k == 0 {
        return Vec::new();
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let rows = choose(n, fraction, &mut rng);
    for &row in &rows {
        let bit = &mut bits[[row, rng.random_range(0..k as u32) as usize]];
        *bit = !*bit;
    }
    rows
}

/// Adds Gaussian noise of `scale` standard deviations of the numbers to the given share of them and returns their
/// positions, ascending.
pub(crate) fn add_noise(numbers: &mut [f64], fraction: f64, scale: f64, seed: u64) -> Vec<usize> {
    let n = numbers.len().max(1) as f64;
    let mean = numbers.iter().sum::<f64>() / n;
    let deviation = (numbers.iter().map(|number| (number - mean) * (number - mean)).sum::<f64>() / n).sqrt();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let positions = choose(numbers.len(), fraction, &mut rng);
    for &position in &positions {
        numbers[position] += scale * deviation * normal(&mut rng);
    }
    positions
}

/// The given share of `0..n`, ascending.
pub(crate) fn choose(n: usize, fraction: f64, rng: &mut ChaCha8Rng) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..n).collect();
    positions.shuffle(rng);
    positions.truncate((n as f64 * fraction).round() as usize);
    positions.sort_unstable();
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
    fn one_bit_of_each_named_row_changes() {
        let before = Array2::from_shape_fn((200, 3), |(row, class)| (row + class) % 2 == 0);
        let mut after = before.clone();
        let rows = flip_bits(&mut after, 0.25, 7);
        assert_eq!(rows.len(), 50);
        for (row, (old, new)) in before.outer_iter().zip(after.outer_iter()).enumerate() {
            let changed = old.iter().zip(&new).filter(|(old, new)| old != new).count();
            assert_eq!(changed, usize::from(rows.binary_search(&row).is_ok()));
        }
    }

    #[test]
    fn noise_on_numbers_is_normal() {
        let before: Vec<f64> = (0..40_000).map(|i| f64::from(i % 2) * 2.0).collect();
        let mut numbers = before.clone();
        let positions = add_noise(&mut numbers, 0.5, 3.0, 7);
        assert_eq!(positions.len(), 20_000);
        let noise: Vec<f64> = positions.iter().map(|&position| (numbers[position] - before[position]) / 3.0).collect();
        let moment = |power: i32| noise.iter().map(|x| x.powi(power)).sum::<f64>() / noise.len() as f64;
        assert!(moment(1).abs() < 0.03 && (moment(2) - 1.0).abs() < 0.05 && (moment(4) - 3.0).abs() < 0.3);
        assert!((0..40_000).all(|i| (numbers[i] == before[i]) != positions.binary_search(&i).is_ok()));
    }
}
