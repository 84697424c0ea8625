//! `forge job`: a saved job on data, and what every command that runs one shares.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use clap::Args;
use forge_core::{Job, JobOutcome, TaskConfig};
use forge_data::CsvOptions;
use serde::Serialize;

use super::pictures::{self, Sight};
use super::sweep::sweep_summary;
use crate::context::Context;
use crate::input::write_whole;
use crate::source::{Expect, Input, Opened, Source};
use crate::summary::summary;
use crate::task_summary::task_summary;
use crate::terminal::{Show, Terminal};
use crate::{audit_summary, print_line};

/// Arguments of `forge job`.
#[derive(Args)]
#[command(after_help = "Example:
  forge job job.json --data adult.data -o result.json")]
pub(crate) struct Arguments {
    /// The job as JSON
    job: PathBuf,
    /// The data: a file, a web address, a data set of `forge datasets`, or - for standard input
    #[arg(long, value_name = "FILE")]
    data: Source,
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
    /// Where the result is saved, if it is.
    fn path(&self, context: &Context) -> Option<PathBuf> {
        self.file.as_deref().map(|file| context.artifact(file))
    }

    /// Refuses a folder that is not there: better before the work than after it.
    pub(super) fn check(&self, context: &Context) -> anyhow::Result<()> {
        let path = self.path(context);
        if let Some(folder) = path.as_deref().and_then(Path::parent).filter(|folder| *folder != Path::new("")) {
            ensure!(folder.is_dir(), "cannot write into {}: there is no such folder", folder.display());
        }
        Ok(())
    }

    /// The host that was asked for.
    pub(super) fn terminal(&self, context: &Context) -> anyhow::Result<Terminal> {
        let show = if self.quiet || self.json { Show::Nothing } else { Show::Progress };
        Terminal::new(self.threads.unwrap_or(0).into(), show, context.log)
    }

    /// Saves and prints a result as asked: as JSON or as the summary.
    pub(super) fn hand_out(
        &self,
        result: &impl Serialize,
        context: &Context,
        summary: impl FnOnce() -> String,
    ) -> anyhow::Result<()> {
        let json = serde_json::to_string_pretty(result)?;
        if let Some(path) = self.path(context) {
            write_whole(&path, json.as_bytes())?;
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
pub(crate) fn execute(arguments: &Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let text =
        std::fs::read_to_string(&arguments.job).with_context(|| format!("cannot read {}", arguments.job.display()))?;
    let job: Job = serde_json::from_str(&text).with_context(|| format!("{} is not a job", arguments.job.display()))?;
    arguments.output.check(context)?;
    let input = match &job {
        Job::Task(task @ (TaskConfig::ObjectDetection(_) | TaskConfig::Segmentation(_))) => {
            let opened = crate::pictures::read::open(arguments.data.name(), context)?;
            pictures::input(task, opened, &Sight::default(), &arguments.output, context)?
        }
        _ => read(&job, arguments.data.open(context)?)?,
    };
    let outcome = work(&job, &input, &arguments.output, context)?;
    show(&outcome, &input, &arguments.output, context)?;
    Ok(ExitCode::SUCCESS)
}

/// What the bytes of the data are taken for.
fn expected(job: &Job) -> Expect {
    if matches!(job, Job::Task(TaskConfig::Token(_))) { Expect::Corpus } else { Expect::Table }
}

/// Reads what a job works on.
pub(crate) fn read(job: &Job, data: Opened) -> anyhow::Result<Input> {
    Ok(data.read(job.csv_options().unwrap_or(&CsvOptions::default()), expected(job))?)
}

/// Runs a job.
pub(crate) fn work(job: &Job, input: &Input, output: &Output, context: &Context) -> anyhow::Result<JobOutcome> {
    let terminal = output.terminal(context)?;
    let outcome = job.run_on(input.data(), &terminal);
    terminal.finish();
    Ok(outcome?)
}

/// Saves and prints what a job gave.
pub(crate) fn show(outcome: &JobOutcome, input: &Input, output: &Output, context: &Context) -> anyhow::Result<()> {
    match outcome {
        JobOutcome::Run(outcome) => output.hand_out(&outcome.report, context, || summary(input.table(), outcome)),
        JobOutcome::Sweep(report) => output.hand_out(report, context, || sweep_summary(report)),
        JobOutcome::Audit(outcome) => {
            let text = || input.table().map_or_else(String::new, |file| audit_summary::summary(file, outcome, None));
            output.hand_out(&outcome.report, context, text)
        }
        JobOutcome::Task(report) => output.hand_out(report, context, || match input {
            Input::Pictures(pictures) => crate::pictures::summary::summary(report, pictures),
            _ => task_summary(report, input),
        }),
    }
}

/// The line of a file, or the number, of what a report calls `row`.
pub(crate) fn line(input: &Input, row: u32) -> u64 {
    input.table().map_or_else(|| u64::from(row) + 1, |file| file.line(row as usize))
}
