//! The directory of a zip file, and one file of it unpacked.

use std::io::{Cursor, Read};
use std::sync::Arc;

use ::zip::read::{ZipArchiveMetadata, ZipReadOptions};
use ::zip::result::ZipError;
use ::zip::{CompressionMethod, ZipArchive};

use super::{ArchiveEntry, ArchiveLimits, Content, check_name, refused};
use crate::DataError;

pub(super) fn list(
    file: &str,
    bytes: &[u8],
    limits: &ArchiveLimits,
) -> Result<(Vec<ArchiveEntry>, Content), DataError> {
    let damaged = |error: ZipError| refused(file, format!("it cannot be read as zip: {error}"));
    let directory = ZipArchive::new(Cursor::new(bytes)).map_err(|error| match error {
        ZipError::InvalidArchive(what) => {
            let reason = "it cannot be read as zip: the list of files at its end is damaged or cut off";
            refused(file, format!("{reason} ({what})"))
        }
        other => damaged(other),
    })?;
    let directory = directory.metadata();
    if directory.len() > limits.max_entries {
        let reason = format!("it lists {} files, at most {} are allowed", directory.len(), limits.max_entries);
        return Err(refused(file, reason));
    }
    let (mut entries, mut numbers) = (Vec::new(), Vec::new());
    for number in 0..directory.len() {
        let entry = directory.entry(number).map_err(damaged)?;
        let name = entry.name().map_err(damaged)?.into_owned();
        if check_name(file, &name)? && !entry.is_dir() && !entry.is_symlink() {
            entries.push(ArchiveEntry { name, size: entry.size() });
            numbers.push(number);
        }
    }
    Ok((entries, Content::Zip { directory, numbers }))
}

/// Unpacks a file; the error goes on after its name.
pub(super) fn read(
    directory: &Arc<ZipArchiveMetadata>,
    number: usize,
    bytes: &[u8],
    limits: &ArchiveLimits,
) -> Result<Vec<u8>, String> {
    let damaged = |error: ZipError| format!("cannot be unpacked: {error}");
    let entry = directory.entry(number).map_err(damaged)?;
    if entry.encrypted() {
        return Err("is encrypted; unpack it with its password first".to_owned());
    }
    let method = entry.compression();
    if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
        return Err(format!("is compressed by {method}; only deflate is read"));
    }
    let limit = limits.allowed(entry.compressed_size());
    let too_large = || {
        if limit == limits.max_bytes {
            format!("is larger than the limit of {limit} bytes")
        } else {
            format!("unpacks to more than {} times its packed size", limits.max_ratio)
        }
    };
    let size = entry.size();
    if size > limit {
        return Err(too_large());
    }
    let mut cursor = Cursor::new(bytes);
    let reader = entry.with_reader(&mut cursor, ZipReadOptions::new()).map_err(damaged)?;
    // What is stated may be wrong, so it only decides how much is reserved.
    let mut unpacked = Vec::with_capacity(size.min(bytes.len() as u64 * 4) as usize);
    reader
        .take(limit.saturating_add(1))
        .read_to_end(&mut unpacked)
        .map_err(|error| format!("cannot be unpacked: {error}"))?;
    if unpacked.len() as u64 > limit { Err(too_large()) } else { Ok(unpacked) }
}
