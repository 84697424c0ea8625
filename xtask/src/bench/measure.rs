//! Runs a program and measures it.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use wait4::Wait4;

/// One run of one side.
pub(crate) struct Run {
    /// Seconds of one processor, of the whole process.
    pub(crate) cpu: f64,
    /// Largest resident memory, bytes.
    pub(crate) memory: u64,
    /// The JSON it printed.
    pub(crate) result: Value,
}

impl Run {
    /// This run with the time the program measured itself, its `cpu_seconds`, without its start.
    pub(crate) fn by_its_own_count(self) -> Result<Self> {
        let cpu = self.result["cpu_seconds"].as_f64().context("the program printed no cpu_seconds")?;
        Ok(Self { cpu, ..self })
    }
}

/// Runs `command` with `input` on its standard input; it must print JSON and end with 0, or with 1 for findings.
pub(crate) fn measure(command: &mut Command, input: &str) -> Result<Run> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {program}"))?;
    if let Some(mut pipe) = child.stdin.take() {
        // A program that does not read its input closes the pipe.
        let _ = pipe.write_all(input.as_bytes());
    }
    let mut printed = String::new();
    if let Some(mut output) = child.stdout.take() {
        output.read_to_string(&mut printed).with_context(|| format!("cannot read from {program}"))?;
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
pub(crate) fn median(mut runs: Vec<Run>) -> Run {
    runs.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    let memory = runs.iter().map(|run| run.memory).max().unwrap_or_default();
    let middle = (runs.len() - 1) / 2;
    Run { memory, ..runs.swap_remove(middle) }
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
