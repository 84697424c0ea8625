//! Anomalies by isolation: rows that few random splits set apart (Liu, Ting and Zhou, "Isolation forest", 2008).

use forge_learn::{Host, IsolationForest};

use super::rows::Rows;
use super::strategy::Strategy;
use crate::CoreError;

/// The paper's anomaly score in [0, 1], one half for a usual row; scikit-learn: `-score_samples(X)`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Isolation {
    /// Trees [100; 10–500].
    pub(super) n_estimators: usize,
    /// Seed of the trees [default 42].
    pub(super) seed: u64,
}

impl Strategy for Isolation {
    fn anomaly(&self, rows: &Rows, host: &dyn Host) -> Result<Vec<f64>, CoreError> {
        let forest = IsolationForest { n_estimators: self.n_estimators, seed: self.seed, ..IsolationForest::default() };
        let model = forest.fit(rows.matrix(), None, host)?;
        Ok(model.score_samples(rows.matrix()).into_iter().map(|score| -score).collect())
    }

    /// One less the paper's score.
    fn normalised(&self, anomaly: &[f64]) -> Vec<f64> {
        anomaly.iter().map(|score| (1.0 - score).clamp(0.0, 1.0)).collect()
    }
}
