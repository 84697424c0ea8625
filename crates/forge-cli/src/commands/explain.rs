//! `forge explain`: what a check of an audit does.

use std::process::ExitCode;

use clap::Args;
use forge_core::datalab::IssueType;

use super::named;
use crate::print_line;

/// Arguments of `forge explain`.
#[derive(Args)]
#[command(after_help = "Examples:
  forge explain
  forge explain outlier")]
pub(crate) struct Arguments {
    /// The check; none lists them all
    #[arg(value_name = "CHECK", value_parser = named::<IssueType>)]
    check: Option<IssueType>,
}

/// Runs the command.
pub(crate) fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match arguments.check {
        Some(check) => print_line(&format!("{} ({})\n\n{}", check.title(), check.name(), check.explanation()))?,
        None => IssueType::ALL.into_iter().try_for_each(|check| {
            let first = check.explanation().lines().next().unwrap_or_default();
            print_line(&format!("{:22}{first}", check.name()))
        })?,
    }
    Ok(ExitCode::SUCCESS)
}
