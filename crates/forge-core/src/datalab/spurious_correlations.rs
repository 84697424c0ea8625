//! Properties of pictures that give the label away: a model that learns them instead of what the pictures show will fail
//! where they no longer go together. cleanlab: `SpuriousCorrelations`.
//!
//! Each property alone is used to predict the labels, by Gaussian naive Bayes in five stratified folds as scikit-learn cuts
//! them without shuffling; the score is the room that its accuracy leaves over that of a baseline.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::f64::consts::PI;

use serde::Deserialize;

use crate::{CoreError, Labels};

/// Folds of the cross-validation.
const N_FOLDS: usize = 5;

/// What an accuracy is held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// cleanlab's: the number of the most frequent class over the number of rows, which is no accuracy but decides its
    /// scores.
    #[default]
    Cleanlab,
    /// The share of the most frequent class: the accuracy of always predicting it.
    MajorityShare,
}

/// Settings of the search.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SpuriousCorrelationSettings {
    /// A property is correlated with the labels below this score [0.3; 0–1].
    pub threshold: f64,
    /// What accuracies are held against [cleanlab's].
    pub baseline: Baseline,
}

impl Default for SpuriousCorrelationSettings {
    fn default() -> Self {
        Self { threshold: 0.3, baseline: Baseline::default() }
    }
}

/// A property and how little it says of the labels.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Correlation {
    /// Name of the property.
    pub property: String,
    /// From 0, the labels follow from it, to 1, it says no more than the baseline.
    pub score: f64,
}

/// Scores each property, a name with one value per row. cleanlab: `calculate_correlations`.
///
/// # Errors
/// [`CoreError::Length`] for values that are not one per label, [`CoreError::Unusable`] where no class has five rows,
/// without which it cannot be in every fold.
pub fn spurious_correlations(
    properties: &[(&str, &[f64])],
    labels: &Labels,
    baseline: Baseline,
) -> Result<Vec<Correlation>, CoreError> {
    let folds = stratified_folds(labels)?;
    let base = baseline_accuracy(labels, baseline);
    properties
        .iter()
        .map(|(name, values)| {
            if values.len() != labels.len() {
                let (length, expected) = (labels.len(), values.len());
                return Err(CoreError::Length { argument: "labels", length, reference: "data", expected });
            }
            let accuracy = cross_validated_accuracy(values, labels, &folds);
            Ok(Correlation {
                property: (*name).to_owned(),
                score: relative_room_for_improvement(base, accuracy, EPSILON),
            })
        })
        .collect()
}

/// What is added to a room of 0 before it divides [1e-8]. cleanlab: `eps`.
pub const EPSILON: f64 = 1e-8;

/// The room an accuracy leaves, relative to that of the baseline, at most 1. cleanlab: `relative_room_for_improvement`.
pub fn relative_room_for_improvement(baseline_accuracy: f64, mean_accuracy: f64, epsilon: f64) -> f64 {
    let room = 1.0 - baseline_accuracy + if baseline_accuracy == 1.0 { epsilon } else { 0.0 };
    let relative = (1.0 - mean_accuracy) / room;
    if relative < 1.0 { relative } else { 1.0 }
}

fn baseline_accuracy(labels: &Labels, baseline: Baseline) -> f64 {
    let counts = counts(labels.as_slice());
    // The first of several classes with as many rows.
    let most = counts.into_iter().max_by_key(|&(class, count)| (count, Reverse(class)));
    let (class, count) = most.unwrap_or_default();
    match baseline {
        Baseline::Cleanlab => f64::from(class) / labels.len() as f64,
        Baseline::MajorityShare => count as f64 / labels.len() as f64,
    }
}

/// How many rows each class has.
fn counts(labels: &[u32]) -> BTreeMap<u32, usize> {
    let mut counts = BTreeMap::new();
    labels.iter().for_each(|&class| *counts.entry(class).or_insert(0) += 1);
    counts
}

/// The fold of each row, as scikit-learn's `StratifiedKFold` cuts them without shuffling.
fn stratified_folds(labels: &Labels) -> Result<Vec<usize>, CoreError> {
    let labels = labels.as_slice();
    let counts = counts(labels);
    let most = counts.values().copied().max().unwrap_or(0);
    if most < N_FOLDS {
        return Err(CoreError::Unusable(format!(
            "`labels` has at most {most} rows of a class: {N_FOLDS} are needed to look for spurious correlations"
        )));
    }
    // Classes in the order in which they appear, dealt to the folds like cards sorted by class.
    let mut dealt: BTreeMap<u32, [usize; N_FOLDS]> = BTreeMap::new();
    let mut card = 0;
    for class in labels {
        dealt.entry(*class).or_insert_with(|| {
            let mut share = [0; N_FOLDS];
            for _ in 0..counts[class] {
                share[card % N_FOLDS] += 1;
                card += 1;
            }
            share
        });
    }
    // Each class fills the folds one after the other.
    let fold_of = |class: &u32| {
        let share = dealt.get_mut(class)?;
        let fold = share.iter().position(|&left| left > 0)?;
        share[fold] -= 1;
        Some(fold)
    };
    Ok(labels.iter().filter_map(fold_of).collect())
}

