//! The vision engine beside the page: a wasm module of its own with its models, the pool of workers and the program that runs
//! in each.
//!
//! The page fetches this folder when it meets the first picture, so it is no part of what trunk builds.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::project::Project;
use crate::{page, wasm};

/// The folder beside the page.
const FOLDER: &str = "vision";
/// The folder of the built module, under the target folder, and what is taken from it.
const BUILT: (&str, [&str; 2]) = ("wasm-vision", ["forge_vision_wasm_bg.wasm", "forge_vision_wasm.js"]);
/// What the module is made of.
const SOURCES: &[&str] = &[
    ".cargo",
    "Cargo.lock",
    "crates/forge-core",
    "crates/forge-data",
    "crates/forge-vision",
    "crates/forge-vision-wasm",
];
/// What goes with it as it is.
const FILES: &[&str] = &[
    "crates/forge-wasm/js/error.js",
    "crates/forge-wasm/js/pool.js",
    "crates/forge-wasm/js/pool_worker.js",
    "data/models/bodypix_s16.onnx",
    "data/models/yolox_nano.onnx",
    "data/models/NOTICE",
    "web/src/vision/worker.js",
];

/// Builds the module when something it is made of is newer.
pub(crate) fn build(project: &Project) -> Result<()> {
    let module = project.target.join(BUILT.0).join(BUILT.1[0]);
    let built = fs::metadata(module).and_then(|module| module.modified()).ok();
    let mut stale = built.is_none();
    for source in SOURCES {
        stale = stale || built < Some(page::newest(&project.root.join(source))?);
    }
    if stale {
        wasm::build_vision(project)?;
    }
    Ok(())
}

/// Puts the folder beside the page in `page`.
pub(crate) fn copy_into(project: &Project, page: &Path) -> Result<()> {
    let to = page.join(FOLDER);
    fs::create_dir_all(&to).with_context(|| format!("cannot create {}", to.display()))?;
    let built = BUILT.1.iter().map(|file| project.target.join(BUILT.0).join(file));
    for file in built.chain(FILES.iter().map(|file| project.root.join(file))) {
        let place = to.join(file.file_name().unwrap_or_default());
        fs::copy(&file, place).with_context(|| format!("cannot copy {} to {}", file.display(), to.display()))?;
    }
    Ok(())
}
