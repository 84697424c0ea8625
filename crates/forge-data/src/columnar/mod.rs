//! Columnar files: Parquet and Arrow IPC, each leaf of their schema a column.
//!
//! A field of a struct is a column of its own, named `outer.inner`. A list becomes text with `;` between its values. Row
//! groups and batches are read in order, their values straight into columns. Written files keep schema, metadata and
//! compression; only rows that leave, cells that are replaced and columns that are added differ.

mod arrow_layout;
mod arrow_messages;
mod arrow_read;
mod arrow_write;
mod leaf;
mod page_headers;
mod page_values;
mod pages;
mod parquet_read;
mod parquet_write;

pub(crate) use arrow_read::{ArrowSource, read_arrow};
pub(crate) use arrow_write::write_arrow;
pub(crate) use parquet_read::{ParquetSource, read_parquet};
pub(crate) use parquet_write::write_parquet;

use crate::cells::CellColumn;
use crate::csv::header::distinct_names;
use crate::table_file::Source;
use crate::{CsvOptions, DataError, Dialect, Table, TableFile, TableFormat};

/// Puts what joins the values of a list between them.
const SEPARATOR: char = ';';

/// The file that these columns came from.
struct Parts<'a> {
    file: &'a str,
    format: TableFormat,
    names: Vec<String>,
    columns: Vec<CellColumn>,
    n_rows: usize,
    warnings: Vec<String>,
}

impl Parts<'_> {
    fn finish(self, source: Source) -> Result<TableFile, DataError> {
        let Self { file, format, names, columns, n_rows, mut warnings } = self;
        if n_rows == 0 {
            return Err(malformed(file, format, "there are no rows in it".to_owned()));
        }
        let mut finished = Vec::with_capacity(columns.len());
        for (mut column, name) in columns.into_iter().zip(&names) {
            column.fill(n_rows);
            let (column, said) = column.finish(name, &|row| format!("row {}", row + 1));
            finished.push(column);
            warnings.extend(said);
        }
        Ok(TableFile {
            table: Table::new(finished)?,
            format,
            dialect: Dialect::default(),
            rejected: Vec::new(),
            warnings,
            n_rejected: 0,
            source,
        })
    }
}

/// Columns at most.
const MAX_COLUMNS: usize = 100_000;

/// Names of columns made distinct, and a builder for each.
fn begin<'a>(
    file: &'a str,
    format: TableFormat,
    names: Vec<String>,
    options: &CsvOptions,
) -> Result<Parts<'a>, DataError> {
    if names.is_empty() {
        return Err(malformed(file, format, "there are no columns in it".to_owned()));
    }
    if names.len() > MAX_COLUMNS {
        return Err(malformed(file, format, format!("it has more than {MAX_COLUMNS} columns")));
    }
    let mut warnings = Vec::new();
    let names = distinct_names(names, &mut warnings);
    if let Some(unknown) = options.types.keys().find(|name| !names.contains(name)) {
        return Err(DataError::UnknownColumn { column: unknown.clone(), known: names.join(", ") });
    }
    let columns = names.iter().map(|name| CellColumn::new(options.types.get(name).copied())).collect();
    Ok(Parts { file, format, names, columns, n_rows: 0, warnings })
}

fn malformed(file: &str, format: TableFormat, reason: String) -> DataError {
    DataError::Malformed { file: file.to_owned(), format: format.title(), reason }
}

fn not_writable(format: TableFormat, reason: String) -> DataError {
    DataError::NotWritable { format: format.title(), reason }
}
