//! The size budget: what a visitor downloads before the first result.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::{page, vision, wasm};

/// Bytes of one wasm module at most, compressed with brotli at quality 11.
const BUDGET: usize = 1_500_000;

/// Bytes of the vision engine's module at most, compressed like that.
const VISION_BUDGET: usize = 3_000_000;
/// Bytes of its models together at most, as they are.
const MODELS_BUDGET: u64 = 6_000_000;

/// Builds the wasm package and the page and checks every wasm module in them.
pub(crate) fn check(project: &Project) -> Result<()> {
    let mut modules = vec![wasm::build(project)?];
    page::build(project)?;
    modules.extend(modules_in(&project.dist())?);
    let mut over = Vec::new();
    println!("\n  {:>10} {:>10}   wasm module, at most {BUDGET} bytes brotli", "bytes", "brotli");
    for module in &modules {
        let bytes = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
        let packed = brotli_size(&bytes)?;
        let name = module.strip_prefix(&project.root).unwrap_or(module).display();
        println!("  {:>10} {packed:>10}   {name}", bytes.len());
        if packed > BUDGET {
            over.push(name.to_string());
        }
    }
    let vision = project.dist().join(vision::FOLDER);
    let module = vision.join(vision::MODULE);
    let packed = brotli_size(&fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?)?;
    let mut models = 0;
    for model in vision::MODELS {
        models += fs::metadata(vision.join(model)).with_context(|| format!("cannot read {model}"))?.len();
    }
    println!(
        "  vision engine: {packed} bytes brotli, at most {VISION_BUDGET}; models: {models} bytes, at most {MODELS_BUDGET}"
    );
    if packed > VISION_BUDGET || models > MODELS_BUDGET {
        over.push("the vision engine".to_owned());
    }
    if !over.is_empty() {
        bail!("over the budget: {}", over.join(", "));
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
