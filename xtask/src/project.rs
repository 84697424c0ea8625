//! Where things are: the repository, the target folder, the tools in it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;

/// The repository and its target folder, as cargo sees them.
pub(crate) struct Project {
    /// The folder of the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder: `CARGO_TARGET_DIR`, or `target`.
    pub(crate) target: PathBuf,
}

impl Project {
    /// Asks cargo.
    pub(crate) fn find() -> Result<Self> {
        let metadata = process::output(
            Command::new("cargo").args(["metadata", "--no-deps", "--format-version", "1"]),
            "read the workspace",
        )?;
        let metadata: Value = serde_json::from_str(&metadata).context("cargo metadata printed no JSON")?;
        let path = |key: &str| {
            metadata[key].as_str().map(PathBuf::from).with_context(|| format!("cargo metadata has no {key}"))
        };
        Ok(Self { root: path("workspace_root")?, target: path("target_directory")? })
    }

    /// Everything that [`setup`](crate::setup) installs.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// The programs among the tools.
    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        self.tools().join("bin").join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// The programs that npm put among the tools.
    pub(crate) fn npm_bin(&self) -> PathBuf {
        self.tools().join("npm/node_modules/.bin")
    }

    /// The finished page.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The release build of the command line.
    pub(crate) fn forge(&self) -> PathBuf {
        self.target.join("release").join(format!("forge{}", env::consts::EXE_SUFFIX))
    }

    /// A program started in the root, which finds the tools first and shares the target folder.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = [self.tools().join("bin"), self.npm_bin()].into_iter().chain(env::split_paths(&path));
        let mut command = Command::new(program.as_ref());
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        // A PATH that cannot be joined (an entry with a colon in it) is left as it is.
        if let Ok(joined) = env::join_paths(folders) {
            command.env("PATH", joined);
        }
        command
    }

    /// Cargo with `arguments`, separated by blanks.
    pub(crate) fn cargo(&self, arguments: &str) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments.split_whitespace());
        command
    }

    /// Cargo for wasm: a `RUSTFLAGS` of the caller would replace the flags in `.cargo/config.toml`.
    pub(crate) fn wasm_cargo(&self, arguments: &str) -> Command {
        let mut command = self.cargo(arguments);
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        command
    }

    /// The release build of the command line, brought up to date.
    pub(crate) fn build_forge(&self) -> Result<PathBuf> {
        process::step("release build of forge", "about a minute the first time");
        process::run(
            &mut self.cargo("build --quiet --release -p forge-cli"),
            "build forge",
            "see the compiler's message above",
        )?;
        Ok(self.forge())
    }
}
