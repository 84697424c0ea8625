//! The tasks: one file each, from a table to a report.

mod anomaly;
mod audit;
mod clock;
mod columns;
mod experiment;
mod metrics;
mod model_name;
mod multiannotator;
mod multiclass;
mod multilabel;
mod neighbors;
#[cfg_attr(not(feature = "pictures"), allow(dead_code, reason = "settings and reports are known, work is not"))]
mod object_detection;
mod outlier;
#[cfg_attr(not(feature = "pictures"), allow(dead_code, reason = "settings and reports are known, work is not"))]
mod pictures;
mod regression;
mod report_html;
mod rows;
mod run;
#[cfg_attr(not(feature = "pictures"), allow(dead_code, reason = "settings and reports are known, work is not"))]
mod segmentation;
pub(crate) mod setting;
mod sweep;
mod table_checks;
mod table_model;
mod tabular;
mod target;
mod task;
mod token;

pub(crate) use audit::row_key;
pub use audit::{
    AuditConfig, AuditInputs, AuditOutcome, AuditReport, CheckReport, IssueRow, audit, audit_file, audit_html,
};
pub(crate) use columns::position;
pub use metrics::{Metrics, lower_is_better};
pub use model_name::ModelName;
pub use pictures::{
    NearDuplicates, PREDICTION_FLOOR, PictureCheck, PictureChecks, PictureData, PicturePrediction, check_pictures,
};
pub use report_html::report_html;
pub use run::{RunConfig, run, run_file};
pub use setting::{Setting, SettingKind, Settings};
pub use sweep::{SweepConfig, SweepReport, SweepRow, sweep, sweep_file};
pub use table_model::{ModelConfig, TableModel, TablePredictions, table_cross_val_predict};
pub use task::{AnnotatorRow, AnomalyConfig, AnomalySource, ConsensusRow, MultiannotatorDetail, NextRow};
pub use task::{
    BoxCorruption, BoxCorruptionKind, BoxCorruptionReport, BoxIssue, BoxIssueCounts, BoxIssueKind, ClassPrecision,
    DetectionPicture, GivenBox, MaskCorruption, MaskCorruptionKind, MaskCorruptionReport, ObjectDetectionConfig,
    ObjectDetectionDetail, PixelRuns, SegmentationConfig, SegmentationDetail, SegmentationPicture,
};
pub use task::{
    ClassCounts, DuplicateSet, ExampleLabels, IssueSummary, LabelCounts, MulticlassDetail, MultilabelDetail,
    NumberIssue, OutlierDetail, OutlierRow, RegressionDetail, ResidualPoint,
};
pub use task::{
    MultiannotatorConfig, MulticlassConfig, MultilabelConfig, OutlierConfig, RegressionConfig, ShownSentence,
    TaskConfig, TaskData, TaskDetail, TaskIssue, TaskReport, TokenConfig, TokenDetail,
};
