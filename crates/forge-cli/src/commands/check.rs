//! `forge check`: the algorithms against recorded results of the real cleanlab.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use forge_core::call::cases::{CaseFile, Verdict};

use crate::print_line;

/// Arguments of `forge check`.
#[derive(Args)]
#[command(after_help = "Examples:
  forge check tests/cases
  forge check tests/cases/count.json --skipped")]
pub(crate) struct Arguments {
    /// Files of cases, or folders of such files
    #[arg(required = true, value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// Also list the skipped cases with their reasons
    #[arg(long)]
    skipped: bool,
}

/// Longest value shown of a failed case.
const MAX_SHOWN: usize = 200;

/// Runs the command.
pub(crate) fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for path in files(&arguments.paths)? {
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let file = CaseFile::parse(&text).with_context(|| format!("in {}", path.display()))?;
        let name = path.display();
        for case in file.check() {
            match case.verdict {
                Verdict::Passed => passed += 1,
                Verdict::Skipped { reason } => {
                    skipped += 1;
                    if arguments.skipped {
                        print_line(&format!("{name} {} {}: skipped, {reason}", case.id, case.function))?;
                    }
                }
                Verdict::Failed { place, expected, got } => {
                    failed += 1;
                    let (expected, got) = (shortened(&expected), shortened(&got));
                    print_line(&format!(
                        "{name} {} {}: {place}: expected {expected}, got {got}",
                        case.id, case.function
                    ))?;
                }
            }
        }
    }
    print_line(&format!("{passed} passed, {failed} failed, {skipped} skipped"))?;
    Ok(ExitCode::from(u8::from(failed > 0)))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The named files, and the `.json` files of the named folders, in order of their names.
fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(json_files(path)?);
        } else {
            files.push(path.clone());
        }
    }
    if files.is_empty() {
        bail!("no .json file to check");
    }
    Ok(files)
}

fn json_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
