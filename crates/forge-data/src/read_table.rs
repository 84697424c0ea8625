//! Finds out what a file is and reads the table in it.

use crate::archive::{Archive, ArchiveKind, ArchiveLimits};
#[cfg(any(feature = "columnar", feature = "excel"))]
use crate::contained::contained;
use crate::csv::decode::{decode, looks_like_magic};
use crate::{CsvOptions, DataError, TableFile, TableFormat, csv, json, npy};

/// Archives within archives at most.
const MAX_DEPTH: usize = 3;

/// Reads the table in a file of any format: delimited text, ARFF, JSON, JSON lines, Parquet, Arrow IPC, workbooks, NumPy
/// arrays, and archives (gzip, zip, tar, tar.gz) that hold one of these. Parquet and Arrow need the feature `columnar`,
/// workbooks `excel`.
///
/// The format is found by the first bytes, then by the ending of `name`, then by what the text looks like. A file of an
/// archive is chosen by [`CsvOptions::member`] or by its name behind a `#`, as in `data.zip#train.csv`; without either the
/// only one that can hold a table is read. [`CsvOptions::types`] sets the type of columns in every format.
///
/// # Errors
/// What [`read_csv`](crate::read_csv) refuses, [`DataError::Archive`], [`DataError::Malformed`] for damaged files and
/// [`DataError::NotBuiltIn`] for formats that this build lacks.
pub fn read_table(name: &str, bytes: Vec<u8>, options: &CsvOptions) -> Result<TableFile, DataError> {
    options.validate()?;
    read_within(name, bytes, options, options.member.as_deref(), 0)
}

fn read_within(
    name: &str,
    bytes: Vec<u8>,
    options: &CsvOptions,
    member: Option<&str>,
    depth: usize,
) -> Result<TableFile, DataError> {
    if bytes.len() as u64 > options.max_bytes {
        return Err(DataError::TooLarge { file: name.to_owned(), limit: options.max_bytes });
    }
    let (outer, after) = name.split_once('#').map_or((name, None), |(outer, after)| (outer, Some(after)));
    let limits = ArchiveLimits { max_bytes: options.max_bytes, ..ArchiveLimits::default() };
    match container(outer, &bytes) {
        Container::None => read_plain(name, bytes, options, &limits),
        Container::Known(format) => read_binary(name, format, bytes, options, &limits),
        Container::Archive => {
            if depth == MAX_DEPTH {
                let reason = format!("archives lie within archives more than {MAX_DEPTH} deep");
                return Err(DataError::Archive { file: name.to_owned(), reason });
            }
            let archive = Archive::open(outer, bytes, limits)?;
            let wanted = after.or(member);
            let is_plain = archive.kind() == ArchiveKind::Gzip;
            let index = if is_plain { 0 } else { chosen(outer, &archive, wanted)? };
            let inner = archive.entries()[index].name.clone();
            let bytes = archive.into_bytes(index)?;
            let named = if is_plain { inner } else { format!("{outer}: {inner}") };
            read_within(&named, bytes, options, wanted.filter(|_| is_plain), depth + 1)
        }
    }
}

/// What the first bytes say.
enum Container {
    Archive,
    Known(TableFormat),
    None,
}

