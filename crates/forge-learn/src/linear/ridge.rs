//! Ridge regression under scikit-learn's name and default: [`LinearRegression`] with a penalty.

use super::{LinearModel, LinearRegression};
use crate::{Host, LearnError, Matrix, Regressor, RegressorModel};

/// The parameters of scikit-learn's `Ridge`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ridge {
    /// Strength of the L2 penalty, scikit-learn's `alpha` [1; at least 0].
    pub alpha: f64,
}

impl Default for Ridge {
    fn default() -> Self {
        Self { alpha: 1.0 }
    }
}

impl Ridge {
    /// Learns as [`LinearRegression::fit`] does.
    ///
    /// # Errors
    /// As [`LinearRegression::fit`].
    pub fn fit(
        &self,
        features: &Matrix,
        targets: &[f64],
        weights: Option<&[f64]>,
        host: &dyn Host,
    ) -> Result<LinearModel, LearnError> {
        LinearRegression { alpha: self.alpha }.fit(features, targets, weights, host)
    }
}

impl Regressor for Ridge {
    fn fit(
        &self,
        features: &Matrix,
        targets: &[f64],
        weights: Option<&[f64]>,
        host: &dyn Host,
    ) -> Result<Box<dyn RegressorModel>, LearnError> {
        Ok(Box::new(self.fit(features, targets, weights, host)?))
    }
}
