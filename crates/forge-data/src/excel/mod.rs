//! Workbooks: the cells of one sheet as a table, read by the crate calamine; written as xlsx.
//!
//! The first row that has cells holds the column names unless it looks like data. Formulas count with their stored results,
//! merged areas with their first cell, cells that show an error as missing; each is a warning. A written workbook has one
//! sheet of values: formats, formulas and other sheets are not kept, except where nothing was changed.

mod compound;
mod sheet;
#[cfg(test)]
mod tests;
mod write;

use std::sync::Arc;

pub(crate) use write::write;

use sheet::{Sheet, SheetRow};

use crate::archive::ArchiveLimits;
use crate::cells::{Cell, CellColumn};
use crate::changes::Plan;
use crate::csv::header::{distinct_names, looks_like_header};
use crate::table_file::Source;
use crate::write_table::read_only;
use crate::{CsvOptions, DataError, Dialect, Header, Table, TableFile, TableFormat};

/// Rows that the header is told by.
const SAMPLE_ROWS: usize = 1000;

/// The workbook that a table was read from.
#[derive(Clone, Debug)]
pub(crate) struct WorkbookSource {
    bytes: Arc<Vec<u8>>,
    /// The row of the sheet, from 1, of each row of the table.
    rows: Vec<u32>,
}

impl WorkbookSource {
    /// The row of the sheet.
    pub(crate) fn line(&self, row: usize) -> u64 {
        self.rows.get(row).map_or(0, |&row| u64::from(row))
    }

    /// The table with changes as a workbook of one sheet.
    pub(crate) fn written(&self, file: &TableFile, plan: &Plan<'_>) -> Result<Vec<u8>, DataError> {
        match file.format {
            _ if plan.is_empty() => Ok(self.bytes.to_vec()),
            TableFormat::Xlsx => write(&plan.apply(&file.table)?),
            other => Err(read_only(other)),
        }
    }
}

/// Reads a sheet of a workbook.
pub(crate) fn read(
    file: &str,
    format: TableFormat,
    bytes: Vec<u8>,
    options: &CsvOptions,
    limits: &ArchiveLimits,
) -> Result<TableFile, DataError> {
    let malformed = |reason: String| DataError::Malformed { file: file.to_owned(), format: format.title(), reason };
    let bytes = Arc::new(bytes);
    let Sheet { name, rows, mut warnings } = sheet::read(file, format, &bytes, options, limits)?;
    let of_sheet = |reason: &str| malformed(format!("the sheet \"{name}\" {reason}"));
    let first = rows.iter().filter_map(|row| row.cells.first()).map(|(column, _)| *column).min();
    let last = rows.iter().filter_map(|row| row.cells.last()).map(|(column, _)| *column).max();
    let (Some(first), Some(last)) = (first, last) else { return Err(of_sheet("is empty")) };
    let width = (last - first) as usize + 1;

    let shown: Vec<Vec<String>> = rows.iter().take(SAMPLE_ROWS).map(|row| texts(row, first, width)).collect();
    let has_header = match options.header {
        Header::Present => true,
        Header::Absent => false,
        Header::Detect => looks_like_header(&shown),
    };
    let names = if has_header {
        distinct_names(shown.into_iter().next().unwrap_or_default(), &mut warnings)
    } else {
        warnings.push("the first row is data, not column names; columns are called column_1, column_2, …".to_owned());
        (1..=width).map(|column| format!("column_{column}")).collect()
    };
    if let Some(unknown) = options.types.keys().find(|name| !names.contains(name)) {
        return Err(DataError::UnknownColumn { column: unknown.clone(), known: names.join(", ") });
    }
    let body = &rows[usize::from(has_header)..];
    if body.is_empty() {
        return Err(of_sheet("holds column names, and no rows follow"));
    }
    let mut columns: Vec<CellColumn> =
        names.iter().map(|name| CellColumn::new(options.types.get(name).copied())).collect();
    for (index, row) in body.iter().enumerate() {
        for (column, cell) in &row.cells {
            let column = &mut columns[(*column - first) as usize];
            column.fill(index);
            column.push(cell.as_cell());
        }
    }
    let numbers: Vec<u32> = body.iter().map(|row| row.number).collect();
    let mut finished = Vec::with_capacity(width);
    for (mut column, name) in columns.into_iter().zip(&names) {
        column.fill(body.len());
        let (column, said) = column.finish(name, &|row| format!("row {}", numbers.get(row).copied().unwrap_or(0)));
        finished.push(column);
        warnings.extend(said);
    }
    let header = if has_header { Header::Present } else { Header::Absent };
    Ok(TableFile {
        table: Table::new(finished)?,
        format,
        dialect: Dialect { header, ..Dialect::default() },
        rejected: Vec::new(),
        warnings,
        n_rejected: 0,
        source: Source::Workbook(WorkbookSource { bytes, rows: numbers }),
    })
}

/// The cells of a row as texts, empty ones among them.
fn texts(row: &SheetRow, first: u32, width: usize) -> Vec<String> {
    let mut texts = vec![String::new(); width];
    for (column, cell) in &row.cells {
        texts[(*column - first) as usize] = match cell.as_cell() {
            Cell::Text(text) => text.trim_ascii().to_owned(),
            other => other.text().into_owned(),
        };
    }
    texts
}
