//! `cargo xtask wasm`: the engine for JavaScript, optimised, in `target/wasm`.

use std::path::PathBuf;

use anyhow::Result;

use crate::project::Project;
use crate::{process, setup};

/// Builds the package; returns the path of its wasm module.
pub(crate) fn build(project: &Project) -> Result<PathBuf> {
    setup::wasm_bindgen(project)?;
    setup::wasm_opt(project)?;
    process::step("the wasm package", "about a minute the first time");
    let mut cargo = project.wasm_cargo("build --quiet --release --target wasm32-unknown-unknown -p forge-wasm");
    process::run(&mut cargo, "compile forge-wasm", "see the compiler's message above")?;

    let compiled = project.target.join("wasm32-unknown-unknown/release/forge_wasm.wasm");
    let folder = project.target.join("wasm");
    let mut bindgen = project.command(project.tool("wasm-bindgen"));
    bindgen.arg(compiled).args(["--target", "web", "--out-dir"]).arg(&folder);
    process::run(&mut bindgen, "write the JavaScript of the wasm package", "see wasm-bindgen's message above")?;

    let module = folder.join("forge_wasm_bg.wasm");
    let mut wasm_opt = project.command(project.npm_bin().join("wasm-opt"));
    wasm_opt.arg("-O3").arg(&module).arg("-o").arg(&module);
    process::run(&mut wasm_opt, "optimise the wasm package", "see wasm-opt's message above")?;
    println!("the wasm package is in {}", folder.display());
    Ok(module)
}
