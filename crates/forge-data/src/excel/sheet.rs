//! The cells of a sheet, by calamine.

use std::io::Cursor;
use std::sync::Arc;

use calamine::{Data, DataRef, ExcelDateTime, Ods, Reader, SheetType, Xls, Xlsx};

use super::compound;
use crate::archive::{Archive, ArchiveLimits};
use crate::cells::Cell;
use crate::date::{SlashOrder, parse_date};
use crate::{CsvOptions, DataError, TableFormat};

/// Cells of a sheet at most.
const MAX_CELLS: usize = 100_000_000;

/// A sheet as it is stored.
pub(super) struct Sheet {
    pub(super) name: String,
    /// Rows that have cells, in order.
    pub(super) rows: Vec<SheetRow>,
    pub(super) warnings: Vec<String>,
}

/// A row of a sheet.
pub(super) struct SheetRow {
    /// From 1, as spreadsheets count.
    pub(super) number: u32,
    /// Column, from 0, and value; in order, no column twice.
    pub(super) cells: Vec<(u32, SheetCell)>,
}

/// A value of a sheet.
pub(super) enum SheetCell {
    Text(Box<str>),
    Other(Cell<'static>),
}

impl SheetCell {
    pub(super) fn as_cell(&self) -> Cell<'_> {
        match self {
            Self::Text(text) => Cell::Text(text),
            Self::Other(cell) => *cell,
        }
    }
}

/// Reads the cells of the sheet that is wanted.
pub(super) fn read(
    file: &str,
    format: TableFormat,
    bytes: &Arc<Vec<u8>>,
    options: &CsvOptions,
    limits: &ArchiveLimits,
) -> Result<Sheet, DataError> {
    let malformed = |reason: String| DataError::Malformed { file: file.to_owned(), format: format.title(), reason };
    let mut bytes = Arc::clone(bytes);
    if format == TableFormat::Xls {
        if !bytes.len().is_multiple_of(4096) {
            // The library takes every sector for whole.
            let mut whole = bytes.to_vec();
            whole.resize(whole.len().next_multiple_of(4096), 0);
            bytes = Arc::new(whole);
        }
        compound::check(&bytes).map_err(|reason| malformed(reason.to_owned()))?;
    } else {
        check_archive(file, format, &bytes, limits)?;
    }
    let cursor = Cursor::new(Shared(bytes));
    let wanted = options.sheet.as_deref();
    let mut found = Found::default();
    let (name, merged) = match format {
        TableFormat::Xlsx => {
            let mut book: Xlsx<_> = Xlsx::new(cursor).map_err(|error| malformed(error.to_string()))?;
            let name = chosen(book.sheets_metadata(), wanted).map_err(malformed)?;
            let merged = book.merge_cells_by_sheet_name(&name).map_or(0, |areas| areas.len());
            let mut cells = book.worksheet_cells_reader(&name).map_err(|error| malformed(error.to_string()))?;
            loop {
                let place = found.place();
                let next = cells
                    .next_cell_with_formula_metadata()
                    .map_err(|error| malformed(format!("the sheet \"{name}\", after {place}: {error}")))?;
                let Some(cell) = next else { break };
                found.formulas += usize::from(cell.formula.is_some());
                found.add(cell.pos, of_ref(cell.value)).map_err(malformed)?;
            }
            (name, merged)
        }
        TableFormat::Xls => {
            let mut book: Xls<_> = Xls::new(cursor).map_err(|error| {
                let text = error.to_string();
                let what = "it may be an encrypted workbook or another document of Office";
                malformed(if text.contains("Workbook") && text.contains("not found") {
                    format!("{text}; {what}")
                } else {
                    text
                })
            })?;
            let name = chosen(book.sheets_metadata(), wanted).map_err(malformed)?;
            let range = book.worksheet_range(&name).map_err(|error| malformed(error.to_string()))?;
            let formulas = book.worksheet_formula(&name);
            found.formulas = formulas.map_or(0, |range| range.used_cells().filter(|cell| !cell.2.is_empty()).count());
            found.add_range(&range).map_err(malformed)?;
            let merged = book.merge_cells_by_sheet_name(&name).map_or(0, |areas| areas.len());
            (name, merged)
        }
        _ => {
            let mut book: Ods<_> = Ods::new(cursor).map_err(|error| malformed(error.to_string()))?;
            let name = chosen(book.sheets_metadata(), wanted).map_err(malformed)?;
            let range = book.worksheet_range(&name).map_err(|error| malformed(error.to_string()))?;
            let formulas = book.worksheet_formula(&name);
            found.formulas = formulas.map_or(0, |range| range.used_cells().filter(|cell| !cell.2.is_empty()).count());
            found.add_range(&range).map_err(malformed)?;
            (name, 0)
        }
    };
    Ok(found.finish(name, merged))
}

