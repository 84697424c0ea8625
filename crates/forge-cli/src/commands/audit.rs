//! `forge audit`: everything that is wrong with a table, as a summary, JSON, CSV or a page, and as a gate in CI.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use forge_core::datalab::{IssueType, LabelKind, SavedAudit};
use forge_core::{AuditConfig, AuditInputs, AuditOutcome, Metric, ModelSpec, audit_file, audit_html};
use forge_data::{ColumnType, CsvOptions, NpyReader, Role, TableFile, Values};
use ndarray::Array2;

use super::{named, pair};
use crate::audit_summary::{csv, summary};
use crate::context::Context;
use crate::input::{read_table, write_whole};
use crate::pictures::read::is_pictures;
use crate::print_line;
use crate::source::{Expect, Input, Source, Targets};
use crate::terminal::{Show, Terminal};

/// Arguments of `forge audit`.
#[derive(Args)]
#[command(after_help = "Examples:
  forge audit people.csv --target label
  forge audit people.csv --target price --html report.html
  forge audit tags.csv --target sad,happy,calm
  forge audit people.csv --target label --fail-on label=2%,outlier=10 --quiet
  forge audit people.csv --target label --pred-probs model.npy --features embeddings.npy
  forge audit people.csv --target label --save audit.json      # then, next month:
  forge audit people.csv --target label --since audit.json
  forge audit people.csv --target label --checks data_valuation --add-to audit.json
  forge audit photos/                                         # dark, blurred, odd and duplicate pictures

Without predictions of your own, a model is cross-validated so that no row is judged by a model that saw it.
Exit code 1 when a limit of --fail-on is exceeded. `forge explain CHECK` tells what a check does.")]
pub(crate) struct Arguments {
    /// The table: a file, a web address, a data set of `forge datasets`, or - for standard input; or a folder or archive of
    /// pictures
    #[arg(value_name = "FILE")]
    data: Source,
    /// The label column; several columns of 0 and 1, with commas between, for multi-label data; none to look at the
    /// features alone
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    target: Vec<String>,
    /// What the labels are: classification, regression or multilabel [default: by their values]
    #[arg(long, value_parser = named::<LabelKind>)]
    task: Option<LabelKind>,
    /// Out-of-sample predictions: class probabilities in the order of the sorted class names, or one number per row;
    /// .npy or CSV with one row per row of the table
    #[arg(long, value_name = "FILE")]
    pred_probs: Option<PathBuf>,
    /// Features to measure distances between, such as embeddings; .npy or CSV with one row per row of the table
    #[arg(long, value_name = "FILE")]
    features: Option<PathBuf>,
    /// Model that predicts the labels [default: logistic_regression, or ridge for numbers]
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    /// Checks to run, with commas between [default: all that the data allow, but data_valuation]
    #[arg(long, value_name = "CHECK", value_delimiter = ',', value_parser = named::<IssueType>)]
    checks: Vec<IssueType>,
    /// Force the type of a column: number, category, text, boolean or date; may be repeated
    #[arg(long = "type", value_name = "COLUMN=TYPE", value_parser = pair::<ColumnType>)]
    types: Vec<(String, ColumnType)>,
    /// Force the role of a column: feature, id, text or ignored; may be repeated
    #[arg(long = "role", value_name = "COLUMN=ROLE", value_parser = pair::<Role>)]
    roles: Vec<(String, Role)>,
    /// How far apart rows are: euclidean or cosine [default: euclidean]
    #[arg(long, value_parser = named::<Metric>)]
    metric: Option<Metric>,
    /// Folds of the cross-validation [default: 5; 2 to 20]
    #[arg(long, visible_alias = "folds", value_name = "N")]
    cv_folds: Option<usize>,
    /// Rows listed per check at most [default: 20; all with --csv]
    #[arg(long, value_name = "N")]
    max_issues: Option<usize>,
    /// Limits, with commas between: a share or a number of rows per check, such as label=2%,outlier=10
    #[arg(long, value_name = "LIMITS", value_delimiter = ',', value_parser = limit)]
    fail_on: Vec<(IssueType, Limit)>,
    /// Write a page that shows the report
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the listed rows as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Save everything that was found, to compare with later
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Add what is found to an audit of the same table that was saved, instead of writing it anew
    #[arg(long, value_name = "FILE", conflicts_with = "save")]
    add_to: Option<PathBuf>,
    /// A saved audit: tell what is new since
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Print the report as JSON instead of a summary
    #[arg(long)]
    json: bool,
    /// Print nothing but errors and exceeded limits
    #[arg(short, long, conflicts_with = "json")]
    quiet: bool,
    /// Threads to work on; results do not depend on it [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Seed of every random choice [default: 42]
    #[arg(long)]
    seed: Option<u64>,
}

