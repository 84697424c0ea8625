//! `forge anomaly`: rows unlike all others.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, ValueEnum};
use forge_core::anomaly::{
    AnomalousClasses, AnomalyOutcome, AnomalyReport, AnomalySettings, Injected, Provider, StrategyName, Synthetic,
    TableRows, detect,
};
use forge_data::{ColumnType, CsvOptions, Role, TableFile};

use super::job::Output;
use super::pair;
use crate::anomaly_summary::{Place, anomaly_summary};
use crate::context::Context;
use crate::source::{Expect, Input, Source as Data};

/// The word that stands for made-up rows in place of a file.
const SYNTHETIC: &str = "synthetic";
/// The word that stands for every strategy.
const ALL: &str = "all";

/// Arguments of `forge anomaly`.
#[derive(Args)]
#[command(allow_negative_numbers = true)]
#[command(after_help = "Examples:
  forge anomaly people.csv
  forge anomaly synthetic --strategy all
  forge anomaly housing.csv --provider california_housing --target median_house_value
  forge anomaly kddcup.data.gz --provider kdd_cup_99 --target attack --contamination 0.2
  forge anomaly claims.csv --target fraud --anomalous yes --json | jq '.top[0].reason'

Scores lie between 0 and 1, lower = more anomalous. A target is never a feature: it only tells which rows are known to
be anomalies, to measure what is found.")]
pub(crate) struct Arguments {
    /// The table: a file, a web address, a data set of `forge datasets`, or - for standard input; or the word synthetic
    #[arg(value_name = "FILE|synthetic")]
    data: Data,
    /// The column that tells which rows are anomalies
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// A value of the target that marks an anomaly; may be repeated [default: values of under 5 % of the rows]
    #[arg(long, value_name = "VALUE", requires = "target")]
    anomalous: Vec<String>,
    /// A value of the target that marks a usual row, all others being anomalies; may be repeated
    #[arg(long, value_name = "VALUE", requires = "target", conflicts_with = "anomalous")]
    normal: Vec<String>,
    /// What the table is
    #[arg(long, value_enum, default_value_t = Source::Table)]
    provider: Source,
    /// How anomalies are looked for: datalab_knn, isolation_forest, local_outlier_factor, ensemble, or all to
    /// compare them [default: isolation_forest]
    #[arg(long, value_name = "NAME")]
    strategy: Option<String>,
    /// Share of the rows that is flagged [default: 0.01, or the share put in; 0.001 to 0.5]
    #[arg(long, value_name = "SHARE")]
    contamination: Option<f64>,
    /// Neighbours of datalab_knn and local_outlier_factor [default: 20; 2 to 100]
    #[arg(long, value_name = "N")]
    n_neighbors: Option<usize>,
    /// Trees of isolation_forest [default: 100; 10 to 500]
    #[arg(long, value_name = "N")]
    n_estimators: Option<usize>,
    /// Anomalies listed at most [default: 20]
    #[arg(long, value_name = "N")]
    top_k: Option<usize>,
    /// Whether numbers are standardised [default: true]
    #[arg(long, value_name = "BOOL")]
    scale_features: Option<bool>,
    /// Rows of synthetic data [default: 1000; 50 to 1,000,000]
    #[arg(long, value_name = "N")]
    n_samples: Option<usize>,
    /// Features of synthetic data [default: 10; 1 to 1000]
    #[arg(long, value_name = "N")]
    n_features: Option<usize>,
    /// Share of anomalies put into synthetic data or California Housing [default: 0.05; 0.001 to 0.5]
    #[arg(long, value_name = "SHARE")]
    injected: Option<f64>,
    /// Force the type of a column: number, category, text, boolean or date; may be repeated
    #[arg(long = "type", value_name = "COLUMN=TYPE", value_parser = pair::<ColumnType>)]
    types: Vec<(String, ColumnType)>,
    /// Force the role of a column: feature, id, text or ignored; may be repeated
    #[arg(long = "role", value_name = "COLUMN=ROLE", value_parser = pair::<Role>)]
    roles: Vec<(String, Role)>,
    /// Seed of every random choice [default: 42]
    #[arg(long)]
    seed: Option<u64>,
    #[command(flatten)]
    output: Output,
}

/// What a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Source {
    /// Any table; of a target the values of under 5 % of the rows are anomalies, unless others are named
    Table,
    /// Usual rows, of which some have half of their numbers multiplied by 10
    CaliforniaHousing,
    /// Forest Cover: the classes of under 5 % of the rows are anomalies
    ForestCover,
    /// KDD Cup 99: the attacks are anomalies
    #[value(name = "kdd_cup_99")]
    KddCup99,
}

