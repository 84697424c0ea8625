//! Starting programs, and saying in one sentence what went wrong and what to do about it.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};

/// Announces a step that may take a while.
pub(crate) fn step(name: &str, usual_time: &str) {
    println!("· {name} ({usual_time})");
}

/// Runs `command` with its output shown; `advice` says what to do when it fails.
pub(crate) fn run(command: &mut Command, purpose: &str, advice: &str) -> Result<()> {
    let status = command.status().map_err(|error| cannot_start(command.get_program(), purpose, &error))?;
    if !status.success() {
        bail!("could not {purpose} (`{}` ended with {status}); {advice}", shown(command));
    }
    Ok(())
}

/// Succeeds when all of several outcomes do; otherwise names every failure.
pub(crate) fn all(outcomes: impl IntoIterator<Item = Result<()>>) -> Result<()> {
    let errors: Vec<String> =
        outcomes.into_iter().filter_map(|outcome| outcome.err().map(|error| format!("{error:#}"))).collect();
    if errors.is_empty() {
        return Ok(());
    }
    bail!("{}", errors.join("\nerror: "))
}

/// Runs `command` and returns what it printed; its error output is part of the error.
pub(crate) fn output(command: &mut Command, purpose: &str) -> Result<String> {
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| cannot_start(command.get_program(), purpose, &error))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        bail!("could not {purpose} (`{}` ended with {}): {}", shown(command), output.status, message.trim());
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` printed something that is not UTF-8", shown(command)))
}

/// What `program --version` prints, or nothing when the program is missing or broken.
pub(crate) fn version(mut command: Command) -> Option<String> {
    let output = command.arg("--version").stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn cannot_start(program: &OsStr, purpose: &str, error: &std::io::Error) -> anyhow::Error {
    let program = program.to_string_lossy();
    if error.kind() == ErrorKind::NotFound {
        anyhow!("could not {purpose}: `{program}` is not installed or not on PATH")
    } else {
        anyhow!("could not {purpose}: `{program}` did not start ({error})")
    }
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}
