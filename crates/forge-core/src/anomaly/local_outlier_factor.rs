//! Anomalies by density: the local outlier factor of Breunig, Kriegel, Ng and Sander (2000).

use forge_learn::{Host, LocalOutlierFactor};

use super::rows::Rows;
use super::strategy::Strategy;
use crate::CoreError;

/// How much sparser a row's surroundings are than its neighbours'; scikit-learn: `-negative_outlier_factor_`.
#[derive(Clone, Copy, Debug)]
pub(super) struct LocalDensity;

impl Strategy for LocalDensity {
    fn anomaly(&self, rows: &Rows, host: &dyn Host) -> Result<Vec<f64>, CoreError> {
        Ok(LocalOutlierFactor::scores_of_graph(rows.graph(host)?).into_iter().map(|score| -score).collect())
    }

    /// 1 / (1 + factor): an inlier, whose factor is 1, scores one half.
    fn normalised(&self, anomaly: &[f64]) -> Vec<f64> {
        anomaly.iter().map(|factor| 1.0 / (1.0 + factor)).collect()
    }
}
