//! Multi-class classification: label errors among classes.

use forge_data::CsvOptions;
use forge_data::Role;
use forge_learn::Host;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

use super::model_name::ModelName;
use super::setting::settings;
use super::task::{TaskData, TaskReport};
use crate::{CoreError, FilterBy};

settings! {
    /// The settings of multi-class classification.
    pub struct MulticlassConfig {
        /// The column whose labels are checked.
        target "Target": String = String::new();
        /// How the file is read.
        csv "Reading": CsvOptions = CsvOptions::default();
        /// Roles chosen by the user, by column name; all others are inferred.
        roles "Roles": BTreeMap<String, Role> = BTreeMap::new();
        /// The model that predicts the labels; any classifier by name.
        model "Model": ModelName = ModelName::LogisticRegression;
        /// Parameters of the model by scikit-learn's names.
        parameters "Model parameters": Map<String, Value> = Map::new();
        /// Rows drawn from the table at most.
        max_rows "Rows at most": usize = 10_000, 100 to 600_000;
        /// Share of rows held out to measure the models.
        test_size "Held out": f64 = 0.2, 0.05 to 0.5;
        /// Share of the training labels flipped on purpose to another class, to see how many are found again.
        noise_frac "Labels made wrong": f64 = 0.0, 0 to 0.5;
        /// Folds of the cross-validation.
        cv_folds "Folds": usize = 5, 2 to 20;
        /// Share of the training rows pruned at most.
        prune_frac "Pruned": f64 = 0.02, 0 to 0.2;
        /// Iterations of the solver at most, for models that have them.
        max_iter "Iterations": usize = 500, 1 to 100_000;
        /// What makes a row a likely label error.
        filter_by "Rule": FilterBy = FilterBy::default();
        /// Issues listed at most.
        max_issues "Issues listed": usize = 200, 0 to 1_000_000;
        /// Seed of every random choice.
        seed "Seed": u64 = 42;
    }
}

/// Runs the task.
pub(super) fn run(_config: &MulticlassConfig, _data: TaskData<'_>, _host: &dyn Host) -> Result<TaskReport, CoreError> {
    Err(CoreError::Unusable(String::new()))
}
