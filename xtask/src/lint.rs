//! The static checks: format, texts, clippy for the machine and for wasm.

use anyhow::Result;

use crate::project::Project;
use crate::{process, setup, tidy};

/// Runs them all, whichever fails.
pub(crate) fn check(project: &Project) -> Result<()> {
    // Linting wasm-bindgen's dependencies would take minutes, for the thirty lines of forge-tools.
    let native = "clippy --workspace --exclude forge-web --exclude forge-wasm --exclude forge-vision-wasm --exclude forge-tools \
                  --all-targets -- -D warnings";
    let wasm = "clippy -p forge-web -p forge-wasm -p forge-vision-wasm --all-targets --target wasm32-unknown-unknown -- -D warnings";
    process::all([
        process::run(
            &mut project.cargo("fmt --all --check"),
            "accept the format",
            "`cargo xtask tidy` formats everything",
        ),
        tidy::check_texts(project),
        process::run(&mut project.cargo(native), "pass clippy", "see its messages above"),
        setup::wasm_target(project).and_then(|()| {
            process::run(&mut project.wasm_cargo(wasm), "pass clippy for wasm", "see its messages above")
        }),
    ])
}
