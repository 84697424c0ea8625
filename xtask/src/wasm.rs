//! `cargo xtask wasm`: the engine for JavaScript with its typed functions, optimised, in `target/wasm`.

mod contents;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::project::Project;
use crate::{process, setup};
use contents::Contents;

/// How a member becomes a module.
pub(crate) struct Recipe<'a> {
    /// The member of the workspace, whose library is built.
    pub(crate) member: &'a str,
    /// The profile of cargo.
    pub(crate) profile: &'a str,
    /// Arguments of wasm-bindgen.
    pub(crate) bindgen: &'a [&'a str],
}

/// The module of the npm package. It can be started anew after it broke down, and leaves it to its caller where it is.
const NPM: Recipe<'static> = Recipe {
    member: "forge-wasm",
    profile: "module",
    bindgen: &["--target", "web", "--omit-default-module-path", "--experimental-reset-state-function"],
};

/// Builds the module and puts the scripts beside it; returns the path of the module.
pub(crate) fn build(project: &Project) -> Result<PathBuf> {
    let folder = folder(project);
    let module = package(project, &NPM, &folder)?;
    for entry in fs::read_dir(project.root.join("crates/forge-wasm/js"))? {
        let entry = entry?;
        fs::copy(entry.path(), folder.join(entry.file_name()))?;
    }
    println!("the wasm module and its scripts are in {}", folder.display());
    Ok(module)
}

/// Builds the vision module for pages and Node, as [`bind`] leaves it: wasm-opt takes minutes on 17 MB, and the module is
/// within its budget and its times without. It goes into `target/wasm-vision`; returns the path of its wasm module.
pub(crate) fn build_vision(project: &Project) -> Result<PathBuf> {
    vision(project, "web", &project.target.join("wasm-vision"))
}

/// Builds the vision module with JavaScript for a `target` of wasm-bindgen; returns its path.
pub(crate) fn vision(project: &Project, target: &str, folder: &Path) -> Result<PathBuf> {
    let recipe = Recipe { member: "forge-vision-wasm", profile: "release", bindgen: &["--target", target] };
    let compiled = compile(project, &recipe)?;
    bind(project, &recipe, &compiled, folder)
}

fn folder(project: &Project) -> PathBuf {
    project.target.join("wasm")
}

/// Prints what is in the module that was built last.
pub(crate) fn print_contents(project: &Project) -> Result<()> {
    let path = folder(project).join("build/contents.txt");
    print!("{}", fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?);
    Ok(())
}

/// Builds a module into `folder`, with its JavaScript, and optimises it, unless the one that is there was made from the
/// same; returns its path. What is in it stands in `build/contents.txt` beside it.
pub(crate) fn package(project: &Project, recipe: &Recipe<'_>, folder: &Path) -> Result<PathBuf> {
    setup::wasm_opt(project)?;
    let compiled = compile(project, recipe)?;
    let module = folder.join(module_name(recipe));
    let work = folder.join("build");
    let bytes = fs::read(&compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let stamp = format!("{:x?} {:?}", Sha256::digest(&bytes), recipe.bindgen);
    if module.is_file() && fs::read_to_string(work.join("stamp")).ok().as_ref() == Some(&stamp) {
        return Ok(module);
    }
    fs::create_dir_all(&work).with_context(|| format!("cannot create {}", work.display()))?;
    bind(project, recipe, &compiled, folder)?;

    // The names tell what is in the module, and go when that is written down.
    let named = work.join("named.wasm");
    let wasm_opt = |arguments: &[&str], from: &Path, to: &Path| {
        let mut command = project.command(project.npm_bin().join("wasm-opt"));
        command.args(arguments).arg(from).arg("-o").arg(to);
        process::run(&mut command, "optimise the wasm module", "see wasm-opt's message above")
    };
    wasm_opt(&["-O3", "--debuginfo"], &module, &named)?;
    let contents = Contents::of(&fs::read(&named)?)?;
    fs::write(work.join("contents.txt"), contents.to_string())?;
    wasm_opt(&["--strip-debug", "--strip-producers"], &named, &module)?;
    fs::write(work.join("stamp"), stamp)?;
    Ok(module)
}

/// Compiles a module; returns its path.
fn compile(project: &Project, Recipe { member, profile, .. }: &Recipe<'_>) -> Result<PathBuf> {
    setup::wasm_bindgen(project)?;
    process::step(&format!("{member} as WebAssembly"), "about five minutes the first time");
    let mut cargo = project.wasm_cargo("build --quiet --target wasm32-unknown-unknown --lib");
    cargo.args(["--profile", profile, "-p", member]);
    process::run(&mut cargo, &format!("compile {member}"), "see the compiler's message above")?;
    let name = member.replace('-', "_");
    Ok(project.target.join("wasm32-unknown-unknown").join(profile).join(format!("{name}.wasm")))
}

/// Puts a compiled module with its JavaScript into `folder`; returns its path there.
fn bind(project: &Project, recipe: &Recipe<'_>, compiled: &Path, folder: &Path) -> Result<PathBuf> {
    let mut command = project.command(project.tool("wasm-bindgen"));
    command.arg(compiled).args(recipe.bindgen).arg("--out-dir").arg(folder);
    process::run(&mut command, "write the JavaScript of the wasm module", "see wasm-bindgen's message above")?;
    Ok(folder.join(module_name(recipe)))
}

fn module_name(recipe: &Recipe<'_>) -> String {
    format!("{}_bg.wasm", recipe.member.replace('-', "_"))
}
