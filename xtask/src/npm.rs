//! `cargo xtask npm`: the npm package, unpacked in `target/npm/cleanlab-forge` and as a tarball beside it; and its tests.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::project::Project;
use crate::{browser, process, setup, wasm};

/// Endings of what is packed.
const PACKED: &[&str] = &[".js", ".d.ts", ".wasm"];
/// What wasm-bindgen writes and no user needs.
const LEFT_OUT: &str = "forge_wasm_bg.wasm.d.ts";
/// What sees in pictures, in a folder of its own: of the built module, and from the repository.
const VISION: ([&str; 2], [&str; 3]) = (
    ["forge_vision_wasm.js", "forge_vision_wasm_bg.wasm"],
    ["data/models/bodypix_s16.onnx", "data/models/yolox_nano.onnx", "data/models/NOTICE"],
);

/// The package as it is built.
pub(crate) struct Package {
    /// The path of the tarball.
    pub(crate) tarball: PathBuf,
    /// Bytes the tarball would have without what sees in pictures.
    pub(crate) without_vision: usize,
}

/// Builds the package.
pub(crate) fn build(project: &Project) -> Result<Package> {
    let module = wasm::build(project)?;
    let built = module.parent().context("the module has no folder")?;
    let folder = project.target.join("npm/cleanlab-forge");
    // What an earlier version had must not be packed.
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => fs::create_dir_all(&folder)?,
    }
    for entry in fs::read_dir(built)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != LEFT_OUT && PACKED.iter().any(|ending| name.ends_with(ending)) {
            fs::copy(entry.path(), folder.join(name))?;
        }
    }
    let source = project.root.join("crates/forge-wasm/npm");
    for entry in fs::read_dir(&source)? {
        let entry = entry?;
        fs::copy(entry.path(), folder.join(entry.file_name()))?;
    }
    fs::copy(project.root.join("LICENSE"), folder.join("LICENSE"))?;
    write_manifest(&folder.join("package.json"))?;
    let without_vision = fs::metadata(pack(project, &folder)?)?.len() as usize;
    copy_vision(project, &folder.join("vision"))?;
    let tarball = pack(project, &folder)?;
    println!("the npm package is {}", tarball.display());
    Ok(Package { tarball, without_vision })
}

/// Puts the vision module and its models into `folder`.
fn copy_vision(project: &Project, folder: &Path) -> Result<()> {
    let module = wasm::build_vision(project)?;
    let built = module.parent().context("the vision module has no folder")?;
    fs::create_dir_all(folder)?;
    let files = VISION.0.iter().map(|file| built.join(file)).chain(VISION.1.iter().map(|file| project.root.join(file)));
    for file in files {
        let to = folder.join(file.file_name().unwrap_or_default());
        fs::copy(&file, to).with_context(|| format!("cannot copy {}", file.display()))?;
    }
    Ok(())
}

/// Packs `folder`; returns the path of the tarball.
fn pack(project: &Project, folder: &Path) -> Result<PathBuf> {
    let mut pack = project.command("npm");
    pack.args(["pack", "--json", "--pack-destination", ".."]).current_dir(folder);
    let packed = process::output(&mut pack, "pack the npm package")?;
    let packed: Value = serde_json::from_str(&packed).context("npm pack printed no JSON")?;
    // Newer versions of npm list packages by name.
    let first = packed.get(0).or_else(|| packed.as_object()?.values().next());
    let file = first.and_then(|package| package["filename"].as_str()).context("npm pack names no file")?;
    Ok(project.target.join("npm").join(file))
}

/// Puts the version of the workspace into the manifest, whose entries keep their order.
fn write_manifest(path: &Path) -> Result<()> {
    const PLACE: &str = "\"version\": \"0.0.0\"";
    let text = fs::read_to_string(path)?;
    if !text.contains(PLACE) {
        bail!("{} has no {PLACE}", path.display());
    }
    fs::write(path, text.replace(PLACE, &format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"))))?;
    Ok(())
}

/// Builds the package and tests it as users install it: the examples, the bad calls, the types, the reference cases.
pub(crate) fn test(project: &Project) -> Result<()> {
    const ADVICE: &str = "the failed tests are named above";
    setup::node(project)?;
    let chromium = browser::chromium(project)?;
    let folder = project.root.join("tests/npm");
    browser::packages(project, &folder)?;
    let Package { tarball, .. } = build(project)?;
    let forge = project.build_forge()?;

    let mut scripts = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            scripts.push(path);
        }
    }
    scripts.sort_unstable();
    if scripts.is_empty() {
        bail!("{} holds no *.test.mjs", folder.display());
    }
    let mut node = project.command("node");
    node.args(["--test", "--test-concurrency=2"]).args(scripts);
    node.env("FORGE_TARBALL", &tarball).env("FORGE_BIN", forge).env("FORGE_CHROMIUM", chromium);
    let mut cases = project.wasm_cargo("test --target wasm32-unknown-unknown -p forge-wasm --test cases");
    cases.env("FORGE_PACKAGE", project.target.join("npm/cleanlab-forge"));
    process::all([
        process::run(&mut node, "pass the tests of the npm package", ADVICE),
        setup::wasm_bindgen(project)
            .and_then(|()| process::run(&mut cases, "pass the reference cases through the npm package", ADVICE)),
    ])
}
