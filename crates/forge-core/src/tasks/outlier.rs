//! Outliers, near-duplicates and drift among rows of numbers.

use forge_data::CsvOptions;
use forge_data::Role;
use forge_learn::{Host, Metric};
use std::collections::BTreeMap;

use super::setting::settings;
use super::task::{TaskData, TaskReport};
use crate::CoreError;

settings! {
    /// The settings of the search for outliers, near-duplicates and drift.
    pub struct OutlierConfig {
        /// A column of labels to leave out of the features, if there is one.
        target "Target": Option<String> = None;
        /// How the file is read.
        csv "Reading": CsvOptions = CsvOptions::default();
        /// Roles chosen by the user, by column name; all others are inferred.
        roles "Roles": BTreeMap<String, Role> = BTreeMap::new();
        /// Rows drawn from the table at most.
        max_rows "Rows at most": Option<usize> = None, 100 to inf;
        /// Share of the rows whose first number is multiplied on purpose, to see how many are found again.
        outlier_frac "Outliers put in": f64 = 0.0, 0 to 0.2;
        /// What it is multiplied by.
        outlier_scale "Factor": f64 = 50.0, 1 to 100;
        /// Outliers listed at most.
        top_k_outliers "Outliers listed": usize = 15, 1 to 100;
        /// How far apart rows are.
        metric "Distance": Metric = Metric::Euclidean;
        /// Seed of every random choice.
        seed "Seed": u64 = 42;
    }
}

/// Runs the task.
pub(super) fn run(_config: &OutlierConfig, _data: TaskData<'_>, _host: &dyn Host) -> Result<TaskReport, CoreError> {
    Err(CoreError::Unusable(String::new()))
}
