//! `cargo xtask bench browser`: the speed of a tab with one, two and four workers, beside the command line and Python.
//!
//! `tests/e2e/bench_browser.mjs` measures, in Chromium, with the package as `cargo xtask wasm` builds it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use lexopt::{Arg::Long, Parser, ValueExt};
use serde_json::json;

use super::python;
use crate::project::Project;
use crate::{browser, process, wasm};

/// What the user asked for.
pub(crate) struct Options {
    /// All of Adult, as CSV with a header or as UCI's `adult.data`.
    data: PathBuf,
    /// Runs of each item; the median counts.
    runs: u32,
    /// Beginnings of the names of items; all where there is none.
    only: Vec<String>,
    python: Python,
}

/// Whether Python is measured too.
enum Python {
    Measured,
    LeftOut,
}

impl Options {
    /// Reads `--data`, `--runs`, `--only` and `--no-python`.
    pub(crate) fn parse(mut arguments: Parser) -> Result<Self> {
        let mut options = Self { data: PathBuf::new(), runs: 3, only: Vec::new(), python: Python::Measured };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("data") => options.data = arguments.value()?.into(),
                Long("runs") => options.runs = arguments.value()?.parse()?,
                Long("only") => options.only.push(arguments.value()?.string()?),
                Long("no-python") => options.python = Python::LeftOut,
                other => return Err(other.unexpected().into()),
            }
        }
        options.data = fs::canonicalize(&options.data).context(
            "--data names no file; it takes all 48,842 rows of Adult, as `bench run --originals` writes them",
        )?;
        Ok(options)
    }
}

/// Measures and prints a line per item; an error says that a goal is missed.
pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    let module = wasm::build(project)?;
    let package = module.parent().context("the module has no folder")?.to_owned();
    let mut node = browser::scripts(project)?;
    let settings = json!({ "runs": options.runs, "only": options.only });
    node.env("FORGE_PACKAGE", package).env("FORGE_ADULT", &options.data).env("FORGE_BENCH", settings.to_string());
    if let Python::Measured = options.python {
        node.env("FORGE_PYTHON", python::environment(project)?);
        for library in ["OMP", "OPENBLAS", "MKL"] {
            node.env(format!("{library}_NUM_THREADS"), "1");
        }
    }
    process::run(
        node.arg("tests/e2e/bench_browser.mjs"),
        "reach the goals",
        "the goals that are missed are named above",
    )
}
