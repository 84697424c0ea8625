//! The tabular runner: find label errors in a table and measure what leaving the worst out buys.
//!
//! Split → (noise) → out-of-sample predictions by cross-validation of the training rows → baseline model, which also
//! predicts the held-out rows it never saw → outliers, duplicates and drift → label issues over all rows → prune the worst
//! training rows → retrain → (a model trained by confident learning) → compare on the held-out rows.

mod config;
mod course;
mod labels;
mod model;
mod problem;

use forge_data::{Table, TableFile};
use forge_learn::{Host, Task, predicted_labels};

use super::audit::checks;
use super::clock::Clock;
use super::experiment::{PREPARE, Plan, conduct, stage};
use crate::datalab::Datalab;
use crate::job::{reading_notes, with_notes};
use crate::report::{DatalabReport, Findings, NumberFindings, Report, StageTiming, Variant};
use crate::{CoreError, Outcome, VERSION};
pub use config::RunConfig;
use course::Course;
use labels::{Known, list, notes_on_rare_classes};
use problem::Given;
pub(super) use problem::{Problem, prepare};

const CLEAN_LEARNING: &str = "Training with CleanLearning";
/// Rows listed per check.
const WORST: usize = 20;

/// Runs on a file that was read; what reading found becomes part of the report's warnings, or of the error where the
/// rows that are left cannot be used.
///
/// # Errors
/// As [`run`].
pub fn run_file(config: &RunConfig, file: &TableFile, host: &dyn Host) -> Result<Outcome, CoreError> {
    let notes = reading_notes(file);
    let mut outcome = run(config, &file.table, host).map_err(|error| with_notes(error, &notes))?;
    outcome.report.warnings.splice(0..0, notes);
    Ok(outcome)
}

/// Finds label errors in `table` and measures what leaving the worst out buys.
///
/// # Errors
/// A setting outside its range, a table that cannot be used, or [`CoreError::Cancelled`].
pub fn run(config: &RunConfig, table: &Table, host: &dyn Host) -> Result<Outcome, CoreError> {
    config.validate()?;
    let clock = Clock::new(host);
    let problem = prepare(config, table)?;
    run_prepared(config, (table, problem), clock, host)
}

/// Runs on rows that were chosen; `clock` has been running since before.
///
/// # Errors
/// As [`run`].
pub(super) fn run_prepared(
    config: &RunConfig,
    (table, problem): (&Table, Problem),
    mut clock: Clock<'_>,
    host: &dyn Host,
) -> Result<Outcome, CoreError> {
    let task = problem.given.task();
    let mut course = Course::new(config, table, problem)?;
    clock.lap(PREPARE);
    let plan = Plan {
        noise: config.label_noise_fraction,
        prune: config.prune_fraction,
        prune_max: if config.prune_and_retrain { config.prune_max_samples } else { 0 },
        seed: config.seed,
    };
    let conducted = conduct(&mut course, &plan, clock, host)?;
    let (mut variants, mut timings) = (conducted.variants, conducted.timings);
    course.note(conducted.warnings);
    if config.train_cleanlearning {
        let mut clock = Clock::new(host);
        variants.extend(clean_learning(&mut course, &variants, host)?);
        clock.lap(CLEAN_LEARNING);
        timings.extend(clock.laps);
    }
    let positions = |units: &[usize]| units.iter().map(|&unit| course.problem.train[unit]).collect::<Vec<usize>>();
    let pruned = positions(&conducted.pruned);
    let wrong = conducted.noise.as_ref().map(|_| positions(&conducted.wrong));
    let mut outcome = outcome(course, task, Known { pruned: &pruned, wrong: wrong.as_deref() }, (variants, timings));
    outcome.report.noise = conducted.noise;
    Ok(outcome)
}

/// The model trained by confident learning, compared with the baseline. Trouble is a warning.
fn clean_learning(
    course: &mut Course<'_>,
    variants: &[Variant],
    host: &dyn Host,
) -> Result<Option<Variant>, CoreError> {
    let Some(baseline) = variants.first().map(|variant| variant.metrics.clone()) else { return Ok(None) };
    match stage(CLEAN_LEARNING, host, || course.clean_learning(&baseline, host)) {
        Ok(variant) => Ok(Some(variant)),
        Err(CoreError::Cancelled) => Err(CoreError::Cancelled),
        Err(error) => {
            course.note([format!("Training with CleanLearning failed: {error}")]);
            Ok(None)
        }
    }
}

/// What the course has found, as it is saved and shown.
fn outcome(
    mut course: Course<'_>,
    task: Task,
    known: Known<'_>,
    (variants, timings): (Vec<Variant>, Vec<StageTiming>),
) -> Outcome {
    let (config, table) = (course.config, course.table);
    let mut held_out = vec![false; course.problem.rows.len()];
    course.problem.test.iter().for_each(|&i| held_out[i] = true);
    let datalab = course.lab.take().map(|lab| datalab_report(&lab, table, &course.problem));
    let mut findings = Findings {
        rows: std::mem::take(&mut course.problem.rows),
        scores: std::mem::take(&mut course.labels.scores),
        is_issue: std::mem::take(&mut course.labels.flagged),
        held_out,
        ..Findings::default()
    };
    match course.problem.given.clone() {
        Given::Classes(given, classes) => {
            findings.pred_probs = std::mem::take(&mut course.predicted);
            findings.suggested = predicted_labels(&findings.pred_probs);
            (findings.given, findings.classes) = (given, classes);
            let notes = notes_on_rare_classes(&findings.classes, &course.absent, &course.labels.skipped_classes);
            course.note(notes);
        }
        Given::Numbers(given) => {
            findings.numbers = Some(NumberFindings { given, suggested: course.predicted.iter().copied().collect() });
        }
    }
    let report = Report {
        task: match task {
            Task::Classification => "classification",
            Task::Regression => "regression",
        }
        .to_owned(),
        model: config.model_for(task),
        target: config.target.clone(),
        classes: findings.classes.clone(),
        features: course.problem.columns.iter().map(|&column| table.columns()[column].name().to_owned()).collect(),
        n_rows: findings.rows.len(),
        n_train: course.problem.train.len(),
        n_test: course.problem.test.len(),
        primary_metric: primary_metric(task).to_owned(),
        variants,
        label_issues: list(config, &findings, &course.labels, known),
        datalab,
        noise: None,
        warnings: course.warnings,
        timings,
        config: config.clone(),
        seed: config.seed,
        version: VERSION.to_owned(),
    };
    Outcome { report, findings }
}

/// The metric that decides.
pub(super) fn primary_metric(task: Task) -> &'static str {
    match task {
        Task::Classification => "roc_auc",
        Task::Regression => "r2",
    }
}

/// What the checks found, with the values of the rows they list.
fn datalab_report(lab: &Datalab, table: &Table, problem: &Problem) -> DatalabReport {
    let mut checks = checks(WORST, lab, &problem.rows);
    for issue in checks.iter_mut().flat_map(|check| &mut check.listed) {
        let value = |&column: &usize| table.columns()[column].text(issue.row as usize).map(Into::into);
        issue.values = problem.columns.iter().map(value).collect();
    }
    let not_checked = lab.failures().map(|(issue, error)| (issue.name().to_owned(), error.to_string())).collect();
    DatalabReport { checks, not_checked }
}
