//! `forge profile`: what is in each column of a table, what looks odd, and how it goes with the target.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use forge_core::profile::{ColumnProfile, Profile, profile};
use forge_data::{ColumnType, CsvOptions};

use super::job::Output;
use crate::context::Context;
use crate::source::{Expect, Input, Source, Targets};
use crate::summary::thousands;

/// Arguments of `forge profile`.
#[derive(Args)]
#[command(after_help = "Examples:
  forge profile people.csv
  forge profile bike_sharing --target cnt
  forge profile people.csv --target label --json | jq '.columns[] | select(.explains_target > 0.9).name'")]
pub(crate) struct Arguments {
    /// The table: a file, a web address, a data set of `forge datasets`, or - for standard input
    #[arg(value_name = "FILE")]
    data: Source,
    /// The column that the others are compared with
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// Runs the command.
pub(crate) fn execute(arguments: &Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    arguments.output.check(context)?;
    let data = arguments.data.open(context)?;
    let known = data.defaults(Targets::One).get("target").and_then(|target| target.as_str().map(str::to_owned));
    let target = arguments.target.clone().or(known);
    let Input::Table(file) = data.read(&CsvOptions::default(), Expect::Table)? else {
        bail!("{} is no table, and only tables have a profile", arguments.data.name());
    };
    let found = profile(&file.table, target.as_deref())?;
    arguments.output.hand_out(&found, context, || text(&found))?;
    Ok(ExitCode::SUCCESS)
}

fn text(profile: &Profile) -> String {
    let mut text = format!("{} rows, {} columns\n\n", thousands(profile.n_rows), profile.columns.len());
    let width = profile.columns.iter().map(|column| column.name.chars().count()).max().unwrap_or(0).clamp(6, 28);
    let explains = if profile.target.is_some() { "explains" } else { "" };
    let _ = writeln!(
        text,
        "{:width$}  {:9}{:8}{:>9}{:>10}  {explains:9}values",
        "column", "type", "role", "missing", "distinct"
    );
    for column in &profile.columns {
        let name: String = column.name.chars().take(width).collect();
        let explained = column.explains_target.map_or_else(String::new, |share| format!("{:.1} %", 100.0 * share));
        let explained = if explains.is_empty() { String::new() } else { format!("{explained:>8} ") };
        let _ = writeln!(
            text,
            "{name:width$}  {:9}{:8}{:>9}{:>10}  {explained}{}",
            column.column_type,
            column.role,
            thousands(column.n_missing),
            thousands(column.n_distinct),
            values(column)
        );
    }
    for column in &profile.columns {
        for odd in &column.suspicious {
            let _ = write!(text, "\nodd: {}: {odd}", column.name);
        }
    }
    for warning in &profile.warnings {
        let _ = write!(text, "\nwarning: {warning}");
    }
    text.trim_end().to_owned()
}

/// The values at a glance: a range with a histogram, or the most frequent ones.
fn values(column: &ColumnProfile) -> String {
    match &column.numbers {
        Some(numbers) if column.column_type == ColumnType::Number => {
            let most = numbers.histogram.iter().max().copied().unwrap_or(1).max(1);
            let bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
            let bar = |&count: &usize| if count == 0 { ' ' } else { bars[(count * 7).div_ceil(most).min(7)] };
            let histogram: String = numbers.histogram.iter().map(bar).collect();
            format!("{} |{histogram}| {}", short(numbers.min), short(numbers.max))
        }
        _ => {
            let top = column.top.iter().take(3).map(|(value, count)| {
                let value: String = value.chars().take(16).collect();
                format!("{value} ({})", thousands(*count))
            });
            top.collect::<Vec<_>>().join(", ")
        }
    }
}

fn short(number: f64) -> String {
    if number == number.trunc() && number.abs() < 1e15 { format!("{number}") } else { format!("{number:.4}") }
}
