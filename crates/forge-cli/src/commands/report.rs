//! `forge report`: a saved result as a web page.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use forge_core::report_html;

use crate::input::write_whole;

/// Arguments of `forge report`.
#[derive(Args)]
#[command(after_help = "Example:
  forge run --data adult_income -o result.json
  forge report result.json -o report.html

The page needs nothing else: it can be mailed, kept or attached to a build.")]
pub(crate) struct Arguments {
    /// The result of a run, a sweep, an audit or a task, as saved with -o
    result: PathBuf,
    /// The page
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    output: PathBuf,
}

/// Runs the command.
pub(crate) fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let name = arguments.result.display();
    let text = std::fs::read_to_string(&arguments.result).with_context(|| format!("cannot read {name}"))?;
    let saved = serde_json::from_str(&text).with_context(|| format!("{name} is not JSON"))?;
    let page = report_html(&saved).with_context(|| format!("{name} is no result of this program"))?;
    write_whole(&arguments.output, page.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
