//! Finds what is wrong with data: which labels are wrong, how sure that is, and what fixing them buys.
//!
//! The algorithms are those of cleanlab 2.9.0, to 1e-9, one module for each of its own: [`classification`] (`count`,
//! `filter`, `rank`, `dataset`, the batched inspector), [`multilabel`], [`token`], [`multiannotator`],
//! [`object_detection`], [`segmentation`] and [`outlier`]. They take checked inputs such as [`Labels`] and [`PredProbs`],
//! which cannot hold invalid data, and return plain values.
//!
//! With the feature `tasks` (on by default) a [`Job`] runs the whole way from a table to a [`Report`]: encoding,
//! out-of-sample probabilities by cross-validation, issues, pruning and retraining.
//!
//! ```
//! use forge_core::classification::{filter, rank};
//! use forge_core::{Labels, PredProbs, Score};
//!
//! # fn main() -> Result<(), forge_core::CoreError> {
//! let labels = Labels::new(vec![0, 0, 1, 1, 0])?;
//! let pred_probs = PredProbs::from_rows(&[[0.9, 0.1], [0.8, 0.2], [0.2, 0.8], [0.1, 0.9], [0.05, 0.95]])?;
//!
//! let found = filter::find_label_issues(&labels, &pred_probs, &filter::FilterOptions::default())?;
//! assert_eq!(found.mask, [false, false, false, false, true]);
//!
//! let scores = rank::get_label_quality_scores(&labels, &pred_probs, Score::SelfConfidence)?;
//! assert_eq!(scores[4], 0.05);
//! # Ok(())
//! # }
//! ```

mod by_number;
mod error;
mod inputs;
mod vector_math;

#[cfg(feature = "tasks")]
pub mod anomaly;
#[cfg(feature = "tasks")]
pub mod call;
pub mod classification;
#[cfg(feature = "tasks")]
pub mod datalab;
#[cfg(feature = "images")]
pub mod images;
#[cfg(feature = "tasks")]
mod job;
#[cfg(feature = "tasks")]
mod median;
pub mod multiannotator;
pub mod multilabel;
#[cfg(feature = "tasks")]
mod noise;
#[cfg(feature = "tasks")]
pub mod noise_generation;
pub mod object_detection;
pub mod outlier;
#[cfg(feature = "tasks")]
pub mod profile;
#[cfg(feature = "tasks")]
mod recipe;
#[cfg(feature = "tasks")]
pub mod regression;
#[cfg(feature = "tasks")]
mod report;
pub mod segmentation;
#[cfg(feature = "tasks")]
mod tagged;
#[cfg(feature = "tasks")]
mod tasks;
pub mod token;
#[cfg(feature = "tasks")]
pub mod valuation;

pub use classification::filter::FilterBy;
pub use classification::rank::{Adjustment, Score};
pub use error::CoreError;
pub use inputs::{Labels, PredProbs};

#[cfg(feature = "tasks")]
pub use forge_learn::{ClassificationMetrics, Metric, ModelSpec, NumericImputation};
#[cfg(feature = "images")]
pub use forge_learn::{Host, Progress, Quiet};
#[cfg(feature = "tasks")]
pub use job::{Job, JobOutcome, Outcome};
#[cfg(feature = "tasks")]
pub use recipe::{Applied, DecideFlagged, Decision, DecisionAction, Recipe};
#[cfg(feature = "tasks")]
pub use report::{
    DatalabReport, Findings, LabelIssue, LabelIssues, NoiseReport, NumberFindings, Report, StageTiming, Variant,
};
#[cfg(feature = "tasks")]
pub use tasks::{AnnotatorRow, AnomalyConfig, AnomalySource, ConsensusRow, MultiannotatorDetail, NextRow};
#[cfg(feature = "tasks")]
pub use tasks::{
    AuditConfig, AuditInputs, AuditOutcome, AuditReport, CheckReport, IssueRow, audit, audit_file, audit_html,
};
#[cfg(feature = "tasks")]
pub use tasks::{
    BoxCorruption, BoxCorruptionKind, BoxCorruptionReport, BoxIssue, BoxIssueCounts, BoxIssueKind, ClassPrecision,
    DetectionPicture, GivenBox, MaskCorruption, MaskCorruptionKind, MaskCorruptionReport, NearDuplicates,
    ObjectDetectionConfig, ObjectDetectionDetail, PREDICTION_FLOOR, PictureCheck, PictureChecks, PictureData,
    PicturePrediction, PixelRuns, SegmentationConfig, SegmentationDetail, SegmentationPicture, check_pictures,
};
#[cfg(feature = "tasks")]
pub use tasks::{
    ClassCounts, DuplicateSet, ExampleLabels, IssueSummary, LabelCounts, MulticlassDetail, MultilabelDetail,
    NumberIssue, OutlierDetail, OutlierRow, RegressionDetail, ResidualPoint,
};
#[cfg(feature = "tasks")]
pub use tasks::{
    Metrics, ModelName, MultiannotatorConfig, MulticlassConfig, MultilabelConfig, OutlierConfig, RegressionConfig,
    RunConfig, Setting, SettingKind, Settings, ShownSentence, SweepConfig, SweepReport, SweepRow, TaskConfig, TaskData,
    TaskDetail, TaskIssue, TaskReport, TokenConfig, TokenDetail, lower_is_better, report_html, run, run_file, sweep,
    sweep_file,
};
#[cfg(feature = "tasks")]
pub use tasks::{ModelConfig, TableModel, TablePredictions, table_cross_val_predict};

/// The version of the engine, as `forge --version` prints it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
