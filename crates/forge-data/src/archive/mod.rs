//! Archives read in place: the files inside a zip, tar, gzip or tar.gz file, listed and unpacked within limits.
//!
//! A small archive can unpack to more than any memory holds, so every stream is unpacked up to a limit of bytes, a ratio
//! to what was packed and a number of files. Names that would lead out of the folder an archive is unpacked in are refused,
//! although nothing here ever writes a file: such an archive is not to be trusted.

mod gzip;
mod tar;
#[cfg(test)]
mod tests;
mod write;
mod zip;

pub use self::write::write_zip;

use std::ops::Range;
use std::sync::Arc;

use ::zip::read::ZipArchiveMetadata;

use crate::DataError;

/// What unpacking an archive may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// Bytes of one unpacked file at most, and of a whole gzip stream [2 GiB].
    pub max_bytes: u64,
    /// Unpacked bytes per packed byte at most, once 16 MiB are exceeded [200 times].
    pub max_ratio: u64,
    /// Files listed at most, folders included [200,000 files].
    pub max_entries: usize,
}

impl Default for ArchiveLimits {
    fn default() -> Self {
        Self { max_bytes: 2 << 30, max_ratio: 200, max_entries: 200_000 }
    }
}

/// Unpacked bytes that no ratio is asked of: a few megabytes of zeros harm nobody.
const RATIO_FROM: u64 = 16 << 20;

impl ArchiveLimits {
    /// How many bytes `packed` bytes may become.
    pub(crate) fn allowed(&self, packed: u64) -> u64 {
        self.max_bytes.min(packed.saturating_mul(self.max_ratio).max(RATIO_FROM))
    }
}

/// How files are packed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveKind {
    /// One file, compressed by gzip.
    Gzip,
    /// A zip archive, which is also what xlsx, ods and npz files are.
    Zip,
    /// A tape archive.
    Tar,
    /// A tape archive compressed by gzip.
    TarGz,
}

impl ArchiveKind {
    /// The kind of archive that `bytes` begin as; [`Gzip`](Self::Gzip) for a compressed tape archive too.
    pub fn detect(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Self::Zip),
            _ => tar::is_tar(bytes).then_some(Self::Tar),
        }
    }

    /// The name people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::TarGz => "tar.gz",
        }
    }
}

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveEntry {
    /// Its path in the archive, parts separated by `/`.
    pub name: String,
    /// Its size in bytes once unpacked, as the archive states it.
    pub size: u64,
}

/// An archive whose files can be read one by one.
///
/// ```
/// use forge_data::{Archive, ArchiveLimits};
///
/// let gzip = [31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 75, 4, 0, 67, 190, 183, 232, 1, 0, 0, 0];
/// let archive = Archive::open("letter.txt.gz", gzip.to_vec(), ArchiveLimits::default())?;
/// assert_eq!(archive.entries()[0].name, "letter.txt");
/// assert_eq!(archive.read(0)?, b"a");
/// # Ok::<(), forge_data::DataError>(())
/// ```
#[derive(Debug)]
pub struct Archive {
    name: String,
    kind: ArchiveKind,
    limits: ArchiveLimits,
    entries: Vec<ArchiveEntry>,
    /// The archive, or the unpacked stream of gzip.
    bytes: Vec<u8>,
    content: Content,
}

/// Where the files of an archive are.
#[derive(Debug)]
enum Content {
    /// Directory of the zip file, and the number in it of each entry.
    Zip { directory: Arc<ZipArchiveMetadata>, numbers: Vec<usize> },
    /// Places in the bytes.
    Plain(Vec<Range<usize>>),
}

