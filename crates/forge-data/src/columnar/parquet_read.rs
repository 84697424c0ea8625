//! Reads Parquet by its leaves. Source: the specification at <https://parquet.apache.org/docs/file-format/>.

use bytes::Bytes;
use parquet::basic::Compression;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use super::leaf::{Meaning, Physical};
use super::pages::Records;
use super::{SEPARATOR, begin, malformed, pages};
use crate::archive::ArchiveLimits;
use crate::cells::{Cell, CellColumn};
use crate::contained::contained;
use crate::table_file::Source;
use crate::{CsvOptions, DataError, TableFile, TableFormat};

/// Records that are decoded at once.
pub(super) const BATCH: usize = 1 << 13;

/// The file that a table was read from.
#[derive(Clone, Debug)]
pub(crate) struct ParquetSource {
    pub(super) bytes: Bytes,
}

/// Reads a Parquet file.
pub(crate) fn read_parquet(file: &str, bytes: Vec<u8>, options: &CsvOptions) -> Result<TableFile, DataError> {
    let format = TableFormat::Parquet;
    let damaged = |error: ParquetError| malformed(file, format, said(&error));
    if bytes.starts_with(b"PAR1") && !bytes.ends_with(b"PAR1") && !bytes.ends_with(b"PARE") {
        let reason = "its last four bytes are not PAR1: the file is cut short".to_owned();
        return Err(malformed(file, format, reason));
    }
    let bytes = Bytes::from(bytes);
    let reader = SerializedFileReader::new(bytes.clone())
        .map_err(|error| malformed(file, format, format!("the metadata at its end: {}", said(&error))))?;
    let metadata = reader.metadata();
    let leaves = metadata.file_metadata().schema_descr().columns().to_vec();
    let mut parts = begin(file, format, leaves.iter().map(|leaf| name(leaf)).collect(), options)?;
    let n_values = check_size(file, metadata, options.max_bytes)?;
    let limits = ArchiveLimits { max_bytes: options.max_bytes, ..ArchiveLimits::default() };
    // Columns that hold the same value throughout pack better than any ratio says.
    let allowed = limits.allowed(bytes.len() as u64).saturating_add(n_values.saturating_mul(MAX_WIDTH));
    pages::check_places(metadata, &bytes, allowed.min(options.max_bytes))
        .map_err(|reason| malformed(file, format, reason))?;
    let mut budget = options.max_bytes;
    for (group, of_group) in metadata.row_groups().iter().enumerate() {
        let n_rows = usize::try_from(of_group.num_rows()).unwrap_or_default();
        let row_group = reader.get_row_group(group).map_err(damaged)?;
        for (index, leaf) in leaves.iter().enumerate() {
            let of_column = |reason: String| {
                malformed(file, format, format!("row group {}, column \"{}\": {reason}", group + 1, parts.names[index]))
            };
            if let Some(codec) = of_group.columns().get(index).map(ColumnChunkMetaData::compression)
                && cfg!(target_arch = "wasm32")
                && matches!(codec, Compression::ZSTD(_))
            {
                return Err(DataError::UnsupportedFormat {
                    file: file.to_owned(),
                    format: "Parquet with Zstandard compression".to_owned(),
                    hint: "in the browser, snappy, gzip, brotli and LZ4 are read; use `forge convert` to write it anew"
                        .to_owned(),
                });
            }
            let reader = pages::column_reader(&*row_group, index, leaf).map_err(|error| of_column(said(&error)))?;
            let column = &mut parts.columns[index];
            let read = || read_leaf(reader, leaf, n_rows, column, &mut budget);
            let damaged = || ParquetError::General("it is damaged".to_owned());
            let n_read = contained(read, damaged).map_err(|error| of_column(said(&error)))?;
            if n_read != n_rows {
                return Err(of_column(format!("{n_read} rows, expected {n_rows}")));
            }
        }
        parts.n_rows += n_rows;
    }
    drop(reader);
    parts.finish(Source::Parquet(ParquetSource { bytes }))
}

/// Bytes of a value that is no text, at most, with its levels.
const MAX_WIDTH: u64 = 20;

/// Refuses what would not fit into memory: eight bytes for each value that the file says there are, of which this is the
/// number, and what it says its columns become.
fn check_size(file: &str, metadata: &ParquetMetaData, limit: u64) -> Result<u64, DataError> {
    let n_leaves = metadata.file_metadata().schema_descr().num_columns() as u64;
    let (mut n_rows, mut n_bytes) = (0u64, 0u64);
    for group in metadata.row_groups() {
        n_rows = n_rows.saturating_add(u64::try_from(group.num_rows()).unwrap_or(u64::MAX));
        for chunk in group.columns() {
            n_bytes = n_bytes.saturating_add(u64::try_from(chunk.uncompressed_size()).unwrap_or(0));
        }
    }
    let n_values = n_rows.saturating_mul(n_leaves);
    if n_values.saturating_mul(8).max(n_bytes) > limit {
        return Err(DataError::TooLarge { file: file.to_owned(), limit });
    }
    Ok(n_values)
}

