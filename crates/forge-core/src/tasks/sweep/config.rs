//! The settings of a sweep: those of a run, and the models.

use forge_learn::Task;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::CoreError;
use crate::tasks::model_name::ModelName;
use crate::tasks::run::RunConfig;
use crate::tasks::setting::{Setting, Settings};

/// The settings of a sweep, as JSON those of a run with `models` in the place of `model`.
///
/// `parameters` are by model: `{"knn": {"n_neighbors": 7}}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct SweepConfig {
    /// The settings of each run; `model` stays empty.
    #[serde(flatten)]
    pub run: RunConfig,
    /// The models to compare [all that predict such labels].
    pub models: Option<Vec<ModelName>>,
}

impl TryFrom<Map<String, Value>> for SweepConfig {
    type Error = serde_json::Error;

    fn try_from(mut given: Map<String, Value>) -> Result<Self, Self::Error> {
        let models = given.remove("models").map_or(Ok(None), serde_json::from_value)?;
        Ok(Self { models, run: serde_json::from_value(Value::Object(given))? })
    }
}

impl SweepConfig {
    /// Checks every setting against its range.
    ///
    /// # Errors
    /// [`CoreError::Setting`] naming the setting, its value and the range.
    pub fn validate(&self) -> Result<(), CoreError> {
        self.check_ranges()?;
        if let Some(model) = self.run.model {
            return Err(CoreError::setting("model", model.name(), "empty: a sweep compares `models`"));
        }
        if self.models.as_ref().is_some_and(Vec::is_empty) {
            return Err(CoreError::setting("models", "empty", "one model at least"));
        }
        for (name, parameters) in &self.run.parameters {
            if !ModelName::ALL.iter().any(|model| model.name() == name) || !parameters.is_object() {
                let rule = "parameters by the name of the model, as {\"knn\": {\"n_neighbors\": 7}}";
                return Err(CoreError::setting("parameters", name, rule));
            }
        }
        Ok(())
    }

    /// The models of this sweep over such labels.
    pub(super) fn models(&self, task: Task) -> Vec<ModelName> {
        let predicts = task.models();
        let all = || ModelName::ALL.into_iter().filter(|model| predicts.contains(&model.name())).collect();
        self.models.clone().unwrap_or_else(all)
    }

    /// The run of one model. What is not in the table of a sweep and changes nothing in it is left out: the checks beside
    /// those of labels, but for numbers, where outliers may be what is pruned.
    pub(super) fn of_model(&self, model: ModelName, task: Task) -> RunConfig {
        let parameters = self.run.parameters.get(model.name()).and_then(Value::as_object);
        RunConfig {
            model: Some(model),
            parameters: parameters.cloned().unwrap_or_default(),
            use_datalab: self.run.use_datalab && task == Task::Regression,
            datalab_fast: true,
            ..self.run.clone()
        }
    }
}

impl Settings for SweepConfig {
    fn settings() -> Vec<Setting> {
        let help = "The models to compare. Empty: all that predict such labels.";
        let models = Setting::of(("models", "Models", help), &None::<Vec<ModelName>>, None);
        let of_run = RunConfig::settings().into_iter();
        of_run.map(|setting| if setting.name == "model" { models.clone() } else { setting }).collect()
    }

    fn check_ranges(&self) -> Result<(), CoreError> {
        self.run.check_ranges()
    }
}
