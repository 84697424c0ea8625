//! `forge call`: one algorithm with JSON in and out, once or line by line.

use std::io::{BufRead, BufWriter, Write};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use forge_core::CoreError;
use forge_core::call::{CallResult, call, call_with_arrays, function_names};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::arrays::open_arrays;
use crate::input::read_stdin;
use crate::print_line;

/// Arguments of `forge call`.
#[derive(Args)]
#[command(after_help = "Examples:
  echo '{\"quality_scores\": [0.3, 0.1, 0.2], \"top\": 2}' | forge call rank.find_top_issues
  forge call filter.find_label_issues --arg labels=@labels.npy --arg pred_probs=@pred_probs.npy
  forge call --list
  forge call --stdio   # one request per line: {\"id\": 1, \"fn\": \"…\", \"args\": […], \"kwargs\": {…}}

Names, arguments and defaults are those of Python's cleanlab. A text \"@FILE.npy\" stands for the array
in that file; experimental.label_issues_batched.find_label_issues_batched reads it in batches, whatever its size.")]
pub(crate) struct Arguments {
    /// The function, such as filter.find_label_issues
    #[arg(value_name = "FUNCTION", required_unless_present_any = ["stdio", "list"])]
    function: Option<String>,
    /// One argument: JSON, a text, or @FILE.npy for an array of NumPy; with it standard input is not read
    #[arg(long = "arg", value_name = "NAME=VALUE", value_parser = named, conflicts_with_all = ["stdio", "list"])]
    named: Vec<(String, Value)>,
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
        let mut kwargs = kwargs(&arguments.named)?;
        let arrays = open_arrays(&mut kwargs)?;
        let result = call_with_arrays(function, &kwargs, &arrays)?;
        let mut output = BufWriter::new(std::io::stdout().lock());
        serde_json::to_writer(&mut output, &result).map_err(std::io::Error::from)?;
        writeln!(output)?;
        output.flush()?;
    }
    Ok(ExitCode::SUCCESS)
}

fn named(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("NAME=VALUE is expected")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
    Ok((name.to_owned(), value))
}

/// The arguments named on the command line or else those on standard input.
fn kwargs(named: &[(String, Value)]) -> anyhow::Result<Map<String, Value>> {
    if named.is_empty() {
        let kwargs: Value = serde_json::from_slice(&read_stdin()?).context("standard input is not JSON")?;
        let Value::Object(kwargs) = kwargs else { bail!("standard input must be a JSON object of named arguments") };
        return Ok(kwargs);
    }
    let mut kwargs = Map::new();
    for (name, value) in named {
        if kwargs.insert(name.clone(), value.clone()).is_some() {
            bail!("--arg {name} is given twice");
        }
    }
    Ok(kwargs)
}

fn answer(line: &str) -> Value {
    let request: Request = match serde_json::from_str(line) {
        Ok(request) => request,
        Err(error) => {
            return json!({ "id": null, "error": { "type": "request", "message": error.to_string() } });
        }
    };
    match run(request.function.as_str(), request.args, request.kwargs) {
        Ok(out) => json!({ "id": request.id, "out": out }),
        Err((kind, message)) => json!({ "id": request.id, "error": { "type": kind, "message": message } }),
    }
}

/// The result, or the kind of the error and its message.
fn run(function: &str, args: Vec<Value>, mut kwargs: Map<String, Value>) -> Result<Value, (&'static str, String)> {
    let refused = |error: CoreError| (error.code(), error.to_string());
    if !args.is_empty() {
        return call(function, &args, &kwargs).map_err(refused);
    }
    let arrays = open_arrays(&mut kwargs).map_err(|error| ("file", format!("{error:#}")))?;
    call_with_arrays(function, &kwargs, &arrays).map(CallResult::into_json).map_err(refused)
}
