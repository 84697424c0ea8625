//! What cross-validation asks of a model that predicts numbers.

use crate::{Host, LearnError, LinearTerms, Matrix};

/// A model family with its parameters, ready to be fitted to numbers.
pub trait Regressor: Send + Sync {
    /// Learns from `features` and one finite target per row; a row of weight 2 counts like two rows.
    ///
    /// # Errors
    /// A parameter, target or weight outside its range, data the model cannot learn from, or [`LearnError::Cancelled`].
    fn fit(
        &self,
        features: &Matrix,
        targets: &[f64],
        weights: Option<&[f64]>,
        host: &dyn Host,
    ) -> Result<Box<dyn RegressorModel>, LearnError>;
}

/// A fitted regressor.
pub trait RegressorModel: Send + Sync {
    /// The predicted number of each row.
    fn predict(&self, features: &Matrix) -> Vec<f64>;

    /// The same for models whose work is in predicting: reports progress, stops when asked to, and says what cannot be
    /// predicted.
    ///
    /// # Errors
    /// Features the model cannot read, or [`LearnError::Cancelled`].
    fn try_predict(&self, features: &Matrix, _host: &dyn Host) -> Result<Vec<f64>, LearnError> {
        Ok(self.predict(features))
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
