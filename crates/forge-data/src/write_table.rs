//! Writes a table in any format.

use crate::csv::{write_arff, write_delimited};
use crate::{DataError, Table, TableFormat, json, npy};

/// The table as a file of this format; missing values are empty, null, `?` or NaN, as the format has it.
///
/// Text is UTF-8. JSON is a list of objects. [`TableFormat::Npy`] takes columns of numbers, truth values and dates (as
/// seconds since 1970) and makes one array of `f64`, n rows × n columns, that has no room for column names;
/// [`TableFormat::Npz`] makes one array per column.
///
/// # Errors
/// [`DataError::NotWritable`] where the format cannot hold the table or is only read,
/// [`DataError::NotBuiltIn`] where this build lacks it.
pub fn write_table(table: &Table, format: TableFormat) -> Result<Vec<u8>, DataError> {
    match format {
        TableFormat::Csv => Ok(write_delimited(table, b',')),
        TableFormat::Tsv => Ok(write_delimited(table, b'\t')),
        TableFormat::Arff => write_arff(table),
        TableFormat::Json => Ok(json::write_json(table)),
        TableFormat::Jsonl => Ok(json::write_lines(table)),
        TableFormat::Npy => npy::write_npy(table),
        TableFormat::Npz => npy::write_npz(table),
        #[cfg(feature = "columnar")]
        TableFormat::Parquet => crate::columnar::write_parquet(table),
        #[cfg(feature = "columnar")]
        TableFormat::Arrow | TableFormat::Arrows => crate::columnar::write_arrow(table, format),
        #[cfg(feature = "excel")]
        TableFormat::Xlsx => crate::excel::write(table),
        TableFormat::Xls | TableFormat::Ods => Err(read_only(format)),
        #[cfg(not(feature = "columnar"))]
        TableFormat::Parquet | TableFormat::Arrow | TableFormat::Arrows => Err(format.not_built_in("the table")),
        #[cfg(not(feature = "excel"))]
        TableFormat::Xlsx => Err(format.not_built_in("the table")),
    }
}

/// That a format is not written.
pub(crate) fn read_only(format: TableFormat) -> DataError {
    DataError::NotWritable { format: format.title(), reason: "it is only read; write xlsx, CSV or Parquet".to_owned() }
}
