//! The pinned tools, installed into `target/tools` from the package registries alone.
//!
//! | tool | from |
//! |---|---|
//! | wasm target | rustup |
//! | wasm-bindgen and its test runner | the workspace member `forge-tools`, hence `Cargo.lock` |
//! | trunk | `cargo install` |
//! | wasm-opt | npm's `binaryen` |
//!
//! What is there in the right version is kept, so a second run takes a second.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::project::Project;

const TRUNK: &str = "0.21.14";
const BINARYEN: &str = "132";
const NODE_MAJOR: u32 = 20;

const NETWORK: &str = "the message above names the cause; without a network, connect and run the command again";

/// All that building the page needs.
pub(crate) fn everything(project: &Project) -> Result<()> {
    wasm_bindgen(project)?;
    trunk(project)?;
    wasm_opt(project)?;
    crates(project)
}

/// The wasm target, `wasm-bindgen` and `wasm-bindgen-test-runner`.
pub(crate) fn wasm_bindgen(project: &Project) -> Result<()> {
    wasm_target(project)?;
    let version =
        locked_version(&fs::read_to_string(project.root.join("Cargo.lock")).context("cannot read Cargo.lock")?)?;
    let names = ["wasm-bindgen", "wasm-bindgen-test-runner"];
    let current = |name: &str| {
        process::version(project.command(project.tool(name)))
            .is_some_and(|text| text.split(' ').nth(1) == Some(&version))
    };
    if names.iter().all(|name| current(name)) {
        return Ok(());
    }
    process::step(&format!("wasm-bindgen {version}, built from the lock file"), "about 3 minutes the first time");
    let build = build_folder(project);
    let mut cargo = project.cargo("build --quiet --profile tools -p forge-tools --target-dir");
    process::run(cargo.arg(&build), "build wasm-bindgen", NETWORK)?;
    let built = build.join("tools").join(format!("forge-tools{}", std::env::consts::EXE_SUFFIX));
    for name in names {
        install(&built, &project.tool(name))?;
    }
    remove(&build)
}

/// Node, which runs wasm-opt, the wasm tests and the end-to-end tests.
pub(crate) fn node(project: &Project) -> Result<()> {
    let advice = format!("install Node {NODE_MAJOR} or later (https://nodejs.org, or `apt-get install nodejs npm`)");
    let Some(version) = process::version(project.command("node")) else {
        bail!("`node` is missing; {advice}");
    };
    let major = version.trim_start_matches('v').split('.').next().and_then(|number| number.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE_MAJOR) {
        bail!("`node` is {version}, which is too old; {advice}");
    }
    if process::version(project.command("npm")).is_none() {
        bail!("`npm` is missing; {advice}");
    }
    Ok(())
}

/// wasm-opt, as npm ships it.
pub(crate) fn wasm_opt(project: &Project) -> Result<()> {
    node(project)?;
    let installed = project.npm_bin().join("wasm-opt");
    if process::version(project.command(&installed)).is_some_and(|text| text.split(' ').nth(2) == Some(BINARYEN)) {
        return Ok(());
    }
    process::step(&format!("wasm-opt {BINARYEN} from npm"), "half a minute the first time");
    let folder = project.tools().join("npm");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mut npm = project.command("npm");
    npm.args(["install", "--no-save", "--prefix"]).arg(&folder);
    npm.arg(format!("binaryen@{BINARYEN}"));
    run_npm(&mut npm, "install wasm-opt with npm")
}

/// Runs an npm command; of its long account of a failure only the sentence that names the cause is shown.
pub(crate) fn run_npm(npm: &mut Command, purpose: &str) -> Result<()> {
    npm.args(["--loglevel=error", "--no-audit", "--no-fund"]);
    let Err(error) = process::output(npm, purpose) else {
        return Ok(());
    };
    let message = error.to_string();
    match npm_cause(&message) {
        Some(cause) => bail!("could not {purpose}: {cause}; without a network, connect and run the command again"),
        None => Err(error),
    }
}

