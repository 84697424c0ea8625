//! Runs one item of `cargo xtask bench algorithms` or `bench models` natively: `forge-bench ITEM INPUTS RESULTS [THREADS]`.
//!
//! Prints one JSON object with `cpu_seconds`, the least processor time of a few calls; where a number of threads is given,
//! with `wall_seconds` instead.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the program works on files, threads and the console"
)]

mod files;
mod threads;

use std::env;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};
use cpu_time::ProcessTime;
use forge_bench::Stopwatch;
use forge_learn::{Host, Quiet};
use threads::Threads;

/// Seconds from which a call is not repeated.
const ONCE_FROM_SECONDS: f64 = 10.0;

/// Calls at most; the fastest counts.
const RUNS: usize = 3;

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(Into::into).collect();
    let (item, inputs, results, threads) = match arguments.as_slice() {
        [item, inputs, results] => (item, inputs, results, None),
        [item, inputs, results, threads] => (item, inputs, results, Some(threads.to_string_lossy().parse()?)),
        _ => bail!("usage: forge-bench ITEM INPUTS RESULTS [THREADS]"),
    };
    let start = Instant::now();
    let now = || match threads {
        None => ProcessTime::now().as_duration().as_secs_f64(),
        Some(_) => start.elapsed().as_secs_f64(),
    };
    let pool = threads.filter(|&threads| threads > 1).map(Threads::new).transpose()?;
    let host: &dyn Host = pool.as_ref().map_or(&Quiet, |pool| pool as &dyn Host);
    let mut seconds = Vec::new();
    let out = loop {
        let mut stopwatch = Stopwatch::new(&now);
        let out = forge_bench::run(&item.to_string_lossy(), &mut files::read(inputs)?, &mut stopwatch, host)?;
        seconds.push(stopwatch.seconds());
        if seconds.len() == RUNS || stopwatch.seconds() > ONCE_FROM_SECONDS {
            break out;
        }
    };
    files::write(results, &out)?;
    let clock = if threads.is_none() { "cpu" } else { "wall" };
    println!("{{\"{clock}_seconds\": {}}}", seconds.into_iter().fold(f64::INFINITY, f64::min));
    Ok(())
}
