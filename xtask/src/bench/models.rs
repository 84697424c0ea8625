//! `cargo xtask bench models`: out-of-sample predictions of each model beside scikit-learn on the same files and folds.
//!
//! Every call runs in a process of its own with one thread. The processor time of the call alone counts, the least of
//! three (of one where it takes more than ten seconds); the memory is the peak of the whole process. Natively each model
//! runs twice more, on one thread and on two, by the wall clock.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use lexopt::{Arg::Long, Parser, ValueExt};

use super::agreement::number;
use super::algorithms::require_known;
use super::inputs::{Generator, Size};
use super::measure::{Run, measure};
use super::model_items::{ITEMS, ModelItem, Promise};
use super::model_table as table;
use super::sides::{Face, Sides};
use crate::process;
use crate::project::Project;

/// Python's side.
const SCRIPT: &str = "bench_models.py";

/// What the user asked for.
pub(crate) struct Options {
    size: Size,
    /// Beginnings of the names of items; all where there is none.
    only: Vec<String>,
    face: Face,
    /// A folder with all of Adult.
    adult: Option<PathBuf>,
}

impl Options {
    /// Reads `--quick`, `--only`, `--no-wasm` and `--adult`.
    pub(crate) fn parse(mut arguments: Parser) -> Result<Self> {
        let mut options = Self { size: Size::Full, only: Vec::new(), face: Face::NativeAndWasm, adult: None };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("quick") => options.size = Size::Quick,
                Long("only") => options.only.push(arguments.value()?.string()?),
                Long("no-wasm") => options.face = Face::Native,
                Long("adult") => options.adult = Some(folder_of_adult(&PathBuf::from(arguments.value()?))?),
                other => return Err(other.unexpected().into()),
            }
        }
        require_known(&options.only, &ITEMS.iter().map(|item| item.name).collect::<Vec<_>>())?;
        Ok(options)
    }

    fn wants(&self, item: &ModelItem) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| item.name.starts_with(only))
    }
}

fn folder_of_adult(folder: &Path) -> Result<PathBuf> {
    for name in ["adult.data", "adult.test"] {
        if !folder.join(name).is_file() {
            bail!("{} has no {name}; UCI's Adult data set holds both files", folder.display());
        }
    }
    fs::canonicalize(folder).with_context(|| format!("cannot find {}", folder.display()))
}

/// A model on one side.
pub(crate) struct Measured {
    pub(crate) run: Run,
    /// How good its predictions are.
    pub(crate) score: f64,
}

/// One item on every side.
pub(crate) struct Outcome {
    /// scikit-learn, where it is run.
    pub(crate) python: Option<Measured>,
    pub(crate) native: Measured,
    /// Node's run, where it was asked for.
    pub(crate) wasm: Option<Measured>,
    /// Wall time natively on one thread over that on two, where it was measured.
    pub(crate) speed_up: Option<f64>,
}

/// Measures the items, prints the table and writes it as JSON.
pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    let sides = Sides::prepare(project, options.size, options.face)?;
    let arguments = options.adult.iter().flat_map(|folder| ["--adult".into(), folder.into()]).collect();
    let generator = Generator { script: "bench_model_inputs.py", arguments };
    let mut outcomes = Vec::new();
    for item in ITEMS.iter().filter(|item| options.wants(item)) {
        process::step(item.name, "up to a few minutes");
        let outcome = measure_item(&sides, &generator, item);
        if let Err(error) = &outcome {
            println!("error: {error:#}");
        }
        outcomes.push((item, outcome));
    }
    let adult = if options.adult.is_some() { "adult.data and adult.test" } else { "adult.data" };
    table::print(&outcomes, (options.size, adult));
    let path = project.target.join("bench/models.json");
    fs::write(&path, serde_json::to_string_pretty(&table::json(&outcomes, (options.size, adult)))?)
        .with_context(|| format!("cannot write {}", path.display()))?;
    println!("\nthe same as JSON is in {}", path.display());
    let failed: Vec<&str> =
        outcomes.iter().filter(|(_, outcome)| outcome.is_err()).map(|(item, _)| item.name).collect();
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn measure_item(sides: &Sides<'_>, generator: &Generator, item: &ModelItem) -> Result<Outcome> {
    let inputs = sides.data_set(generator, item.data_set)?;
    let side = |mut command: Command, name: &str| -> Result<Measured> {
        let results = sides.results(item.name, name)?;
        command.arg(item.name).arg(&inputs).arg(&results);
        let run = measure(&mut command, "")?.by_its_own_count()?;
        Ok(Measured { run, score: number(&results, "score")? })
    };
    let beside = matches!(item.promise, Promise::Beside { .. });
    let python = if beside { Some(side(sides.python(SCRIPT), "python")?) } else { None };
    let native = side(sides.native(), "native")?;
    let wasm = sides.node().map(|node| side(node, "wasm")).transpose()?;
    let wall = |threads: &str| -> Result<f64> {
        let results = sides.results(item.name, "threads")?;
        let mut command = sides.native();
        let run = measure(command.arg(item.name).arg(&inputs).arg(results).arg(threads), "")?;
        run.result["wall_seconds"].as_f64().context("the program printed no wall_seconds")
    };
    let speed_up = if beside { Some(wall("1")? / wall("2")?) } else { None };
    Ok(Outcome { python, native, wasm, speed_up })
}
