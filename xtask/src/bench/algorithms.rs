//! `cargo xtask bench algorithms`: each algorithm beside cleanlab on the same files.
//!
//! Every call runs in a process of its own with one thread. The processor time of the call alone counts, the least of
//! three (of one where it takes more than ten seconds); the memory is the peak of the whole process.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use lexopt::{Arg::Long, Parser, ValueExt};
use serde_json::{Value, json};

use super::agreement::{Agreement, compare, compare_alike};
use super::inputs::{Generator, Size};
use super::items::{ITEMS, Item, STREAM};
use super::measure::{Run, measure};
use super::sides::{Face, Sides};
use super::table;
use crate::process;
use crate::project::Project;

/// Python's side.
const SCRIPT: &str = "bench_algorithms.py";

fn generator() -> Generator {
    Generator { script: "bench_inputs.py", arguments: Vec::new() }
}

/// What the user asked for.
pub(crate) struct Options {
    size: Size,
    /// Beginnings of the names of items; all where there is none.
    only: Vec<String>,
    face: Face,
}

impl Options {
    /// Reads `--quick`, `--only` and `--no-wasm`.
    pub(crate) fn parse(mut arguments: Parser) -> Result<Self> {
        let mut options = Self { size: Size::Full, only: Vec::new(), face: Face::NativeAndWasm };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("quick") => options.size = Size::Quick,
                Long("only") => options.only.push(arguments.value()?.string()?),
                Long("no-wasm") => options.face = Face::Native,
                other => return Err(other.unexpected().into()),
            }
        }
        let known: Vec<&str> = ITEMS.iter().chain([&STREAM]).map(|item| item.name).collect();
        require_known(&options.only, &known)?;
        Ok(options)
    }

    /// Of these, the audits.
    pub(crate) fn of_audits(mut self) -> Self {
        if self.only.is_empty() {
            self.only = ["datalab", "pictures"].map(str::to_owned).to_vec();
        }
        self
    }

    fn wants(&self, item: &Item) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| item.name.starts_with(only))
    }
}

/// Refuses a beginning with which none of the `known` names begins.
pub(crate) fn require_known(only: &[String], known: &[&str]) -> Result<()> {
    match only.iter().find(|only| !known.iter().any(|name| name.starts_with(*only))) {
        Some(unknown) => bail!("no item's name begins with `{unknown}`; there are {}", known.join(", ")),
        None => Ok(()),
    }
}

/// One item on every side.
pub(crate) struct Outcome {
    pub(crate) python: Run,
    pub(crate) native: Run,
    pub(crate) native_agreement: Agreement,
    /// Node's run, where it was asked for.
    pub(crate) wasm: Option<(Run, Agreement)>,
}

/// Measures the items, prints the table and writes it as JSON.
pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    let sides = Sides::prepare(project, options.size, options.face)?;
    let mut outcomes = Vec::new();
    for item in ITEMS.iter().chain([&STREAM]).filter(|item| options.wants(item)) {
        process::step(item.name, "up to a few minutes");
        let outcome = if item.name == STREAM.name { stream(&sides) } else { measure_item(&sides, item) };
        if let Err(error) = &outcome {
            println!("error: {error:#}");
        }
        outcomes.push((item, outcome));
    }
    table::print(&outcomes, options.size);
    let path = project.target.join("bench/algorithms.json");
    fs::write(&path, serde_json::to_string_pretty(&table::json(&outcomes, options.size))?)
        .with_context(|| format!("cannot write {}", path.display()))?;
    println!("\nthe same as JSON is in {}", path.display());
    let bad: Vec<&str> = outcomes.iter().filter(|(_, outcome)| !agrees(outcome)).map(|(item, _)| item.name).collect();
    if !bad.is_empty() {
        bail!("failed or different from cleanlab: {}", bad.join(", "));
    }
    Ok(())
}

fn agrees(outcome: &Result<Outcome>) -> bool {
    let wasm_agrees = |outcome: &Outcome| outcome.wasm.as_ref().is_none_or(|(_, agreement)| agreement.holds());
    outcome.as_ref().is_ok_and(|outcome| outcome.native_agreement.holds() && wasm_agrees(outcome))
}

fn measure_item(sides: &Sides<'_>, item: &Item) -> Result<Outcome> {
    let inputs = sides.data_set(&generator(), item.data_set)?;
    let side = |mut command: Command, name: &str| -> Result<(Run, PathBuf)> {
        let results = sides.results(item.name, name)?;
        command.arg(item.name).arg(&inputs).arg(&results);
        Ok((measure(&mut command, "")?.by_its_own_count()?, results))
    };
    let (python, expected) = side(sides.python(SCRIPT), "python")?;
    let (native, got) = side(sides.native(), "native")?;
    let native_agreement = compare_with(sides, item, &inputs, [&expected, &got])?;
    let wasm = match sides.node() {
        None => None,
        Some(node) => {
            let (run, got) = side(node, "wasm")?;
            Some((run, compare_with(sides, item, &inputs, [&expected, &got])?))
        }
    };
    Ok(Outcome { python, native, native_agreement, wasm })
}

/// [`STREAM`]: the command line is measured as a whole.
fn stream(sides: &Sides<'_>) -> Result<Outcome> {
    const FUNCTION: &str = "experimental.label_issues_batched.find_label_issues_batched";
    let inputs = sides.data_set(&generator(), STREAM.data_set)?;
    let expected = sides.results(STREAM.name, "python")?;
    let mut command = sides.python(SCRIPT);
    command.arg(STREAM.name).arg(&inputs).arg(&expected);
    let python = measure(&mut command, "")?.by_its_own_count()?;

    let forge = sides.project.build_forge()?;
    let kwargs = json!({ "labels_file": inputs.join("labels.npy"), "pred_probs_file": inputs.join("pred_probs.npy") });
    let native = measure(sides.project.command(forge).args(["call", FUNCTION]), &kwargs.to_string())?;
    let got = sides.results(STREAM.name, "native")?;
    write_rows(&native.result, &got)?;
    Ok(Outcome { native_agreement: compare(&expected, &got)?, python, native, wasm: None })
}

/// Compares what cleanlab and we returned; where they differ, once more with cleanlab's ties in order.
fn compare_with(sides: &Sides<'_>, item: &Item, inputs: &Path, [expected, got]: [&Path; 2]) -> Result<Agreement> {
    if item.alike {
        return compare_alike(expected, got);
    }
    let found = compare(expected, got)?;
    if found.holds() {
        return Ok(found);
    }
    let in_order = sides.results(item.name, "python-in-order")?;
    let mut command = sides.python(SCRIPT);
    measure(command.arg(item.name).arg(inputs).arg(&in_order).arg("--stable"), "")?;
    match compare(&in_order, got)? {
        Agreement::Agrees(worst) => Ok(Agreement::AgreesInOrder(worst)),
        _ => Ok(found),
    }
}

/// Writes a list of row numbers as the array `issues`, in ascending order.
fn write_rows(rows: &Value, folder: &Path) -> Result<()> {
    let rows = rows.as_array().context("forge printed no list of rows")?;
    let number = |row: &Value| row.as_i64().and_then(|row| i32::try_from(row).ok());
    let mut rows: Vec<i32> = rows.iter().map(number).collect::<Option<_>>().context("forge printed no row numbers")?;
    rows.sort_unstable();
    let bytes: Vec<u8> = rows.iter().flat_map(|row| row.to_le_bytes()).collect();
    let path = folder.join(format!("issues.{}.i32", rows.len()));
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
}
