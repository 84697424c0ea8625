//! Predicts every row by a model that never saw it.
//!
//! The rows are cut into stratified folds; for each, the encoding and the model are learned from all other rows, so
//! nothing about a row, not even its part in a mean, reaches the model that predicts it. The counterpart of
//! scikit-learn's `cross_val_predict(pipeline, cv=StratifiedKFold(shuffle=True), method="predict_proba")`.

pub(crate) mod fold;
pub(crate) mod numbers;

use std::sync::atomic::{AtomicUsize, Ordering};

use forge_data::Table;
use ndarray::{Array2, ArrayView1};

use crate::folds::stratified_k_fold;
use crate::{Classifier, EncoderConfig, Host, LearnError, Progress, share_units};
use fold::{FoldModel, FoldRows, fold_units, run_fold};

/// How rows are cross-validated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossValidation {
    /// Number of folds, scikit-learn's `StratifiedKFold(n_splits=...)` [5; 2–20].
    pub n_folds: usize,
    /// Seed of the shuffling, scikit-learn's `random_state` [default 42].
    pub seed: u64,
    /// How columns are encoded, per fold.
    pub encoder: EncoderConfig,
    /// What the progress of the folds is called; by default that rows are predicted out of sample.
    pub stage: &'static str,
}

impl Default for CrossValidation {
    fn default() -> Self {
        Self { n_folds: 5, seed: 42, encoder: EncoderConfig::default(), stage: "Predicting out of sample" }
    }
}

impl CrossValidation {
    /// Checks every field against its range.
    ///
    /// # Errors
    /// [`LearnError::Setting`] naming the field.
    pub fn validate(&self) -> Result<(), LearnError> {
        if !(2..=20).contains(&self.n_folds) {
            return Err(LearnError::Setting {
                setting: "cv_folds",
                value: self.n_folds.to_string(),
                range: "a number from 2 to 20",
            });
        }
        self.encoder.validate()
    }
}

/// Out-of-sample predictions.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossValidated {
    /// Class probabilities, rows × classes; a class absent from a fold's training rows has probability 0.
    pub pred_probs: Array2<f64>,
    /// The fold that predicted each row.
    pub folds: Vec<u32>,
    /// Classes that no training row of a fold has, with the fold.
    pub absent: Vec<(u32, u32)>,
    /// What a user should know, in sentences that count folds from 1 and name classes by number; each occurs once.
    pub warnings: Vec<String>,
}

/// Rows of a table with a label each, and the columns to predict it from.
#[derive(Clone, Copy, Debug)]
pub struct LabelledRows<'a> {
    /// The table.
    pub table: &'a Table,
    /// Columns that models read.
    pub columns: &'a [usize],
    /// Rows that take part.
    pub rows: &'a [u32],
    /// One class number below `n_classes` per entry of `rows`.
    pub labels: &'a [u32],
    /// Number of classes.
    pub n_classes: usize,
}

/// Predicts each row by a model fitted without its fold.
///
/// The result does not depend on how many threads the host uses.
///
/// # Errors
/// Settings, rows, columns or labels out of range, fewer rows than folds, labels of one class, whatever the classifier
/// reports, or [`LearnError::Cancelled`].
pub fn cross_val_predict(
    data: LabelledRows<'_>,
    settings: &CrossValidation,
    classifier: &dyn Classifier,
    host: &dyn Host,
) -> Result<CrossValidated, LearnError> {
    let LabelledRows { table, columns, rows, labels, n_classes } = data;
    let stage = settings.stage;
    settings.validate()?;
    check_labels(rows.len(), labels, n_classes)?;
    let total = settings.n_folds;
    if rows.len() < total {
        return Err(LearnError::TooFewRows { n_rows: rows.len(), least: total });
    }
    let folds = stratified_k_fold(labels, total, settings.seed);
    let units = fold_units(&folds, total, &settings.encoder);
    let data = FoldRows { table, columns, rows };
    let done = AtomicUsize::new(0);
    host.progress(Progress { stage, done: 0, total });
    let results = share_units(host, total, |fold| {
        let result = run_fold(data, &units[fold], FoldModel::Classes { classifier, labels, n_classes }, host)?;
        host.progress(Progress { stage, done: done.fetch_add(1, Ordering::Relaxed) + 1, total });
        Ok(result)
    })?;

    let mut pred_probs = Array2::zeros((rows.len(), n_classes));
    let (mut absent, mut warnings) = (Vec::new(), Vec::new());
    for (unit, result) in units.iter().zip(results) {
        for (&row, probs) in unit.test.iter().zip(result.predictions.chunks_exact(n_classes)) {
            pred_probs.row_mut(row as usize).assign(&ArrayView1::from(probs));
        }
        absent.extend(result.absent.into_iter().map(|class| (class, unit.fold)));
        add_new(&mut warnings, result.warnings);
    }
    Ok(CrossValidated { pred_probs, folds, absent, warnings })
}

