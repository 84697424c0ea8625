//! `forge download NAME`: a data set of the catalogue into the data folder.

use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use forge_data::DataSet;

use crate::context::Context;
use crate::download::{Fetched, address, download, place};
use crate::print_line;

/// Arguments of `forge download`.
#[derive(Args)]
#[command(after_help = "Examples:
  forge download covertype
  FORGE_DATA_DIR=/data forge download ud_ewt

A download that broke continues where it stopped; sizes and checksums are compared where they are known.
Files go to FORGE_DATA_DIR, else to the cache folder of the user.")]
pub(crate) struct Arguments {
    /// A data set of `forge datasets`
    name: String,
}

/// Runs the command.
pub(crate) fn execute(arguments: &Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let set = DataSet::find(&arguments.name)?;
    let mut fetched = 0;
    for file in set.files {
        let Some(address) = address(file) else { continue };
        let path = place(set, file, context)?;
        match download(&address, &path)? {
            Fetched::Now => print_line(&format!("fetched {}", path.display()))?,
            Fetched::Before => print_line(&format!("{} is here already", path.display()))?,
        }
        fetched += 1;
    }
    if fetched == 0 {
        let places: Vec<&str> =
            set.files.iter().filter_map(|file| file.canonical.or(file.browser)).map(|a| a.url).collect();
        bail!(
            "{} has to be fetched by hand, from {}: its files are inside an archive, or it may not be passed on",
            set.name,
            if places.is_empty() { set.attribution.to_owned() } else { places.join(", ") }
        );
    }
    Ok(ExitCode::SUCCESS)
}
