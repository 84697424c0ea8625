//! The `wasm-bindgen` program and its test runner, compiled from the lock file.
//!
//! `wasm-bindgen` must have exactly the version of the library it works on. Building it as a member of the workspace
//! makes that so by construction, and needs no download besides the crates. `cargo xtask setup` copies this program
//! under both names; it then acts as the one it was called by. (A cargo binary target cannot itself be named
//! `wasm-bindgen`: rustc takes it for an old release of the library.)

use std::path::Path;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    env_logger::init();
    let mut arguments = std::env::args_os().peekable();
    let called_as = arguments.peek().and_then(|name| Path::new(name).file_stem()).unwrap_or_default();
    match called_as.to_str() {
        Some("wasm-bindgen") => wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(arguments),
        Some("wasm-bindgen-test-runner") => wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(arguments),
        _ => bail!("copy this program to `wasm-bindgen` or `wasm-bindgen-test-runner` and call it by that name"),
    }
}
