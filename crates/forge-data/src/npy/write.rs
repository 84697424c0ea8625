//! Writes tables as NumPy arrays.

use std::io::{Cursor, Write};

use ::zip::ZipWriter;
use ::zip::write::SimpleFileOptions;

use super::NpyOrder;
use super::header::header_bytes;
use super::item::{Item, NewValue};
use crate::{Column, DataError, Table, TableFormat, Values};

/// Bytes of an array of texts at most: each takes as much as the longest.
const MAX_TEXT_BYTES: usize = 2 << 30;

/// One array of `f64`, n rows × n columns, or n rows where there is one column.
pub(crate) fn write_npy(table: &Table) -> Result<Vec<u8>, DataError> {
    let n_columns = table.columns().len();
    let shape = if n_columns == 1 { vec![table.n_rows()] } else { vec![table.n_rows(), n_columns] };
    let mut bytes = header_bytes("<f8", NpyOrder::RowsTogether, &shape);
    for column in table.columns() {
        if matches!(column.values(), Values::Category { .. } | Values::Text(_)) {
            let reason = format!("the column \"{}\" holds texts, one array holds numbers; write npz", column.name());
            return Err(not_writable(TableFormat::Npy, reason));
        }
    }
    for row in 0..table.n_rows() {
        for column in table.columns() {
            let value = match column.values() {
                Values::Number(values) | Values::Date(values) => values[row],
                Values::Boolean(values) => values[row].map_or(f64::NAN, f64::from),
                Values::Category { .. } | Values::Text(_) => f64::NAN,
            };
            bytes.extend(value.to_le_bytes());
        }
    }
    Ok(bytes)
}

/// One array per column.
pub(crate) fn write_npz(table: &Table) -> Result<Vec<u8>, DataError> {
    let rows: Vec<usize> = (0..table.n_rows()).collect();
    let mut arrays = Vec::with_capacity(table.columns().len());
    for column in table.columns() {
        arrays.push((format!("{}.npy", column.name()), self::column(column, &rows)?));
    }
    archive(arrays.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))
}

/// A zip archive of these files, whose names must not lead outside.
pub(super) fn archive<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> Result<Vec<u8>, DataError> {
    let failed = |reason: String| not_writable(TableFormat::Npz, reason);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        if !crate::archive::is_sound(name) {
            return Err(failed(format!("the name \"{name}\" is none for a file in an archive")));
        }
        let options = SimpleFileOptions::default().large_file(bytes.len() as u64 >= u64::from(u32::MAX));
        writer.start_file(name, options).map_err(|error| failed(error.to_string()))?;
        writer.write_all(bytes).map_err(|error| failed(error.to_string()))?;
    }
    Ok(writer.finish().map_err(|error| failed(error.to_string()))?.into_inner())
}

/// Some rows of a column as an array: numbers as `f8`, dates as `M8[ms]`, truth values as `b1`, all else as texts.
pub(super) fn column(column: &Column, rows: &[usize]) -> Result<Vec<u8>, DataError> {
    let mut bytes;
    match column.values() {
        Values::Number(values) => {
            bytes = header_bytes("<f8", NpyOrder::RowsTogether, &[rows.len()]);
            rows.iter().for_each(|&row| bytes.extend(values[row].to_le_bytes()));
        }
        Values::Date(values) => {
            bytes = header_bytes("<M8[ms]", NpyOrder::RowsTogether, &[rows.len()]);
            for &row in rows {
                let count = if values[row].is_nan() { i64::MIN } else { (values[row] * 1e3).round() as i64 };
                bytes.extend(count.to_le_bytes());
            }
        }
        Values::Boolean(values)
            if column.words() == ["false", "true"] && rows.iter().all(|&row| values[row].is_some()) =>
        {
            bytes = header_bytes("|b1", NpyOrder::RowsTogether, &[rows.len()]);
            bytes.extend(rows.iter().map(|&row| u8::from(values[row] == Some(true))));
        }
        Values::Boolean(_) | Values::Category { .. } | Values::Text(_) => {
            let text = |row: usize| column.text(row).unwrap_or_default();
            let longest = rows.iter().map(|&row| text(row).chars().count()).max().unwrap_or_default().max(1);
            if longest.saturating_mul(4).saturating_mul(rows.len()) > MAX_TEXT_BYTES {
                let name = column.name();
                let reason =
                    format!("the column \"{name}\" has texts of up to {longest} characters, which is too much room");
                return Err(not_writable(TableFormat::Npz, reason));
            }
            bytes = header_bytes(&format!("<U{longest}"), NpyOrder::RowsTogether, &[rows.len()]);
            let item = Item::Unicode { length: longest, big_endian: false };
            for &row in rows {
                let value = item.encode(NewValue::Text(&text(row)));
                bytes.extend(value.map_err(|reason| not_writable(TableFormat::Npz, reason))?);
            }
        }
    }
    Ok(bytes)
}

fn not_writable(format: TableFormat, reason: String) -> DataError {
    DataError::NotWritable { format: format.title(), reason }
}
