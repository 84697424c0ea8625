//! `cargo xtask build`: the page, optimised, in `dist/`.
//!
//! trunk optimises the wasm modules again on every call, so it is called only when something the page is made of is
//! newer than the page.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::project::Project;
use crate::{process, setup, vision};

/// What the page is made of; folders stand for all that is in them.
const SOURCES: &[&str] =
    &[".cargo", "Cargo.lock", "Cargo.toml", "Trunk.toml", "crates", "data", "index.html", "web", "xtask"];

/// Brings the page up to date: installs the tools that are missing and builds with trunk, which ends with
/// [`precache`](crate::precache).
pub(crate) fn build(project: &Project) -> Result<()> {
    setup::everything(project)?;
    // Written before the build, so that a change made meanwhile counts as newer. The target folder may serve several
    // clones, hence the name of this one.
    let stamp = project.target.join("page.stamp");
    let compiler = process::output(project.command("rustc").arg("--version"), "ask for the compiler's version")?;
    let identity = format!("{}\n{compiler}", project.root.display());
    if is_current(project, &stamp, &identity)? {
        println!("the page in {} is up to date", project.dist().display());
        return Ok(());
    }
    let started = project.target.join("page.started");
    fs::write(&started, identity).with_context(|| format!("cannot write {}", started.display()))?;

    vision::build(project)?;
    process::step("the page", "about 5 minutes the first time");
    let mut trunk = project.command(project.tool("trunk"));
    trunk.args(["build", "--release"]).env("RUST_BACKTRACE", "0");
    // A NO_COLOR of the caller is not the true or false that trunk reads from it; RUSTFLAGS would replace the flags in
    // .cargo/config.toml.
    for variable in ["NO_COLOR", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        trunk.env_remove(variable);
    }
    process::run(&mut trunk, "build the page", "see trunk's message above")?;
    fs::rename(&started, &stamp).with_context(|| format!("cannot write {}", stamp.display()))?;
    println!("the page is in {}", project.dist().display());
    Ok(())
}

fn is_current(project: &Project, stamp: &Path, identity: &str) -> Result<bool> {
    if !project.dist().join("index.html").is_file() || fs::read_to_string(stamp).ok().as_deref() != Some(identity) {
        return Ok(false);
    }
    let built = fs::metadata(stamp)?.modified()?;
    for source in SOURCES {
        if newest(&project.root.join(source))? > built {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The last change of a file, or of anything in a folder; a deletion changes its folder.
pub(crate) fn newest(path: &Path) -> Result<SystemTime> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        // An editor's lock file or a dangling link: nothing that is built.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(SystemTime::UNIX_EPOCH),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let mut newest = metadata.modified()?;
    if metadata.is_dir() {
        for entry in fs::read_dir(path)? {
            newest = newest.max(self::newest(&entry?.path())?);
        }
    }
    Ok(newest)
}
