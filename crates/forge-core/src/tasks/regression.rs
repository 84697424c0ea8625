//! Regression with CleanLearning: which of the numbers to predict are wrong.
//!
//! A regressor, boosted trees by default → out-of-sample residuals relative to how unsure predictions are, and the share
//! of errors that is best left out (Zhou et al. 2023) → prune the worst training rows → retrain → compare.

mod experiment;
mod report;

use std::collections::BTreeMap;

use forge_data::{CsvOptions, Role, Table};
use forge_learn::Host;
use serde_json::{Map, Value};

use super::clock::Clock;
use super::experiment::{PREPARE, Plan, conduct};
use super::model_name::ModelName;
use super::setting::{Settings, settings};
use super::tabular::on_table;
use super::task::{TaskData, TaskReport};
use crate::CoreError;
use experiment::Numbers;
pub use report::{NumberIssue, RegressionDetail, ResidualPoint};

settings! {
    /// The settings of regression.
    pub struct RegressionConfig {
        /// The column of numbers that is checked. Empty: the one that looks like a label.
        target "Target": String = String::new();
        /// How the file is read.
        csv "Reading": CsvOptions = CsvOptions::default();
        /// Roles chosen by the user, by column name; all others are inferred.
        roles "Roles": BTreeMap<String, Role> = BTreeMap::new();
        /// The model that predicts the numbers; any regressor by name.
        model "Model": ModelName = ModelName::HistGradientBoosting;
        /// Parameters of the model by scikit-learn's names.
        parameters "Model parameters": Map<String, Value> = Map::new();
        /// Rows drawn from the table at most.
        max_rows "Rows at most": Option<usize> = None, 100 to inf;
        /// Share of rows held out to measure the models.
        test_size "Held out": f64 = 0.2, 0.05 to 0.5;
        /// Share of the training numbers that Gaussian noise is added to on purpose.
        noise_frac "Numbers made wrong": f64 = 0.0, 0 to 0.5;
        /// Spread of that noise, in standard deviations of the target.
        noise_scale "Spread of the noise": f64 = 5.0, 0.1 to 20;
        /// Folds of the cross-validation.
        cv_folds "Folds": usize = 5, 2 to 20;
        /// Models trained on resampled rows to tell how unsure predictions are; 0 leaves that out.
        n_boot "Resampled models": usize = 5, 0 to 100;
        /// Share of the training rows pruned at most.
        prune_frac "Pruned": f64 = 0.02, 0 to 0.2;
        /// Issues listed at most.
        max_issues "Issues listed": usize = 200, 0 to 1_000_000;
        /// Seed of every random choice.
        seed "Seed": u64 = 42;
    }
}

/// Runs the task.
///
/// # Errors
/// A setting outside its range, a table that cannot be used, or [`CoreError::Cancelled`].
pub(super) fn run(config: &RegressionConfig, data: TaskData<'_>, host: &dyn Host) -> Result<TaskReport, CoreError> {
    config.check_ranges()?;
    on_table(data, "regression", |table| run_on(config, table, host))
}

fn run_on(config: &RegressionConfig, table: &Table, host: &dyn Host) -> Result<TaskReport, CoreError> {
    let mut clock = Clock::new(host);
    let mut experiment = Numbers::prepare(config, table)?;
    clock.lap(PREPARE);
    let plan = Plan { noise: config.noise_frac, prune: config.prune_frac, prune_max: usize::MAX, seed: config.seed };
    let conducted = conduct(&mut experiment, &plan, clock, host)?;
    experiment.report(conducted)
}

#[cfg(test)]
mod tests;