/// How many rows may have an issue.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Limit {
    /// Of all rows, in percent.
    Percent(f64),
    Rows(usize),
}

/// Reads `CHECK=2%` or `CHECK=10`.
fn limit(text: &str) -> Result<(IssueType, Limit), String> {
    let (check, limit) = text.split_once('=').ok_or("expected CHECK=SHARE%, or CHECK=ROWS")?;
    let wrong = |()| format!("{limit} is neither a percentage such as 2% nor a number of rows");
    let limit = match limit.trim().strip_suffix('%') {
        Some(percent) => Limit::Percent(percent.trim().parse().map_err(|_| wrong(()))?),
        None => Limit::Rows(limit.trim().parse().map_err(|_| wrong(()))?),
    };
    if let Limit::Percent(percent) = limit
        && !(0.0..=100.0).contains(&percent)
    {
        return Err(format!("{percent}% is no share of rows: expected 0% to 100%"));
    }
    Ok((named(check.trim())?, limit))
}

/// Runs the command.
pub(crate) fn execute(arguments: &Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    for path in [&arguments.html, &arguments.csv, &arguments.save].into_iter().flatten() {
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        // Better before the work than after it.
        ensure!(folder.is_none_or(Path::is_dir), "cannot write {}: there is no such folder", path.display());
    }
    if is_pictures(arguments.data.name()) {
        return of_pictures(arguments, context);
    }
    let added_to = arguments.add_to.as_deref().map(read_saved).transpose()?;
    let earlier = arguments.since.as_deref().map(read_saved).transpose()?;
    let data = arguments.data.open(context)?;
    let mut config = config(arguments);
    if let Some(set) = data.set() {
        if config.target.is_empty() {
            config.target = set.targets.iter().map(ToString::to_string).collect();
        }
        let known = data.defaults(Targets::Several).remove("roles");
        let known: BTreeMap<String, Role> = known.map_or_else(|| Ok(BTreeMap::new()), serde_json::from_value)?;
        for (column, role) in known {
            config.roles.entry(column).or_insert(role);
        }
    }
    config.validate()?;
    let name = data.name.clone();
    let Input::Table(file) = data.read(&config.csv, Expect::Table)? else {
        bail!("{name} is no table: audits of other data are not built");
    };
    let inputs = AuditInputs {
        pred_probs: arguments.pred_probs.as_deref().map(read_matrix).transpose()?,
        features: arguments.features.as_deref().map(read_matrix).transpose()?,
    };
    let show = if arguments.quiet || arguments.json { Show::Nothing } else { Show::Progress };
    let terminal = Terminal::new(arguments.threads.unwrap_or(0).into(), show, context.log)?;
    let outcome = audit_file(&config, &file, inputs, &terminal);
    terminal.finish();
    let outcome = outcome?;

    let name = Path::new(&name).file_name().map_or_else(|| "table".into(), |name| name.to_string_lossy());
    if let Some(path) = &arguments.html {
        write_whole(path, audit_html(&outcome.report, &file, &name).as_bytes())?;
    }
    if let Some(path) = &arguments.csv {
        write_whole(path, csv(&file, &outcome.report)?.as_bytes())?;
    }
    if let Some(path) = &arguments.save {
        write_whole(path, outcome.saved.to_json()?.as_bytes())?;
    }
    if let (Some(path), Some(saved)) = (&arguments.add_to, added_to) {
        write_whole(path, saved.with(outcome.saved.clone())?.to_json()?.as_bytes())?;
    }
    if arguments.json {
        print_line(&serde_json::to_string_pretty(&outcome.report)?)?;
    } else if !arguments.quiet {
        print_line(&summary(&file, &outcome, earlier.as_ref()))?;
    }
    let exceeded = exceeded(&arguments.fail_on, &outcome)?;
    exceeded.iter().try_for_each(|line| print_line(line))?;
    Ok(ExitCode::from(u8::from(!exceeded.is_empty())))
}

