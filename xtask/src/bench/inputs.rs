//! The data sets, generated once by `bench_inputs.py` and kept in the target folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::python;
use crate::process;
use crate::project::Project;

const GENERATOR: &str = "bench_inputs.py";

/// How much of a data set is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// All of it.
    Full,
    /// A twentieth.
    Quick,
}

impl Size {
    /// The folder of everything of this size.
    pub(crate) fn folder(self, project: &Project) -> PathBuf {
        project.target.join("bench").join(match self {
            Self::Full => "full",
            Self::Quick => "quick",
        })
    }
}

/// The folder of a data set, which is generated when it is missing or the generator has changed.
pub(crate) fn data_set(project: &Project, interpreter: &Path, name: &str, size: Size) -> Result<PathBuf> {
    let parent = size.folder(project);
    let (folder, stamp) = (parent.join(name), parent.join(format!("{name}.stamp")));
    let generator = fs::read_to_string(project.root.join("tests/reference").join(GENERATOR))
        .with_context(|| format!("cannot read {GENERATOR}"))?;
    if fs::read_to_string(&stamp).is_ok_and(|found| found == generator) {
        return Ok(folder);
    }
    process::step(&format!("data set {name}"), "up to a minute");
    let mut script = python::script(project, interpreter, GENERATOR);
    script.arg(name).arg(&folder);
    if size == Size::Quick {
        script.arg("--quick");
    }
    process::run(&mut script, "generate a data set", "see Python's message above")?;
    fs::write(&stamp, generator).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(folder)
}
