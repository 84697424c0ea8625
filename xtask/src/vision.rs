//! The vision engine for the page, in `target/vision`: a wasm module of its own with its models, the pool of workers and
//! the program that runs in each.
//!
//! The page fetches this folder when it meets the first picture, so it is no part of what trunk builds.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::project::Project;
use crate::{page, wasm};

/// The folder beside the page, and under the target folder.
pub(crate) const FOLDER: &str = "vision";
/// The models, in `data/models`.
pub(crate) const MODELS: [&str; 2] = ["yolox_nano.onnx", "bodypix_s16.onnx"];
/// The wasm module.
pub(crate) const MODULE: &str = "forge_vision_wasm_bg.wasm";

/// What the module is made of.
const SOURCES: &[&str] = &[
    ".cargo",
    "Cargo.lock",
    "crates/forge-core",
    "crates/forge-data",
    "crates/forge-vision",
    "crates/forge-vision-wasm",
];
/// JavaScript that goes with it.
const SCRIPTS: &[&str] = &[
    "crates/forge-wasm/js/error.js",
    "crates/forge-wasm/js/pool.js",
    "crates/forge-wasm/js/pool_worker.js",
    "web/src/vision/worker.js",
];

/// Brings the folder up to date; the module is built only when something it is made of is newer.
pub(crate) fn build(project: &Project) -> Result<()> {
    let folder = project.target.join(FOLDER);
    let built = fs::metadata(folder.join(MODULE)).and_then(|module| module.modified()).ok();
    let mut stale = built.is_none();
    for source in SOURCES {
        stale = stale || built < Some(page::newest(&project.root.join(source))?);
    }
    if stale {
        wasm::package(project, "forge-vision-wasm", "web", &folder)?;
    }
    let models = MODELS.iter().map(|model| project.root.join("data/models").join(model));
    for file in SCRIPTS.iter().map(|script| project.root.join(script)).chain(models) {
        copy(&file, &folder)?;
    }
    Ok(())
}

/// Copies what the page fetches into the folder of the page.
pub(crate) fn copy_into(project: &Project, page: &Path) -> Result<()> {
    let (from, to) = (project.target.join(FOLDER), page.join(FOLDER));
    fs::create_dir_all(&to).with_context(|| format!("cannot create {}", to.display()))?;
    let mut files = vec![MODULE.to_owned(), "forge_vision_wasm.js".to_owned()];
    files.extend(MODELS.map(str::to_owned));
    files.extend(SCRIPTS.iter().filter_map(|script| script.rsplit('/').next()).map(str::to_owned));
    for file in files {
        copy(&from.join(file), &to)?;
    }
    Ok(())
}

fn copy(file: &Path, folder: &Path) -> Result<PathBuf> {
    let to = folder.join(file.file_name().unwrap_or_default());
    fs::copy(file, &to).with_context(|| format!("cannot copy {} to {}", file.display(), folder.display()))?;
    Ok(to)
}
