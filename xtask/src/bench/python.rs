//! The Python of the benchmarks, with pinned packages, in the target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::project::Project;

/// The Python side, pinned.
const PACKAGES: &[&str] = &[
    "cleanlab==2.9.0",
    "cleanvision==0.3.7",
    "datasets==5.2.0",
    "scikit-learn==1.9.1",
    "numpy==2.4.6",
    "pandas==3.1.1",
    "scipy==1.17.1",
    "onnxruntime==1.32.0",
    "opencv-python-headless==5.0.0.93",
];

/// `python` on one of the scripts in `tests/reference`, with one thread.
pub(crate) fn script(project: &Project, python: &Path, name: &str) -> Command {
    let mut command = project.command(python);
    command.arg(Path::new("tests/reference").join(name));
    for library in ["OMP", "OPENBLAS", "MKL"] {
        command.env(format!("{library}_NUM_THREADS"), "1");
    }
    command
}

/// The Python with the packages, made when it is missing; returns the path of the interpreter.
pub(crate) fn environment(project: &Project) -> Result<PathBuf> {
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
