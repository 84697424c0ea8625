//! `forge apply`: replays a recipe of decisions on a file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use forge_core::{Applied, Recipe};
use forge_data::{CellChange, Changes, CsvOptions, TableFile};

use crate::context::Context;
use crate::input::write_whole;
use crate::print_line;
use crate::source::{Expect, Input, Source};
use crate::summary::thousands;

/// Arguments of `forge apply`.
#[derive(Args)]
#[command(after_help = "Examples:
  forge run --data january.csv --target label --recipe recipe.json
  forge apply recipe.json --data february.csv -o february_clean.csv

Rows are found by what is in them, not by their number. What a decision does not find, or finds changed since, is told
and left as it is. Exit code 1 with --strict where that happens.")]
pub(crate) struct Arguments {
    /// The recipe
    recipe: PathBuf,
    /// The table: a file, a web address, or - for standard input
    #[arg(long, value_name = "FILE")]
    data: Source,
    /// The changed file, in the format of the table
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    output: PathBuf,
    /// End with exit code 1 if a decision finds no row, or a row that changed
    #[arg(long)]
    strict: bool,
    /// Print what was done as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn execute(arguments: &Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let name = arguments.recipe.display();
    let text = std::fs::read_to_string(&arguments.recipe).with_context(|| format!("cannot read {name}"))?;
    let recipe: Recipe = serde_json::from_str(&text).with_context(|| format!("{name} is not a recipe"))?;
    let folder = arguments.output.parent().filter(|folder| *folder != Path::new(""));
    ensure!(folder.is_none_or(Path::is_dir), "cannot write {}: there is no such folder", arguments.output.display());
    let Input::Table(file) = arguments.data.open(context)?.read(&CsvOptions::default(), Expect::Table)? else {
        bail!("{} is no table, and a recipe is for tables", arguments.data.name());
    };
    let applied = recipe.apply(&file)?;
    write_whole(&arguments.output, &written(&recipe, &applied, &file)?)?;
    if arguments.json {
        print_line(&serde_json::to_string_pretty(&applied)?)?;
    } else {
        print_line(&format!(
            "{} rows left out, {} labels changed, {} kept; {} changed since, {} of {} decisions found no row",
            thousands(applied.excluded.len()),
            thousands(applied.relabelled.len()),
            thousands(applied.kept.len()),
            thousands(applied.changed_since.len()),
            thousands(applied.not_found.len()),
            thousands(recipe.decisions.len())
        ))?;
    }
    let open = !applied.not_found.is_empty() || !applied.changed_since.is_empty();
    Ok(ExitCode::from(u8::from(arguments.strict && open)))
}

fn written(recipe: &Recipe, applied: &Applied, file: &TableFile) -> anyhow::Result<Vec<u8>> {
    let column = file.table.position(&recipe.target).with_context(|| format!("no column \"{}\"", recipe.target))?;
    let replaced: Vec<CellChange> =
        applied.relabelled.iter().map(|(row, value)| CellChange { row: *row, column, value: value.clone() }).collect();
    Ok(file.written(&Changes { without: &applied.excluded, replaced: &replaced, ..Changes::default() })?)
}