fn npm_cause(message: &str) -> Option<&str> {
    let facts = ["code ", "syscall ", "errno "];
    message
        .lines()
        .filter_map(|line| Some(line.split_once("npm error ")?.1))
        .find(|line| !facts.iter().any(|fact| line.starts_with(fact)))
}

/// The standard library for wasm.
pub(crate) fn wasm_target(project: &Project) -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let sysroot = process::output(project.command("rustc").args(["--print", "sysroot"]), "find the Rust toolchain")?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib").is_dir() {
        return Ok(());
    }
    process::step(&format!("the Rust target {TARGET}"), "a few seconds");
    if process::version(project.command("rustup")).is_none() {
        bail!(
            "the Rust target {TARGET} is missing and so is `rustup`, which adds it; install Rust from https://rustup.rs, \
             or your distribution's package for that target"
        );
    }
    process::run(project.command("rustup").args(["target", "add", TARGET]), "add the wasm target", NETWORK)
}

fn trunk(project: &Project) -> Result<()> {
    if process::version(project.command(project.tool("trunk"))).is_some_and(|text| text == format!("trunk {TRUNK}")) {
        return Ok(());
    }
    process::step(&format!("trunk {TRUNK}"), "about 7 minutes the first time");
    let build = build_folder(project);
    let mut install = project.cargo("install trunk --quiet --locked --force --no-default-features");
    install.args(["--version", TRUNK, "--root"]).arg(project.tools()).arg("--target-dir").arg(&build);
    // trunk runs for a second at a time: compiling it quickly matters more than its speed.
    install
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    process::run(&mut install, "install trunk", NETWORK)?;
    remove(&build)
}

/// Downloads the crates of the page: trunk then builds without the network.
fn crates(project: &Project) -> Result<()> {
    process::run(
        &mut project.cargo("fetch --quiet --target wasm32-unknown-unknown"),
        "download the crates of the page",
        NETWORK,
    )
}

/// Where tools are compiled. It is large and serves once, so it is removed afterwards.
fn build_folder(project: &Project) -> PathBuf {
    project.tools().join("build")
}

fn remove(folder: &Path) -> Result<()> {
    fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))
}

/// Copies a program into place in one step, so that an interrupted copy leaves the old one.
fn install(from: &Path, to: &Path) -> Result<()> {
    let partial = PathBuf::from(format!("{}.partial", to.display()));
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    fs::copy(from, &partial)
        .and_then(|_| fs::rename(&partial, to))
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

/// The version of wasm-bindgen in the text of a `Cargo.lock`.
fn locked_version(lock: &str) -> Result<String> {
    let mut lines = lock.lines().skip_while(|line| *line != "name = \"wasm-bindgen\"");
    let version = lines.nth(1).and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    version.map(str::to_owned).context("Cargo.lock names no wasm-bindgen")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_wasm_bindgen_comes_from_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-shared\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\n";
        assert_eq!(locked_version(lock).unwrap(), "0.2.129");
        assert!(locked_version("").is_err());
    }

    #[test]
    fn the_cause_is_found_in_npms_account() {
        let message =
            "could not …: npm error code ECONNREFUSED\nnpm error errno 1\nnpm error request failed\nnpm error at x";
        assert_eq!(npm_cause(message), Some("request failed"));
        assert_eq!(npm_cause("something else"), None);
    }

    #[test]
    fn the_versions_in_trunk_toml_are_those_installed() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let lock = fs::read_to_string(root.join("Cargo.lock")).unwrap();
        let trunk = fs::read_to_string(root.join("Trunk.toml")).unwrap();
        assert!(trunk.contains(&format!("wasm_bindgen = \"{}\"", locked_version(&lock).unwrap())));
        assert!(trunk.contains(&format!("wasm_opt = \"version_{BINARYEN}\"")));
    }
}