/// Runs the command.
pub(crate) fn execute(arguments: &Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let (settings, strategies) = settings(arguments)?;
    settings.validate()?;
    arguments.output.check(context)?;
    if arguments.data.name() == SYNTHETIC {
        let default = Synthetic::default();
        let provider = Synthetic {
            n_samples: arguments.n_samples.unwrap_or(default.n_samples),
            n_features: arguments.n_features.unwrap_or(default.n_features),
            contamination: arguments.injected.unwrap_or(default.contamination),
        };
        if arguments.target.is_some() {
            bail!("--target names a column of a file, but synthetic rows have none");
        }
        return search(&provider, (&settings, &strategies), Place::Made, (&arguments.output, context));
    }
    if arguments.n_samples.is_some() || arguments.n_features.is_some() {
        bail!("--n-samples and --n-features are for synthetic rows: write `synthetic` in place of the file");
    }
    let csv = CsvOptions { types: arguments.types.iter().cloned().collect(), ..CsvOptions::default() };
    let data = arguments.data.open(context)?;
    let target = arguments.target.clone().or_else(|| data.set()?.targets.first().map(ToString::to_string));
    let Input::Table(file) = data.read(&csv, Expect::Table)? else {
        bail!("{} is no table: anomalies are looked for in tables", arguments.data.name());
    };
    let provider = provider(arguments, target.as_deref(), &file)?;
    search(provider.as_ref(), (&settings, &strategies), Place::File(&file), (&arguments.output, context))
}

fn settings(arguments: &Arguments) -> anyhow::Result<(AnomalySettings, Vec<StrategyName>)> {
    let default = AnomalySettings::default();
    let strategies = match arguments.strategy.as_deref() {
        None => vec![default.strategy],
        Some(ALL) => StrategyName::ALL.to_vec(),
        Some(name) => vec![StrategyName::parse(name)?],
    };
    let settings = AnomalySettings {
        strategy: default.strategy,
        contamination: arguments.contamination,
        n_neighbors: arguments.n_neighbors.unwrap_or(default.n_neighbors),
        n_estimators: arguments.n_estimators.unwrap_or(default.n_estimators),
        top_k: arguments.top_k.unwrap_or(default.top_k),
        scale_features: arguments.scale_features.unwrap_or(default.scale_features),
        seed: arguments.seed.unwrap_or(default.seed),
    };
    Ok((settings, strategies))
}

fn provider<'a>(
    arguments: &Arguments,
    target: Option<&str>,
    file: &'a TableFile,
) -> anyhow::Result<Box<dyn Provider + 'a>> {
    let table = &file.table;
    let roles = arguments.roles.iter().cloned().collect();
    let named = !arguments.anomalous.is_empty() || !arguments.normal.is_empty();
    if named && arguments.provider != Source::Table {
        bail!("--anomalous and --normal are for tables of your own: leave --provider out");
    }
    if arguments.injected.is_some() && arguments.provider != Source::CaliforniaHousing {
        bail!("--injected is for synthetic rows and for --provider california_housing");
    }
    let rows = match (arguments.provider, target) {
        (Source::CaliforniaHousing, _) => {
            let target = target.map(str::to_owned);
            let default = Injected::new(table);
            let contamination = arguments.injected.unwrap_or(default.contamination);
            return Ok(Box::new(Injected { target, roles, contamination, ..default }));
        }
        (Source::Table, None) => TableRows::new(table),
        (Source::Table, Some(target)) => {
            let classes = match (&arguments.anomalous[..], &arguments.normal[..]) {
                ([], []) => AnomalousClasses::Rare,
                ([], normal) => AnomalousClasses::AllBut(normal.to_vec()),
                (anomalous, _) => AnomalousClasses::Only(anomalous.to_vec()),
            };
            TableRows::new(table).with_truth(target, classes)
        }
        (Source::ForestCover, Some(target)) => TableRows::forest_cover(table, target),
        (Source::KddCup99, Some(target)) => TableRows::kdd_cup_99(table, target),
        (Source::ForestCover | Source::KddCup99, None) => bail!("name the column of the classes with --target"),
    };
    Ok(Box::new(rows.with_roles(roles)))
}

/// Searches with each strategy and hands out what comes back: one report, or a list where several were asked for.
fn search(
    provider: &dyn Provider,
    (settings, strategies): (&AnomalySettings, &[StrategyName]),
    place: Place<'_>,
    (output, context): (&Output, &Context),
) -> anyhow::Result<ExitCode> {
    let terminal = output.terminal(context)?;
    let outcomes: Result<Vec<AnomalyOutcome>, _> = strategies
        .iter()
        .map(|&strategy| detect(provider, &AnomalySettings { strategy, ..settings.clone() }, &terminal))
        .collect();
    terminal.finish();
    let outcomes = outcomes?;
    let reports: Vec<&AnomalyReport> = outcomes.iter().map(|outcome| &outcome.report).collect();
    let summary = || anomaly_summary(&reports, place);
    match reports[..] {
        [report] => output.hand_out(report, context, summary)?,
        _ => output.hand_out(&reports, context, summary)?,
    }
    Ok(ExitCode::SUCCESS)
}