impl Archive {
    /// Opens an archive and lists its files. `name` is what errors call it.
    ///
    /// Folders, links and what operating systems leave behind (`__MACOSX/`, `.DS_Store`, `Thumbs.db`) are not listed.
    ///
    /// # Errors
    /// [`DataError::Archive`] for bytes that are no archive, a damaged one, more than `limits` allow, and a name that leads
    /// outside; [`DataError::TooLarge`] and [`DataError::Gzip`] for gzip.
    pub fn open(name: &str, bytes: Vec<u8>, limits: ArchiveLimits) -> Result<Self, DataError> {
        let kind =
            ArchiveKind::detect(&bytes).ok_or_else(|| refused(name, "it is no zip, tar or gzip archive".to_owned()))?;
        let (kind, bytes, listed) = match kind {
            ArchiveKind::Zip => {
                let (entries, content) = zip::list(name, &bytes, &limits)?;
                (kind, bytes, (entries, content))
            }
            ArchiveKind::Tar | ArchiveKind::TarGz => {
                let listed = tar::list(name, &bytes, &limits)?;
                (kind, bytes, listed)
            }
            ArchiveKind::Gzip => {
                let unpacked = gzip::unpack(name, &bytes, &limits)?;
                if tar::is_tar(&unpacked) {
                    let listed = tar::list(name, &unpacked, &limits)?;
                    (ArchiveKind::TarGz, unpacked, listed)
                } else {
                    let size = unpacked.len() as u64;
                    let entry = ArchiveEntry { name: gzip::inner_name(name).to_owned(), size };
                    let content = Content::Plain(std::iter::once(0..unpacked.len()).collect());
                    (kind, unpacked, (vec![entry], content))
                }
            }
        };
        let (entries, content) = listed;
        Ok(Self { name: name.to_owned(), kind, limits, entries, bytes, content })
    }

    /// How its files are packed.
    pub fn kind(&self) -> ArchiveKind {
        self.kind
    }

    /// Its files, in the order they are stored in.
    pub fn entries(&self) -> &[ArchiveEntry] {
        &self.entries
    }

    /// Where the file of that name stands among the entries.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.name == name)
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// [`DataError::Archive`] where there is no such entry, it is encrypted, packed by an unknown method, damaged or larger
    /// than the limits allow.
    pub fn read(&self, index: usize) -> Result<Vec<u8>, DataError> {
        let no_entry = || refused(&self.name, format!("it has no file number {index}"));
        let entry = self.entries.get(index).ok_or_else(no_entry)?;
        let failed = |reason: String| refused(&self.name, format!("\"{}\" {reason}", entry.name));
        match &self.content {
            Content::Zip { directory, numbers } => {
                let number = numbers.get(index).copied().ok_or_else(no_entry)?;
                zip::read(directory, number, &self.bytes, &self.limits).map_err(failed)
            }
            Content::Plain(places) => {
                let bytes = places.get(index).and_then(|place| self.bytes.get(place.clone())).ok_or_else(no_entry)?;
                if bytes.len() as u64 > self.limits.max_bytes {
                    return Err(failed(format!("is larger than the limit of {} bytes", self.limits.max_bytes)));
                }
                Ok(bytes.to_vec())
            }
        }
    }

    /// The bytes of a file, for which the archive is given up: a gzip file is not copied.
    ///
    /// # Errors
    /// As [`Archive::read`].
    pub fn into_bytes(mut self, index: usize) -> Result<Vec<u8>, DataError> {
        if self.kind == ArchiveKind::Gzip && index == 0 {
            return Ok(std::mem::take(&mut self.bytes));
        }
        self.read(index)
    }
}

/// Whether a file of an archive may have this name: it leads nowhere outside.
pub(crate) fn is_sound(name: &str) -> bool {
    let escapes = name.starts_with(['/', '\\'])
        || name.contains('\0')
        || name.split(['/', '\\']).any(|part| part == "..")
        || (name.as_bytes().get(1) == Some(&b':') && name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic));
    !escapes
}

/// Refuses names that lead outside; whether an entry of that name is of interest.
fn check_name(archive: &str, name: &str) -> Result<bool, DataError> {
    if !is_sound(name) {
        let shown = crate::csv::shorten(name);
        return Err(refused(
            archive,
            format!("the name \"{shown}\" in it leads outside of the folder it is unpacked in"),
        ));
    }
    let last = name.rsplit('/').next().unwrap_or_default();
    let clutter = name.starts_with("__MACOSX/") || ["", ".DS_Store", "Thumbs.db", "desktop.ini"].contains(&last);
    Ok(!clutter)
}

fn refused(file: &str, reason: String) -> DataError {
    DataError::Archive { file: file.to_owned(), reason }
}
