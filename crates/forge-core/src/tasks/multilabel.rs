//! Multi-label classification: labels missing from and wrongly among the classes of each example.
//!
//! Standardised features → one classifier per class, logistic regression by default → out-of-sample probabilities of all
//! rows, the held-out ones by the baseline models → confident learning class by class (Thyagarajan et al. 2022) → prune
//! the worst training rows → retrain → compare.

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
use crate::{CoreError, FilterBy};
use experiment::Sets;
pub use report::{ExampleLabels, LabelCounts, MultilabelDetail};

settings! {
    /// The settings of multi-label classification.
    pub struct MultilabelConfig {
        /// The columns of 0 and 1, one per class, or the one column of lists, that hold the labels.
        /// Empty: the one that looks like a label.
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
///
/// # Errors
/// A setting outside its range, a table that cannot be used, or [`CoreError::Cancelled`].
pub(super) fn run(config: &MultilabelConfig, data: TaskData<'_>, host: &dyn Host) -> Result<TaskReport, CoreError> {
    config.check_ranges()?;
    on_table(data, "multilabel", |table| run_on(config, table, host))
}

fn run_on(config: &MultilabelConfig, table: &Table, host: &dyn Host) -> Result<TaskReport, CoreError> {
    let mut clock = Clock::new(host);
    let mut experiment = Sets::prepare(config, table)?;
    clock.lap(PREPARE);
    let plan = Plan { noise: config.noise_frac, prune: config.prune_frac, prune_max: usize::MAX, seed: config.seed };
    let conducted = conduct(&mut experiment, &plan, clock, host)?;
    experiment.report(conducted)
}

#[cfg(test)]
mod tests;