/// The bytes of the file, of which readers need no copy.
#[derive(Clone)]
struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// The name of the sheet that is wanted, or of the first.
fn chosen(sheets: &[calamine::Sheet], wanted: Option<&str>) -> Result<String, String> {
    let mut names = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| &sheet.name);
    let Some(wanted) = wanted else {
        return names.next().cloned().ok_or_else(|| "there are no sheets in it".to_owned());
    };
    let known: Vec<&str> = names.map(String::as_str).collect();
    let found = known.iter().find(|name| **name == wanted);
    found
        .map(|name| (*name).to_owned())
        .ok_or_else(|| format!("there is no sheet \"{wanted}\"; the sheets are {}", known.join(", ")))
}

/// Unpacks every file of the workbook once, so that none is larger than the limits allow.
fn check_archive(
    file: &str,
    format: TableFormat,
    bytes: &Arc<Vec<u8>>,
    limits: &ArchiveLimits,
) -> Result<(), DataError> {
    let archive = Archive::open(file, bytes.to_vec(), *limits)?;
    let mut left = limits.max_bytes;
    for (index, entry) in archive.entries().iter().enumerate() {
        let unpacked = archive.read(index)?;
        left = left
            .checked_sub(unpacked.len() as u64)
            .ok_or_else(|| DataError::TooLarge { file: file.to_owned(), limit: limits.max_bytes })?;
        if format == TableFormat::Ods && entry.name == "content.xml" && repeated_cells(&unpacked) > MAX_CELLS {
            let reason = format!("its repeated cells make more than {MAX_CELLS}");
            return Err(DataError::Malformed { file: file.to_owned(), format: format.title(), reason });
        }
    }
    Ok(())
}

/// How many cells the repetitions in an `OpenDocument` sheet stand for at most, those at the ends of rows left out.
fn repeated_cells(content: &[u8]) -> usize {
    let (mut total, mut last) = (0usize, 0usize);
    let mut rest = content;
    while let Some(at) = rest.iter().position(|&byte| byte == b'<') {
        rest = &rest[at + 1..];
        if rest.starts_with(b"/table:table-row") {
            // Empty cells at the end of a row are never made.
            last = 0;
        } else if rest.starts_with(b"table:table-cell") || rest.starts_with(b"table:covered-table-cell") {
            total = total.saturating_add(last);
            let tag = &rest[..rest.iter().position(|&byte| byte == b'>').unwrap_or(rest.len())];
            last = repetitions(tag);
            if tag.windows(11).any(|window| window == b":value-type") {
                total = total.saturating_add(std::mem::take(&mut last));
            }
        }
    }
    total
}

fn repetitions(tag: &[u8]) -> usize {
    const NAME: &[u8] = b"number-columns-repeated";
    let Some(at) = tag.windows(NAME.len()).position(|window| window == NAME) else { return 1 };
    let digits = tag[at + NAME.len()..].iter().skip_while(|byte| !byte.is_ascii_digit());
    let value = digits.take_while(|byte| byte.is_ascii_digit()).take(12);
    // A row has no more cells than this.
    value.fold(0usize, |value, &digit| value * 10 + usize::from(digit - b'0')).min(1 << 14)
}

/// Cells so far.
#[derive(Default)]
struct Found {
    rows: Vec<SheetRow>,
    n_cells: usize,
    errors: usize,
    first_error: Option<String>,
    formulas: usize,
}

impl Found {
    fn add(&mut self, (row, column): (u32, u32), value: Value) -> Result<(), String> {
        let cell = match value {
            Value::Empty => return Ok(()),
            Value::Error => {
                self.errors += 1;
                self.first_error.get_or_insert_with(|| place(row, column));
                return Ok(());
            }
            Value::Cell(cell) => cell,
        };
        self.n_cells += 1;
        if self.n_cells > MAX_CELLS {
            return Err(format!("the sheet has more than {MAX_CELLS} cells"));
        }
        let number = row.saturating_add(1);
        if self.rows.last().is_none_or(|last| last.number != number) {
            self.rows.push(SheetRow { number, cells: Vec::new() });
        }
        if let Some(last) = self.rows.last_mut() {
            last.cells.push((column.min(1 << 14), cell));
        }
        Ok(())
    }