/// An audit of pictures, which has neither columns nor labels.
fn of_pictures(arguments: &Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let Arguments { target, pred_probs, features, model, checks, fail_on, html, csv, save, add_to, since, .. } =
        arguments;
    let files = [pred_probs, features, html, csv, save, add_to, since];
    ensure!(
        target.is_empty()
            && checks.is_empty()
            && fail_on.is_empty()
            && model.is_none()
            && files.iter().all(|file| file.is_none()),
        "an audit of pictures takes no flag but --json, --quiet and --threads; `forge task object_detection` and `segmentation` \
         look at annotations"
    );
    let show = if arguments.quiet || arguments.json { Show::Nothing } else { Show::Progress };
    let terminal = Terminal::new(arguments.threads.unwrap_or(0).into(), show, context.log)?;
    let found = crate::pictures::audit::audit(arguments.data.name(), &terminal, context)?;
    terminal.finish();
    if arguments.json {
        print_line(&serde_json::to_string_pretty(&found.report())?)?;
    } else if !arguments.quiet {
        print_line(&found.summary())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn config(arguments: &Arguments) -> AuditConfig {
    let default = AuditConfig::default();
    let all = if arguments.csv.is_some() { usize::MAX } else { default.max_issues };
    let mut csv = CsvOptions::default();
    csv.types.extend(arguments.types.iter().cloned());
    AuditConfig {
        target: arguments.target.clone(),
        task: arguments.task,
        csv,
        roles: arguments.roles.iter().cloned().collect(),
        model: arguments.model.as_deref().map(ModelSpec::named),
        cv_folds: arguments.cv_folds.unwrap_or(default.cv_folds),
        checks: (!arguments.checks.is_empty()).then(|| arguments.checks.clone()),
        metric: arguments.metric.unwrap_or(default.metric),
        max_issues: arguments.max_issues.unwrap_or(all),
        seed: arguments.seed.unwrap_or(default.seed),
    }
}

/// What is over its limit, in sentences. A check that a limit is set for has to have run.
fn exceeded(limits: &[(IssueType, Limit)], outcome: &AuditOutcome) -> anyhow::Result<Vec<String>> {
    let report = &outcome.report;
    let mut lines = Vec::new();
    for &(check, limit) in limits {
        let name = check.name();
        let Some(found) = report.checks.iter().find(|found| found.issue_type == check) else {
            let reason = report.not_checked.get(name).map_or("it was not asked for", String::as_str);
            bail!("--fail-on names {name}, which was not checked: {reason}");
        };
        let percent = 100.0 * found.n_issues as f64 / report.n_rows as f64;
        let over = match limit {
            Limit::Percent(most) => (percent > most).then(|| format!("{percent:.2}% of rows, more than {most}%")),
            Limit::Rows(most) => (found.n_issues > most).then(|| format!("{} rows, more than {most}", found.n_issues)),
        };
        lines.extend(over.map(|over| format!("over the limit: {name} has {over}")));
    }
    Ok(lines)
}

fn read_saved(path: &Path) -> anyhow::Result<SavedAudit> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    SavedAudit::from_json(&text).with_context(|| format!("in {}", path.display()))
}

/// A matrix of numbers from a `.npy` file, or from a table whose columns are all numbers.
fn read_matrix(path: &Path) -> anyhow::Result<Array2<f64>> {
    let name = path.display().to_string();
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("npy")) {
        let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
        let mut reader = NpyReader::new(&name, file)?;
        let (n_rows, width) = (reader.header().n_rows(), reader.header().row_len());
        ensure!(reader.header().shape.len() <= 2, "{name} has {} dimensions, expected 2", reader.header().shape.len());
        return Ok(Array2::from_shape_vec((n_rows, width), reader.read_rows(0..n_rows)?)?);
    }
    numbers(&read_table(path, &CsvOptions::default())?, &name)
}

fn numbers(file: &TableFile, name: &str) -> anyhow::Result<Array2<f64>> {
    ensure!(file.rejected.is_empty(), "{name}: {}", file.rejected.iter().map(ToString::to_string).collect::<String>());
    let mut matrix = Array2::zeros((file.table.n_rows(), file.table.columns().len()));
    for (column, mut place) in file.table.columns().iter().zip(matrix.columns_mut()) {
        match column.values() {
            Values::Number(numbers) => place.iter_mut().zip(numbers).for_each(|(cell, &number)| *cell = number),
            _ => bail!("column \"{}\" of {name} is {}, expected numbers", column.name(), column.column_type()),
        }
    }
    Ok(matrix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_shares_or_numbers_of_rows() {
        assert_eq!(limit("label=2%"), Ok((IssueType::Label, Limit::Percent(2.0))));
        assert_eq!(limit("near_duplicate = 10"), Ok((IssueType::NearDuplicate, Limit::Rows(10))));
        for wrong in ["label", "label=x", "label=200%", "labels=2%"] {
            assert!(limit(wrong).is_err(), "{wrong}");
        }
    }
}
