//! The size budget: what a visitor downloads before the first result.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::{npm, page, wasm};

/// Bytes of a module of the page at most, compressed with brotli at quality 11.
const PAGE_BUDGET: usize = 1_500_000;
/// Bytes of the worker that reads every format at most, compressed alike; it is fetched when a file of Parquet, Arrow or
/// Excel is met.
const FORMATS_BUDGET: usize = 2_700_000;
/// Bytes of the module of the npm package at most, compressed alike.
const CORE_BUDGET: usize = 1_200_000;
/// Bytes of the tarball of the npm package at most, without what sees in pictures.
const TARBALL_BUDGET: usize = 4_000_000;
/// Bytes of the vision module at most, compressed; it is fetched when the first picture is met.
const VISION_BUDGET: usize = 3_000_000;
/// Bytes of all models at most, as they are.
const MODELS_BUDGET: usize = 6_000_000;

/// Builds the npm package and the page and checks the package, the models and every wasm module in all.
pub(crate) fn check(project: &Project) -> Result<()> {
    let package = npm::build(project)?;
    let core = wasm::build(project)?;
    let vision = wasm::build_vision(project)?;
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
    measured(&package.tarball, package.without_vision, TARBALL_BUDGET)?;
    measured(&core, brotli_size(&fs::read(&core)?)?, CORE_BUDGET)?;
    measured(&vision, brotli_size(&fs::read(&vision)?)?, VISION_BUDGET)?;
    for module in files_in(&project.dist(), "wasm")? {
        let reads_all = module.file_name().is_some_and(|name| name.to_string_lossy().starts_with("worker_formats"));
        let budget = if reads_all { FORMATS_BUDGET } else { PAGE_BUDGET };
        measured(&module, brotli_size(&fs::read(&module)?)?, budget)?;
    }
    let models = models_size(project)?;
    println!("  {models:>10} {:>10} {MODELS_BUDGET:>10}   models", "");
    if models > MODELS_BUDGET {
        over.push(format!("data/models ({models} of {MODELS_BUDGET} bytes)"));
    }
    if !over.is_empty() {
        bail!("over the budget: {}", over.join("; "));
    }
    Ok(())
}

/// Bytes of all models together.
fn models_size(project: &Project) -> Result<usize> {
    let folder = project.root.join("data/models");
    let sizes = files_in(&folder, "onnx")?.into_iter().map(|path| {
        let facts = fs::metadata(&path).with_context(|| format!("cannot look at {}", path.display()))?;
        Ok(facts.len() as usize)
    });
    sizes.sum()
}

fn files_in(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == ending) {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

fn brotli_size(bytes: &[u8]) -> Result<usize> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, 24);
    writer.write_all(bytes).and_then(|()| writer.flush()).context("brotli failed")?;
    drop(writer);
    Ok(packed.len())
}
