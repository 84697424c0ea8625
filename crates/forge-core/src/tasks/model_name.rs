//! Model families by the names users type.

use forge_learn::ModelSpec;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::setting::choices;

/// A model family, by the name users type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelName {
    /// Multinomial logistic regression with an L2 penalty; for classes.
    #[default]
    LogisticRegression,
    /// Least squares with an L2 penalty; for numbers.
    Ridge,
    /// Boosted trees over binned features.
    HistGradientBoosting,
    /// Trees on resampled rows.
    RandomForest,
    /// Trees with random splits.
    ExtraTrees,
    /// A vote of the nearest rows.
    Knn,
}

choices! {
    ModelName: ["logistic_regression", "ridge", "hist_gradient_boosting", "random_forest", "extra_trees", "knn"];
}

impl ModelName {
    /// Every family, in the order faces list them.
    pub const ALL: [Self; 6] = [
        Self::LogisticRegression,
        Self::Ridge,
        Self::HistGradientBoosting,
        Self::RandomForest,
        Self::ExtraTrees,
        Self::Knn,
    ];

    /// The name users type and JSON holds.
    pub fn name(self) -> &'static str {
        match self {
            Self::LogisticRegression => "logistic_regression",
            Self::Ridge => "ridge",
            Self::HistGradientBoosting => "hist_gradient_boosting",
            Self::RandomForest => "random_forest",
            Self::ExtraTrees => "extra_trees",
            Self::Knn => "knn",
        }
    }

    /// The model with these parameters; those left out have the defaults of the task.
    pub(crate) fn with(self, parameters: &Map<String, Value>) -> ModelSpec {
        ModelSpec { model: self.name().to_owned(), parameters: parameters.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::setting::{SettingKind, SettingType};

    #[test]
    fn families_go_by_the_names_that_json_holds_and_can_be_built() {
        let SettingKind::Choice(names) = ModelName::kind() else { panic!("a choice") };
        assert_eq!(names, ModelName::ALL.map(ModelName::name));
        for family in ModelName::ALL {
            assert_eq!(serde_json::to_value(family).unwrap(), family.name());
            let spec = family.with(&Map::new());
            assert!(spec.classifier().is_ok() || spec.regressor().is_ok());
        }
    }
}
