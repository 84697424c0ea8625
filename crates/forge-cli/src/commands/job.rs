//! `forge job`: a saved job on a file, and what every command that runs one shares.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Args;
use forge_core::{Job, JobOutcome, TaskData};
use forge_data::CsvOptions;
use serde::Serialize;

use crate::input::{read_table, write_whole};
use crate::summary::summary;
use crate::terminal::{Show, Terminal};
use crate::{audit_summary, print_line};

/// Arguments of `forge job`.
#[derive(Args)]
#[command(after_help = "Example:
  forge job job.json --data adult.data -o result.json")]
pub(crate) struct Arguments {
    /// The job as JSON
    job: PathBuf,
    /// The table: a CSV, TSV or ARFF file, plain or gzipped, or - for standard input
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    #[command(flatten)]
    output: Output,
}

/// Where results go.
#[derive(Args, Clone)]
pub(crate) struct Output {
    /// Save the whole result as JSON
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Print the whole result as JSON instead of a summary
    #[arg(long)]
    json: bool,
    /// Print nothing but errors
    #[arg(short, long, conflicts_with = "json")]
    quiet: bool,
    /// Threads to work on; results do not depend on it [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

impl Output {
    /// Refuses a folder that is not there: better before the work than after it.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        if let Some(folder) = self.file.as_deref().and_then(Path::parent).filter(|folder| *folder != Path::new("")) {
            ensure!(folder.is_dir(), "cannot write into {}: there is no such folder", folder.display());
        }
        Ok(())
    }

    /// The host that was asked for.
    pub(super) fn terminal(&self) -> anyhow::Result<Terminal> {
        let show = if self.quiet || self.json { Show::Nothing } else { Show::Progress };
        Terminal::new(self.threads.unwrap_or(0).into(), show)
    }

    /// Saves and prints a result as asked: as JSON or as the summary.
    pub(super) fn hand_out(&self, result: &impl Serialize, summary: impl FnOnce() -> String) -> anyhow::Result<()> {
        let json = serde_json::to_string_pretty(result)?;
        if let Some(path) = &self.file {
            write_whole(path, json.as_bytes())?;
        }
        if self.json {
            print_line(&json)?;
        } else if !self.quiet {
            print_line(&summary())?;
        }
        Ok(())
    }
}

/// Runs the command.
pub(crate) fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let text =
        std::fs::read_to_string(&arguments.job).with_context(|| format!("cannot read {}", arguments.job.display()))?;
    let job: Job = serde_json::from_str(&text).with_context(|| format!("{} is not a job", arguments.job.display()))?;
    run_job(&job, &arguments.data, &arguments.output)
}

/// Reads the table, runs the job and hands out what comes back.
pub(crate) fn run_job(job: &Job, data: &Path, output: &Output) -> anyhow::Result<ExitCode> {
    output.check()?;
    let file = read_table(data, job.csv_options().unwrap_or(&CsvOptions::default()))?;
    let terminal = output.terminal()?;
    let outcome = job.run_on(TaskData::Table(&file), &terminal);
    terminal.finish();
    match outcome? {
        JobOutcome::Run(outcome) => output.hand_out(&outcome.report, || summary(&file, &outcome))?,
        JobOutcome::Sweep(report) => output.hand_out(&report, || report.to_csv())?,
        JobOutcome::Audit(outcome) => {
            output.hand_out(&outcome.report, || audit_summary::summary(&file, &outcome, None))?
        }
        JobOutcome::Task(report) => output.hand_out(&report, String::new)?,
    }
    Ok(ExitCode::SUCCESS)
}
