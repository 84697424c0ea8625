//! The weights of a model that is linear, whatever family it is of.

use ndarray::{Array1, Array2};

/// What a linear model multiplies features by and adds; scikit-learn's `coef_` and `intercept_`.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearTerms {
    /// Weights, one row per score × features: one row for numbers and for two classes, else one row per class.
    pub coefficients: Array2<f64>,
    /// What is added to each score, one per row of the weights.
    pub intercepts: Array1<f64>,
}
