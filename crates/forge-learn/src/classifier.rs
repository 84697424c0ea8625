//! What cross-validation asks of a model that predicts class probabilities.

use ndarray::Array2;

use crate::{Host, LearnError, LinearTerms, Matrix};

/// What a classifier learns from: a label and, where rows count differently, a weight per row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedLabels<'a> {
    /// Class numbers below `n_classes`, one per row.
    pub labels: &'a [u32],
    /// Number of classes.
    pub n_classes: usize,
    /// How much each row counts, at least 0; without, each counts once. scikit-learn: `sample_weight`.
    pub weights: Option<&'a [f64]>,
}

impl<'a> WeightedLabels<'a> {
    /// Labels of rows that count alike.
    pub fn unweighted(labels: &'a [u32], n_classes: usize) -> Self {
        Self { labels, n_classes, weights: None }
    }
}

/// A model family with its parameters, ready to be fitted.
pub trait Classifier: Send + Sync {
    /// Learns from `features` and one class number per row; a row of weight 2 counts like two rows.
    ///
    /// # Errors
    /// A parameter, label or weight outside its range, data the model cannot learn from, or [`LearnError::Cancelled`].
    fn fit(
        &self,
        features: &Matrix,
        rows: WeightedLabels<'_>,
        host: &dyn Host,
    ) -> Result<Box<dyn ClassifierModel>, LearnError>;

    /// Whether rows may count differently; by default they may. What may not refuses weights.
    fn takes_weights(&self) -> bool {
        true
    }
}

/// A fitted classifier.
pub trait ClassifierModel: Send + Sync {
    /// Class probabilities, rows × classes; each row sums to 1, a class absent from the training rows gets 0.
    fn predict_proba(&self, features: &Matrix) -> Array2<f64>;

    /// The same for models whose work is in predicting: reports progress, stops when asked to, and says what cannot be
    /// predicted.
    ///
    /// # Errors
    /// Features the model cannot read, or [`LearnError::Cancelled`].
    fn try_predict_proba(&self, features: &Matrix, _host: &dyn Host) -> Result<Array2<f64>, LearnError> {
        Ok(self.predict_proba(features))
    }

    /// Weights and intercepts, where the model is linear; by default none.
    fn linear_terms(&self) -> Option<LinearTerms> {
        None
    }

    /// What a user should know about the fit, such as that it did not converge.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }
}