/// What an error says, without the name of the library's format.
pub(super) fn said(error: &ParquetError) -> String {
    let text = error.to_string();
    text.strip_prefix("Parquet error: ").unwrap_or(&text).to_owned()
}

/// The name of a leaf: its path without the groups that only make it a list.
fn name(leaf: &ColumnDescriptor) -> String {
    const OF_LISTS: [&str; 7] = ["list", "element", "bag", "array", "array_element", "item", "key_value"];
    let parts = leaf.path().parts();
    let counts = |(place, part): &(usize, &String)| {
        *place == 0 || leaf.max_rep_level() == 0 || !OF_LISTS.contains(&part.as_str())
    };
    let kept: Vec<&str> = parts.iter().enumerate().filter(counts).map(|(_, part)| part.as_str()).collect();
    kept.join(".")
}

fn read_leaf(
    reader: ColumnReader,
    leaf: &ColumnDescriptor,
    n_rows: usize,
    column: &mut CellColumn,
    budget: &mut u64,
) -> Result<usize, ParquetError> {
    match reader {
        ColumnReader::BoolColumnReader(reader) => read_typed(reader, leaf, n_rows, column, budget),
        ColumnReader::Int32ColumnReader(reader) => read_typed(reader, leaf, n_rows, column, budget),
        ColumnReader::Int64ColumnReader(reader) => read_typed(reader, leaf, n_rows, column, budget),
        ColumnReader::Int96ColumnReader(reader) => read_typed(reader, leaf, n_rows, column, budget),
        ColumnReader::FloatColumnReader(reader) => read_typed(reader, leaf, n_rows, column, budget),
        ColumnReader::DoubleColumnReader(reader) => read_typed(reader, leaf, n_rows, column, budget),
        ColumnReader::ByteArrayColumnReader(reader) => read_typed(reader, leaf, n_rows, column, budget),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => read_typed(reader, leaf, n_rows, column, budget),
    }
}

/// Hands the values of a row group to the column; the number of rows.
fn read_typed<T: Physical>(
    mut reader: ColumnReaderImpl<T>,
    leaf: &ColumnDescriptor,
    n_rows: usize,
    column: &mut CellColumn,
    budget: &mut u64,
) -> Result<usize, ParquetError> {
    let (max_def, max_rep) = (leaf.max_def_level(), leaf.max_rep_level());
    let meaning = Meaning::of(leaf);
    let mut records = Records::<T>::default();
    let (mut scratch, mut list) = (String::new(), String::new());
    let mut spend = |cell: &Cell<'_>| {
        let Cell::Text(text) = cell else { return Ok(()) };
        *budget = budget.checked_sub(text.len() as u64).ok_or_else(too_much_text)?;
        Ok::<(), ParquetError>(())
    };
    let mut n_read = 0;
    while n_read < n_rows {
        let n_records = records.read(&mut reader, leaf, BATCH.min(n_rows - n_read))?;
        if n_records == 0 {
            break;
        }
        n_read += n_records;
        let Records { defs, reps, values, n_levels } = &records;
        let mut values = values.iter();
        if max_rep == 0 {
            for level in 0..*n_levels {
                let present = max_def == 0 || defs.get(level) == Some(&max_def);
                let value = if present { values.next() } else { None };
                let cell = value.map_or(Cell::Missing, |value| T::cell(value, meaning, &mut scratch));
                spend(&cell)?;
                column.push(cell);
            }
            continue;
        }
        for level in 0..*n_levels {
            if level > 0 && reps.get(level) == Some(&0) {
                column.push(Cell::Nested(&list));
                list.clear();
            }
            if defs.get(level) == Some(&max_def)
                && let Some(value) = values.next()
            {
                let cell = T::cell(value, meaning, &mut scratch);
                spend(&cell)?;
                if !list.is_empty() {
                    list.push(SEPARATOR);
                }
                list.push_str(&cell.text());
            }
        }
        column.push(Cell::Nested(&list));
        list.clear();
    }
    Ok(n_read)
}

fn too_much_text() -> ParquetError {
    ParquetError::General("its texts take more bytes than the limit (max_bytes)".to_owned())
}
