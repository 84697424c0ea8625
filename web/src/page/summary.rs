//! What a finished job says whatever its kind: how much was found, the models compared, warnings, times.

use forge_core::{NoiseReport, Report, StageTiming, TaskDetail, Variant};

use super::work::Work;
use crate::protocol::Found;

/// The summary of a job.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Summary {
    /// What was looked for.
    pub(crate) work: Work,
    /// Issues in all.
    pub(crate) n_issues: usize,
    /// The models compared; empty where none is trained.
    pub(crate) variants: Vec<Variant>,
    /// The metric that decides, where one does.
    pub(crate) primary_metric: Option<String>,
    /// Rows, or tokens, that no model was trained on.
    pub(crate) n_test: usize,
    /// What became of what was made wrong on purpose.
    pub(crate) noise: Option<NoiseReport>,
    /// What the user should know.
    pub(crate) warnings: Vec<String>,
    /// Seconds per stage.
    pub(crate) timings: Vec<StageTiming>,
}

impl Summary {
    /// Of a run.
    pub(crate) fn of_run(report: &Report) -> Self {
        Self {
            work: Work::Run,
            n_issues: report.label_issues.n_issues,
            variants: report.variants.clone(),
            primary_metric: Some(report.primary_metric.clone()),
            n_test: report.n_test,
            noise: report.noise.clone(),
            warnings: report.warnings.clone(),
            timings: report.timings.clone(),
        }
    }

    /// Of any other job.
    pub(crate) fn of_found(found: &Found) -> Self {
        match found {
            Found::Run(report) => Self::of_run(report),
            Found::Sweep(report) => Self {
                work: Work::Sweep,
                n_issues: report.rows.len(),
                variants: Vec::new(),
                primary_metric: Some(report.primary_metric.clone()),
                n_test: report.n_test,
                noise: None,
                warnings: report.warnings.clone(),
                timings: Vec::new(),
            },
            Found::Task(report) => Self {
                work: Work::Task(report.config.name()),
                n_issues: report.n_issues,
                variants: report.variants.clone(),
                primary_metric: report.primary_metric.clone(),
                n_test: report.n_test,
                // What became of pictures that were made wrong is among their figures.
                noise: report.noise.clone().filter(|_| !is_of_pictures(&report.detail)),
                warnings: report.warnings.clone(),
                timings: report.timings.clone(),
            },
            Found::Audit(report) => Self {
                work: Work::Audit,
                n_issues: report.checks.iter().map(|check| check.n_issues).sum(),
                variants: Vec::new(),
                primary_metric: None,
                n_test: 0,
                noise: None,
                warnings: report.warnings.clone(),
                timings: report.timings.clone(),
            },
        }
    }
}

fn is_of_pictures(detail: &TaskDetail) -> bool {
    matches!(detail, TaskDetail::ObjectDetection(_) | TaskDetail::Segmentation(_))
}