/// The mean over the folds of the share of rows whose class is predicted by the rows of the other folds.
fn cross_validated_accuracy(values: &[f64], labels: &Labels, folds: &[usize]) -> f64 {
    let rows = || values.iter().copied().zip(labels.as_slice().iter().copied()).zip(folds);
    let accuracies = (0..N_FOLDS).map(|fold| {
        let training: Vec<(f64, u32)> = rows().filter(|(_, of)| **of != fold).map(|(row, _)| row).collect();
        let model = GaussianBayes::fit(&training);
        let (mut right, mut all) = (0_usize, 0_usize);
        for ((value, class), _) in rows().filter(|(_, of)| **of == fold) {
            all += 1;
            right += usize::from(model.predict(value) == Some(class));
        }
        right as f64 / all as f64
    });
    accuracies.sum::<f64>() / N_FOLDS as f64
}

/// Gaussian naive Bayes on one property. scikit-learn: `GaussianNB` with its defaults.
#[derive(Debug)]
struct GaussianBayes {
    /// Class, log of its share, mean and variance.
    classes: Vec<(u32, f64, f64, f64)>,
}

/// Share of the variance of all rows that is added to that of each class (scikit-learn: `var_smoothing`).
const SMOOTHING: f64 = 1e-9;

impl GaussianBayes {
    fn fit(rows: &[(f64, u32)]) -> Self {
        let n = rows.len() as f64;
        let added = SMOOTHING * mean_and_variance(rows.iter().map(|(value, _)| *value)).1;
        let mut present: Vec<u32> = rows.iter().map(|(_, class)| *class).collect();
        present.sort_unstable();
        present.dedup();
        let describe = |class: u32| {
            let of_class = || rows.iter().filter(move |(_, of)| *of == class).map(|(value, _)| *value);
            let (mean, variance) = mean_and_variance(of_class());
            (class, libm::log(of_class().count() as f64 / n), mean, variance + added)
        };
        Self { classes: present.into_iter().map(describe).collect() }
    }

    /// The most probable class, the first of several; NaN, which a constant property gives, counts as most probable, as
    /// `numpy.argmax` has it.
    fn predict(&self, value: f64) -> Option<u32> {
        let mut best: Option<(u32, f64)> = None;
        for &(class, log_share, mean, variance) in &self.classes {
            let distance = value - mean;
            let likelihood = log_share - 0.5 * libm::log(2.0 * PI * variance) - 0.5 * (distance * distance / variance);
            if likelihood.is_nan() {
                return Some(class);
            }
            if best.is_none_or(|(_, highest)| likelihood > highest) {
                best = Some((class, likelihood));
            }
        }
        best.map(|(class, _)| class)
    }
}

/// The mean, and the mean squared distance from it.
fn mean_and_variance(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    (mean, values.map(|value| (value - mean) * (value - mean)).sum::<f64>() / n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(classes: impl IntoIterator<Item = u32>) -> Labels {
        Labels::new(classes.into_iter().collect()).unwrap()
    }

    #[test]
    fn a_property_that_gives_the_label_away_scores_0_and_noise_does_not() {
        let labels = labels((0..40).map(|row| u32::from(row >= 20)));
        let giveaway: Vec<f64> = (0..40).map(|row| f64::from(row >= 20) + f64::from(row % 7) * 0.01).collect();
        let noise: Vec<f64> = (0..40_u32).map(|row| f64::from(row * 17 % 23)).collect();
        let found =
            spurious_correlations(&[("dark", &giveaway), ("size", &noise)], &labels, Baseline::MajorityShare).unwrap();
        assert_eq!(found[0], Correlation { property: "dark".to_owned(), score: 0.0 });
        assert!(found[1].score > 0.7, "{found:?}");
    }

    #[test]
    fn a_constant_property_predicts_the_first_class() {
        let labels = labels((0..24).map(|row| row % 2));
        let found = spurious_correlations(&[("size", &[1.0; 24])], &labels, Baseline::Cleanlab).unwrap();
        assert_eq!(found[0].score, 0.5);
        let found = spurious_correlations(&[("size", &[1.0; 24])], &labels, Baseline::MajorityShare).unwrap();
        assert_eq!(found[0].score, 1.0);
    }

    #[test]
    fn folds_are_those_of_scikit_learn() {
        // StratifiedKFold(5).split of these labels, the fold in which each row is tested.
        let labels = labels([1, 1, 0, 0, 1, 0, 0, 1, 1, 2, 2, 0, 2, 2, 2, 1, 0]);
        let expected = [0, 0, 0, 1, 1, 1, 2, 2, 3, 0, 1, 3, 2, 3, 4, 4, 4];
        assert_eq!(stratified_folds(&labels).unwrap(), expected);
    }

    #[test]
    fn the_baseline_of_cleanlab_is_a_class_number_and_the_right_one_a_share() {
        let labels = labels([1, 1, 1, 0]);
        assert_eq!(baseline_accuracy(&labels, Baseline::Cleanlab), 0.25);
        assert_eq!(baseline_accuracy(&labels, Baseline::MajorityShare), 0.75);
        assert_eq!(relative_room_for_improvement(1.0, 0.5, EPSILON), 1.0);
        assert_eq!(relative_room_for_improvement(1.0, 1.0, EPSILON), 0.0);
    }

    #[test]
    fn too_few_rows_and_other_lengths_are_refused() {
        let few = labels([0, 1, 0, 1]);
        assert!(spurious_correlations(&[], &few, Baseline::Cleanlab).unwrap_err().to_string().contains("`labels`"));
        let labels = labels((0..10).map(|row| row % 2));
        let error = spurious_correlations(&[("a", &[0.0; 9])], &labels, Baseline::Cleanlab).unwrap_err();
        assert!(error.to_string().contains("`labels`"), "{error}");
    }
}
