//! `cargo xtask test`: every test of the repository, one part after the other, with a summary at the end.
//!
//! A part that fails does not keep the others from running.

use std::ffi::OsString;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::project::Project;
use crate::{browser, lint, npm, process, setup, size};

struct Part {
    name: &'static str,
    check: fn(&Project) -> Result<()>,
}

/// In the order in which they run: what fails fast comes first.
const PARTS: &[Part] = &[
    Part { name: "lint", check: lint::check },
    Part { name: "unit", check: unit },
    Part { name: "cases", check: cases },
    Part { name: "wasm", check: wasm },
    Part { name: "npm", check: npm::test },
    Part { name: "size", check: size::check },
    Part { name: "e2e", check: browser::test },
];

/// Runs the parts called `names`, or all.
pub(crate) fn run(project: &Project, names: &[OsString]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| PARTS.iter().all(|part| *name != part.name)) {
        let known: Vec<_> = PARTS.iter().map(|part| part.name).collect();
        bail!("there is no test part `{}`; there are {}", unknown.to_string_lossy(), known.join(", "));
    }
    let mut summary = Vec::new();
    let mut failed = Vec::new();
    for part in PARTS.iter().filter(|part| names.is_empty() || names.iter().any(|name| name == part.name)) {
        println!("\n=== {}", part.name);
        let start = Instant::now();
        let outcome = (part.check)(project);
        let verdict = if outcome.is_ok() { "passed" } else { "FAILED" };
        summary.push(format!("  {:<6} {verdict} in {:.0} s", part.name, start.elapsed().as_secs_f64()));
        if let Err(error) = outcome {
            println!("error: {error:#}");
            failed.push(part.name);
        }
    }
    println!("\n=== summary\n{}", summary.join("\n"));
    if failed.is_empty() {
        println!("all tests passed");
        return Ok(());
    }
    bail!("failed: {}", failed.join(", "))
}

/// Unit and reference tests of the native crates and of the automation, and the examples in the documentation.
fn unit(project: &Project) -> Result<()> {
    const ADVICE: &str = "the failed tests are named above";
    const CRATES: &str = "-p forge-data -p forge-learn -p forge-core -p forge-cli -p xtask";
    let nextest = process::version(project.cargo("nextest")).is_some();
    let runner = if nextest { "nextest run" } else { "test --lib --bins --tests" };
    let examples = "test --doc -p forge-data -p forge-learn -p forge-core";
    process::all([
        process::run(&mut project.cargo(&format!("{runner} {CRATES}")), "pass the unit tests", ADVICE),
        process::run(&mut project.cargo(examples), "pass the examples in the documentation", ADVICE),
    ])
}

/// The reference cases of the real cleanlab, through the command line as users run it.
fn cases(project: &Project) -> Result<()> {
    let mut forge = project.command(project.build_forge()?);
    forge.args(["check", "tests/cases"]);
    process::run(&mut forge, "pass the reference cases", "the cases that differ are named above")
}

/// The wasm module in Node.
fn wasm(project: &Project) -> Result<()> {
    setup::wasm_bindgen(project)?;
    setup::node(project)?;
    let mut pool = project.command("node");
    pool.args(["--test", "crates/forge-wasm/tests/js/"]);
    process::run(&mut pool, "pass the tests of the pool", "the failed tests are named above")?;
    process::run(
        &mut project.wasm_cargo("test --target wasm32-unknown-unknown -p forge-wasm"),
        "pass the wasm tests",
        "the failed tests are named above",
    )
}