/// Adds sentences that are not yet among `warnings`.
fn add_new(warnings: &mut Vec<String>, more: Vec<String>) {
    for warning in more {
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
}

/// Checks that there is one class number below `n_classes` per row and at least two classes among them.
pub(crate) fn check_labels(n_rows: usize, labels: &[u32], n_classes: usize) -> Result<(), LearnError> {
    check_label_numbers(n_rows, labels, n_classes)?;
    if n_rows < 2 {
        return Err(LearnError::TooFewRows { n_rows, least: 2 });
    }
    if only_class(labels).is_some() { Err(LearnError::OneClass { n_rows }) } else { Ok(()) }
}

/// Checks that there is one class number below `n_classes` per row.
pub(crate) fn check_label_numbers(n_rows: usize, labels: &[u32], n_classes: usize) -> Result<(), LearnError> {
    if labels.len() != n_rows {
        return Err(LearnError::LabelCount { n_labels: labels.len(), n_rows });
    }
    match labels.iter().enumerate().find(|(_, label)| **label as usize >= n_classes) {
        Some((position, &label)) => Err(LearnError::Label { position, label, n_classes }),
        None => Ok(()),
    }
}

/// The class of all labels, where they have but one.
fn only_class(labels: &[u32]) -> Option<&u32> {
    labels.first().filter(|first| labels.iter().all(|label| label == *first))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use forge_data::{Column, Values};

    use super::*;
    use crate::{ClassifierModel, Encoder, HistGradientBoosting, LogisticRegression, Matrix, Quiet, WeightedLabels};

    fn example(n: usize) -> (Table, Vec<u32>, Vec<u32>) {
        let x: Vec<f64> = (0..n).map(|i| ((i * 37) % 101) as f64).collect();
        let labels = x.iter().enumerate().map(|(i, x)| u32::from(x + ((i * 29) % 61) as f64 > 80.0)).collect();
        let table = Table::new(vec![Column::new("x", Values::Number(x))]).unwrap();
        (table, (0..n as u32).collect(), labels)
    }

    fn run(table: &Table, rows: &[u32], labels: &[u32], host: &dyn Host) -> Result<CrossValidated, LearnError> {
        let settings = CrossValidation { stage: "folds", ..CrossValidation::default() };
        let data = LabelledRows { table, columns: &[0], rows, labels, n_classes: 3 };
        cross_val_predict(data, &settings, &LogisticRegression::default(), host)
    }

    /// Runs units backwards and writes down progress.
    #[derive(Default)]
    struct Backwards {
        steps: Mutex<Vec<usize>>,
    }

    impl Host for Backwards {
        fn progress(&self, progress: Progress<'_>) {
            assert_eq!((progress.stage, progress.total), ("folds", 5));
            self.steps.lock().unwrap().push(progress.done);
        }

        fn run_units(&self, n: usize, unit: &(dyn Fn(usize) + Sync)) {
            (0..n).rev().for_each(unit);
        }
    }

    #[test]
    fn the_order_in_which_folds_run_does_not_matter() {
        let (table, rows, labels) = example(120);
        let host = Backwards::default();
        let backwards = run(&table, &rows, &labels, &host).unwrap();
        assert_eq!(backwards, run(&table, &rows, &labels, &Quiet).unwrap());
        assert_eq!(*host.steps.lock().unwrap(), [0, 1, 2, 3, 4, 5]);
        assert_eq!(backwards.pred_probs.dim(), (120, 3));
        assert!(backwards.pred_probs.rows().into_iter().all(|row| (row.sum() - 1.0).abs() < 1e-12));
    }

    #[test]
    fn the_steps_of_a_model_do_not_overwrite_those_of_the_folds() {
        let (table, rows, labels) = example(120);
        let host = Backwards::default();
        let settings = CrossValidation { stage: "folds", ..CrossValidation::default() };
        let data = LabelledRows { table: &table, columns: &[0], rows: &rows, labels: &labels, n_classes: 2 };
        let boosting = HistGradientBoosting { max_iter: 3, ..HistGradientBoosting::default() };
        cross_val_predict(data, &settings, &boosting, &host).unwrap();
        assert_eq!(*host.steps.lock().unwrap(), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_fold_is_predicted_from_the_other_rows_alone() {
        let (table, rows, labels) = example(60);
        let result = run(&table, &rows, &labels, &Quiet).unwrap();
        let (held_out, kept): (Vec<u32>, Vec<u32>) = rows.iter().partition(|&&row| result.folds[row as usize] == 2);
        let kept_labels: Vec<u32> = kept.iter().map(|&row| labels[row as usize]).collect();
        let encoder = Encoder::fit(&table, &[0], &kept, &EncoderConfig::default()).unwrap();
        let features = encoder.transform(&table, &kept);
        let model = LogisticRegression::default().fit(&features, &kept_labels, 3, &Quiet).unwrap();
        let expected = model.predict_proba(&encoder.transform(&table, &held_out));
        for (i, &row) in held_out.iter().enumerate() {
            assert_eq!(result.pred_probs.row(row as usize), expected.row(i));
        }
    }

    #[test]
    fn a_class_with_one_member_gives_a_warning_and_no_more() {
        let (table, rows, mut labels) = example(50);
        labels[7] = 2;
        let result = run(&table, &rows, &labels, &Quiet).unwrap();
        assert_eq!(result.pred_probs[[7, 2]], 0.0);
        assert_eq!(result.absent.len(), 1);
        assert_eq!(result.absent[0].0, 2);
    }

    #[test]
    fn a_fold_left_with_one_class_predicts_that_class() {
        let (table, rows, _) = example(10);
        let mut labels = vec![0; 10];
        labels[3] = 1;
        let result = run(&table, &rows, &labels, &Quiet).unwrap();
        assert_eq!(result.pred_probs.row(3).to_vec(), [1.0, 0.0, 0.0]);
        assert!(result.pred_probs.iter().all(|prob| prob.is_finite()));
    }

    #[test]
    fn input_that_cannot_be_validated_is_refused() {
        let (table, rows, labels) = example(30);
        let refused = |rows: &[u32], labels: &[u32]| run(&table, rows, labels, &Quiet).unwrap_err();
        assert_eq!(refused(&rows[..4], &[0, 1, 0, 1]), LearnError::TooFewRows { n_rows: 4, least: 5 });
        assert_eq!(refused(&rows, &[0; 30]), LearnError::OneClass { n_rows: 30 });
        assert_eq!(refused(&rows, &[9; 30]), LearnError::Label { position: 0, label: 9, n_classes: 3 });
        assert_eq!(refused(&[99; 30], &labels), LearnError::Row { row: 99, n_rows: 30 });
        let settings = CrossValidation { n_folds: 1, ..CrossValidation::default() };
        assert!(settings.validate().unwrap_err().to_string().starts_with("cv_folds is 1"));
    }

    /// Predicts equal probabilities and complains.
    struct Grumbler;

    impl Classifier for Grumbler {
        fn fit(
            &self,
            _: &Matrix,
            rows: WeightedLabels<'_>,
            _: &dyn Host,
        ) -> Result<Box<dyn ClassifierModel>, LearnError> {
            Ok(Box::new(Equal(rows.n_classes)))
        }
    }

    struct Equal(usize);

    impl ClassifierModel for Equal {
        fn predict_proba(&self, features: &Matrix) -> Array2<f64> {
            Array2::from_elem((features.n_rows(), self.0), 1.0 / self.0 as f64)
        }

        fn warnings(&self) -> Vec<String> {
            vec!["I saw nothing.".to_owned()]
        }
    }

    #[test]
    fn a_warning_of_every_fold_is_told_once() {
        let (table, rows, labels) = example(30);
        let data = LabelledRows { table: &table, columns: &[0], rows: &rows, labels: &labels, n_classes: 2 };
        let result = cross_val_predict(data, &CrossValidation::default(), &Grumbler, &Quiet).unwrap();
        assert_eq!(result.warnings, ["I saw nothing."]);
        assert!(result.pred_probs.iter().all(|prob| *prob == 0.5));
    }
}
