//! The tasks by name: their settings in, one kind of report out.

use forge_data::{AnnotatedExamples, CorpusFile, CsvOptions, ImageSet, TableFile};
use forge_learn::{Host, ModelSpec};
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};

use super::pictures::PictureData;
use super::setting::{Setting, Settings};
use super::{
    anomaly, multiannotator, multiclass, multilabel, object_detection, outlier, regression, segmentation, token,
};
use crate::CoreError;
use crate::anomaly::AnomalyReport;
use crate::call::nearest;
use crate::report::{NoiseReport, StageTiming, Variant};
use crate::tagged;

pub use anomaly::{AnomalyConfig, AnomalySource};
pub use multiannotator::{AnnotatorRow, ConsensusRow, MultiannotatorConfig, MultiannotatorDetail, NextRow};
pub use multiclass::{ClassCounts, MulticlassConfig, MulticlassDetail};
pub use multilabel::{ExampleLabels, LabelCounts, MultilabelConfig, MultilabelDetail};
pub use object_detection::{
    BoxCorruption, BoxCorruptionKind, BoxCorruptionReport, BoxIssue, BoxIssueCounts, BoxIssueKind, ClassPrecision,
    DetectionPicture, GivenBox, ObjectDetectionConfig, ObjectDetectionDetail,
};
pub use outlier::{DuplicateSet, IssueSummary, OutlierConfig, OutlierDetail, OutlierRow};
pub use regression::{NumberIssue, RegressionConfig, RegressionDetail, ResidualPoint};
pub use segmentation::{
    MaskCorruption, MaskCorruptionKind, MaskCorruptionReport, PixelRuns, SegmentationConfig, SegmentationDetail,
    SegmentationPicture,
};
pub use token::{ShownSentence, TokenConfig, TokenDetail};

/// A task with its settings, as JSON `{"task": "multiclass", "noise_frac": 0.1}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum TaskConfig {
    /// Label errors among classes.
    Multiclass(MulticlassConfig),
    /// Label errors among sets of classes.
    Multilabel(MultilabelConfig),
    /// Label errors among the tokens of sentences.
    Token(TokenConfig),
    /// Errors among numbers to predict.
    Regression(RegressionConfig),
    /// Outliers, near-duplicates and drift.
    Outlier(OutlierConfig),
    /// Consensus of several annotators, and what to label next.
    Multiannotator(MultiannotatorConfig),
    /// Wrong boxes around objects in pictures.
    ObjectDetection(ObjectDetectionConfig),
    /// Wrong masks of pictures.
    Segmentation(SegmentationConfig),
    /// Rows unlike all others.
    Anomaly(AnomalyConfig),
}

impl<'de> Deserialize<'de> for TaskConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (name, fields) = tagged::split(deserializer, "task")?;
        match &*name {
            "multiclass" => tagged::variant(fields).map(Self::Multiclass),
            "multilabel" => tagged::variant(fields).map(Self::Multilabel),
            "token" => tagged::variant(fields).map(Self::Token),
            "regression" => tagged::variant(fields).map(Self::Regression),
            "outlier" => tagged::variant(fields).map(Self::Outlier),
            "multiannotator" => tagged::variant(fields).map(Self::Multiannotator),
            "object_detection" => tagged::variant(fields).map(Self::ObjectDetection),
            "segmentation" => tagged::variant(fields).map(Self::Segmentation),
            "anomaly" => tagged::variant(fields).map(Self::Anomaly),
            _ => Err(D::Error::unknown_variant(&name, &Self::NAMES)),
        }
    }
}

impl TaskConfig {
    /// The names of the tasks, in the order faces list them.
    pub const NAMES: [&str; 9] = [
        "multiclass",
        "multilabel",
        "token",
        "regression",
        "outlier",
        "multiannotator",
        "object_detection",
        "segmentation",
        "anomaly",
    ];

    /// The task of this name with its defaults.
    ///
    /// # Errors
    /// [`CoreError::Setting`] with the names there are and the nearest of them.
    pub fn named(name: &str) -> Result<Self, CoreError> {
        Ok(match name {
            "multiclass" => Self::Multiclass(MulticlassConfig::default()),
            "multilabel" => Self::Multilabel(MultilabelConfig::default()),
            "token" => Self::Token(TokenConfig::default()),
            "regression" => Self::Regression(RegressionConfig::default()),
            "outlier" => Self::Outlier(OutlierConfig::default()),
            "multiannotator" => Self::Multiannotator(MultiannotatorConfig::default()),
            "object_detection" => Self::ObjectDetection(ObjectDetectionConfig::default()),
            "segmentation" => Self::Segmentation(SegmentationConfig::default()),
            "anomaly" => Self::Anomaly(AnomalyConfig::default()),
            _ => {
                let hint = nearest(name, Self::NAMES.into_iter())
                    .map_or_else(String::new, |best| format!("; did you mean `{best}`?"));
                let rule = format!("one of {}{hint}", Self::NAMES.join(", "));
                return Err(CoreError::setting("task", name, rule));
            }
        })
    }

