//! What a stream of rows is reduced to: self-confidence summed per class, and issues counted per class.

use serde::{Deserialize, Serialize};

use crate::classification::count::EstimationMethod;
use crate::inputs::TOLERANCE;

/// Lower bound of a threshold, cleanlab's `CONFIDENT_THRESHOLDS_LOWER_BOUND`; also that of a class not seen yet.
const LOWEST_THRESHOLD: f64 = 2e-6;

/// Self-confidence summed per class, from which confident thresholds follow.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Confidence {
    sums: Vec<f64>,
    counts: Vec<u64>,
}

impl Confidence {
    pub(crate) fn new(n_classes: usize) -> Self {
        Self { sums: vec![0.0; n_classes], counts: vec![0; n_classes] }
    }

    /// Adds a row by its label, which must be below the number of classes, and the probability of that label.
    pub(crate) fn add(&mut self, label: usize, probability: f64) {
        self.sums[label] += probability;
        self.counts[label] += 1;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.sums.iter_mut().zip(&other.sums).for_each(|(a, b)| *a += b);
        self.counts.iter_mut().zip(&other.counts).for_each(|(a, b)| *a += b);
    }

    /// Sum and number of rows of each class.
    pub(super) fn classes(&self) -> impl Iterator<Item = (f64, u64)> {
        self.sums.iter().copied().zip(self.counts.iter().copied())
    }

    /// The reverse of [`Confidence::classes`]; none where the rows are beyond counting.
    pub(super) fn from_classes(classes: impl Iterator<Item = (f64, u64)>) -> Option<Self> {
        let (sums, counts): (_, Vec<u64>) = classes.unzip();
        counts.iter().try_fold(0_u64, |total, &rows| total.checked_add(rows))?;
        Some(Self { sums, counts })
    }

    pub(crate) fn n_rows(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Mean self-confidence per class, at least 2e-6, and 2e-6 for a class without rows. The bound is put on the mean of
    /// all rows; cleanlab puts it on each batch's, so that its thresholds move by up to 2e-6 with the batch size.
    pub(crate) fn thresholds(&self) -> Vec<f64> {
        let threshold = |(&sum, &count): (&f64, &u64)| match sum / count as f64 {
            _ if count == 0 => LOWEST_THRESHOLD,
            mean if mean < LOWEST_THRESHOLD => LOWEST_THRESHOLD,
            mean => mean,
        };
        self.sums.iter().zip(&self.counts).map(threshold).collect()
    }
}

/// A threshold as a prediction must reach it: less the tolerance of floating-point comparison.
pub(crate) fn reachable(thresholds: &[f64]) -> Vec<f64> {
    thresholds.iter().map(|threshold| threshold - TOLERANCE).collect()
}

/// Rows counted by given class.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct IssueTally {
    classes: Vec<ClassTally>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassTally {
    rows: u64,
    /// Rows whose prediction reaches the threshold of the predicted class.
    confident: u64,
    /// Those of them that are predicted to be of another class.
    off_diagonal: u64,
}

impl IssueTally {
    pub(super) fn new(n_classes: usize) -> Self {
        Self { classes: vec![ClassTally::default(); n_classes] }
    }

    /// What [`IssueTally::from_classes`] takes.
    pub(super) fn into_classes(self) -> Vec<ClassTally> {
        self.classes
    }

    /// Takes counts; none where they cannot be counts of the same rows.
    pub(super) fn from_classes(classes: Vec<ClassTally>) -> Option<Self> {
        let nested = |class: &ClassTally| class.off_diagonal <= class.confident && class.confident <= class.rows;
        classes.iter().try_fold(0_u64, |total, class| total.checked_add(class.rows))?;
        classes.iter().all(nested).then_some(Self { classes })
    }

    /// Adds a row by its label, which must be below the number of classes.
    pub(super) fn add(&mut self, label: usize, predicted: usize, confident: bool) {
        let class = &mut self.classes[label];
        class.rows += 1;
        class.confident += u64::from(confident);
        class.off_diagonal += u64::from(confident && predicted != label);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (class, more) in self.classes.iter_mut().zip(&other.classes) {
            class.rows += more.rows;
            class.confident += more.confident;
            class.off_diagonal += more.off_diagonal;
        }
    }

    pub(super) fn n_rows(&self) -> u64 {
        self.classes.iter().map(|class| class.rows).sum()
    }

    /// Rows that are confidently of another class; calibrated, each class's share among its confident rows is taken
    /// for that of all its rows.
    pub(super) fn num_issues(&self, method: EstimationMethod) -> u64 {
        match method {
            EstimationMethod::OffDiagonalCalibrated => {
                let scaled = |class: &ClassTally| {
                    class.off_diagonal as f64 * class.rows as f64 / (class.confident.max(1)) as f64
                };
                self.classes.iter().map(scaled).sum::<f64>().round_ties_even() as u64
            }
            EstimationMethod::OffDiagonal | EstimationMethod::OffDiagonalCustom => {
                self.classes.iter().map(|class| class.off_diagonal).sum()
            }
        }
    }
}
