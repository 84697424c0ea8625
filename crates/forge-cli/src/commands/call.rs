//! `forge call`: one algorithm with JSON in and out, once or line by line.

use std::io::{BufRead, Write};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use forge_core::call::{call, function_names};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::input::read_stdin;
use crate::print_line;

/// Arguments of `forge call`.
#[derive(Args)]
#[command(after_help = "Examples:
  echo '{\"quality_scores\": [0.3, 0.1, 0.2], \"top\": 2}' | forge call rank.find_top_issues
  forge call --list
  forge call --stdio   # one request per line: {\"id\": 1, \"fn\": \"…\", \"args\": […], \"kwargs\": {…}}

Names, arguments and defaults are those of Python's cleanlab.")]
pub(crate) struct Arguments {
    /// The function, such as filter.find_label_issues
    #[arg(value_name = "FUNCTION", required_unless_present_any = ["stdio", "list"])]
    function: Option<String>,
    /// Answer one JSON request per line until the input ends
    #[arg(long, conflicts_with_all = ["function", "list"])]
    stdio: bool,
    /// List the functions and their arguments
    #[arg(long, conflicts_with = "function")]
    list: bool,
}

/// A line of `--stdio`.
#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    id: Value,
    #[serde(rename = "fn")]
    function: String,
    #[serde(default)]
    args: Vec<Value>,
    #[serde(default)]
    kwargs: Map<String, Value>,
}

/// Runs the command.
pub(crate) fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if arguments.list {
        function_names()
            .try_for_each(|(name, parameters)| print_line(&format!("{name}({})", parameters.join(", "))))?;
    } else if arguments.stdio {
        let mut output = std::io::stdout().lock();
        for line in std::io::stdin().lock().lines() {
            let line = line.context("cannot read standard input")?;
            if !line.trim().is_empty() {
                writeln!(output, "{}", answer(&line))?;
                output.flush()?;
            }
        }
    } else if let Some(function) = &arguments.function {
        let kwargs: Value = serde_json::from_slice(&read_stdin()?).context("standard input is not JSON")?;
        let Value::Object(kwargs) = kwargs else { bail!("standard input must be a JSON object of named arguments") };
        print_line(&call(function, &[], &kwargs)?.to_string())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn answer(line: &str) -> Value {
    let request: Request = match serde_json::from_str(line) {
        Ok(request) => request,
        Err(error) => {
            return json!({ "id": null, "error": { "type": "request", "message": error.to_string() } });
        }
    };
    match call(&request.function, &request.args, &request.kwargs) {
        Ok(out) => json!({ "id": request.id, "out": out }),
        Err(error) => {
            json!({ "id": request.id, "error": { "type": error.code(), "message": error.to_string() } })
        }
    }
}