    /// The name of the task.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Multiclass(_) => "multiclass",
            Self::Multilabel(_) => "multilabel",
            Self::Token(_) => "token",
            Self::Regression(_) => "regression",
            Self::Outlier(_) => "outlier",
            Self::Multiannotator(_) => "multiannotator",
            Self::ObjectDetection(_) => "object_detection",
            Self::Segmentation(_) => "segmentation",
            Self::Anomaly(_) => "anomaly",
        }
    }

    /// The settings of the task of this name, for forms and help.
    ///
    /// # Errors
    /// As [`TaskConfig::named`].
    pub fn settings(name: &str) -> Result<Vec<Setting>, CoreError> {
        Ok(match Self::named(name)? {
            Self::Multiclass(_) => MulticlassConfig::settings(),
            Self::Multilabel(_) => MultilabelConfig::settings(),
            Self::Token(_) => TokenConfig::settings(),
            Self::Regression(_) => RegressionConfig::settings(),
            Self::Outlier(_) => OutlierConfig::settings(),
            Self::Multiannotator(_) => MultiannotatorConfig::settings(),
            Self::ObjectDetection(_) => ObjectDetectionConfig::settings(),
            Self::Segmentation(_) => SegmentationConfig::settings(),
            Self::Anomaly(_) => AnomalyConfig::settings(),
        })
    }

    /// How the file is read, where that is chosen.
    pub fn csv_options(&self) -> Option<&CsvOptions> {
        match self {
            Self::Multiclass(config) => Some(&config.csv),
            Self::Multilabel(config) => Some(&config.csv),
            Self::Regression(config) => Some(&config.csv),
            Self::Outlier(config) => Some(&config.csv),
            Self::Multiannotator(config) => Some(&config.csv),
            Self::Anomaly(config) => Some(&config.csv),
            Self::Token(_) | Self::ObjectDetection(_) | Self::Segmentation(_) => None,
        }
    }

    /// The pictures that take part, ascending: those that a face shows to a model. None for work on other data.
    pub fn chosen_pictures(&self, set: &ImageSet) -> Vec<usize> {
        match self {
            Self::ObjectDetection(config) => config.chosen(set),
            Self::Segmentation(config) => config.chosen(set),
            _ => Vec::new(),
        }
    }

    /// Runs the task.
    ///
    /// # Errors
    /// A setting outside its range, data the task cannot use, or [`CoreError::Cancelled`].
    pub fn run(&self, data: TaskData<'_>, host: &dyn Host) -> Result<TaskReport, CoreError> {
        match self {
            Self::Multiclass(config) => multiclass::run(config, data, host),
            Self::Multilabel(config) => multilabel::run(config, data, host),
            Self::Token(config) => token::run(config, data, host),
            Self::Regression(config) => regression::run(config, data, host),
            Self::Outlier(config) => outlier::run(config, data, host),
            Self::Multiannotator(config) => multiannotator::run(config, data, host),
            #[cfg(feature = "pictures")]
            Self::ObjectDetection(config) => object_detection::run(config, data, host),
            #[cfg(feature = "pictures")]
            Self::Segmentation(config) => segmentation::run(config, data, host),
            #[cfg(not(feature = "pictures"))]
            Self::ObjectDetection(_) | Self::Segmentation(_) => {
                Err(data.unusable(self.name(), "pictures with annotations"))
            }
            Self::Anomaly(config) => anomaly::run(config, data, host),
        }
    }
}

/// What a task works on.
#[derive(Clone, Copy, Debug)]
pub enum TaskData<'a> {
    /// A table that was read.
    Table(&'a TableFile),
    /// Sentences of tagged tokens.
    Corpus(&'a CorpusFile),
    /// Labels of several annotators, with what is known about the examples.
    Annotations(&'a AnnotatedExamples),
    /// Pictures with their annotations and what models see in them.
    Images(PictureData<'a>),
    /// Nothing, for work that makes its rows up.
    Nothing,
}

impl<'a> TaskData<'a> {
    /// The table, for work that takes nothing else.
    ///
    /// # Errors
    /// [`CoreError::Unusable`] for other data.
    pub(crate) fn table(self, work: &str) -> Result<&'a TableFile, CoreError> {
        match self {
            Self::Table(file) => Ok(file),
            other => Err(other.unusable(work, "a table")),
        }
    }

    /// The sentences, for work that takes nothing else.
    ///
    /// # Errors
    /// [`CoreError::Unusable`] for other data.
    pub(crate) fn corpus(self, work: &str) -> Result<&'a CorpusFile, CoreError> {
        match self {
            Self::Corpus(file) => Ok(file),
            other => Err(other.unusable(work, "sentences of tagged tokens (CoNLL-U or CoNLL-2003)")),
        }
    }

    /// The pictures, for work that takes nothing else.
    ///
    /// # Errors
    /// [`CoreError::Unusable`] for other data.
    pub(crate) fn pictures(self, work: &str) -> Result<PictureData<'a>, CoreError> {
        match self {
            Self::Images(pictures) => Ok(pictures),
            other => Err(other.unusable(work, "pictures with annotations")),
        }
    }

    /// The error for data of another kind than `work` takes.
    pub(crate) fn unusable(self, work: &str, wanted: &str) -> CoreError {
        let got = match self {
            Self::Table(_) => "a table",
            Self::Corpus(_) => "sentences of tagged tokens",
            Self::Annotations(_) => "labels of several annotators",
            Self::Images(_) => "pictures",
            Self::Nothing => "none",
        };
        CoreError::Unusable(format!("`{work}` works on {wanted}, but was given {got}."))
    }
}

