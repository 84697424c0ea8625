//! The size budget: what a visitor downloads before the first result.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::{page, wasm};

/// Bytes of one wasm module at most, compressed with brotli at quality 11.
const BUDGET: usize = 1_500_000;
/// Bytes of the vision module at most, compressed; it is fetched when the first picture is met.
const VISION_BUDGET: usize = 3_000_000;
/// Bytes of all models at most, as they are.
const MODELS_BUDGET: usize = 6_000_000;
/// What the names of the vision module begin with, with and without what trunk puts behind them.
const VISION: &str = "forge_vision_wasm";

/// Builds the wasm packages and the page and checks every wasm module in them, and the models.
pub(crate) fn check(project: &Project) -> Result<()> {
    let mut modules = vec![wasm::build(project)?, wasm::build_vision(project)?];
    page::build(project)?;
    modules.extend(files_in(&project.dist(), "wasm")?);
    let mut over = Vec::new();
    println!("\n  {:>10} {:>10} {:>10}   wasm module", "bytes", "brotli", "at most");
    for module in &modules {
        let bytes = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
        let packed = brotli_size(&bytes)?;
        let is_vision = module.file_name().is_some_and(|name| name.to_string_lossy().starts_with(VISION));
        let budget = if is_vision { VISION_BUDGET } else { BUDGET };
        let name = module.strip_prefix(&project.root).unwrap_or(module).display();
        println!("  {:>10} {packed:>10} {budget:>10}   {name}", bytes.len());
        if packed > budget {
            over.push(format!("{name} ({packed} of {budget} bytes)"));
        }
    }
    let models = models_size(project)?;
    println!("  {models:>10} {:>10} {MODELS_BUDGET:>10}   models", "");
    if models > MODELS_BUDGET {
        over.push(format!("data/models ({models} of {MODELS_BUDGET} bytes)"));
    }
    if !over.is_empty() {
        bail!("over the budget: {}", over.join(", "));
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
