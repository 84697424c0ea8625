//! Labels of several annotators: their consensus, how good each is, and what to label next.

use forge_data::CsvOptions;
use forge_learn::Host;
use serde_json::{Map, Value};

use super::model_name::ModelName;
use super::setting::settings;
use super::task::{TaskData, TaskReport};
use crate::CoreError;

settings! {
    /// The settings of the search for a consensus.
    pub struct MultiannotatorConfig {
        /// How the file is read.
        csv "Reading": CsvOptions = CsvOptions::default();
        /// The model that predicts the consensus where there are features; any classifier by name.
        model "Model": ModelName = ModelName::LogisticRegression;
        /// Parameters of the model by scikit-learn's names.
        parameters "Model parameters": Map<String, Value> = Map::new();
        /// Examples of a set of ratings used at most.
        max_movies "Examples at most": usize = 800, 10 to 1_000_000;
        /// Annotators of a set of ratings used at most.
        max_annotators "Annotators at most": usize = 50, 2 to 100_000;
        /// Ratings an example of a set of ratings has at least.
        min_ratings_per_movie "Ratings per example": usize = 10, 1 to 1_000_000;
        /// Ratings an annotator of a set of ratings gave at least.
        min_ratings_per_annotator "Ratings per annotator": usize = 100, 1 to 1_000_000;
        /// Folds of the cross-validation.
        cv_folds "Folds": usize = 5, 2 to 20;
        /// Examples and annotators listed at most.
        top_k "Listed": usize = 20, 1 to 1_000_000;
        /// Seed of every random choice.
        seed "Seed": u64 = 42;
    }
}

/// Runs the task.
pub(super) fn run(
    _config: &MultiannotatorConfig,
    _data: TaskData<'_>,
    _host: &dyn Host,
) -> Result<TaskReport, CoreError> {
    Err(CoreError::Unusable(String::new()))
}
