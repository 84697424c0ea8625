//! Multi-label classification: labels missing from and wrongly among the classes of each example.

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
    /// The settings of multi-label classification.
    pub struct MultilabelConfig {
        /// The columns of 0 and 1, one per class, or the one column of lists, that hold the labels.
        target "Targets": Vec<String> = Vec::new();
        /// How the file is read.
        csv "Reading": CsvOptions = CsvOptions::default();
        /// Roles chosen by the user, by column name; all others are inferred.
        roles "Roles": BTreeMap<String, Role> = BTreeMap::new();
        /// The model that predicts each class; any classifier by name.
        model "Model": ModelName = ModelName::LogisticRegression;
        /// Parameters of the model by scikit-learn's names.
        parameters "Model parameters": Map<String, Value> = Map::new();
        /// Share of rows held out to measure the models.
        test_size "Held out": f64 = 0.2, 0.05 to 0.5;
        /// Share of the training rows in which one random class is put in or taken out on purpose.
        noise_frac "Labels made wrong": f64 = 0.0, 0 to 0.5;
        /// Folds of the cross-validation.
        cv_folds "Folds": usize = 5, 2 to 20;
        /// Share of the training rows pruned at most.
        prune_frac "Pruned": f64 = 0.05, 0 to 0.5;
        /// What makes a class of a row a likely error.
        filter_by "Rule": FilterBy = FilterBy::default();
        /// Issues listed at most.
        max_issues "Issues listed": usize = 200, 0 to 1_000_000;
        /// Seed of every random choice.
        seed "Seed": u64 = 42;
    }
}

/// Runs the task.
pub(super) fn run(_config: &MultilabelConfig, _data: TaskData<'_>, _host: &dyn Host) -> Result<TaskReport, CoreError> {
    Err(CoreError::Unusable(String::new()))
}
