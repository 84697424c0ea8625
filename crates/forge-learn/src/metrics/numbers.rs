//! How far predicted numbers are from the targets; rows beyond the shorter argument are left out.

use serde::{Deserialize, Serialize};

use crate::{LearnError, r2_score};

/// The metrics of a regressor on some rows, or the difference of two such sets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegressionMetrics {
    /// Share of the variance explained.
    pub r2: f64,
    /// Mean absolute error, in units of the target.
    pub mae: f64,
    /// Root of the mean squared error, in units of the target.
    pub rmse: f64,
}

impl RegressionMetrics {
    /// The difference `self - other`, metric by metric.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        Self { r2: self.r2 - other.r2, mae: self.mae - other.mae, rmse: self.rmse - other.rmse }
    }
}

/// All metrics of `predictions` against `targets`.
///
/// # Errors
/// As [`r2_score`].
pub fn regression_metrics(targets: &[f64], predictions: &[f64]) -> Result<RegressionMetrics, LearnError> {
    Ok(RegressionMetrics {
        r2: r2_score(targets, predictions, None)?,
        mae: mean_absolute_error(targets, predictions),
        rmse: root_mean_squared_error(targets, predictions),
    })
}

/// Mean absolute error, `mean_absolute_error`; 0 without rows.
pub fn mean_absolute_error(targets: &[f64], predictions: &[f64]) -> f64 {
    mean(targets, predictions, f64::abs)
}

/// Root of the mean squared error, `root_mean_squared_error`; 0 without rows.
pub fn root_mean_squared_error(targets: &[f64], predictions: &[f64]) -> f64 {
    mean(targets, predictions, |error| error * error).sqrt()
}

fn mean(targets: &[f64], predictions: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    let n = targets.len().min(predictions.len()).max(1) as f64;
    targets.iter().zip(predictions).map(|(target, prediction)| of(target - prediction)).sum::<f64>() / n
}
