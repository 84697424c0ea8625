//! The size budget: what a visitor downloads before the first result.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::{npm, page, wasm};

/// Bytes of a module of the page at most, compressed with brotli at quality 11.
const PAGE_BUDGET: usize = 1_500_000;
/// Bytes of the module of the npm package at most, compressed alike.
const CORE_BUDGET: usize = 1_200_000;
/// Bytes of the tarball of the npm package at most.
const TARBALL_BUDGET: usize = 4_000_000;

/// Builds the npm package and the page and checks the package and every wasm module in both.
pub(crate) fn check(project: &Project) -> Result<()> {
    let tarball = npm::build(project)?;
    let core = wasm::build(project)?;
    page::build(project)?;
    let mut over = Vec::new();
    println!("\n  {:>10} {:>10} {:>10}   file", "bytes", "packed", "at most");
    let mut measured = |path: &Path, packed: usize, budget: usize| -> Result<()> {
        let bytes = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?.len();
        let name = path.strip_prefix(&project.root).unwrap_or(path).display();
        println!("  {bytes:>10} {packed:>10} {budget:>10}   {name}");
        if packed > budget {
            over.push(format!("{name} has {packed} bytes, {budget} allowed"));
        }
        Ok(())
    };
    measured(&tarball, fs::metadata(&tarball)?.len() as usize, TARBALL_BUDGET)?;
    measured(&core, brotli_size(&fs::read(&core)?)?, CORE_BUDGET)?;
    for module in modules_in(&project.dist())? {
        measured(&module, brotli_size(&fs::read(&module)?)?, PAGE_BUDGET)?;
    }
    if !over.is_empty() {
        bail!("over the budget: {}", over.join("; "));
    }
    Ok(())
}

fn modules_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut modules = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            modules.push(path);
        }
    }
    modules.sort_unstable();
    Ok(modules)
}

fn brotli_size(bytes: &[u8]) -> Result<usize> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, 24);
    writer.write_all(bytes).and_then(|()| writer.flush()).context("brotli failed")?;
    drop(writer);
    Ok(packed.len())
}
