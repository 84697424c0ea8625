//! `forge`: finds what is wrong with data, on the command line.
//!
//! Exit codes: 0 clean, 1 findings over a limit (a failed reference case), 2 an error.

#![expect(clippy::disallowed_methods, reason = "a face: files, clock, threads and console are its part")]
#![expect(clippy::print_stderr, reason = "a command line program prints")]
#![expect(clippy::doc_markdown, reason = "the doc comments of arguments are the help text, which is not Markdown")]

mod anomaly_summary;
mod arrays;
mod audit_summary;
mod commands;
mod context;
mod download;
mod exports;
mod input;
mod interrupt;
mod memory;
mod pictures;
mod samples;
mod settings;
mod source;
mod summary;
mod task_summary;
mod terminal;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};

use context::{Context, GlobalFlags};

/// Find and fix what is wrong with data. Nothing leaves your machine.
#[derive(Parser)]
#[command(name = "forge", version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "Examples:
  forge audit adult_income
  forge run --data adult_income
  forge task token --data ud_ewt
  forge run --data people.csv --target label --folds 10 -o result.json
  forge run --data people.csv --target label --json | jq .label_issues.n_issues
  forge anomaly people.csv
  forge call rank.find_top_issues < kwargs.json
  forge check tests/cases

Exit codes: 0 clean, 1 findings over a limit, 2 an error.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: GlobalFlags,
}

#[derive(Subcommand)]
enum Command {
    /// Find label errors in a table and measure what leaving the worst out buys
    Run(Box<commands::run::Arguments>),
    /// Compare several models by the same run
    Sweep(Box<commands::sweep::Arguments>),
    /// Find everything that is wrong with a table: labels, outliers, duplicates, drift and more
    Audit(Box<commands::audit::Arguments>),
    /// Tell what a check of an audit does
    Explain(commands::explain::Arguments),
    /// One of the tasks: multiclass, multilabel, token, regression, outlier, multiannotator, object_detection, segmentation or
    /// anomaly
    Task(commands::task::Arguments),
    /// Find rows unlike all others in a table, or in synthetic rows
    Anomaly(Box<commands::anomaly::Arguments>),
    /// List the data sets that are known by name
    Datasets(commands::datasets::Arguments),
    /// Fetch a data set into the data folder
    Download(commands::download::Arguments),
    /// Tell what is in each column of a table, and what looks odd
    Profile(commands::profile::Arguments),
    /// Read a table in one format and write it in another
    Convert(commands::convert::Arguments),
    /// Replay a recipe of decisions on a file
    Apply(commands::apply::Arguments),
    /// Show a saved result as a web page
    Report(commands::report::Arguments),
    /// Run a job that was saved as JSON, such as one downloaded from the page
    Job(commands::job::Arguments),
    /// Call one algorithm with JSON arguments
    Call(commands::call::Arguments),
    /// Compare the algorithms with recorded reference cases
    Check(commands::check::Arguments),
    /// Print what a shell needs to complete commands
    Completions(commands::completions::Arguments),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // Nothing is left to do where the console itself is gone.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let result = execute(cli);
    match result {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn execute(cli: Cli) -> anyhow::Result<ExitCode> {
    interrupt::listen()?;
    // A file that is not there is no trouble; one that cannot be read is.
    match dotenvy::dotenv() {
        Err(error) if !error.not_found() => return Err(error).context("cannot read .env"),
        _ => {}
    }
    let context = Context::new(&cli.global)?;
    match cli.command {
        Command::Run(arguments) => commands::run::execute(&arguments, &context),
        Command::Sweep(arguments) => commands::sweep::execute(&arguments, &context),
        Command::Convert(arguments) => commands::convert::execute(&arguments, &context),
        Command::Apply(arguments) => commands::apply::execute(&arguments, &context),
        Command::Report(arguments) => commands::report::execute(&arguments),
        Command::Audit(arguments) => commands::audit::execute(&arguments, &context),
        Command::Explain(arguments) => commands::explain::execute(&arguments),
        Command::Task(arguments) => commands::task::execute(&arguments, &context),
        Command::Anomaly(arguments) => commands::anomaly::execute(&arguments, &context),
        Command::Datasets(arguments) => commands::datasets::execute(&arguments, &context),
        Command::Download(arguments) => commands::download::execute(&arguments, &context),
        Command::Profile(arguments) => commands::profile::execute(&arguments, &context),
        Command::Job(arguments) => commands::job::execute(&arguments, &context),
        Command::Call(arguments) => commands::call::execute(&arguments),
        Command::Check(arguments) => commands::check::execute(&arguments),
        Command::Completions(arguments) => commands::completions::execute(&arguments),
    }
}

/// Whether the reader of our output went away, as `head` does: that is no error.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe))
}

/// Writes a line to standard output.
fn print_line(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout().lock(), "{line}")?;
    Ok(())
}
