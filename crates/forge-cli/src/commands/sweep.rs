//! `forge sweep`: the same run with several models, side by side.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use forge_core::{Job, JobOutcome, SweepConfig, SweepReport};

use super::job::{Output, read, work};
use crate::context::Context;
use crate::input::write_whole;
use crate::settings::SettingFlags;
use crate::source::{Source, Targets};
use crate::summary::{spoken, thousands};

/// Arguments of `forge sweep`.
#[derive(Args)]
#[command(allow_negative_numbers = true)]
#[command(after_help = "Examples:
  forge sweep --data adult_income
  forge sweep --data people.csv --target label --models logistic_regression,knn --csv models.csv

A model that fails is a row with its reason; the others still run.")]
pub(crate) struct Arguments {
    /// The table: a file, a web address, a data set of `forge datasets`, or - for standard input
    #[arg(long, value_name = "FILE")]
    data: Source,
    #[command(flatten)]
    settings: SettingFlags<SweepConfig>,
    /// Write the table of models as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

/// Runs the command.
pub(crate) fn execute(arguments: &Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    arguments.output.check(context)?;
    let data = arguments.data.open(context)?;
    let config = arguments.settings.config("sweep", &context.file, data.defaults(Targets::One))?;
    config.validate()?;
    let job = Job::Sweep(config);
    let input = read(&job, data)?;
    if let JobOutcome::Sweep(report) = work(&job, &input, &arguments.output, context)? {
        if let Some(path) = &arguments.csv {
            write_whole(&context.artifact(path), report.to_csv().as_bytes())?;
        }
        arguments.output.hand_out(&report, context, || sweep_summary(&report))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The table of models, without a line break at its end.
pub(crate) fn sweep_summary(report: &SweepReport) -> String {
    let mut text = format!(
        "{} rows; {} trained on, {} held out\n\n",
        thousands(report.n_rows),
        thousands(report.n_train),
        thousands(report.n_test)
    );
    let names: Vec<String> = report
        .rows
        .iter()
        .find_map(|row| row.metrics.as_ref())
        .map(|metrics| metrics.iter().map(|(name, _)| name.to_owned()).collect())
        .unwrap_or_default();
    let width = |name: &str| name.chars().count().max(9) + 2;
    let _ = write!(text, "{:24}", "model");
    for name in &names {
        let _ = write!(text, "{:>1$}", spoken(name), width(name));
    }
    let _ = writeln!(text, "{:>10}{:>10}", "issues", "seconds");
    for row in &report.rows {
        let _ = write!(text, "{:24}", row.model);
        match (&row.metrics, &row.error) {
            (Some(metrics), None) => {
                for name in &names {
                    let value = metrics.get(name).map_or_else(|| "–".to_owned(), |value| format!("{value:.4}"));
                    let _ = write!(text, "{value:>0$}", width(name));
                }
                let issues = row.n_label_issues.map_or_else(|| "–".to_owned(), thousands);
                let _ = writeln!(text, "{issues:>10}{:>10.2}", row.seconds);
            }
            (_, error) => {
                let _ = writeln!(text, "failed: {}", error.as_deref().unwrap_or("without a reason"));
            }
        }
    }
    for warning in &report.warnings {
        let _ = write!(text, "\nwarning: {warning}");
    }
    text.trim_end().to_owned()
}
