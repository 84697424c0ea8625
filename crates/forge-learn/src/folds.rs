//! Cuts rows into folds and into training and test rows.
//!
//! How many rows of each class go where follows scikit-learn's `StratifiedKFold(shuffle=True)` and
//! `StratifiedShuffleSplit`; which ones is drawn with `ChaCha8`, so a seed gives the same cut on every platform.

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::LearnError;

/// Deals `n_rows` rows to `n_folds` folds of nearly equal size at random; returns the fold of each row.
pub fn k_fold(n_rows: usize, n_folds: usize, seed: u64) -> Vec<u32> {
    let n_folds = n_folds.max(1);
    let mut order: Vec<usize> = (0..n_rows).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    // Fold sizes as scikit-learn's KFold: the first `n_rows % n_folds` folds get one more.
    let (size, larger) = (n_rows / n_folds, n_rows % n_folds);
    let sizes = (0..n_folds).map(|fold| size + usize::from(fold < larger));
    let dealt = sizes.enumerate().flat_map(|(fold, size)| std::iter::repeat_n(fold as u32, size));
    let mut folds = vec![0; n_rows];
    for (row, fold) in order.into_iter().zip(dealt) {
        folds[row] = fold;
    }
    folds
}

/// Deals rows to `n_folds` folds so that each class is spread evenly; returns the fold of each row.
///
/// A class with fewer members than folds is absent from some of them.
pub fn stratified_k_fold(labels: &[u32], n_folds: usize, seed: u64) -> Vec<u32> {
    let n_folds = n_folds.max(1);
    let members = members_by_appearance(labels);
    // Sorting the rows by class and dealing them like cards fixes how many of each class a fold gets.
    let mut dealt = vec![vec![0_usize; n_folds]; members.len()];
    for (card, class) in members.iter().enumerate().flat_map(|(k, rows)| rows.iter().map(move |_| k)).enumerate() {
        dealt[class][card % n_folds] += 1;
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut folds = vec![0; labels.len()];
    for (rows, counts) in members.iter().zip(dealt) {
        let mut of_class: Vec<u32> =
            counts.iter().enumerate().flat_map(|(fold, &count)| std::iter::repeat_n(fold as u32, count)).collect();
        of_class.shuffle(&mut rng);
        for (&row, fold) in rows.iter().zip(of_class) {
            folds[row] = fold;
        }
    }
    folds
}

/// Splits rows into training and test rows, returned in ascending order.
///
/// `test_size` is the share of test rows, rounded up. With `labels`, each class is split in that share, and keeps at
/// least one training row; without, rows are drawn regardless of class.
///
/// # Errors
/// A share not between 0 and 1, labels that are not one per row, or fewer than two rows.
pub fn train_test_split(
    n_rows: usize,
    labels: Option<&[u32]>,
    test_size: f64,
    seed: u64,
) -> Result<(Vec<u32>, Vec<u32>), LearnError> {
    if !(test_size > 0.0 && test_size < 1.0) {
        return Err(LearnError::Setting {
            setting: "test_size",
            value: test_size.to_string(),
            range: "a number between 0 and 1",
        });
    }
    if n_rows < 2 {
        return Err(LearnError::TooFewRows { n_rows, least: 2 });
    }
    let n_test = ((test_size * n_rows as f64).ceil() as usize).clamp(1, n_rows - 1);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let members = match labels {
        Some(labels) if labels.len() != n_rows => {
            return Err(LearnError::LabelCount { n_labels: labels.len(), n_rows });
        }
        Some(labels) => members_by_class(labels),
        None => vec![(0..n_rows).collect()],
    };
    let counts: Vec<usize> = members.iter().map(Vec::len).collect();
    let n_train = training_counts(&counts, n_rows - n_test, &mut rng);
    let mut is_train = vec![false; n_rows];
    for (mut rows, n) in members.into_iter().zip(n_train) {
        rows.shuffle(&mut rng);
        for &row in &rows[..n] {
            is_train[row] = true;
        }
    }
    let rows = |wanted: bool| (0..n_rows).filter(|&row| is_train[row] == wanted).map(|row| row as u32).collect();
    Ok((rows(true), rows(false)))
}

/// The rows of each class, classes in ascending order.
fn members_by_class(labels: &[u32]) -> Vec<Vec<usize>> {
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (row, &label) in labels.iter().enumerate() {
        members.entry(label).or_default().push(row);
    }
    members.into_values().collect()
}

/// The rows of each class, classes in order of their first row.
fn members_by_appearance(labels: &[u32]) -> Vec<Vec<usize>> {
    let mut members = members_by_class(labels);
    members.sort_by_key(|rows| rows.first().copied());
    members
}

/// Training rows per class: its share rounded down, the rest to the largest remainders, scikit-learn's
/// `_approximate_mode`; then a class left with none takes one from the class with most.
fn training_counts(counts: &[usize], n_train: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
    // In u64, as the product of two row counts does not fit 32 bits.
    let total = counts.iter().sum::<usize>().max(1) as u64;
    let scaled: Vec<u64> = counts.iter().map(|&count| count as u64 * n_train as u64).collect();
    let mut chosen: Vec<usize> = scaled.iter().map(|value| (value / total) as usize).collect();
    // Shuffled first and sorted stably after, so ties fall at random.
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.shuffle(rng);
    order.sort_by_key(|&class| std::cmp::Reverse(scaled[class] % total));
    let missing = n_train - chosen.iter().sum::<usize>();
    for &class in order.iter().take(missing) {
        chosen[class] += 1;
    }
    for class in 0..counts.len() {
        if chosen[class] == 0 && counts[class] > 0 {
            let most = (0..counts.len()).rev().max_by_key(|&other| chosen[other]);
            if let Some(most) = most.filter(|&most| chosen[most] > 1) {
                chosen[most] -= 1;
                chosen[class] += 1;
            }
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fold_counts(labels: &[u32], folds: &[u32], n_folds: usize) -> Vec<Vec<usize>> {
        let n_classes = labels.iter().max().map_or(0, |&max| max as usize + 1);
        let mut counts = vec![vec![0; n_classes]; n_folds];
        for (&label, &fold) in labels.iter().zip(folds) {
            counts[fold as usize][label as usize] += 1;
        }
        counts
    }

    #[test]
    fn the_same_seed_gives_the_same_folds_and_another_seed_others() {
        let labels: Vec<u32> = (0..200).map(|i| i % 3).collect();
        assert_eq!(stratified_k_fold(&labels, 5, 1), stratified_k_fold(&labels, 5, 1));
        assert_ne!(stratified_k_fold(&labels, 5, 1), stratified_k_fold(&labels, 5, 2));
        assert_eq!(k_fold(9, 4, 1), k_fold(9, 4, 1));
    }

    #[test]
    fn plain_folds_differ_in_size_by_one_at_most() {
        let folds = k_fold(11, 4, 42);
        let sizes: Vec<usize> = (0..4).map(|fold| folds.iter().filter(|&&f| f == fold).count()).collect();
        assert_eq!(sizes, [3, 3, 3, 2]);
    }

    #[test]
    fn a_class_with_one_member_stays_in_training() {
        let labels = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        for seed in 0..20 {
            let (train, test) = train_test_split(10, Some(&labels), 0.3, seed).unwrap();
            assert_eq!((train.len(), test.len()), (7, 3));
            assert!(train.contains(&9));
        }
    }

    #[test]
    fn a_share_that_leaves_nothing_is_refused() {
        assert!(train_test_split(10, None, 1.0, 0).is_err());
        assert!(train_test_split(10, None, f64::NAN, 0).is_err());
        assert!(train_test_split(1, None, 0.5, 0).is_err());
        assert!(train_test_split(3, Some(&[0, 1]), 0.5, 0).is_err());
    }

    proptest! {
        #[test]
        fn each_class_is_spread_evenly(labels in prop::collection::vec(0_u32..4, 1..200), n_folds in 2_usize..8, seed: u64) {
            let counts = fold_counts(&labels, &stratified_k_fold(&labels, n_folds, seed), n_folds);
            for class in 0..counts[0].len() {
                let of_class = || counts.iter().map(|fold| fold[class]);
                prop_assert!(of_class().max().unwrap() - of_class().min().unwrap() <= 1);
            }
        }

        #[test]
        fn a_split_holds_every_row_once(labels in prop::collection::vec(0_u32..4, 2..200), test_size in 0.05..0.5, seed: u64) {
            let (train, test) = train_test_split(labels.len(), Some(&labels), test_size, seed).unwrap();
            prop_assert_eq!(test.len(), ((test_size * labels.len() as f64).ceil() as usize).min(labels.len() - 1));
            let mut all = [train, test].concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..labels.len() as u32).collect::<Vec<_>>());
        }
    }
}
