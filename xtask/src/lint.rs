//! The static checks: format, texts, clippy for the machine and for wasm.

use anyhow::Result;

use crate::project::Project;
use crate::{process, setup, tidy};

/// Runs them all.
pub(crate) fn check(project: &Project) -> Result<()> {
    process::run(
        &mut project.cargo("fmt --all --check"),
        "accept the format",
        "`cargo xtask tidy` formats everything",
    )?;
    tidy::check_texts(project)?;
    setup::wasm_target(project)?;
    let native =
        "clippy --workspace --exclude forge-web --exclude forge-wasm --all-targets -- -D warnings";
    let wasm = "clippy -p forge-web -p forge-wasm --all-targets --target wasm32-unknown-unknown -- -D warnings";
    process::run(
        &mut project.cargo(native),
        "pass clippy",
        "see its messages above",
    )?;
    process::run(
        &mut project.wasm_cargo(wasm),
        "pass clippy for wasm",
        "see its messages above",
    )
}