    fn add_range(&mut self, range: &calamine::Range<Data>) -> Result<(), String> {
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            self.add((first_row + row as u32, first_column + column as u32), of_data(value))?;
        }
        Ok(())
    }

    /// Where the last cell stands.
    fn place(&self) -> String {
        let last = self.rows.last();
        last.map_or_else(|| "its start".to_owned(), |row| format!("row {}", row.number))
    }

    fn finish(mut self, name: String, merged: usize) -> Sheet {
        // Files may store rows and cells in any order, and a cell twice; the last counts.
        let is_sorted = self.rows.windows(2).all(|pair| pair[0].number < pair[1].number);
        if !is_sorted {
            self.rows.sort_by_key(|row| row.number);
            let mut joined: Vec<SheetRow> = Vec::with_capacity(self.rows.len());
            for row in self.rows {
                match joined.last_mut() {
                    Some(last) if last.number == row.number => last.cells.extend(row.cells),
                    _ => joined.push(row),
                }
            }
            self.rows = joined;
        }
        for row in &mut self.rows {
            if !row.cells.windows(2).all(|pair| pair[0].0 < pair[1].0) {
                row.cells.reverse();
                row.cells.sort_by_key(|(column, _)| *column);
                row.cells.dedup_by_key(|(column, _)| *column);
            }
        }
        let mut warnings = Vec::new();
        if self.formulas > 0 {
            let n = self.formulas;
            warnings.push(format!("{n} cells of the sheet \"{name}\" hold formulas; their stored results are read"));
        }
        if merged > 0 {
            warnings.push(format!(
                "{merged} areas of the sheet \"{name}\" are merged; only their first cell has the value"
            ));
        }
        if let Some(first) = self.first_error {
            let n = self.errors;
            warnings.push(format!(
                "{n} cells of the sheet \"{name}\" show an error and count as missing, the first {first}"
            ));
        }
        Sheet { name, rows: self.rows, warnings }
    }
}

/// The name of a cell, as C7.
fn place(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    loop {
        letters.push(char::from(b'A' + (rest % 26) as u8));
        if rest < 26 {
            break;
        }
        rest = rest / 26 - 1;
    }
    letters.iter().rev().collect::<String>() + &row.saturating_add(1).to_string()
}

enum Value {
    Empty,
    Error,
    Cell(SheetCell),
}

fn text(text: &str) -> Value {
    if text.trim_ascii().is_empty() { Value::Empty } else { Value::Cell(SheetCell::Text(text.into())) }
}

fn other(cell: Cell<'static>) -> Value {
    Value::Cell(SheetCell::Other(cell))
}

fn of_ref(value: DataRef<'_>) -> Value {
    match value {
        DataRef::SharedString(shared) => text(shared),
        DataRef::String(string) => text(&string),
        other => of_data(&Data::from(other)),
    }
}

fn of_data(value: &Data) -> Value {
    match value {
        Data::Int(value) => other(Cell::of_signed(*value)),
        Data::Float(value) => other(Cell::Number(*value)),
        Data::String(string) | Data::DurationIso(string) => text(string),
        Data::Bool(value) => other(Cell::Boolean(*value)),
        Data::DateTime(value) => date(value),
        Data::DateTimeIso(string) => match parse_date(string, SlashOrder::MonthFirst) {
            Some(seconds) => other(Cell::Date(seconds)),
            None => text(string),
        },
        Data::Error(_) => Value::Error,
        Data::Empty => Value::Empty,
    }
}

/// A serial number as a date; below one it is a time of day, and shown as such.
fn date(value: &ExcelDateTime) -> Value {
    let days = value.as_f64();
    if value.is_duration() || !(1.0..2_958_466.0).contains(&days) {
        if !(0.0..1.0).contains(&days) {
            return other(Cell::Number(days));
        }
        let shown = crate::date::format_date((days * 86_400.0).round());
        return text(shown.split_once('T').map_or("00:00:00", |(_, time)| time));
    }
    let (year, month, day, hour, minute, second, millisecond) = value.to_ymd_hms_milli();
    let iso = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}");
    match parse_date(&iso, SlashOrder::MonthFirst) {
        Some(seconds) => other(Cell::Date(seconds)),
        None => other(Cell::Number(days)),
    }
}
