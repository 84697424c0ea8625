//! Ctrl-C and termination: the program ends at once and leaves no half file and no hidden cursor.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::Context;

/// The exit code of a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// The file that is being written, to be taken away if the program is stopped.
static PART: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Ends the program when the user asks for it.
pub(crate) fn listen() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        // The lock is held for the time of a rename at most, and never by a thread that panics while it holds it.
        if let Ok(mut part) = PART.lock()
            && let Some(path) = part.take()
        {
            let _ = std::fs::remove_file(path);
        }
        let mut stderr = std::io::stderr();
        if stderr.is_terminal() {
            // Shows the cursor, which a progress bar hides, and clears its line.
            let _ = stderr.write_all(b"\r\x1b[K\x1b[?25h");
        }
        let _ = stderr.write_all(b"stopped\n");
        std::process::exit(INTERRUPTED);
    })
    .context("cannot listen for Ctrl-C")
}

/// Remembers that `path` is half written until [`whole`] is called.
pub(crate) fn half(path: &Path) {
    if let Ok(mut part) = PART.lock() {
        *part = Some(path.to_owned());
    }
}

/// Gives the file its name and forgets that it was half written.
pub(crate) fn whole(part_path: &Path, path: &Path) -> std::io::Result<()> {
    let part = PART.lock();
    let renamed = std::fs::rename(part_path, path);
    if let Ok(mut part) = part {
        *part = None;
    }
    renamed
}
