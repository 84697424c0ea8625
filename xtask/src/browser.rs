//! What drives the page in a real browser: the end-to-end tests and the screenshots.
//!
//! The scripts in `tests/e2e` run in Node and get three paths in the environment: the finished page
//! (`FORGE_DIST`), the command line (`FORGE_BIN`) and Chromium (`FORGE_CHROMIUM`).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::{page, process, setup};

/// Runs every `tests/e2e/*.test.mjs`.
pub(crate) fn test(project: &Project) -> Result<()> {
    let mut node = prepare(project)?;
    let folder = project.root.join("tests/e2e");
    let mut scripts = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            scripts.push(path);
        }
    }
    scripts.sort_unstable();
    if scripts.is_empty() {
        bail!("{} holds no *.test.mjs", folder.display());
    }
    // One file after the other: the tests measure times.
    node.args(["--test", "--test-concurrency=1"]).args(scripts);
    process::run(&mut node, "pass the end-to-end tests", "the failed tests are named above")
}

/// Takes the pictures.
pub(crate) fn screenshots(project: &Project) -> Result<()> {
    let mut node = prepare(project)?;
    node.arg("tests/e2e/screenshots.mjs");
    process::run(&mut node, "take the screenshots", "see the message above")
}

/// Builds all that the scripts need and returns Node with their environment.
fn prepare(project: &Project) -> Result<Command> {
    page::build(project)?;
    scripts(project)
}

/// Node with the environment of the scripts, for what needs no page.
pub(crate) fn scripts(project: &Project) -> Result<Command> {
    setup::node(project)?;
    let chromium = chromium(project)?;
    packages(project, &project.root.join("tests/e2e"))?;
    let forge = project.build_forge()?;
    let mut node = project.command("node");
    node.env("FORGE_DIST", project.dist()).env("FORGE_BIN", forge).env("FORGE_CHROMIUM", chromium);
    Ok(node)
}

/// The browser: `FORGE_CHROMIUM`, or one on PATH, or Debian's package, installed when run as root.
pub(crate) fn chromium(project: &Project) -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("FORGE_CHROMIUM") {
        return Ok(PathBuf::from(chosen));
    }
    if let Some(found) = find_chromium() {
        return Ok(found);
    }
    let advice = "install Chromium (`apt-get install chromium`) or set FORGE_CHROMIUM to a Chromium or Chrome program";
    let root = process::output(project.command("id").arg("-u"), "ask who runs this").is_ok_and(|id| id.trim() == "0");
    if !root || process::version(project.command("apt-get")).is_none() {
        bail!("the end-to-end tests need a browser and none was found; {advice}");
    }
    process::step("Chromium from the system's packages", "a minute or two");
    let apt = |arguments: &[&str]| {
        let mut command = project.command("apt-get");
        command.args(arguments).args(["-qq", "-o", "Dpkg::Use-Pty=0"]).env("DEBIAN_FRONTEND", "noninteractive");
        process::run(&mut command, "install Chromium", advice)
    };
    // A stale list of packages may still do; the installation decides.
    let _stale = apt(&["update"]);
    apt(&["install", "-y", "--no-install-recommends", "chromium"])?;
    find_chromium().with_context(|| format!("Chromium is installed but not on PATH; {advice}"))
}

fn find_chromium() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        .iter()
        .find_map(|name| env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file()))
}

/// The npm packages of the scripts in `folder`, installed again when the lock file is newer than they are.
pub(crate) fn packages(project: &Project, folder: &Path) -> Result<()> {
    let age = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let installed = age(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= age(&folder.join("package-lock.json")) {
        return Ok(());
    }
    process::step(&format!("npm packages of {}", folder.display()), "a few seconds");
    let mut npm = project.command("npm");
    npm.arg("ci").current_dir(folder);
    // The scripts use the system's browser; no package may download another.
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    setup::run_npm(&mut npm, "install the npm packages")
}
