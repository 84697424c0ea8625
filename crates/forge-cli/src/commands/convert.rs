//! `forge convert`: a table from one format to another.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use forge_data::{ColumnType, CsvOptions, TableFormat, write_table};

use super::pair;
use crate::context::Context;
use crate::exports::format_of;
use crate::input::write_whole;
use crate::print_line;
use crate::source::{Expect, Input, Source};
use crate::summary::thousands;

/// Arguments of `forge convert`.
#[derive(Args)]
#[command(after_help = "Examples:
  forge convert people.xlsx people.csv
  forge convert data.zip#train.csv train.parquet
  forge convert adult_income adult.jsonl

Reads CSV, TSV, ARFF, JSON, JSON lines, Parquet, Arrow IPC, Excel, OpenDocument and NumPy files, also in gzip, zip, tar
and tar.gz. The ending of the new name says what is written.")]
pub(crate) struct Arguments {
    /// The table: a file, a web address, a data set of `forge datasets`, or - for standard input
    #[arg(value_name = "FROM")]
    from: Source,
    /// The new file
    #[arg(value_name = "TO")]
    to: PathBuf,
    /// The format to write [default: by the ending of the new name]
    #[arg(long, value_name = "FORMAT")]
    format: Option<TableFormat>,
    /// Force the type of a column: number, category, text, boolean or date; may be repeated
    #[arg(long = "type", value_name = "COLUMN=TYPE", value_parser = pair::<ColumnType>)]
    types: Vec<(String, ColumnType)>,
}

/// Runs the command.
pub(crate) fn execute(arguments: &Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let format = arguments.format.map_or_else(|| format_of(&arguments.to), Ok)?;
    let options = CsvOptions { types: arguments.types.iter().cloned().collect(), ..CsvOptions::default() };
    let Input::Table(file) = arguments.from.open(context)?.read(&options, Expect::Table)? else {
        bail!("{} is no table, and only tables are converted", arguments.from.name());
    };
    let bytes = write_table(&file.table, format)?;
    write_whole(&arguments.to, &bytes)?;
    let n = file.table.n_rows();
    print_line(&format!("{} rows, {} columns, {format}", thousands(n), file.table.columns().len()))?;
    for warning in file.warnings.iter().cloned().chain(file.rejected.iter().map(ToString::to_string)) {
        eprintln!("warning: {warning}");
    }
    Ok(ExitCode::SUCCESS)
}
