//! `forge anomaly`: rows unlike all others, by one strategy or by all of them side by side.

use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use forge_core::AnomalyConfig;
use forge_core::anomaly::{AnomalyOutcome, AnomalyReport, StrategyName, detect};

use super::job::Output;
use crate::anomaly_summary::{Place, anomaly_summary};
use crate::context::Context;
use crate::settings::SettingFlags;
use crate::source::{Expect, Input, Source, Targets};

/// Arguments of `forge anomaly`.
#[derive(Args)]
#[command(allow_negative_numbers = true)]
#[command(after_help = "Examples:
  forge anomaly people.csv
  forge anomaly synthetic --all-strategies
  forge anomaly housing.csv --provider california_housing --target median_house_value
  forge anomaly kddcup.data.gz --provider kdd_cup_99 --target attack --contamination 0.2
  forge anomaly claims.csv --target fraud --anomalous yes --json | jq '.top[0].reason'

Scores lie between 0 and 1, lower = more anomalous. A target is never a feature: it only tells which rows are known to
be anomalies, to measure what is found.")]
pub(crate) struct Arguments {
    /// The table: a file, a web address, a data set of `forge datasets`, or - for standard input; or the word synthetic
    #[arg(value_name = "FILE|synthetic")]
    data: Source,
    /// Compare all strategies on the same rows
    #[arg(long, conflicts_with = "strategy")]
    all_strategies: bool,
    #[command(flatten)]
    settings: SettingFlags<AnomalyConfig>,
    #[command(flatten)]
    output: Output,
}

/// Runs the command.
pub(crate) fn execute(arguments: &Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    arguments.output.check(context)?;
    let data = arguments.data.open(context)?;
    let config = arguments.settings.config("anomaly", &context.file, data.defaults(Targets::OneWithNormal))?;
    let input = data.read(&config.csv, Expect::Table)?;
    if !matches!(input, Input::Table(_) | Input::Nothing) {
        bail!("{} is no table: anomalies are looked for in tables", arguments.data.name());
    }
    let provider = config.provider(input.table().map(|file| &file.table))?;
    let strategies = if arguments.all_strategies { StrategyName::ALL.to_vec() } else { vec![config.strategy] };
    let terminal = arguments.output.terminal(context)?;
    let search = |strategy| {
        let config = AnomalyConfig { strategy, ..config.clone() };
        detect(provider.as_ref(), &config.search(), &terminal)
    };
    let outcomes: Result<Vec<AnomalyOutcome>, _> = strategies.into_iter().map(search).collect();
    terminal.finish();
    let outcomes = outcomes?;
    let reports: Vec<&AnomalyReport> = outcomes.iter().map(|outcome| &outcome.report).collect();
    let place = input.table().map_or(Place::Made, Place::File);
    let summary = || anomaly_summary(&reports, place);
    match reports[..] {
        [report] => arguments.output.hand_out(report, context, summary)?,
        _ => arguments.output.hand_out(&reports, context, summary)?,
    }
    Ok(ExitCode::SUCCESS)
}
