//! Unpacks gzip within limits.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::ArchiveLimits;
use crate::DataError;

/// The unpacked stream, all members one after the other.
pub(super) fn unpack(file: &str, bytes: &[u8], limits: &ArchiveLimits) -> Result<Vec<u8>, DataError> {
    let limit = limits.allowed(bytes.len() as u64);
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes)
        .take(limit.saturating_add(1))
        .read_to_end(&mut unpacked)
        .map_err(|error| DataError::Gzip { file: file.to_owned(), reason: error.to_string() })?;
    if unpacked.len() as u64 <= limit {
        return Ok(unpacked);
    }
    if limit == limits.max_bytes {
        return Err(DataError::TooLarge { file: file.to_owned(), limit });
    }
    let reason = format!("its {} bytes unpack to more than {} times as much", bytes.len(), limits.max_ratio);
    Err(super::refused(file, reason))
}

/// The name of what is inside: that of the file without its last ending.
pub(super) fn inner_name(file: &str) -> &str {
    let lower = file.to_ascii_lowercase();
    let ending = [".gz", ".gzip"].into_iter().find(|ending| lower.ends_with(ending));
    ending.map_or(file, |ending| &file[..file.len() - ending.len()])
}