/// The result of a task, as `forge task NAME -o` saves it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskReport {
    /// Name of the task.
    pub task: String,
    /// The model that predicted the labels; absent where none was needed.
    pub model: Option<ModelSpec>,
    /// Columns that hold the labels; empty where there are none.
    pub target: Vec<String>,
    /// Names of the classes, by class number; empty where there are none.
    pub classes: Vec<String>,
    /// What models and distances are made from: columns, or kinds of features.
    pub features: Vec<String>,
    /// Examples used: rows, or sentences.
    pub n_rows: usize,
    /// Units trained on before pruning: rows, or tokens.
    pub n_train: usize,
    /// Units held out to measure the models.
    pub n_test: usize,
    /// The metric that decides, a name in `metrics` of the variants; absent where no model is trained.
    pub primary_metric: Option<String>,
    /// `baseline`, `pruned_retrain` and what else the task compares.
    pub variants: Vec<Variant>,
    /// Issues in all.
    pub n_issues: usize,
    /// The worst of them, worst first, at most `max_issues`.
    pub issues: Vec<TaskIssue>,
    /// What this task alone has to say.
    pub detail: TaskDetail,
    /// What became of what was made wrong on purpose; absent where nothing was.
    pub noise: Option<NoiseReport>,
    /// What a user should know about the data or the work.
    pub warnings: Vec<String>,
    /// Seconds per stage, in order.
    pub timings: Vec<StageTiming>,
    /// The exact settings.
    pub config: TaskConfig,
    /// Seed of every random choice.
    pub seed: u64,
    /// Version of the engine.
    pub version: String,
}

/// One thing that looks wrong.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskIssue {
    /// What it is, as `label`, `outlier` or `near_duplicate`.
    pub kind: String,
    /// Row of the table, or number of the sentence or example, counted from 0.
    pub row: u32,
    /// Token of the sentence, counted from 0; absent but for tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<u32>,
    /// The label it has, as people write it; empty where it has none.
    pub given: String,
    /// The label it should perhaps have; empty where none is suggested.
    pub suggested: String,
    /// How good it is, in [0, 1]; lower is worse.
    pub score: f64,
    /// Why it is an issue, in one sentence.
    pub reason: String,
    /// Whether it was left out of the retraining.
    pub pruned: bool,
    /// Whether it was held out to measure the models.
    pub held_out: bool,
    /// Whether it was made wrong on purpose; absent where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<bool>,
}

/// What each task has to say of its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TaskDetail {
    /// Nothing beyond the issues.
    None,
    /// Of classes.
    Multiclass(MulticlassDetail),
    /// Of sets of classes.
    Multilabel(MultilabelDetail),
    /// Of numbers.
    Regression(RegressionDetail),
    /// Of outliers, near-duplicates and drift.
    Outlier(OutlierDetail),
    /// Of token classification.
    Token(TokenDetail),
    /// Of labels by several annotators.
    Multiannotator(MultiannotatorDetail),
    /// Of object detection.
    ObjectDetection(Box<ObjectDetectionDetail>),
    /// Of segmentation.
    Segmentation(Box<SegmentationDetail>),
    /// Of anomalies.
    Anomaly(Box<AnomalyReport>),
}

impl<'de> Deserialize<'de> for TaskDetail {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (name, fields) = tagged::split(deserializer, "kind")?;
        match &*name {
            "none" => Ok(Self::None),
            "multiclass" => tagged::variant(fields).map(Self::Multiclass),
            "multilabel" => tagged::variant(fields).map(Self::Multilabel),
            "regression" => tagged::variant(fields).map(Self::Regression),
            "outlier" => tagged::variant(fields).map(Self::Outlier),
            "token" => tagged::variant(fields).map(Self::Token),
            "multiannotator" => tagged::variant(fields).map(Self::Multiannotator),
            "object_detection" => tagged::variant(fields).map(Self::ObjectDetection),
            "segmentation" => tagged::variant(fields).map(Self::Segmentation),
            "anomaly" => tagged::variant(fields).map(Self::Anomaly),
            _ => Err(D::Error::unknown_variant(&name, &TaskConfig::NAMES)),
        }
    }
}
