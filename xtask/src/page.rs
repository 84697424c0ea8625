//! `cargo xtask build`: the page, optimised, in `dist/`.

use anyhow::Result;

use crate::project::Project;
use crate::{process, setup};

/// Installs what is missing and builds the page with trunk, which ends with [`precache`](crate::precache).
pub(crate) fn build(project: &Project) -> Result<()> {
    setup::everything(project)?;
    process::step("the page", "about 3 minutes the first time");
    let mut trunk = project.command(project.tool("trunk"));
    // A NO_COLOR of the caller is not the true or false that trunk reads from it.
    trunk
        .args(["build", "--release"])
        .env_remove("NO_COLOR")
        .env("RUST_BACKTRACE", "0");
    trunk
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    process::run(&mut trunk, "build the page", "see trunk's message above")?;
    println!("the page is in {}", project.dist().display());
    Ok(())
}
