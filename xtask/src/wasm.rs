//! `cargo xtask wasm`: the engine for JavaScript with its typed functions, optimised, in `target/wasm`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::project::Project;
use crate::{process, setup};

/// Builds the package; returns the path of its wasm module.
pub(crate) fn build(project: &Project) -> Result<PathBuf> {
    let folder = project.target.join("wasm");
    let module = package(project, "forge-wasm", "web", &folder)?;
    for entry in fs::read_dir(project.root.join("crates/forge-wasm/js"))? {
        let entry = entry?;
        fs::copy(entry.path(), folder.join(entry.file_name()))?;
    }
    println!("the wasm package is in {}", folder.display());
    Ok(module)
}

/// Builds the vision module for pages and Node, as [`bind`] leaves it: wasm-opt takes minutes on 17 MB, and the module is
/// within its budget and its times without. It goes into `target/wasm-vision`; returns the path of its wasm module.
pub(crate) fn build_vision(project: &Project) -> Result<PathBuf> {
    let folder = project.target.join("wasm-vision");
    let module = bind(project, "forge-vision-wasm", "web", &folder)?;
    println!("the vision package is in {}", folder.display());
    Ok(module)
}

/// [`bind`], and wasm-opt on what comes out.
pub(crate) fn package(project: &Project, member: &str, target: &str, folder: &Path) -> Result<PathBuf> {
    setup::wasm_opt(project)?;
    let module = bind(project, member, target, folder)?;
    let mut wasm_opt = project.command(project.npm_bin().join("wasm-opt"));
    wasm_opt.arg("-O3").arg(&module).arg("-o").arg(&module);
    process::run(&mut wasm_opt, "optimise the wasm package", "see wasm-opt's message above")?;
    Ok(module)
}

/// Builds the library of `member` into `folder`, with JavaScript for a `target` of wasm-bindgen; returns the path of its
/// wasm module.
pub(crate) fn bind(project: &Project, member: &str, target: &str, folder: &Path) -> Result<PathBuf> {
    setup::wasm_bindgen(project)?;
    process::step(&format!("{member} as WebAssembly"), "about a minute the first time");
    let mut cargo = project.wasm_cargo("build --quiet --release --target wasm32-unknown-unknown --lib -p");
    process::run(cargo.arg(member), &format!("compile {member}"), "see the compiler's message above")?;

    let name = member.replace('-', "_");
    let compiled = project.target.join("wasm32-unknown-unknown/release").join(format!("{name}.wasm"));
    let mut bindgen = project.command(project.tool("wasm-bindgen"));
    bindgen.arg(compiled).args(["--target", target, "--out-dir"]).arg(folder);
    process::run(&mut bindgen, "write the JavaScript of the wasm package", "see wasm-bindgen's message above")?;

    Ok(folder.join(format!("{name}_bg.wasm")))
}
