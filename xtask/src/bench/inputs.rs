//! The data sets, generated once by a script in `tests/reference` and kept in the target folder.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::python;
use crate::process;
use crate::project::Project;

/// What draws data sets.
#[derive(Clone, Debug)]
pub(crate) struct Generator {
    /// The file in `tests/reference`.
    pub(crate) script: &'static str,
    /// What it is told beside name, folder and size.
    pub(crate) arguments: Vec<OsString>,
}

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

impl Generator {
    /// The folder of a data set, which is generated when it is missing or the generator has changed.
    pub(crate) fn data_set(
        &self,
        project: &Project,
        interpreter: &Path,
        (name, size): (&str, Size),
    ) -> Result<PathBuf> {
        let parent = size.folder(project).join(self.script.trim_end_matches(".py"));
        let (folder, stamp) = (parent.join(name), parent.join(format!("{name}.stamp")));
        let generator = fs::read_to_string(project.root.join("tests/reference").join(self.script))
            .with_context(|| format!("cannot read {}", self.script))?;
        let wanted = format!("{generator}{:?}", self.arguments);
        if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
            return Ok(folder);
        }
        process::step(&format!("data set {name}"), "up to a minute");
        let mut script = python::script(project, interpreter, self.script);
        script.arg(name).arg(&folder).args(&self.arguments);
        if size == Size::Quick {
            script.arg("--quick");
        }
        process::run(&mut script, "generate a data set", "see Python's message above")?;
        fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
        Ok(folder)
    }
}
