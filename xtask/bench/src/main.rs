//! Runs one item of `cargo xtask bench algorithms` natively: `forge-bench ITEM INPUTS RESULTS`.
//!
//! Prints one JSON object with `cpu_seconds`, the least processor time of a few calls.

#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "the program works on files and the console")]

mod files;

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};
use cpu_time::ProcessTime;
use forge_bench::Stopwatch;

/// Seconds from which a call is not repeated.
const ONCE_FROM_SECONDS: f64 = 10.0;

/// Calls at most; the fastest counts.
const RUNS: usize = 3;

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(Into::into).collect();
    let [item, inputs, results] = arguments.as_slice() else {
        bail!("usage: forge-bench ITEM INPUTS RESULTS");
    };
    let now = || ProcessTime::now().as_duration().as_secs_f64();
    let mut seconds = Vec::new();
    let out = loop {
        let mut stopwatch = Stopwatch::new(&now);
        let out = forge_bench::run(&item.to_string_lossy(), &mut files::read(inputs)?, &mut stopwatch)?;
        seconds.push(stopwatch.seconds());
        if seconds.len() == RUNS || stopwatch.seconds() > ONCE_FROM_SECONDS {
            break out;
        }
    };
    files::write(results, &out)?;
    println!("{{\"cpu_seconds\": {}}}", seconds.into_iter().fold(f64::INFINITY, f64::min));
    Ok(())
}
