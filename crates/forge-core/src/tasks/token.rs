//! Token classification: label errors among the tokens of sentences.

use forge_learn::Host;

use super::setting::settings;
use super::task::{TaskData, TaskReport};
use crate::{CoreError, FilterBy};

settings! {
    /// The settings of token classification.
    pub struct TokenConfig {
        /// Sentences trained on at most.
        max_train_sentences "Sentences trained on": usize = 2_000, 50 to 50_000;
        /// Sentences held out to measure the models at most.
        max_dev_sentences "Sentences held out": usize = 500, 10 to 50_000;
        /// Share of all training tokens whose tag is changed on purpose, to see how many are found again.
        noise_frac "Tags made wrong": f64 = 0.0, 0 to 0.5;
        /// Folds of the cross-validation; no sentence is cut.
        cv_folds "Folds": usize = 3, 2 to 20;
        /// Share of the training tokens pruned at most.
        prune_frac "Pruned": f64 = 0.03, 0 to 0.5;
        /// Iterations of the solver at most.
        max_iter "Iterations": usize = 500, 1 to 100_000;
        /// What makes a token a likely label error.
        filter_by "Rule": FilterBy = FilterBy::default();
        /// Issues listed at most.
        max_issues "Issues listed": usize = 200, 0 to 1_000_000;
        /// Seed of every random choice.
        seed "Seed": u64 = 42;
    }
}

/// Runs the task.
pub(super) fn run(_config: &TokenConfig, _data: TaskData<'_>, _host: &dyn Host) -> Result<TaskReport, CoreError> {
    Err(CoreError::Unusable(String::new()))
}
