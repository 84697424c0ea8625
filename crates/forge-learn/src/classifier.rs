//! What cross-validation asks of a model that predicts class probabilities.

use ndarray::Array2;

use crate::{Host, LearnError, Matrix};

/// A model family with its parameters, ready to be fitted.
pub trait Classifier: Send + Sync {
    /// Learns from `features` and one class number below `n_classes` per row.
    ///
    /// # Errors
    /// A parameter outside its range, data the model cannot learn from, or [`LearnError::Cancelled`].
    fn fit(
        &self,
        features: &Matrix,
        labels: &[u32],
        n_classes: usize,
        host: &dyn Host,
    ) -> Result<Box<dyn ClassifierModel>, LearnError>;
}

/// A fitted classifier.
pub trait ClassifierModel: Send + Sync {
    /// Class probabilities, rows × classes; each row sums to 1, a class absent from the training rows gets 0.
    fn predict_proba(&self, features: &Matrix) -> Array2<f64>;

    /// What a user should know about the fit, such as that it did not converge.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }
}
