//! `forge run`: label errors in a table.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use forge_core::{FilterBy, Job, ModelName, RunConfig};
use forge_data::{ColumnType, Role};
use serde::de::DeserializeOwned;

use super::job::{Output, run_job};

/// Arguments of `forge run`.
#[derive(Args)]
#[command(allow_negative_numbers = true)]
#[command(after_help = "Examples:
  forge run --data adult.data --target income
  forge run --data people.csv --target label --label-noise-fraction 0.1
  forge run --data people.csv --target label --role name=ignored --type zip=category --json

Every row gets a probability from a model that never saw it: training rows by cross-validation, the held-out
rows from the baseline model. The worst flagged training rows are pruned and the model is trained again; both
models are measured on the held-out rows.")]
pub(crate) struct Arguments {
    /// The table: a CSV, TSV or ARFF file, plain or gzipped, or - for standard input
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// The column whose labels are checked
    #[arg(long, value_name = "COLUMN")]
    target: String,
    /// Model that predicts the target [default: logistic_regression]
    #[arg(long, value_parser = named::<ModelName>)]
    model: Option<ModelName>,
    /// Force the type of a column: number, category, text, boolean or date; may be repeated
    #[arg(long = "type", value_name = "COLUMN=TYPE", value_parser = pair::<ColumnType>)]
    types: Vec<(String, ColumnType)>,
    /// Force the role of a column: feature, id, text or ignored; may be repeated
    #[arg(long = "role", value_name = "COLUMN=ROLE", value_parser = pair::<Role>)]
    roles: Vec<(String, Role)>,
    /// Share of rows held out to measure the models [default: 0.2; 0.05 to 0.5]
    #[arg(long, value_name = "SHARE")]
    test_size: Option<f64>,
    /// Whether each class has the same share among the held-out rows [default: true]
    #[arg(long, value_name = "BOOL")]
    stratify: Option<bool>,
    /// Folds of the cross-validation [default: 5; 2 to 20]
    #[arg(long, visible_alias = "folds", value_name = "N")]
    cv_folds: Option<usize>,
    /// Rule that flags an issue: prune_by_noise_rate, prune_by_class, both, confident_learning,
    /// predicted_neq_given, low_normalized_margin or low_self_confidence [default: prune_by_noise_rate]
    #[arg(long, value_parser = named::<FilterBy>)]
    filter_by: Option<FilterBy>,
    /// Only rows with a label quality score up to this are issues [default: none; 0 to 1]
    #[arg(long, value_name = "SCORE")]
    issue_score_threshold: Option<f64>,
    /// Issues listed at most [default: 200]
    #[arg(long, value_name = "N")]
    max_issues: Option<usize>,
    /// Share of the training rows pruned at most [default: 0.02; 0 to 0.2]
    #[arg(long, value_name = "SHARE")]
    prune_fraction: Option<f64>,
    /// Rows pruned at most [default: 500]
    #[arg(long, value_name = "N")]
    prune_max_samples: Option<usize>,
    /// Whether to retrain without the worst rows [default: true]
    #[arg(long, value_name = "BOOL")]
    prune_and_retrain: Option<bool>,
    /// Share of the training labels flipped on purpose, to see how many are found [default: 0; 0 to 0.5]
    #[arg(long, value_name = "SHARE")]
    label_noise_fraction: Option<f64>,
    /// Rows drawn from the table at most [default: all; at least 100]
    #[arg(long, value_name = "N")]
    max_rows: Option<usize>,
    /// What replaces a missing number: median or mean [default: median]
    #[arg(long, value_parser = named::<forge_core::NumericImputation>)]
    numeric_imputation: Option<forge_core::NumericImputation>,
    /// Whether numbers are standardised [default: true]
    #[arg(long, value_name = "BOOL")]
    scale_numeric: Option<bool>,
    /// One-hot columns per category column at most [default: 100; 2 to 500]
    #[arg(long, value_name = "N")]
    one_hot_max_categories: Option<usize>,
    /// A parameter of the model by scikit-learn's name, as C=0.5; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, serde_json::Value)>,
    /// Seed of every random choice [default: 42]
    #[arg(long)]
    seed: Option<u64>,
    #[command(flatten)]
    output: Output,
}

/// Reads a name as serde knows it, so that the command line and JSON speak alike.
pub(crate) fn named<T: DeserializeOwned>(name: &str) -> Result<T, String> {
    serde_json::from_value(name.into()).map_err(|error| error.to_string())
}

/// Reads `COLUMN=NAME`; a column name may hold further equal signs.
pub(crate) fn pair<T: DeserializeOwned>(text: &str) -> Result<(String, T), String> {
    let (column, name) = text.rsplit_once('=').ok_or("expected COLUMN=NAME")?;
    Ok((column.to_owned(), named(name)?))
}

/// Reads `NAME=VALUE`; a value that is no JSON is a text.
pub(crate) fn parameter(text: &str) -> Result<(String, serde_json::Value), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), serde_json::from_str(value).unwrap_or_else(|_| value.into())))
}

/// Runs the command.
pub(crate) fn execute(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (data, output) = (arguments.data.clone(), arguments.output.clone());
    let config = config(arguments);
    config.validate().context("the settings do not fit")?;
    run_job(&Job::Run(config), &data, &output)
}

fn config(arguments: Arguments) -> RunConfig {
    let default = RunConfig::default();
    let mut csv = default.csv.clone();
    csv.types.extend(arguments.types);
    RunConfig {
        target: arguments.target,
        model: arguments.model,
        parameters: arguments.parameters.into_iter().collect(),
        csv,
        roles: arguments.roles.into_iter().collect(),
        test_size: arguments.test_size.unwrap_or(default.test_size),
        stratify: arguments.stratify.unwrap_or(default.stratify),
        numeric_imputation: arguments.numeric_imputation.unwrap_or(default.numeric_imputation),
        scale_numeric: arguments.scale_numeric.unwrap_or(default.scale_numeric),
        one_hot_max_categories: arguments.one_hot_max_categories.unwrap_or(default.one_hot_max_categories),
        cv_folds: arguments.cv_folds.unwrap_or(default.cv_folds),
        filter_by: arguments.filter_by.unwrap_or(default.filter_by),
        prune_and_retrain: arguments.prune_and_retrain.unwrap_or(default.prune_and_retrain),
        prune_fraction: arguments.prune_fraction.unwrap_or(default.prune_fraction),
        prune_max_samples: arguments.prune_max_samples.unwrap_or(default.prune_max_samples),
        issue_score_threshold: arguments.issue_score_threshold.or(default.issue_score_threshold),
        max_issues: arguments.max_issues.unwrap_or(default.max_issues),
        label_noise_fraction: arguments.label_noise_fraction.unwrap_or(default.label_noise_fraction),
        max_rows: arguments.max_rows.or(default.max_rows),
        seed: arguments.seed.unwrap_or(default.seed),
        ..default
    }
}
