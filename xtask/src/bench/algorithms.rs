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

use super::agreement::{Agreement, compare};
use super::inputs::{Size, data_set};
use super::items::{ITEMS, Item, STREAM};
use super::measure::{Run, measure};
use super::{python, table};
use crate::project::Project;
use crate::{process, setup, wasm};

/// What the user asked for.
pub(crate) struct Options {
    size: Size,
    /// Beginnings of the names of items; all where there is none.
    only: Vec<String>,
    face: Face,
}

/// Where our side runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Face {
    NativeAndWasm,
    Native,
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
        let known = || ITEMS.iter().chain([&STREAM]).map(|item| item.name);
        if let Some(unknown) = options.only.iter().find(|only| !known().any(|name| name.starts_with(*only))) {
            bail!("no item's name begins with `{unknown}`; there are {}", known().collect::<Vec<_>>().join(", "));
        }
        Ok(options)
    }

    fn wants(&self, item: &Item) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| item.name.starts_with(only))
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
    let sides = Sides::prepare(project, options)?;
    let mut outcomes = Vec::new();
    for item in ITEMS.iter().chain([&STREAM]).filter(|item| options.wants(item)) {
        process::step(item.name, "up to a few minutes");
        let outcome = if item.name == STREAM.name { sides.stream() } else { sides.measure(item) };
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

/// The programs of all sides.
struct Sides<'a> {
    project: &'a Project,
    size: Size,
    interpreter: PathBuf,
    native: PathBuf,
    /// The JavaScript of the wasm module, where Node is measured.
    module: Option<PathBuf>,
}

impl<'a> Sides<'a> {
    fn prepare(project: &'a Project, options: &Options) -> Result<Self> {
        let interpreter = python::environment(project)?;
        process::step("release build of forge-bench", "about a minute the first time");
        let mut cargo = project.cargo("build --quiet --release -p forge-bench");
        process::run(&mut cargo, "build forge-bench", "see the compiler's message above")?;
        let name = format!("forge-bench{}", std::env::consts::EXE_SUFFIX);
        let module = match options.face {
            Face::Native => None,
            Face::NativeAndWasm => {
                setup::node(project)?;
                let folder = project.target.join("bench/wasm");
                wasm::package(project, "forge-bench", "nodejs", &folder)?;
                Some(folder.join("forge_bench.js"))
            }
        };
        let native = project.target.join("release").join(name);
        Ok(Self { project, size: options.size, interpreter, native, module })
    }

    fn measure(&self, item: &Item) -> Result<Outcome> {
        let inputs = data_set(self.project, &self.interpreter, item.data_set, self.size)?;
        let side = |mut command: Command, name: &str| -> Result<(Run, PathBuf)> {
            let results = self.results(item, name)?;
            command.arg(item.name).arg(&inputs).arg(&results);
            Ok((measure(&mut command, "")?.by_its_own_count()?, results))
        };
        let (python, expected) = side(self.python(), "python")?;
        let (native, got) = side(self.project.command(&self.native), "native")?;
        let native_agreement = self.compare(item, &inputs, [&expected, &got])?;
        let wasm = match &self.module {
            None => None,
            Some(module) => {
                let mut node = self.project.command("node");
                node.arg("xtask/bench/run.mjs").arg(module);
                let (run, got) = side(node, "wasm")?;
                Some((run, self.compare(item, &inputs, [&expected, &got])?))
            }
        };
        Ok(Outcome { python, native, native_agreement, wasm })
    }

    /// [`STREAM`]: the command line is measured as a whole.
    fn stream(&self) -> Result<Outcome> {
        const FUNCTION: &str = "experimental.label_issues_batched.find_label_issues_batched";
        let inputs = data_set(self.project, &self.interpreter, STREAM.data_set, self.size)?;
        let expected = self.results(&STREAM, "python")?;
        let mut command = self.python();
        command.arg(STREAM.name).arg(&inputs).arg(&expected);
        let python = measure(&mut command, "")?.by_its_own_count()?;

        let forge = self.project.build_forge()?;
        let kwargs =
            json!({ "labels_file": inputs.join("labels.npy"), "pred_probs_file": inputs.join("pred_probs.npy") });
        let native = measure(self.project.command(forge).args(["call", FUNCTION]), &kwargs.to_string())?;
        let got = self.results(&STREAM, "native")?;
        write_rows(&native.result, &got)?;
        Ok(Outcome { native_agreement: compare(&expected, &got)?, python, native, wasm: None })
    }

    /// Compares what cleanlab and we returned; where they differ, once more with cleanlab's ties in order.
    fn compare(&self, item: &Item, inputs: &Path, [expected, got]: [&Path; 2]) -> Result<Agreement> {
        let found = compare(expected, got)?;
        if found.holds() {
            return Ok(found);
        }
        let in_order = self.results(item, "python-in-order")?;
        let mut command = self.python();
        measure(command.arg(item.name).arg(inputs).arg(&in_order).arg("--stable"), "")?;
        match compare(&in_order, got)? {
            Agreement::Agrees(worst) => Ok(Agreement::AgreesInOrder(worst)),
            _ => Ok(found),
        }
    }

    fn python(&self) -> Command {
        python::script(self.project, &self.interpreter, "bench_algorithms.py")
    }

    /// An empty folder for what a side returns.
    fn results(&self, item: &Item, side: &str) -> Result<PathBuf> {
        let folder = self.size.folder(self.project).join("results").join(item.name).join(side);
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        Ok(folder)
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
