//! What every way of finding anomalies has in common, and how one is made by its name.

use forge_learn::Host;
use serde::{Deserialize, Serialize};

use super::AnomalySettings;
use super::ensemble::Ensemble;
use super::isolation_forest::Isolation;
use super::knn::DatalabKnn;
use super::local_outlier_factor::LocalDensity;
use super::rows::Rows;
use crate::CoreError;
use crate::call::nearest;

/// A way of finding anomalies.
pub trait Strategy {
    /// How anomalous each row is in the strategy's own unit: the higher, the more; every value finite.
    ///
    /// # Errors
    /// Rows that the strategy cannot work on, or [`CoreError::Cancelled`].
    fn anomaly(&self, rows: &Rows, host: &dyn Host) -> Result<Vec<f64>, CoreError>;

    /// The same as scores in [0, 1], lower = more anomalous, in the same order.
    fn normalised(&self, anomaly: &[f64]) -> Vec<f64>;
}

/// The strategies there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StrategyName {
    /// Mean distance to the nearest rows.
    DatalabKnn,
    /// How few random splits set a row apart.
    #[default]
    IsolationForest,
    /// How much sparser a row's surroundings are than those of its neighbours.
    LocalOutlierFactor,
    /// The weighted mean of the three.
    Ensemble,
}

impl StrategyName {
    /// Every strategy, in the order faces list them.
    pub const ALL: [Self; 4] = [Self::DatalabKnn, Self::IsolationForest, Self::LocalOutlierFactor, Self::Ensemble];

    /// The name users type and JSON holds.
    pub fn name(self) -> &'static str {
        match self {
            Self::DatalabKnn => "datalab_knn",
            Self::IsolationForest => "isolation_forest",
            Self::LocalOutlierFactor => "local_outlier_factor",
            Self::Ensemble => "ensemble",
        }
    }

    /// The strategy of this name.
    ///
    /// # Errors
    /// [`CoreError::Setting`] with the names there are and the nearest of them.
    pub fn parse(name: &str) -> Result<Self, CoreError> {
        Self::ALL.into_iter().find(|strategy| strategy.name() == name).ok_or_else(|| {
            let hint = nearest(name, Self::ALL.into_iter().map(Self::name))
                .map_or_else(String::new, |best| format!("; did you mean `{best}`?"));
            CoreError::setting("strategy", name, format!("one of {}{hint}", Self::ALL.map(Self::name).join(", ")))
        })
    }

    /// Makes the strategy.
    pub fn build(self, settings: &AnomalySettings) -> Box<dyn Strategy> {
        let isolation = Isolation { n_estimators: settings.n_estimators, seed: settings.seed };
        match self {
            Self::DatalabKnn => Box::new(DatalabKnn),
            Self::IsolationForest => Box::new(isolation),
            Self::LocalOutlierFactor => Box::new(LocalDensity),
            Self::Ensemble => Box::new(Ensemble { isolation }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strategies_go_by_the_names_that_json_holds() {
        for strategy in StrategyName::ALL {
            assert_eq!(StrategyName::parse(strategy.name()), Ok(strategy));
            assert_eq!(serde_json::to_value(strategy).unwrap(), strategy.name());
        }
        let said = StrategyName::parse("isolation_forrest").unwrap_err().to_string();
        assert!(said.contains("did you mean `isolation_forest`?"), "{said}");
    }
}
