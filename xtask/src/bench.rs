//! `cargo xtask bench run`: `forge run` against the same steps by scikit-learn and cleanlab, one thread each.
//!
//! Of Python only the steps count, from before the file is read (`tests/reference/bench_run.py` measures them); the
//! start of the interpreter and the imports are left out. Of forge the whole process counts.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use lexopt::{Arg::Long, Parser, ValueExt};
use serde_json::Value;
use wait4::Wait4;

use crate::process;
use crate::project::Project;

/// The Python side, pinned.
const PACKAGES: &[&str] = &["cleanlab==2.9.0", "scikit-learn==1.9.1", "numpy==2.4.6", "pandas==3.1.1", "scipy==1.17.1"];

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

/// One run of one side.
struct Run {
    /// Seconds of one processor.
    cpu: f64,
    /// Largest resident memory, bytes.
    memory: u64,
    result: Value,
}

/// Runs both sides and prints them next to each other.
pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    let python = environment(project)?;
    let forge = project.build_forge()?;
    let mut runs = [Vec::new(), Vec::new()];
    for number in 1..=options.runs {
        process::step(&format!("run {number} of {} of each", options.runs), "up to a minute");
        let mut command = project.command(&forge);
        command.args(["run", "--threads", "1", "--json", "--target", &options.target]).arg("--data").arg(&options.data);
        if options.noise > 0.0 {
            command.arg("--label-noise-fraction").arg(options.noise.to_string());
        }
        runs[0].push(measure(&mut command)?);

        let mut command = project.command(&python);
        command.arg("tests/reference/bench_run.py").args(["--target", &options.target]);
        command.arg("--data").arg(&options.data).arg("--noise").arg(options.noise.to_string());
        for library in ["OMP", "OPENBLAS", "MKL"] {
            command.env(format!("{library}_NUM_THREADS"), "1");
        }
        let mut run = measure(&mut command)?;
        run.cpu = run.result["cpu_seconds"].as_f64().context("bench_run.py printed no cpu_seconds")?;
        runs[1].push(run);
    }
    let [forge, python] = runs.map(median);
    print_table(&forge, &python, options);
    Ok(())
}

fn measure(command: &mut Command) -> Result<Run> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {program}"))?;
    let mut printed = String::new();
    if let Some(mut output) = child.stdout.take() {
        std::io::Read::read_to_string(&mut output, &mut printed)
            .with_context(|| format!("cannot read from {program}"))?;
    }
    let used = child.wait4().with_context(|| format!("cannot wait for {program}"))?;
    // Exit code 1 of forge says that the table has issues, which is what is measured.
    if !matches!(used.status.code(), Some(0 | 1)) {
        bail!("{program} ended with {}; see its message above", used.status);
    }
    let result =
        serde_json::from_str(&printed).with_context(|| format!("{program} printed no JSON; see its message above"))?;
    Ok(Run { cpu: (used.rusage.utime + used.rusage.stime).as_secs_f64(), memory: used.rusage.maxrss, result })
}

/// The run with the median processor time; its memory is the largest of all.
fn median(mut runs: Vec<Run>) -> Run {
    runs.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    let memory = runs.iter().map(|run| run.memory).max().unwrap_or_default();
    let middle = (runs.len() - 1) / 2;
    Run { memory, ..runs.swap_remove(middle) }
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

/// The Python with the packages, made when it is missing; returns the path of the interpreter.
fn environment(project: &Project) -> Result<PathBuf> {
    let folder = project.target.join("bench-venv");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let stamp = folder.join("packages.txt");
    let wanted = PACKAGES.join("\n");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted)
        && process::version(project.command(&python)).is_some()
    {
        return Ok(python);
    }
    process::step("Python environment with scikit-learn and cleanlab", "about 2 minutes the first time");
    let mut venv = project.command("python3");
    venv.args(["-m", "venv", "--clear"]).arg(&folder);
    process::run(
        &mut venv,
        "make a Python environment",
        "install Python 3.11 or later with its venv module (`apt-get install python3-venv`)",
    )?;
    let mut pip = project.command(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]).args(PACKAGES);
    process::run(
        &mut pip,
        "install scikit-learn and cleanlab",
        "the message above names the cause: usually no network, or a Python older than 3.11",
    )?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(python)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_run_counts_and_the_largest_memory() {
        let run = |cpu, memory| Run { cpu, memory, result: Value::Null };
        let middle = median(vec![run(3.0, 1), run(1.0, 9), run(2.0, 5)]);
        assert_eq!((middle.cpu, middle.memory), (2.0, 9));
    }
}
