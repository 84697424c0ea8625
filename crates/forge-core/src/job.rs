//! The one request type of every face: what can be asked of the engine, as plain data.
//!
//! The page posts a [`Job`] to a worker, the command line builds it from flags, a file holds it; the same job on the same
//! data gives the same [`JobOutcome`] everywhere.

use forge_data::{CsvOptions, TableFile};
use forge_learn::Host;
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};

use crate::CoreError;
use crate::report::{Findings, Report};
use crate::tagged;
use crate::tasks::{
    AuditConfig, AuditInputs, AuditOutcome, RunConfig, SweepConfig, SweepReport, TaskConfig, TaskData, TaskReport,
    audit_file, run_file, sweep_file,
};

/// Something to do with data.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Find label errors in a table and measure what leaving them out buys.
    Run(RunConfig),
    /// The same over several models, as one table.
    Sweep(SweepConfig),
    /// Find everything that is wrong with a table.
    Audit(AuditConfig),
    /// One of the tasks.
    Task(TaskConfig),
}

/// What a run gives back.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The result that is saved and shown.
    pub report: Report,
    /// The findings for every checked row, which a face lists and filters.
    pub findings: Findings,
}

/// What a job gives back.
#[derive(Clone, Debug)]
pub enum JobOutcome {
    /// Of [`Job::Run`].
    Run(Box<Outcome>),
    /// Of [`Job::Sweep`].
    Sweep(Box<SweepReport>),
    /// Of [`Job::Audit`].
    Audit(Box<AuditOutcome>),
    /// Of [`Job::Task`].
    Task(Box<TaskReport>),
}

impl<'de> Deserialize<'de> for Job {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (name, fields) = tagged::split(deserializer, "job")?;
        match &*name {
            "run" => tagged::variant(fields).map(Self::Run),
            "sweep" => tagged::variant(fields).map(Self::Sweep),
            "audit" => tagged::variant(fields).map(Self::Audit),
            "task" => tagged::variant(fields).map(Self::Task),
            _ => Err(D::Error::unknown_variant(&name, &["run", "sweep", "audit", "task"])),
        }
    }
}

impl Job {
    /// Runs the job on data that were read; what reading found becomes part of the report's warnings, or of the error
    /// where the rows that are left cannot be used.
    ///
    /// # Errors
    /// A setting outside its range, data the job cannot use, or [`CoreError::Cancelled`].
    pub fn run_on(&self, data: TaskData<'_>, host: &dyn Host) -> Result<JobOutcome, CoreError> {
        Ok(match self {
            Self::Run(config) => JobOutcome::Run(Box::new(run_file(config, data.table("run")?, host)?)),
            Self::Sweep(config) => JobOutcome::Sweep(Box::new(sweep_file(config, data.table("sweep")?, host)?)),
            Self::Audit(config) => {
                JobOutcome::Audit(Box::new(audit_file(config, data.table("audit")?, AuditInputs::default(), host)?))
            }
            Self::Task(config) => JobOutcome::Task(Box::new(config.run(data, host)?)),
        })
    }

    /// How the file of the job is read, where that is chosen.
    pub fn csv_options(&self) -> Option<&CsvOptions> {
        match self {
            Self::Run(config) => Some(&config.csv),
            Self::Sweep(config) => Some(&config.run.csv),
            Self::Audit(config) => Some(&config.csv),
            Self::Task(config) => config.csv_options(),
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

/// The error with what reading the file already found, where the rows that are left cannot be used.
pub(crate) fn with_notes(error: CoreError, notes: &[String]) -> CoreError {
    match error {
        CoreError::Unusable(message) if !notes.is_empty() => {
            CoreError::Unusable(format!("{message} {}", notes.join(" ")))
        }
        other => other,
    }
}
