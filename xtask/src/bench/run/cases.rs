//! `cargo xtask bench run --originals FOLDER`: whole runs with defaults on the real data sets, beside Python.
//!
//! `tests/reference/run_sets.py` writes the sets from their original files. Covertype, 581,012 rows, is run by forge
//! alone: Python's search for neighbours takes hours there.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::{Options, forge_command, python_command};
use crate::bench::measure::{Run, measure, median};
use crate::bench::python;
use crate::process;
use crate::project::Project;

/// Share of Python's memory that may be used.
const MEMORY_SHARE: f64 = 0.2;
/// How far the deciding metric may be below Python's.
const AGREEMENT: f64 = 0.01;

/// A data set and a model.
struct Case {
    set: &'static str,
    target: &'static str,
    model: &'static str,
    /// How many times faster than Python it has to be; none where Python does not finish.
    goal: Option<f64>,
}

const fn case(set: &'static str, target: &'static str, model: &'static str, goal: f64) -> Case {
    Case { set, target, model, goal: Some(goal) }
}

const CASES: [Case; 13] = [
    case("adult", "income", "logistic_regression", 8.0),
    case("adult", "income", "knn", 8.0),
    case("adult", "income", "hist_gradient_boosting", 5.0),
    case("adult", "income", "random_forest", 5.0),
    case("adult", "income", "extra_trees", 5.0),
    case("bike", "cnt", "ridge", 8.0),
    case("bike", "cnt", "hist_gradient_boosting", 5.0),
    case("bike", "cnt", "knn", 8.0),
    case("bike", "cnt", "random_forest", 5.0),
    case("california", "MedHouseVal", "ridge", 8.0),
    case("california", "MedHouseVal", "hist_gradient_boosting", 5.0),
    case("california", "MedHouseVal", "random_forest", 5.0),
    Case { set: "covertype", target: "Cover_Type", model: "logistic_regression", goal: None },
];

/// Runs every case that was chosen and prints a line each; an error says which goals are missed.
pub(super) fn run(project: &Project, options: &Options, originals: &Path) -> Result<()> {
    let interpreter = python::environment(project)?;
    let forge = project.build_forge()?;
    let folder = project.target.join("bench-sets");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let chosen = |case: &&Case| options.sets.is_empty() || options.sets.iter().any(|set| set == case.set);
    let cases: Vec<&Case> = CASES.iter().filter(chosen).collect();
    if cases.is_empty() {
        bail!("--set names no data set; there are adult, bike, california and covertype");
    }
    let mut sets: Vec<&str> = cases.iter().map(|case| case.set).collect();
    sets.dedup();
    process::run(
        python::script(project, &interpreter, "run_sets.py").arg(originals).arg(&folder).args(sets),
        "write the data sets",
        "--originals names a folder with adult/, bike/, california/ and covtype/",
    )?;
    println!(
        "\nprocessor seconds of the whole run, one thread; peak memory, MB; the deciding metric of the baseline\n"
    );
    println!(
        "  {:<11} {:<23} {:>9} {:>9} {:>8} {:>5} {:>8} {:>8}  {:>7} {:>7}",
        "set", "model", "forge", "Python", "ratio", "goal", "forge", "Python", "forge", "Python"
    );
    let mut missed = Vec::new();
    for case in cases {
        let data = folder.join(format!("{}.csv", case.set));
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..options.runs {
            let mut command = forge_command(project, &forge, &data, case.target, options.noise);
            ours.push(measure(command.args(["--model", case.model]), "")?);
            if case.goal.is_some() {
                let mut command = python_command(project, &interpreter, &data, case.target, options.noise);
                theirs.push(measure(command.args(["--model", case.model]), "")?.by_its_own_count()?);
            }
        }
        let ours = median(ours);
        let theirs = if theirs.is_empty() { None } else { Some(median(theirs)) };
        missed.extend(print_line(case, &ours, theirs.as_ref()));
    }
    if missed.is_empty() {
        return Ok(());
    }
    bail!("goals missed: {}", missed.join("; "))
}

/// Prints a case; returns the goals it misses.
fn print_line(case: &Case, ours: &Run, theirs: Option<&Run>) -> Vec<String> {
    let megabytes = |run: &Run| run.memory as f64 / 1e6;
    let primary = |run: &Run| {
        let metrics = run.result.pointer("/variants/0/metrics")?;
        metrics.get("roc_auc").or_else(|| metrics.get("r2"))?.as_f64()
    };
    let number = |value: Option<f64>, digits: usize| value.map_or_else(|| "–".to_owned(), |v| format!("{v:.digits$}"));
    let ratio = theirs.map(|theirs| theirs.cpu / ours.cpu);
    println!(
        "  {:<11} {:<23} {:>9.2} {:>9} {:>7}x {:>4}x {:>8.0} {:>8}  {:>7} {:>7}",
        case.set,
        case.model,
        ours.cpu,
        number(theirs.map(|run| run.cpu), 2),
        number(ratio, 1),
        number(case.goal, 0),
        megabytes(ours),
        number(theirs.map(megabytes), 0),
        number(primary(ours), 4),
        number(theirs.and_then(primary), 4),
    );
    let Some(theirs) = theirs else { return Vec::new() };
    let name = format!("{} by {}", case.set, case.model);
    let mut missed = Vec::new();
    if let (Some(ratio), Some(goal)) = (ratio, case.goal)
        && ratio < goal
    {
        missed.push(format!("{name} is {ratio:.1}x as fast, not {goal}x"));
    }
    if ours.memory as f64 > MEMORY_SHARE * theirs.memory as f64 {
        missed.push(format!("{name} takes {:.0} MB, more than a fifth", megabytes(ours)));
    }
    if let (Some(mine), Some(python)) = (primary(ours), primary(theirs))
        && mine < python - AGREEMENT
    {
        missed.push(format!("{name} scores {mine:.4} against {python:.4} (one split of many)"));
    }
    missed
}
