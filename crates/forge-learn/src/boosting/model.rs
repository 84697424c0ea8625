//! Fitted models: what they predict and why.

use ndarray::Array2;

use super::ensemble::Ensemble;
use super::exponential::exp;
use crate::path_contributions::PathContributions;
use crate::{ClassifierModel, Matrix, RegressorModel};

/// A fitted classifier.
#[derive(Clone, Debug, PartialEq)]
pub struct BoostedClassifier {
    pub(super) ensemble: Ensemble,
    pub(super) classes: Vec<u32>,
    pub(super) n_classes: usize,
    pub(super) validation_losses: Vec<f64>,
}

impl BoostedClassifier {
    /// The classes the model was fitted on, ascending: those with a training row.
    pub fn classes(&self) -> &[u32] {
        &self.classes
    }

    /// Iterations that were trained; fewer than `max_iter` after early stopping. scikit-learn's `n_iter_`.
    pub fn n_iter(&self) -> usize {
        self.ensemble.n_iter()
    }

    /// The log loss that early stopping watched, before the first tree and after each iteration; empty without early
    /// stopping. The negative of scikit-learn's `validation_score_`.
    pub fn validation_losses(&self) -> &[f64] {
        &self.validation_losses
    }

    /// Class probabilities, rows × classes; each row sums to 1, a class absent from the training rows gets 0.
    ///
    /// Features beyond those of the fit are left out, missing ones are read as 0.
    pub fn predict_proba(&self, features: &Matrix) -> Array2<f64> {
        let mut out = Array2::zeros((features.n_rows(), self.n_classes));
        let mut scores = self.ensemble.scores(features);
        for (mut probs, scores) in out.outer_iter_mut().zip(scores.chunks_exact_mut(self.ensemble.n_scores())) {
            if let ([score], [first, second]) = (&*scores, self.classes.as_slice()) {
                let prob = 1.0 / (1.0 + exp(-score));
                probs[*second as usize] = prob;
                probs[*first as usize] = 1.0 - prob;
                continue;
            }
            let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            scores.iter_mut().for_each(|score| *score = exp(*score - largest));
            let sum: f64 = scores.iter().sum();
            for (&class, &prob) in self.classes.iter().zip(&*scores) {
                probs[class as usize] = prob / sum;
            }
        }
        out
    }

    /// Which features moved the scores of one row, by the paths it takes down the trees.
    ///
    /// With two classes there is one score, the log odds of the second; else one per class in the order of
    /// [`BoostedClassifier::classes`], whose softmax is the probability. `None` for a row the matrix does not have.
    pub fn explain(&self, features: &Matrix, row: usize) -> Option<Vec<PathContributions>> {
        self.ensemble.explain(features, row)
    }
}

impl ClassifierModel for BoostedClassifier {
    fn predict_proba(&self, features: &Matrix) -> Array2<f64> {
        self.predict_proba(features)
    }
}

/// A fitted regressor.
#[derive(Clone, Debug, PartialEq)]
pub struct BoostedRegressor {
    pub(super) ensemble: Ensemble,
    pub(super) validation_losses: Vec<f64>,
}

impl BoostedRegressor {
    /// Iterations that were trained; fewer than `max_iter` after early stopping. scikit-learn's `n_iter_`.
    pub fn n_iter(&self) -> usize {
        self.ensemble.n_iter()
    }

    /// Half the mean squared error that early stopping watched, before the first tree and after each iteration; empty
    /// without early stopping. The negative of scikit-learn's `validation_score_`.
    pub fn validation_losses(&self) -> &[f64] {
        &self.validation_losses
    }

    /// The predicted number of each row.
    ///
    /// Features beyond those of the fit are left out, missing ones are read as 0.
    pub fn predict(&self, features: &Matrix) -> Vec<f64> {
        self.ensemble.scores(features)
    }

    /// Which features moved the prediction of one row, by the paths it takes down the trees; `None` for a row the matrix
    /// does not have.
    pub fn explain(&self, features: &Matrix, row: usize) -> Option<PathContributions> {
        self.ensemble.explain(features, row)?.pop()
    }
}

impl RegressorModel for BoostedRegressor {
    fn predict(&self, features: &Matrix) -> Vec<f64> {
        self.predict(features)
    }
}
