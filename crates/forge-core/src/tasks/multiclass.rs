//! Multi-class classification: label errors among classes.
//!
//! Standardised features → a classifier, logistic regression by default → out-of-sample probabilities of all rows, the
//! held-out ones by the baseline model → confident learning (Northcutt, Jiang and Chuang 2021) → prune the worst training
//! rows → retrain → compare.

mod experiment;
mod report;

use std::collections::BTreeMap;

use forge_data::{CsvOptions, Role, Table};
use forge_learn::{Host, ModelSpec};
use serde_json::{Map, Value};

use super::clock::Clock;
use super::experiment::{PREPARE, Plan, conduct};
use super::model_name::ModelName;
use super::setting::{Settings, settings};
use super::tabular::on_table;
use super::task::{TaskData, TaskReport};
use crate::{CoreError, FilterBy};
use experiment::Classes;
pub use report::{ClassCounts, MulticlassDetail};

settings! {
    /// The settings of multi-class classification.
    pub struct MulticlassConfig {
        /// The column whose labels are checked. Empty: the one that looks like a label.
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
        /// Iterations of logistic regression at most.
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
///
/// # Errors
/// A setting outside its range, a table that cannot be used, or [`CoreError::Cancelled`].
pub(super) fn run(config: &MulticlassConfig, data: TaskData<'_>, host: &dyn Host) -> Result<TaskReport, CoreError> {
    config.check_ranges()?;
    on_table(data, "multiclass", |table| run_on(config, table, host))
}

fn run_on(config: &MulticlassConfig, table: &Table, host: &dyn Host) -> Result<TaskReport, CoreError> {
    let mut clock = Clock::new(host);
    let mut experiment = Classes::prepare(config, table)?;
    clock.lap(PREPARE);
    let plan = Plan { noise: config.noise_frac, prune: config.prune_frac, prune_max: usize::MAX, seed: config.seed };
    let conducted = conduct(&mut experiment, &plan, clock, host)?;
    experiment.report(conducted)
}

impl MulticlassConfig {
    /// The model with its parameters.
    fn spec(&self) -> ModelSpec {
        let mut spec = self.model.with(&self.parameters);
        if self.model == ModelName::LogisticRegression {
            spec.parameters.entry("max_iter").or_insert_with(|| self.max_iter.into());
        }
        spec
    }
}

#[cfg(test)]
mod tests;
