//! The one request type of every face: what can be asked of the engine, with every setting, its default and its range.
//!
//! A [`Job`] is plain data. The page posts it to a worker, the command line builds it from flags, a file holds it; the
//! same job on the same table gives the same [`Outcome`] everywhere.

use std::collections::BTreeMap;

use forge_data::{CsvOptions, Role, Table, TableFile};
use forge_learn::{Classifier, CrossValidation, EncoderConfig, Host, LogisticRegression, NumericImputation};
use serde::{Deserialize, Serialize};

use crate::report::{Findings, Report};
use crate::{CoreError, FilterBy};

/// Something to do with a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Find label errors in a table and measure what leaving them out buys.
    Run(RunConfig),
}

/// What a job gives back.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The result that is saved and shown.
    pub report: Report,
    /// The findings for every checked row, which a face lists and filters.
    pub findings: Findings,
}

impl Job {
    /// Runs the job on `table`.
    ///
    /// # Errors
    /// A setting outside its range, a table the job cannot use, or [`CoreError::Cancelled`].
    pub fn run(&self, table: &Table, host: &dyn Host) -> Result<Outcome, CoreError> {
        match self {
            Self::Run(config) => crate::tasks::run(config, table, host),
        }
    }

    /// How the file of the job is read.
    pub fn csv_options(&self) -> &CsvOptions {
        match self {
            Self::Run(config) => &config.csv,
        }
    }

    /// Runs the job on a file that was read; what reading found becomes part of the report's warnings, or of the error
    /// where the rows that are left cannot be used.
    ///
    /// # Errors
    /// As [`Job::run`].
    pub fn run_on_file(&self, file: &TableFile, host: &dyn Host) -> Result<Outcome, CoreError> {
        let notes = reading_notes(file);
        match self.run(&file.table, host) {
            Ok(mut outcome) => {
                outcome.report.warnings.splice(0..0, notes);
                Ok(outcome)
            }
            Err(CoreError::Unusable(message)) if !notes.is_empty() => {
                Err(CoreError::Unusable(format!("{message} {}", notes.join(" "))))
            }
            Err(error) => Err(error),
        }
    }
}

/// Rejected rows named in a warning; the file itself lists them all.
const MAX_NAMED: usize = 3;

/// What reading the file already found, as warnings.
pub(crate) fn reading_notes(file: &TableFile) -> Vec<String> {
    let named: Vec<String> = file.rejected.iter().take(MAX_NAMED).map(ToString::to_string).collect();
    let more = file.n_rejected().saturating_sub(named.len() as u64);
    let rejected = match (named.len(), more) {
        (0, _) => None,
        (_, 0) => Some(format!("Rows that could not be read are left out: {}.", named.join("; "))),
        _ => Some(format!("Rows that could not be read are left out: {}; and {more} more.", named.join("; "))),
    };
    file.warnings.iter().cloned().chain(rejected).collect()
}

/// A model family, by the name users type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelName {
    /// Multinomial logistic regression with an L2 penalty.
    #[default]
    LogisticRegression,
}

