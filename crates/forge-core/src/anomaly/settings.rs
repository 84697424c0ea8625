//! What a user can choose for a search for anomalies.

use serde::{Deserialize, Serialize};

use super::StrategyName;
use crate::CoreError;

/// The share of anomalies looked for where neither the user nor the data say.
const CONTAMINATION: f64 = 0.01;

/// Settings of a search for anomalies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnomalySettings {
    /// How anomalies are looked for [`isolation_forest`, which measures best].
    pub strategy: StrategyName,
    /// Share of the rows that is flagged [the share that was put in where the data are synthetic or have injected
    /// anomalies, else 0.01; 0.001–0.5]. scikit-learn: `contamination`.
    pub contamination: Option<f64>,
    /// Neighbours of `datalab_knn` and `local_outlier_factor` [20; 2–100]; fewer where there are fewer other rows.
    pub n_neighbors: usize,
    /// Trees of `isolation_forest` [100; 10–500].
    pub n_estimators: usize,
    /// Anomalies that are listed with their reasons at most [default 20].
    pub top_k: usize,
    /// Whether numbers are standardised [default true].
    pub scale_features: bool,
    /// Seed of every random choice [default 42].
    pub seed: u64,
}

impl Default for AnomalySettings {
    fn default() -> Self {
        Self {
            strategy: StrategyName::default(),
            contamination: None,
            n_neighbors: 20,
            n_estimators: 100,
            top_k: 20,
            scale_features: true,
            seed: 42,
        }
    }
}

impl AnomalySettings {
    /// Checks every field against its range.
    ///
    /// # Errors
    /// [`CoreError::Setting`] naming the field, its value and its range.
    pub fn validate(&self) -> Result<(), CoreError> {
        if let Some(share) = self.contamination {
            check_share("contamination", share)?;
        }
        if !(2..=100).contains(&self.n_neighbors) {
            return Err(CoreError::setting("n_neighbors", self.n_neighbors, "a number from 2 to 100"));
        }
        if !(10..=500).contains(&self.n_estimators) {
            return Err(CoreError::setting("n_estimators", self.n_estimators, "a number from 10 to 500"));
        }
        Ok(())
    }

    /// The share to flag: the user's, else the share that is known to have been put in, else the default.
    pub(super) fn share(&self, put_in: Option<f64>) -> f64 {
        self.contamination.or(put_in).unwrap_or(CONTAMINATION)
    }
}

/// Refuses a share of anomalies outside 0.001 to 0.5.
pub(super) fn check_share(setting: &str, share: f64) -> Result<(), CoreError> {
    if (0.001..=0.5).contains(&share) {
        Ok(())
    } else {
        Err(CoreError::setting(setting, share, "a number from 0.001 to 0.5"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_outside_its_range_is_refused_by_name() {
        let default = AnomalySettings::default();
        assert_eq!(default.validate(), Ok(()));
        let wrong = [
            (AnomalySettings { contamination: Some(0.6), ..default.clone() }, "`contamination` is 0.6"),
            (AnomalySettings { contamination: Some(f64::NAN), ..default.clone() }, "`contamination` is NaN"),
            (AnomalySettings { n_neighbors: 1, ..default.clone() }, "`n_neighbors` is 1"),
            (AnomalySettings { n_estimators: 501, ..default }, "`n_estimators` is 501"),
        ];
        for (settings, expected) in wrong {
            let said = settings.validate().unwrap_err().to_string();
            assert!(said.starts_with(expected), "{said}");
        }
    }
}
