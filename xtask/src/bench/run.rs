//! `cargo xtask bench run`: `forge run` against the same steps by scikit-learn and cleanlab, one thread each.
//!
//! One file, by default a sample of Adult; with `--originals` the real data sets and every model, see [`cases`].
//!
//! Of Python only the steps count, from before the file is read (`tests/reference/bench_run.py` measures them); the
//! start of the interpreter and the imports are left out. Of forge the whole process counts.

mod cases;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use lexopt::{Arg::Long, Parser, ValueExt};
use serde_json::Value;

use super::measure::{Run, measure, median};
use super::python;
use crate::process;
use crate::project::Project;

/// What the user asked for.
pub(crate) struct Options {
    data: PathBuf,
    target: String,
    /// Share of the training labels flipped.
    noise: f64,
    /// Runs of each side; the median counts.
    runs: usize,
    /// The folder of the original files of all sets; without it one file is measured.
    originals: Option<PathBuf>,
    /// Of these the chosen sets; empty for all.
    sets: Vec<String>,
}

impl Options {
    /// Reads `--data`, `--target`, `--noise`, `--runs`, `--originals` and `--set`.
    pub(crate) fn parse(mut arguments: Parser) -> Result<Self> {
        let mut options = Self {
            data: PathBuf::from("tests/data/adult.data.gz"),
            target: "income".into(),
            noise: 0.0,
            runs: 3,
            originals: None,
            sets: Vec::new(),
        };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("data") => options.data = arguments.value()?.into(),
                Long("target") => options.target = arguments.value()?.string()?,
                Long("noise") => options.noise = arguments.value()?.parse()?,
                Long("runs") => options.runs = arguments.value()?.parse()?,
                Long("originals") => {
                    let folder = PathBuf::from(arguments.value()?);
                    let found = fs::canonicalize(&folder);
                    options.originals = Some(found.with_context(|| format!("cannot find {}", folder.display()))?);
                }
                Long("set") => options.sets.push(arguments.value()?.string()?),
                other => return Err(other.unexpected().into()),
            }
        }
        if !(0.0..=0.5).contains(&options.noise) {
            bail!("--noise is {}; it must lie between 0 and 0.5", options.noise);
        }
        if options.runs == 0 {
            bail!("--runs is 0; at least one run is needed");
        }
        options.data = fs::canonicalize(&options.data)
            .with_context(|| format!("cannot find the data file {}", options.data.display()))?;
        Ok(options)
    }
}

/// Runs both sides and prints them next to each other.
pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    if let Some(originals) = &options.originals {
        return cases::run(project, options, originals);
    }
    let interpreter = python::environment(project)?;
    let forge = project.build_forge()?;
    let mut runs = [Vec::new(), Vec::new()];
    for number in 1..=options.runs {
        process::step(&format!("run {number} of {} of each", options.runs), "up to a minute");
        let mut command = forge_command(project, &forge, &options.data, &options.target, options.noise);
        runs[0].push(measure(&mut command, "")?);
        let mut command = python_command(project, &interpreter, &options.data, &options.target, options.noise);
        runs[1].push(measure(&mut command, "")?.by_its_own_count()?);
    }
    let [forge, python] = runs.map(median);
    print_table(&forge, &python, options);
    Ok(())
}

fn forge_command(project: &Project, forge: &Path, data: &Path, target: &str, noise: f64) -> Command {
    let mut command = project.command(forge);
    command.args(["run", "--threads", "1", "--json", "--target", target, "--data"]).arg(data);
    if noise > 0.0 {
        command.arg("--label-noise-fraction").arg(noise.to_string());
    }
    command
}

fn python_command(project: &Project, interpreter: &Path, data: &Path, target: &str, noise: f64) -> Command {
    let mut command = python::script(project, interpreter, "bench_run.py");
    command.args(["--target", target, "--noise", &noise.to_string(), "--data"]).arg(data);
    command
}

fn print_table(forge: &Run, python: &Run, options: &Options) {
    let megabytes = |run: &Run| run.memory as f64 / 1e6;
    println!("\n{}, one thread, median of {}\n", options.data.display(), options.runs);
    println!("  {:<28} {:>10} {:>10} {:>8}", "", "forge", "Python", "ratio");
    let row = |name: &str, ours: f64, theirs: f64| {
        println!("  {name:<28} {ours:>10.2} {theirs:>10.2} {:>7.1}x", theirs / ours);
    };
    row("processor time, s", forge.cpu, python.cpu);
    row("peak memory, MB", megabytes(forge), megabytes(python));
    let compare = |name: &str, pointer: &str| {
        let value = |run: &Run| run.result.pointer(pointer).and_then(Value::as_f64);
        if let (Some(ours), Some(theirs)) = (value(forge), value(python)) {
            // Counts without decimals, shares and losses with four.
            let digits = if ours.fract() == 0.0 && theirs.fract() == 0.0 { 0 } else { 4 };
            println!("  {name:<28} {ours:>10.digits$} {theirs:>10.digits$}");
        }
    };
    compare("rows", "/n_rows");
    for (index, variant) in ["baseline", "pruned"].iter().enumerate() {
        for metric in ["accuracy", "f1_weighted", "precision_weighted", "roc_auc", "log_loss", "r2", "mae", "rmse"] {
            compare(&format!("{variant} {metric}"), &format!("/variants/{index}/metrics/{metric}"));
        }
    }
    compare("label issues", "/label_issues/n_issues");
    compare("rows pruned", "/noise/n_pruned");
    compare("precision at prune", "/noise/precision_at_prune");
    compare("recall at prune", "/noise/recall_at_prune");
    compare("precision at flag", "/noise/precision_at_flag");
    compare("recall at flag", "/noise/recall_at_flag");
}
