//! `forge run`: label errors in a table, and what leaving the worst out buys.

use std::process::ExitCode;

use clap::Args;
use forge_core::{Job, JobOutcome, RunConfig};

use super::job::{Output, read, show, work};
use crate::context::Context;
use crate::exports::{Exports, RecipeFlags};
use crate::settings::SettingFlags;
use crate::source::{Source, Targets};

/// Arguments of `forge run`.
#[derive(Args)]
#[command(allow_negative_numbers = true)]
#[command(after_help = "Examples:
  forge run --data adult.data --target income
  forge run --data adult_income --model hist_gradient_boosting
  forge run --data people.csv --target label --label-noise-fraction 0.1
  forge run --data people.csv --target label --role name=ignored --type zip=category --json

Every row gets a prediction from a model that never saw it: training rows by cross-validation, the held-out
rows from the baseline model. The worst flagged training rows are pruned and the model is trained again; both
models are measured on the held-out rows.")]
pub(crate) struct Arguments {
    /// The table: a file, a web address, a data set of `forge datasets`, or - for standard input
    #[arg(long, value_name = "FILE")]
    data: Source,
    #[command(flatten)]
    settings: SettingFlags<RunConfig>,
    #[command(flatten)]
    exports: Exports,
    #[command(flatten)]
    recipe: RecipeFlags,
    #[command(flatten)]
    output: Output,
}

/// Runs the command.
pub(crate) fn execute(arguments: &Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    arguments.output.check(context)?;
    arguments.exports.check(context)?;
    arguments.recipe.check(context)?;
    let data = arguments.data.open(context)?;
    let config = arguments.settings.config("run", &context.file, data.defaults(Targets::One))?;
    config.validate()?;
    let job = Job::Run(config);
    let input = read(&job, data)?;
    let outcome = work(&job, &input, &arguments.output, context)?;
    arguments.exports.write(&outcome, &input, context)?;
    if let (JobOutcome::Run(outcome), Some(file)) = (&outcome, input.table()) {
        arguments.recipe.write(outcome, file, context)?;
    }
    show(&outcome, &input, &arguments.output, context)?;
    Ok(ExitCode::SUCCESS)
}
