//! A file that holds a table, once read: its typed rows, and what it takes to write the file again.

use crate::changes::Plan;
#[cfg(feature = "columnar")]
use crate::columnar::{ArrowSource, ParquetSource};
#[cfg(any(feature = "columnar", feature = "excel"))]
use crate::contained::contained;
use crate::csv::TextSource;
#[cfg(feature = "excel")]
use crate::excel::WorkbookSource;
use crate::json::JsonSource;
use crate::npy::NpySource;
use crate::{Changes, Column, CsvOptions, DataError, Dialect, RejectedRow, Table, TableFormat, read_csv, write_csv};

/// A file that holds a table: its typed rows, and its content to show rows from and to write a changed file in the same
/// format.
#[derive(Clone, Debug)]
pub struct TableFile {
    /// The typed rows.
    pub table: Table,
    /// The format it was read from.
    pub format: TableFormat,
    /// The form of a text table; the default for all other formats.
    pub dialect: Dialect,
    /// Rows that could not be read, in file order; no more than 10,000 are listed.
    pub rejected: Vec<RejectedRow>,
    /// What a reader of the results should know about the file.
    pub warnings: Vec<String>,
    pub(crate) n_rejected: u64,
    pub(crate) source: Source,
}

/// What a file is written again from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Text(TextSource),
    Json(JsonSource),
    Npy(NpySource),
    View(Box<View>),
    /// Nothing: the table came as columns.
    Memory,
    #[cfg(feature = "columnar")]
    Parquet(ParquetSource),
    #[cfg(feature = "columnar")]
    Arrow(ArrowSource),
    #[cfg(feature = "excel")]
    Workbook(WorkbookSource),
}

/// Rows of another file, seen as another table.
#[derive(Clone, Debug)]
pub(crate) struct View {
    file: TableFile,
    /// The row of the file behind each row of the table; none where they are the same.
    rows: Option<Vec<u32>>,
}

impl TableFile {
    /// The same file seen as another table, whose row `i` stands where row `rows[i]` did; or where row `i` did. Written
    /// back, it is the table that is written, as CSV.
    pub(crate) fn seen_as(self, table: Table, rows: Option<Vec<u32>>) -> Self {
        let (dialect, rejected, warnings) = (Dialect::default(), self.rejected.clone(), self.warnings.clone());
        let n_rejected = self.n_rejected;
        let source = Source::View(Box::new(View { file: self, rows }));
        Self { table, format: TableFormat::Csv, dialect, rejected, warnings, n_rejected, source }
    }

    /// Number of rows that could not be read, those beyond the list included.
    pub fn n_rejected(&self) -> u64 {
        self.n_rejected
    }

    /// What [`line`](Self::line) counts: "line" in text that has one row per line, "row" elsewhere.
    pub fn place(&self) -> &'static str {
        match &self.source {
            Source::Text(_) => "line",
            Source::Json(json) => json.place(),
            Source::View(view) => view.file.place(),
            Source::Npy(_) | Source::Memory => "row",
            #[cfg(feature = "columnar")]
            Source::Parquet(_) | Source::Arrow(_) => "row",
            #[cfg(feature = "excel")]
            Source::Workbook(_) => "row",
        }
    }

    /// Where a row of the table stands in the file, from 1: the line it begins on in delimited text, ARFF and JSON lines,
    /// the row of the sheet in a workbook, and the number of the record elsewhere; 0 when there is no such row.
    pub fn line(&self, row: usize) -> u64 {
        match &self.source {
            Source::Text(text) => text.line(row),
            Source::Json(json) => json.line(row),
            Source::View(view) => match &view.rows {
                Some(rows) => rows.get(row).map_or(0, |&row| view.file.line(row as usize)),
                None => view.file.line(row),
            },
            _ if row >= self.table.n_rows() => 0,
            #[cfg(feature = "excel")]
            Source::Workbook(workbook) => workbook.line(row),
            _ => row as u64 + 1,
        }
    }

    /// The cells of a row of the table, empty when there is no such row: as they are written in delimited text and ARFF,
    /// without blanks and quotes around them and with the values that a sparse row omits, and as [`Column::text`] gives
    /// them for all other formats, empty where missing.
    pub fn cells(&self, row: usize) -> Vec<String> {
        match &self.source {
            Source::Text(text) => text.cells(&self.dialect, row),
            _ if row >= self.table.n_rows() => Vec::new(),
            _ => {
                let text = |column: &Column| column.text(row).unwrap_or_default().into_owned();
                self.table.columns().iter().map(text).collect()
            }
        }
    }

    /// The file without the given rows of the table, in the same format. Text formats stay byte for byte the same
    /// otherwise: header, comments, blank and rejected lines, quoting, line ends and encoding are kept. What was compressed
    /// or in an archive comes back as the file itself.
    ///
    /// `rows` may come in any order; numbers beyond the last row are ignored.
    ///
    /// # Errors
    /// [`DataError::UnsupportedFormat`] for formats that are only read: workbooks other than xlsx.
    pub fn without_rows(&self, rows: &[u32]) -> Result<Vec<u8>, DataError> {
        self.written(&Changes { without: rows, ..Changes::default() })
    }

    /// The file with changes, in the same format. What is not changed stays as it is: bytes of text, types, codecs and
    /// metadata of columnar files.
    ///
    /// # Errors
    /// Changes of rows and columns there are not, values that do not fit their column, names of added columns that exist,
    /// and what the format cannot hold.
    pub fn written(&self, changes: &Changes<'_>) -> Result<Vec<u8>, DataError> {
        let plan = Plan::new(changes, &self.table)?;
        match &self.source {
            Source::Text(text) => text.written(self, &plan),
            Source::Json(json) => json.written(self, &plan),
            Source::Npy(arrays) => arrays.written(self, &plan),
            Source::View(_) | Source::Memory => {
                let types = self.table.columns().iter().map(|column| (column.name().to_owned(), column.column_type()));
                let options = CsvOptions { types: types.collect(), ..CsvOptions::default() };
                read_csv("table.csv", write_csv(&self.table), &options)?.written(changes)
            }
            #[cfg(feature = "columnar")]
            Source::Parquet(parquet) => contained(|| parquet.written(self, &plan), || self.damaged()),
            #[cfg(feature = "columnar")]
            Source::Arrow(arrow) => contained(|| arrow.written(self, &plan), || self.damaged()),
            #[cfg(feature = "excel")]
            Source::Workbook(workbook) => contained(|| workbook.written(self, &plan), || self.damaged()),
        }
    }

    #[cfg(any(feature = "columnar", feature = "excel"))]
    fn damaged(&self) -> DataError {
        DataError::NotWritable { format: self.format.title(), reason: "the file that was read is damaged".to_owned() }
    }
}