fn container(name: &str, bytes: &[u8]) -> Container {
    match bytes {
        [b'P', b'A', b'R', b'1', ..] if looks_like_magic(bytes) => return Container::Known(TableFormat::Parquet),
        [b'A', b'R', b'R', b'O', b'W', b'1', ..] if looks_like_magic(bytes) => {
            return Container::Known(TableFormat::Arrow);
        }
        [0xff, 0xff, 0xff, 0xff, _, _, _, 0, ..] => return Container::Known(TableFormat::Arrows),
        [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => return Container::Known(TableFormat::Npy),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => return Container::Known(TableFormat::Xls),
        _ => {}
    }
    match ArchiveKind::detect(bytes) {
        Some(ArchiveKind::Zip) => match TableFormat::of_file_name(name) {
            Some(format @ (TableFormat::Xlsx | TableFormat::Ods | TableFormat::Npz)) => Container::Known(format),
            _ => zipped(bytes).map_or(Container::Archive, Container::Known),
        },
        Some(_) => Container::Archive,
        None => Container::None,
    }
}

/// What a zip archive is by the files in it, whatever its name.
fn zipped(bytes: &[u8]) -> Option<TableFormat> {
    // The names of the files stand in the directory at the end and before each file.
    let holds = |name: &[u8]| bytes.windows(name.len()).any(|window| window == name);
    if holds(b"xl/workbook.xml") {
        return Some(TableFormat::Xlsx);
    }
    holds(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet").then_some(TableFormat::Ods)
}

/// The number of the file that is wanted, or that alone can hold a table.
fn chosen(name: &str, archive: &Archive, wanted: Option<&str>) -> Result<usize, DataError> {
    let listed = |indices: &[usize]| {
        let names: Vec<&str> = indices.iter().take(10).map(|&index| archive.entries()[index].name.as_str()).collect();
        let more = if indices.len() > names.len() { ", …" } else { "" };
        format!("{}{more}", names.join(", "))
    };
    let refused = |reason: String| Err(DataError::Archive { file: name.to_owned(), reason });
    let all: Vec<usize> = (0..archive.entries().len()).collect();
    if let Some(wanted) = wanted {
        return match archive.position(wanted) {
            Some(index) => Ok(index),
            None => refused(format!("it holds no file \"{wanted}\"; there are {}", listed(&all))),
        };
    }
    let is_table = |&index: &usize| {
        let name = &archive.entries()[index].name;
        // Notes on the data are text, but no table.
        let last = name.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        TableFormat::of_file_name(name).is_some() && !last.starts_with("readme") && !last.starts_with("license")
    };
    let tables: Vec<usize> = all.iter().copied().filter(is_table).collect();
    match (&tables[..], &all[..]) {
        ([index], _) | ([], [index]) => Ok(*index),
        ([], []) => refused("there are no files in it".to_owned()),
        ([], _) => refused(format!("none of its files is named like a table: {}; name the one to read", listed(&all))),
        _ => refused(format!("it holds several tables: {}; name the one to read, as {name}#FILE", listed(&tables))),
    }
}

fn read_binary(
    name: &str,
    format: TableFormat,
    bytes: Vec<u8>,
    options: &CsvOptions,
    limits: &ArchiveLimits,
) -> Result<TableFile, DataError> {
    #[cfg(any(feature = "columnar", feature = "excel"))]
    let damaged = || {
        let reason = "it is damaged".to_owned();
        DataError::Malformed { file: name.to_owned(), format: format.title(), reason }
    };
    match format {
        TableFormat::Npy => npy::read_npy(name, bytes, options),
        TableFormat::Npz => npy::read_npz(name, bytes, options, limits),
        #[cfg(feature = "columnar")]
        TableFormat::Parquet => contained(|| crate::columnar::read_parquet(name, bytes, options), damaged),
        #[cfg(feature = "columnar")]
        TableFormat::Arrow | TableFormat::Arrows => {
            contained(|| crate::columnar::read_arrow(name, format, bytes, options), damaged)
        }
        #[cfg(feature = "excel")]
        TableFormat::Xlsx | TableFormat::Xls | TableFormat::Ods => {
            contained(|| crate::excel::read(name, format, bytes, options, limits), damaged)
        }
        #[cfg(not(feature = "columnar"))]
        TableFormat::Parquet | TableFormat::Arrow | TableFormat::Arrows => Err(format.not_built_in(name)),
        #[cfg(not(feature = "excel"))]
        TableFormat::Xlsx | TableFormat::Xls | TableFormat::Ods => Err(format.not_built_in(name)),
        TableFormat::Csv | TableFormat::Tsv | TableFormat::Arff | TableFormat::Json | TableFormat::Jsonl => {
            read_plain(name, bytes, options, limits)
        }
    }
}

fn read_plain(
    name: &str,
    bytes: Vec<u8>,
    options: &CsvOptions,
    limits: &ArchiveLimits,
) -> Result<TableFile, DataError> {
    let by_name = TableFormat::of_file_name(name);
    if let Some(format @ (TableFormat::Parquet | TableFormat::Arrow | TableFormat::Arrows)) = by_name
        && bytes.contains(&0)
    {
        // Too damaged to have its first bytes: its reader says so by name.
        return read_binary(name, format, bytes, options, limits);
    }
    let decoded = decode(name, bytes, options)?;
    match json::looks_like(&decoded.text, by_name) {
        Some(format) => json::read(name, decoded, format, options),
        None => csv::read_text(name, decoded, options),
    }
}
