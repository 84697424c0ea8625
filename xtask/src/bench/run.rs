//! `cargo xtask bench run`: `forge run` against the same steps by scikit-learn and cleanlab, one thread each.
//!
//! Of Python only the steps count, from before the file is read (`tests/reference/bench_run.py` measures them); the
//! start of the interpreter and the imports are left out. Of forge the whole process counts.

use std::fs;
use std::path::PathBuf;

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
}

impl Options {
    /// Reads `--data`, `--target`, `--noise` and `--runs`.
    pub(crate) fn parse(mut arguments: Parser) -> Result<Self> {
        let mut options =
            Self { data: PathBuf::from("tests/data/adult.data.gz"), target: "income".into(), noise: 0.0, runs: 3 };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("data") => options.data = arguments.value()?.into(),
                Long("target") => options.target = arguments.value()?.string()?,
                Long("noise") => options.noise = arguments.value()?.parse()?,
                Long("runs") => options.runs = arguments.value()?.parse()?,
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
    let interpreter = python::environment(project)?;
    let forge = project.build_forge()?;
    let mut runs = [Vec::new(), Vec::new()];
    for number in 1..=options.runs {
        process::step(&format!("run {number} of {} of each", options.runs), "up to a minute");
        let mut command = project.command(&forge);
        command.args(["run", "--threads", "1", "--json", "--target", &options.target]).arg("--data").arg(&options.data);
        if options.noise > 0.0 {
            command.arg("--label-noise-fraction").arg(options.noise.to_string());
        }
        runs[0].push(measure(&mut command, "")?);

        let mut command = python::script(project, &interpreter, "bench_run.py");
        command.args(["--target", &options.target]).arg("--data").arg(&options.data);
        command.arg("--noise").arg(options.noise.to_string());
        runs[1].push(measure(&mut command, "")?.by_its_own_count()?);
    }
    let [forge, python] = runs.map(median);
    print_table(&forge, &python, options);
    Ok(())
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
        for metric in ["accuracy", "f1_weighted", "precision_weighted", "roc_auc", "log_loss"] {
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
