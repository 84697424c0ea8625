//! The programs of all sides, brought up to date, and the folders of what they return.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::inputs::{Generator, Size};
use super::python;
use crate::project::Project;
use crate::{process, setup, wasm};

/// Where our side runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    NativeAndWasm,
    Native,
}

/// The programs of all sides.
pub(crate) struct Sides<'a> {
    pub(crate) project: &'a Project,
    size: Size,
    interpreter: PathBuf,
    native: PathBuf,
    /// The JavaScript of the wasm module, where Node is measured.
    module: Option<PathBuf>,
}

impl<'a> Sides<'a> {
    /// Builds and installs what is missing.
    pub(crate) fn prepare(project: &'a Project, size: Size, face: Face) -> Result<Self> {
        let interpreter = python::environment(project)?;
        process::step("release build of forge-bench", "about a minute the first time");
        let mut cargo = project.cargo("build --quiet --release -p forge-bench");
        process::run(&mut cargo, "build forge-bench", "see the compiler's message above")?;
        let name = format!("forge-bench{}", std::env::consts::EXE_SUFFIX);
        let module = match face {
            Face::Native => None,
            Face::NativeAndWasm => {
                setup::node(project)?;
                let folder = project.target.join("bench/wasm");
                let recipe =
                    wasm::Recipe { member: "forge-bench", profile: "module", bindgen: &["--target", "nodejs"] };
                wasm::package(project, &recipe, &folder)?;
                Some(folder.join("forge_bench.js"))
            }
        };
        let native = project.target.join("release").join(name);
        Ok(Self { project, size, interpreter, native, module })
    }

    /// The folder of a data set.
    pub(crate) fn data_set(&self, generator: &Generator, name: &str) -> Result<PathBuf> {
        generator.data_set(self.project, &self.interpreter, (name, self.size))
    }

    /// A script in `tests/reference`, to be given an item and its folders.
    pub(crate) fn python(&self, script: &str) -> Command {
        python::script(self.project, &self.interpreter, script)
    }

    /// Our native program, to be given the same.
    pub(crate) fn native(&self) -> Command {
        self.project.command(&self.native)
    }

    /// Our wasm module in Node, where it is measured, to be given the same.
    pub(crate) fn node(&self) -> Option<Command> {
        self.module.as_ref().map(|module| {
            let mut node = self.project.command("node");
            node.arg("xtask/bench/run.mjs").arg(module);
            node
        })
    }

    /// An empty folder for what a side returns.
    pub(crate) fn results(&self, item: &str, side: &str) -> Result<PathBuf> {
        let folder = self.size.folder(self.project).join("results").join(item).join(side);
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        Ok(folder)
    }
}