/// The settings of [`Job::Run`]. Field names are the names users type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunConfig {
    /// The column whose labels are checked.
    pub target: String,
    /// The model that predicts it.
    pub model: ModelName,
    /// How the file is read before the job runs [all detected].
    pub csv: CsvOptions,
    /// Roles chosen by the user, by column name; all others are inferred.
    pub roles: BTreeMap<String, Role>,
    /// Share of rows held out to measure the model on [0.2; 0.05–0.5].
    pub test_size: f64,
    /// Whether each class has the same share among the held-out rows [default true].
    pub stratify: bool,
    /// What replaces a missing number [default median].
    pub numeric_imputation: NumericImputation,
    /// Whether numbers are standardised [default true].
    pub scale_numeric: bool,
    /// One-hot columns per category column at most; the rarest levels share the last [100; 2–500].
    pub one_hot_max_categories: usize,
    /// Inverse strength of the L2 penalty, scikit-learn's `C` [default 1; above 0].
    pub c: f64,
    /// Iterations of the solver at most [500; 1–100,000].
    pub max_iter: usize,
    /// Folds of the cross-validation [5; 2–20].
    pub cv_folds: usize,
    /// Which rule flags an issue [default `prune_by_noise_rate`].
    pub filter_by: FilterBy,
    /// Whether to retrain without the worst rows [default true].
    pub prune_and_retrain: bool,
    /// Share of the training rows pruned at most [0.02; 0–0.2].
    pub prune_fraction: f64,
    /// Rows pruned at most [default 500].
    pub prune_max_samples: usize,
    /// Only rows with a score up to this are issues [none; 0–1].
    pub issue_score_threshold: Option<f64>,
    /// Issues listed in the report at most; the findings hold all [default 200].
    pub max_issues: usize,
    /// Share of the training labels flipped on purpose, to see how many are found again [0; 0–0.5].
    pub label_noise_fraction: f64,
    /// Rows drawn from the table at most [none; ≥ 100].
    pub max_rows: Option<usize>,
    /// Seed of every random choice [default 42].
    pub seed: u64,
}

impl Default for RunConfig {
    fn default() -> Self {
        let encoder = EncoderConfig::default();
        let model = LogisticRegression::default();
        Self {
            target: String::new(),
            model: ModelName::default(),
            csv: CsvOptions::default(),
            roles: BTreeMap::new(),
            test_size: 0.2,
            stratify: true,
            numeric_imputation: encoder.numeric_imputation,
            scale_numeric: encoder.scale_numeric,
            one_hot_max_categories: encoder.one_hot_max_categories,
            c: model.c,
            max_iter: model.max_iter,
            cv_folds: 5,
            filter_by: FilterBy::default(),
            prune_and_retrain: true,
            prune_fraction: 0.02,
            prune_max_samples: 500,
            issue_score_threshold: None,
            max_issues: 200,
            label_noise_fraction: 0.0,
            max_rows: None,
            seed: 42,
        }
    }
}

impl RunConfig {
    /// Checks every setting against its range.
    ///
    /// # Errors
    /// [`CoreError::Setting`] naming the setting, its value and the range.
    pub fn validate(&self) -> Result<(), CoreError> {
        in_range("test_size", self.test_size, 0.05, 0.5)?;
        in_range("one_hot_max_categories", self.one_hot_max_categories, 2, 500)?;
        in_range("max_iter", self.max_iter, 1, 100_000)?;
        in_range("cv_folds", self.cv_folds, 2, 20)?;
        in_range("prune_fraction", self.prune_fraction, 0.0, 0.2)?;
        in_range("label_noise_fraction", self.label_noise_fraction, 0.0, 0.5)?;
        if !(self.c > 0.0 && self.c.is_finite()) {
            return Err(CoreError::setting("c", self.c, "a number above 0"));
        }
        if let Some(threshold) = self.issue_score_threshold {
            in_range("issue_score_threshold", threshold, 0.0, 1.0)?;
        }
        if let Some(max_rows) = self.max_rows.filter(|&rows| rows < 100) {
            return Err(CoreError::setting("max_rows", max_rows, "at least 100"));
        }
        Ok(())
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

    /// The model, ready to be fitted.
    pub(crate) fn classifier(&self) -> Box<dyn Classifier> {
        match self.model {
            ModelName::LogisticRegression => {
                Box::new(LogisticRegression { c: self.c, max_iter: self.max_iter, ..LogisticRegression::default() })
            }
        }
    }
}

fn in_range<T: PartialOrd + ToString>(name: &str, value: T, low: T, high: T) -> Result<(), CoreError> {
    if value >= low && value <= high {
        return Ok(());
    }
    Err(CoreError::setting(name, value, format!("a value from {} to {}", low.to_string(), high.to_string())))
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
