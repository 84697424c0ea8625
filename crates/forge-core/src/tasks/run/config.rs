//! The settings of the tabular runner.

use std::collections::BTreeMap;

use forge_data::{CsvOptions, Role};
use forge_learn::{CrossValidation, EncoderConfig, ModelSpec, NumericImputation, Task};
use serde_json::{Map, Value};

use crate::tasks::model_name::ModelName;
use crate::tasks::setting::{Settings, settings};
use crate::{CoreError, FilterBy};

settings! {
    /// The settings of a run.
    pub struct RunConfig {
        /// The column whose labels are checked.
        target "Target": String = String::new();
        /// What its labels are; where nothing is chosen, numbers with more than 20 distinct values are numbers to predict and
        /// all else classes.
        task "Kind of labels": Option<Task> = None;
        /// The model that predicts it; where none is chosen, logistic regression for classes and ridge for numbers.
        model "Model": Option<ModelName> = None;
        /// Parameters of the model by scikit-learn's names, as `{"C": 0.5}`; those left out have defaults.
        parameters "Model parameters": Map<String, Value> = Map::new();
        /// How the file is read.
        csv "Reading": CsvOptions = CsvOptions::default();
        /// Roles chosen by the user, by column name; all others are inferred.
        roles "Roles": BTreeMap<String, Role> = BTreeMap::new();
        /// Share of the rows held out to measure the models.
        test_size "Held out": f64 = 0.2, 0.05 to 0.5;
        /// Whether each class has the same share among the held-out rows; classes only.
        stratify "Each class in the same share on both sides": bool = true;
        /// What replaces a missing number.
        numeric_imputation "Missing numbers": NumericImputation = NumericImputation::Median;
        /// Whether numbers are standardised.
        scale_numeric "Standardise numbers": bool = true;
        /// One-hot columns per category column at most; the rarest levels share the last.
        one_hot_max_categories "Categories per column": usize = 100, 2 to 500;
        /// More folds are slower and a little more exact.
        cv_folds "Folds": usize = 5, 2 to 20;
        /// What makes a row a likely label error; classes only.
        filter_by "Rule": FilterBy = FilterBy::default();
        /// Whether to look for outliers, duplicates and drift too.
        use_datalab "Outliers, duplicates and drift": bool = true;
        /// Whether to run the four fast checks only: label, outlier, near_duplicate and non_iid.
        datalab_fast "Fast checks only": bool = true;
        /// Whether to compare with a model trained by confident learning (CleanLearning); classes only.
        train_cleanlearning "Train with CleanLearning": bool = false;
        /// Whether to train again without the worst rows.
        prune_and_retrain "Retrain without the worst": bool = true;
        /// Share of the training rows pruned at most.
        prune_fraction "Pruned": f64 = 0.02, 0 to 0.2;
        /// Rows pruned at most.
        prune_max_samples "Rows pruned at most": usize = 500, 0 to inf;
        /// Only rows up to this score count as errors. Empty: the rule alone decides.
        issue_score_threshold "Score limit": Option<f64> = None, 0 to 1;
        /// Issues listed in the report at most.
        max_issues "Issues listed": usize = 200, 0 to inf;
        /// Share of the training labels made wrong on purpose, to see how many are found again: flipped to another class, or
        /// moved by Gaussian noise of five standard deviations.
        label_noise_fraction "Labels made wrong": f64 = 0.0, 0 to 0.5;
        /// Rows drawn from the table at most. Empty: all.
        max_rows "Rows at most": Option<usize> = None, 100 to inf;
        /// Seed of every random choice.
        seed "Seed": u64 = 42;
    }
}

impl RunConfig {
    /// Checks every setting against its range.
    ///
    /// # Errors
    /// [`CoreError::Setting`] naming the setting, its value and the range.
    pub fn validate(&self) -> Result<(), CoreError> {
        self.check_ranges()
    }

    /// The model that was chosen or is usual for such labels, with the parameters that were chosen.
    pub(crate) fn model_for(&self, task: Task) -> ModelSpec {
        let usual = match task {
            Task::Classification => ModelName::LogisticRegression,
            Task::Regression => ModelName::Ridge,
        };
        self.model.unwrap_or(usual).with(&self.parameters)
    }

    /// How columns become numbers.
    pub(crate) fn encoder(&self) -> EncoderConfig {
        EncoderConfig {
            numeric_imputation: self.numeric_imputation,
            scale_numeric: self.scale_numeric,
            one_hot_max_categories: self.one_hot_max_categories,
            ..EncoderConfig::default()
        }
    }

    /// How rows are cross-validated.
    pub(crate) fn cross_validation(&self) -> CrossValidation {
        CrossValidation {
            n_folds: self.cv_folds,
            seed: self.seed,
            encoder: self.encoder(),
            ..CrossValidation::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_outside_its_range_is_named_with_value_and_range() {
        let config = RunConfig { cv_folds: 1, ..RunConfig::default() };
        assert_eq!(config.validate().unwrap_err().to_string(), "`cv_folds` is 1, expected a value from 2 to 20");
        let config = RunConfig { test_size: f64::NAN, ..RunConfig::default() };
        assert!(config.validate().is_err());
        assert_eq!(RunConfig::default().validate(), Ok(()));
    }
}
