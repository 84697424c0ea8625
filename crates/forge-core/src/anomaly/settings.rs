//! What a user can choose for a search for anomalies.

use super::StrategyName;
use crate::CoreError;
use crate::tasks::setting::{Settings, settings};

/// The share of anomalies looked for where neither the user nor the data say.
const CONTAMINATION: f64 = 0.01;

settings! {
    /// Settings of a search for anomalies.
    pub struct AnomalySettings {
        /// How anomalies are looked for; isolation forest measures best.
        strategy "Strategy": StrategyName = StrategyName::default();
        /// Share of the rows that is flagged; where none is chosen the share that was put in on purpose, else 0.01.
        contamination "Share of anomalies": Option<f64> = None, 0.001 to 0.5;
        /// Neighbours that `datalab_knn` and `local_outlier_factor` look at; fewer where there are fewer other rows.
        n_neighbors "Neighbours": usize = 20, 2 to 100;
        /// Trees of `isolation_forest`.
        n_estimators "Trees": usize = 100, 10 to 500;
        /// Anomalies that are listed with their reasons at most.
        top_k "Listed": usize = 20, 0 to 1_000_000;
        /// Whether numbers are standardised.
        scale_features "Standardise": bool = true;
        /// Seed of every random choice.
        seed "Seed": u64 = 42;
    }
}

impl AnomalySettings {
    /// Checks every field against its range.
    ///
    /// # Errors
    /// [`CoreError::Setting`] naming the field, its value and its range.
    pub fn validate(&self) -> Result<(), CoreError> {
        self.check_ranges()
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
