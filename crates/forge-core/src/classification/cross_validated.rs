//! Out-of-sample probabilities straight from a matrix of features, as the functions of `cleanlab.count` that take `X`
//! compute them: logistic regression in stratified folds.

use forge_learn::{Classifier, LogisticRegression, Matrix, Quiet, WeightedLabels, stratified_k_fold};
use ndarray::{Array2, Axis};

use crate::{CoreError, Labels, PredProbs};

/// Labels with the out-of-sample probabilities of their rows.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossValidated {
    /// Given labels.
    pub labels: Labels,
    /// Out-of-fold probabilities, n × k.
    pub pred_probs: PredProbs,
}

/// Predicts each row by a model that was fitted without its fold. `features` is n × p.
///
/// A class that is absent from the other folds gets probability 0. cleanlab: `count.estimate_cv_predicted_probabilities`
/// with its default classifier; folds come from `ChaCha8`, not from NumPy's generator.
///
/// # Errors
/// Features of another length than the labels, labels of one class or of 2¹⁴ and more, a number of folds outside 2 to n.
pub fn cross_validated_pred_probs(
    features: &Array2<f64>,
    labels: Labels,
    n_folds: usize,
    seed: u64,
) -> Result<CrossValidated, CoreError> {
    cross_validated_by(&LogisticRegression::default(), features, labels, Folds { n_folds, seed })
}

/// How rows are dealt to folds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folds {
    /// Number of folds, 2 to n; cleanlab's `cv_n_folds`.
    pub n_folds: usize,
    /// Seed of the shuffling.
    pub seed: u64,
}

/// [`cross_validated_pred_probs`] with a classifier of choice.
///
/// # Errors
/// As [`cross_validated_pred_probs`]; what the classifier cannot learn from.
pub fn cross_validated_by(
    classifier: &dyn Classifier,
    features: &Array2<f64>,
    labels: Labels,
    Folds { n_folds, seed }: Folds,
) -> Result<CrossValidated, CoreError> {
    if features.nrows() != labels.len() {
        return Err(CoreError::Length {
            argument: "X",
            length: features.nrows(),
            reference: "labels",
            expected: labels.len(),
        });
    }
    if let Some(((row, column), value)) = features.indexed_iter().find(|(_, value)| !value.is_finite()) {
        return Err(CoreError::setting(&format!("X[{row}, {column}]"), value, "a finite number"));
    }
    labels.require_two_classes()?;
    if !(2..=labels.len()).contains(&n_folds) {
        return Err(CoreError::setting("cv_n_folds", n_folds, format!("a number from 2 to {} rows", labels.len())));
    }
    let (given, n_classes) = (labels.as_slice(), labels.n_classes()?);
    let folds = stratified_k_fold(given, n_folds, seed);
    let mut pred_probs = Array2::zeros((labels.len(), n_classes));
    for fold in 0..n_folds as u32 {
        let (held_out, kept): (Vec<usize>, Vec<usize>) = (0..given.len()).partition(|&row| folds[row] == fold);
        if held_out.is_empty() {
            continue;
        }
        let kept_labels: Vec<u32> = kept.iter().map(|&row| given[row]).collect();
        let of_rows = |rows: &[usize]| Matrix::from_dense(&features.select(Axis(0), rows));
        let model = classifier.fit(&of_rows(&kept)?, WeightedLabels::unweighted(&kept_labels, n_classes), &Quiet)?;
        let predicted = model.try_predict_proba(&of_rows(&held_out)?, &Quiet)?;
        for (&row, probs) in held_out.iter().zip(predicted.outer_iter()) {
            pred_probs.row_mut(row).assign(&probs);
        }
    }
    Ok(CrossValidated { labels, pred_probs: PredProbs::new(pred_probs)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    #[test]
    fn separated_classes_are_told_apart_out_of_sample() {
        let features = Array2::from_shape_fn((40, 1), |(row, _)| row as f64 - 20.0);
        let labels = Labels::new((0..40).map(|row| u32::from(row >= 20)).collect()).unwrap();
        let result = cross_validated_pred_probs(&features, labels, 5, 1).unwrap();
        assert!(result.pred_probs.view()[[0, 0]] > 0.99 && result.pred_probs.view()[[39, 1]] > 0.99);
    }
}
