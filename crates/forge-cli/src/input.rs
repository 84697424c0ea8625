//! Reading what the user names and writing results whole or not at all.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use forge_data::{CsvOptions, TableFile};

use crate::interrupt;

/// Reads a table from a path, or from standard input for `-`.
pub(crate) fn read_table(path: &Path, options: &CsvOptions) -> anyhow::Result<TableFile> {
    let (name, bytes) = if path == Path::new("-") {
        ("standard input".to_owned(), read_stdin()?)
    } else {
        if path.is_dir() {
            bail!("{} is a folder: name a file", path.display());
        }
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        (path.display().to_string(), bytes)
    };
    Ok(forge_data::read_table(&name, bytes, options)?)
}

/// Everything on standard input.
pub(crate) fn read_stdin() -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
    Ok(bytes)
}

/// Writes a file under another name first, so that a stop in between leaves no half file.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    interrupt::half(&part);
    std::fs::write(&part, bytes).with_context(|| format!("cannot write {}", part.display()))?;
    interrupt::whole(&part, path).with_context(|| format!("cannot write {}", path.display()))
}
