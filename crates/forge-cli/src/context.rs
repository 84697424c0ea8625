//! What every command shares: the configuration file, the folders and how much is told.
//!
//! A flag goes before an environment variable, and that before the file.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};

use crate::settings::ConfigFile;

/// How much is told on standard error while work goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Log {
    /// Errors only.
    Error,
    /// Errors and what users should know.
    #[default]
    Warn,
    /// The stages too, with their times.
    Info,
    /// Every step.
    Debug,
}

/// Flags that every command takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct GlobalFlags {
    /// Settings by name, in TOML or JSON
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// How much to tell on standard error [default: warn; or FORGE_LOG]
    #[arg(long, value_name = "LEVEL", value_enum, global = true)]
    log: Option<Log>,
    /// Memory a table may need, in GB; larger ones are refused before they are read [default: 4]
    #[arg(long, value_name = "GB", global = true, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    max_memory: Option<u64>,
}

/// The environment of a command.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub(crate) file: ConfigFile,
    pub(crate) log: Log,
    /// Where downloaded data sets are kept.
    data_dir: Option<PathBuf>,
    /// Where results go that have a relative name.
    artifacts_dir: Option<PathBuf>,
    /// Bytes of memory a table may need.
    pub(crate) max_memory: u64,
}

/// Bytes of memory a table may need where the user does not say.
const MAX_MEMORY: u64 = 4_000_000_000;

impl Context {
    /// Puts flags, environment and file together.
    pub(crate) fn new(flags: &GlobalFlags) -> anyhow::Result<Self> {
        let file = flags.config.as_deref().map(ConfigFile::read).transpose()?.unwrap_or_default();
        let choose = |variable: &str, name: &str| -> anyhow::Result<Option<String>> {
            match std::env::var(variable) {
                Ok(value) if !value.is_empty() => Ok(Some(value)),
                Ok(_) | Err(std::env::VarError::NotPresent) => Ok(file.program(name)?.map(str::to_owned)),
                Err(error) => bail!("{variable}: {error}"),
            }
        };
        let log = match (flags.log, choose("FORGE_LOG", "log")?) {
            (Some(log), _) => log,
            (None, Some(name)) => Log::from_str(&name, true).map_err(|_| {
                anyhow::anyhow!("`{name}` is no level of FORGE_LOG: expected error, warn, info or debug")
            })?,
            (None, None) => Log::default(),
        };
        let data_dir = choose("FORGE_DATA_DIR", "data_dir")?.map(PathBuf::from);
        let artifacts_dir = choose("FORGE_ARTIFACTS_DIR", "artifacts_dir")?.map(PathBuf::from);
        let max_memory = flags.max_memory.map_or(MAX_MEMORY, |gigabytes| gigabytes * 1_000_000_000);
        Ok(Self { file, log, data_dir, artifacts_dir, max_memory })
    }

    /// The folder of downloaded data sets: `FORGE_DATA_DIR`, else the user's cache folder.
    pub(crate) fn data_dir(&self) -> anyhow::Result<PathBuf> {
        if let Some(folder) = &self.data_dir {
            return Ok(folder.clone());
        }
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = || variable("HOME").or_else(|| variable("USERPROFILE"));
        let cache = variable("XDG_CACHE_HOME")
            .or_else(|| variable("LOCALAPPDATA"))
            .or_else(|| home().map(|home| home.join(".cache")))
            .context("no folder for downloads: name one with FORGE_DATA_DIR")?;
        Ok(cache.join("cleanlab-forge").join("data"))
    }

    /// Where a result of that name goes: relative names below `FORGE_ARTIFACTS_DIR`, where that is set.
    pub(crate) fn artifact(&self, name: &Path) -> PathBuf {
        self.artifacts_dir.as_ref().map_or_else(|| name.to_owned(), |folder| folder.join(name))
    }
}
