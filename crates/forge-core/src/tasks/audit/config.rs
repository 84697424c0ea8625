//! The settings of an audit of a table. Field names are the names users type.

use std::collections::BTreeMap;

use forge_data::{CsvOptions, Role};
use forge_learn::{CrossValidation, Metric, ModelSpec};
use serde::{Deserialize, Serialize};

use crate::CoreError;
use crate::datalab::{IssueType, LabelKind};
use crate::tasks::table_checks::DEFAULT_METRIC;

/// The settings of an audit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditConfig {
    /// The label column; several columns of 0 and 1 are the classes of a multi-label data set; none is an audit of the
    /// features alone [default none].
    pub target: Vec<String>,
    /// What the labels are [by their values: numbers with more than 20 distinct values are numbers, all else classes].
    pub task: Option<LabelKind>,
    /// How the file is read [all detected].
    pub csv: CsvOptions,
    /// Roles chosen by the user, by column name; all others are inferred.
    pub roles: BTreeMap<String, Role>,
    /// The model that predicts the labels [`logistic_regression` for classes, `ridge` for numbers].
    pub model: Option<ModelSpec>,
    /// Folds of the cross-validation [5; 2–20].
    pub cv_folds: usize,
    /// The checks to run [all that the data allow, but `data_valuation`].
    pub checks: Option<Vec<IssueType>>,
    /// How far apart rows are [default euclidean].
    pub metric: Metric,
    /// Rows listed per check at most [default 20].
    pub max_issues: usize,
    /// Seed of every random choice [default 42].
    pub seed: u64,
}

impl Default for AuditConfig {
    fn default() -> Self {
        Self {
            target: Vec::new(),
            task: None,
            csv: CsvOptions::default(),
            roles: BTreeMap::new(),
            model: None,
            cv_folds: 5,
            checks: None,
            metric: DEFAULT_METRIC,
            max_issues: 20,
            seed: 42,
        }
    }
}

impl AuditConfig {
    /// Checks every setting against its range.
    ///
    /// # Errors
    /// [`CoreError::Setting`] naming the setting, its value and the range.
    pub fn validate(&self) -> Result<(), CoreError> {
        self.cross_validation().validate()?;
        if self.target.len() > 1 && self.task.is_some_and(|task| task != LabelKind::Multilabel) {
            let rule = "one column; several are the classes of a multi-label data set";
            return Err(CoreError::setting("target", self.target.join(", "), rule));
        }
        Ok(())
    }

    /// The model chosen, or `default`.
    pub(super) fn model_or(&self, default: &str) -> ModelSpec {
        self.model.clone().unwrap_or_else(|| ModelSpec::named(default))
    }

    /// How rows are cross-validated.
    pub(super) fn cross_validation(&self) -> CrossValidation {
        CrossValidation { n_folds: self.cv_folds, seed: self.seed, ..CrossValidation::default() }
    }
}
