//! `forge datasets`: the data sets that are known by name.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use forge_data::{DataSet, catalogue};
use serde_json::{Value, json};

use crate::context::Context;
use crate::download;
use crate::print_line;
use crate::samples::sample;
use crate::summary::thousands;

/// Arguments of `forge datasets`.
#[derive(Args)]
#[command(after_help = "Examples:
  forge datasets
  forge datasets covertype
  forge datasets --json | jq '.[].name'")]
pub(crate) struct Arguments {
    /// Only this one, with its description, licence and addresses
    name: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Where a data set can be had.
fn state(set: &DataSet, context: &Context) -> anyhow::Result<&'static str> {
    for file in set.files {
        if download::place(set, file, context)?.exists() {
            return Ok("downloaded");
        }
    }
    let bundled = set.samples.iter().any(|of_set| sample(of_set.file).is_some());
    Ok(if bundled { "bundled" } else { "to download" })
}

/// Runs the command.
pub(crate) fn execute(arguments: &Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let sets: Vec<&DataSet> = match &arguments.name {
        Some(name) => vec![DataSet::find(name)?],
        None => catalogue().iter().collect(),
    };
    if arguments.json {
        let known: anyhow::Result<Vec<Value>> = sets.iter().map(|set| described(set, context)).collect();
        print_line(&serde_json::to_string_pretty(&known?)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    match (&arguments.name, sets.first()) {
        (Some(_), Some(set)) => print_line(&one(set, context)?)?,
        _ => print_line(&all(&sets, context)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn described(set: &DataSet, context: &Context) -> anyhow::Result<Value> {
    let mut value = serde_json::to_value(set).context("a data set that is no JSON")?;
    value["rows"] = json!(set.rows());
    value["state"] = json!(state(set, context)?);
    Ok(value)
}

fn all(sets: &[&DataSet], context: &Context) -> anyhow::Result<String> {
    let mut text = format!("{:24}{:18}{:>10}  {:12}{}\n", "name", "task", "rows", "", "licence");
    for set in sets {
        let _ = writeln!(
            text,
            "{:24}{:18}{:>10}  {:12}{}",
            set.name,
            set.task(),
            thousands(set.rows() as usize),
            state(set, context)?,
            set.licence.name
        );
    }
    text.push_str(
        "\n`forge datasets NAME` tells more, `forge download NAME` fetches one; every command takes the names.",
    );
    Ok(text)
}

fn one(set: &DataSet, context: &Context) -> anyhow::Result<String> {
    let mut text = format!("{} ({})\n\n{}\n\n", set.title, set.name, set.description);
    let tasks: Vec<&str> = set.tasks.iter().map(|task| task.name()).collect();
    let _ = writeln!(text, "tasks        {}", tasks.join(", "));
    let _ =
        writeln!(text, "targets      {}", if set.targets.is_empty() { "–".to_owned() } else { set.targets.join(", ") });
    let _ = writeln!(text, "rows         {}", thousands(set.rows() as usize));
    let _ = writeln!(text, "here         {}", state(set, context)?);
    for of_set in set.samples {
        let _ = writeln!(text, "sample       {} ({} rows)", of_set.file, thousands(of_set.rows as usize));
    }
    for file in set.files {
        for (kind, address) in [("original", file.canonical), ("for browsers", file.browser)] {
            if let Some(address) = address {
                let _ = writeln!(text, "{kind:13}{}", address.url);
            }
        }
    }
    let _ = write!(text, "licence      {}\nname         {}", set.licence.name, set.attribution);
    Ok(text)
}
