//! The files of a tape archive, which lie in it as they are.

use std::io::Cursor;

use super::{ArchiveEntry, ArchiveLimits, Content, check_name, refused};
use crate::DataError;

const BLOCK: usize = 512;

/// Whether the bytes begin with the header of a file: its checksum is right.
pub(super) fn is_tar(bytes: &[u8]) -> bool {
    let Some(block) = bytes.get(..BLOCK) else { return false };
    let text = std::str::from_utf8(&block[148..156]).unwrap_or_default();
    let stated = u64::from_str_radix(text.trim_matches(|c: char| c == '\0' || c == ' '), 8).ok();
    // The checksum counts its own eight bytes as blanks.
    let sum = |range: std::ops::Range<usize>| block[range].iter().map(|&byte| u64::from(byte)).sum::<u64>();
    block[0] != 0 && stated == Some(sum(0..148) + sum(156..BLOCK) + 8 * u64::from(b' '))
}

pub(super) fn list(
    file: &str,
    bytes: &[u8],
    limits: &ArchiveLimits,
) -> Result<(Vec<ArchiveEntry>, Content), DataError> {
    let damaged = |error: std::io::Error| refused(file, format!("it cannot be read as tar: {error}"));
    let mut archive = ::tar::Archive::new(Cursor::new(bytes));
    let (mut entries, mut places) = (Vec::new(), Vec::new());
    for (number, entry) in archive.entries_with_seek().map_err(damaged)?.enumerate() {
        if number == limits.max_entries {
            return Err(refused(file, format!("it lists more than the {number} files that are allowed")));
        }
        let entry = entry.map_err(damaged)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let name = name.strip_prefix("./").unwrap_or(&name).to_owned();
        let kind = entry.header().entry_type();
        if !check_name(file, &name)? || !(kind.is_file() || kind.is_contiguous()) {
            continue;
        }
        let (start, size) = (entry.raw_file_position(), entry.size());
        let end = start.checked_add(size).filter(|&end| end <= bytes.len() as u64);
        let end = end.ok_or_else(|| refused(file, format!("\"{name}\" is cut short")))?;
        entries.push(ArchiveEntry { name, size });
        places.push(start as usize..end as usize);
    }
    Ok((entries, Content::Plain(places)))
}
