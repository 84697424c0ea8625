//! Models by name, with scikit-learn's parameter names: `{"model": "knn", "parameters": {"n_neighbors": 7}}`.
//!
//! One list holds them; a model is a line in it and a function that reads its parameters. Parameters left out have
//! the defaults of the task, which for some models are not scikit-learn's.

mod build;
mod parameters;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Classifier, LearnError, Regressor};
use parameters::{Parameters, nearest};

type Build<T> = fn(&mut Parameters<'_>) -> Result<Box<T>, LearnError>;

/// What is known of a model by its name.
struct Entry {
    name: &'static str,
    classifier: Option<Build<dyn Classifier>>,
    regressor: Option<Build<dyn Regressor>>,
}

const MODELS: &[Entry] = &[
    Entry { name: "logistic_regression", classifier: Some(build::logistic_regression), regressor: None },
    Entry { name: "ridge", classifier: None, regressor: Some(build::ridge) },
    Entry {
        name: "hist_gradient_boosting",
        classifier: Some(build::boosting_classifier),
        regressor: Some(build::boosting_regressor),
    },
    Entry {
        name: "random_forest",
        classifier: Some(build::random_forest_classifier),
        regressor: Some(build::random_forest_regressor),
    },
    Entry {
        name: "extra_trees",
        classifier: Some(build::extra_trees_classifier),
        regressor: Some(build::extra_trees_regressor),
    },
    Entry { name: "knn", classifier: Some(build::knn_classifier), regressor: Some(build::knn_regressor) },
];

/// What a model is to predict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// One of several classes.
    Classification,
    /// A number.
    Regression,
}

impl Task {
    /// The names of the models for this task, in the order they are offered.
    pub fn models(self) -> Vec<&'static str> {
        let fits = |entry: &&Entry| match self {
            Self::Classification => entry.classifier.is_some(),
            Self::Regression => entry.regressor.is_some(),
        };
        MODELS.iter().filter(fits).map(|entry| entry.name).collect()
    }
}

/// A model by name and parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// The name, one of [`Task::models`].
    pub model: String,
    /// Parameters by scikit-learn's names; those left out have the defaults of the task.
    #[serde(default)]
    pub parameters: Map<String, Value>,
}

impl ModelSpec {
    /// A model with the defaults of its task.
    pub fn named(model: &str) -> Self {
        Self { model: model.to_owned(), parameters: Map::new() }
    }

    /// The classifier.
    ///
    /// # Errors
    /// [`LearnError::UnknownName`] for a name or parameter there is not, with the nearest there is;
    /// [`LearnError::Setting`] for a value outside its range.
    pub fn classifier(&self) -> Result<Box<dyn Classifier>, LearnError> {
        self.build(Task::Classification, |entry| entry.classifier)
    }

    /// The regressor.
    ///
    /// # Errors
    /// As [`ModelSpec::classifier`].
    pub fn regressor(&self) -> Result<Box<dyn Regressor>, LearnError> {
        self.build(Task::Regression, |entry| entry.regressor)
    }

    fn build<T: ?Sized>(&self, task: Task, of: impl Fn(&Entry) -> Option<Build<T>>) -> Result<Box<T>, LearnError> {
        let entry = MODELS.iter().find(|entry| entry.name == self.model);
        let Some(build) = entry.and_then(of) else {
            let kind = match task {
                Task::Classification => "model for classes",
                Task::Regression => "model for numbers",
            };
            let known = task.models();
            return Err(LearnError::UnknownName {
                kind,
                name: self.model.clone(),
                nearest: nearest(&self.model, &known),
                known: known.join(", "),
            });
        };
        let mut parameters = Parameters::new(&self.parameters);
        let model = build(&mut parameters)?;
        parameters.finish()?;
        Ok(model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        let spec: ModelSpec = serde_json::from_str(text).unwrap();
        spec.classifier().map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn every_model_is_built_from_its_name_alone() {
        for name in Task::Classification.models() {
            assert!(ModelSpec::named(name).classifier().is_ok(), "{name}");
        }
        for name in Task::Regression.models() {
            assert!(ModelSpec::named(name).regressor().is_ok(), "{name}");
        }
    }

    #[test]
    fn an_unknown_name_or_parameter_is_answered_with_the_nearest() {
        assert!(refused(r#"{"model": "logistic_regresion"}"#).contains("did you mean logistic_regression?"));
        assert!(refused(r#"{"model": "ridge"}"#).contains("there is no model for classes named ridge"));
        assert!(
            refused(r#"{"model": "knn", "parameters": {"n_neighbours": 3}}"#).contains("did you mean n_neighbors?")
        );
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_named() {
        assert!(refused(r#"{"model": "knn", "parameters": {"n_neighbors": "x"}}"#).starts_with("n_neighbors is \"x\""));
        assert!(refused(r#"{"model": "knn", "parameters": {"n_neighbors": 2.5}}"#).starts_with("n_neighbors is 2.5"));
        assert!(refused(r#"{"model": "knn", "parameters": {"weights": "far"}}"#).starts_with("weights is \"far\""));
        let zero = r#"{"model": "logistic_regression", "parameters": {"C": 0, "n_jobs": 2}}"#;
        assert!(refused(zero).starts_with("c is 0"));
    }
}
