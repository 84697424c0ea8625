//! `cargo xtask tidy`: formats the code, then checks the conventions that no compiler checks.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::process;
use crate::project::Project;

/// Lines of a source file, tests included, from which it surely holds a second concept.
const MAX_LINES: usize = 600;

/// Formats, then checks.
pub(crate) fn run(project: &Project) -> Result<()> {
    process::run(&mut project.cargo("fmt --all"), "format the code", "see rustfmt's message above")?;
    check_texts(project)
}

/// Checks every text file under version control, or about to be.
pub(crate) fn check_texts(project: &Project) -> Result<()> {
    let mut git = project.command("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
    let names = process::output(&mut git, "list the files of the repository")?;
    let mut faults = Vec::new();
    for name in names.split('\0').filter(|name| is_text(name)) {
        // A deleted file is listed until the deletion is committed.
        let Ok(text) = fs::read_to_string(project.root.join(name)) else {
            continue;
        };
        faults.extend(faults_of(name, &text));
    }
    if faults.is_empty() {
        return Ok(());
    }
    bail!("{} faults in the texts:\n  {}", faults.len(), faults.join("\n  "))
}

fn extension(name: &str) -> Option<&str> {
    Path::new(name).extension()?.to_str()
}

fn is_text(name: &str) -> bool {
    matches!(extension(name), Some("rs" | "toml" | "md" | "css" | "html" | "js" | "mjs" | "py" | "yml"))
}

fn faults_of(name: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.ends_with([' ', '\t']) {
            faults.push(format!("{name}:{}: blanks at the end of the line", number + 1));
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        faults.push(format!("{name}: no line break at the end"));
    }
    if extension(name) == Some("rs") {
        if !text.starts_with("//!") {
            faults.push(format!("{name}: does not begin with what it is (`//! …`)"));
        }
        let lines = text.lines().count();
        if lines > MAX_LINES {
            faults.push(format!("{name}: {lines} lines; look for the second concept"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_name_file_and_line() {
        assert!(faults_of("a.rs", "//! What it is.\n").is_empty());
        assert_eq!(faults_of("a.md", "one\ntwo \n"), ["a.md:2: blanks at the end of the line"]);
        assert_eq!(faults_of("a.rs", "fn main() {}").len(), 2);
    }
}
