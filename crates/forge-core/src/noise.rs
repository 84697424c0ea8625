//! Label noise put in on purpose, to see how much of it is found again.

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

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
}
