//! Lists the files of reference cases, so that the tests hold every one of them.

use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs};

#[expect(clippy::disallowed_methods, reason = "a build script reads the folder it lists and writes the list")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let folder = here.join("../../tests/cases");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    // A package without the repository around it has no cases, and no tests either.
    if folder.is_dir() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                files.push(path.canonicalize()?);
            }
        }
    }
    files.sort();
    let mut list = String::from("&[\n");
    for path in files {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let path = path.to_str().ok_or("the repository lies under a path that is not UTF-8")?;
        writeln!(list, "    ({name:?}, include_str!({path:?})),")?;
    }
    list.push(']');
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("case_files.rs"), list)?;
    Ok(())
}
