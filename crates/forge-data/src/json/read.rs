//! Reads JSON tables.

use std::collections::HashMap;

use serde_json::value::RawValue;

use super::items::{Items, Members, piece, string};
use super::value::{cell, owned_text};
use super::{JsonSource, List, RecordKind, Shape};
use crate::cells::CellColumn;
use crate::csv::decode::Decoded;
use crate::csv::header::distinct_names;
use crate::csv::{MAX_REJECTED, shorten};
use crate::table_file::Source;
use crate::{CsvOptions, DataError, Dialect, RejectedRow, Table, TableFile, TableFormat};

/// The JSON format that a text is in, if it is one.
pub(crate) fn looks_like(text: &str, by_name: Option<TableFormat>) -> Option<TableFormat> {
    if let Some(format @ (TableFormat::Json | TableFormat::Jsonl)) = by_name {
        // Some programs write one object per line into files called .json.
        let lines = format == TableFormat::Json && by_content(text) == Some(TableFormat::Jsonl);
        return Some(if lines { TableFormat::Jsonl } else { format });
    }
    by_name.is_none_or(|format| format == TableFormat::Csv).then(|| by_content(text)).flatten()
}

fn by_content(text: &str) -> Option<TableFormat> {
    let start = text.trim_ascii_start();
    let first = match start.as_bytes() {
        [b'{', rest @ ..] if rest.trim_ascii_start().starts_with(b"\"") => b'{',
        [b'[', rest @ ..] if matches!(rest.trim_ascii_start().first(), Some(b'{' | b'[')) => b'[',
        _ => return None,
    };
    let mut values = serde_json::Deserializer::from_str(start).into_iter::<&RawValue>();
    let value = values.next()?.ok()?.get();
    if !start[value.len()..].trim_ascii().is_empty() {
        return (first == b'{').then_some(TableFormat::Jsonl);
    }
    let is_record = first == b'{'
        && serde_json::from_str::<Members<'_>>(value)
            .is_ok_and(|members| !members.0.iter().any(|(_, value)| value.get().starts_with(['{', '['])));
    Some(if is_record { TableFormat::Jsonl } else { TableFormat::Json })
}

/// Reads a text of this format.
///
/// # Errors
/// Text that is no JSON or has no table in it, names of columns there are not.
pub(crate) fn read(
    file: &str,
    decoded: Decoded,
    format: TableFormat,
    options: &CsvOptions,
) -> Result<TableFile, DataError> {
    let mut reader = Reader::new(file, format, options);
    let shape =
        if format == TableFormat::Jsonl { reader.lines(&decoded.text)? } else { reader.value(&decoded.text)? };
    let Reader { keys, columns, n_rows, rejected, n_rejected, .. } = reader;
    let mut warnings = decoded.warnings.clone();
    if n_rejected > MAX_REJECTED as u64 {
        warnings.push(format!("{n_rejected} rows cannot be read; the first {MAX_REJECTED} are listed"));
    }
    if n_rows == 0 {
        return Err(match rejected.first() {
            Some(RejectedRow { line, reason }) => {
                DataError::NoUsableRow { file: file.to_owned(), n_rejected, line: *line, reason: reason.clone() }
            }
            None => malformed(file, format, "there are no rows in it".to_owned()),
        });
    }
    if keys.is_empty() {
        return Err(malformed(file, format, "its rows have no columns".to_owned()));
    }
    let names = distinct_names(keys.clone(), &mut warnings);
    if let Some(unknown) = options.types.keys().find(|name| !names.contains(name)) {
        return Err(DataError::UnknownColumn { column: unknown.clone(), known: names.join(", ") });
    }
    let source = JsonSource::new(decoded, shape, keys);
    let place = |row: usize| format!("{} {}", source.place(), source.line(row));
    let mut finished = Vec::with_capacity(columns.len());
    for (mut column, name) in columns.into_iter().zip(&names) {
        column.fill(n_rows);
        let (column, said) = column.finish(name, &place);
        finished.push(column);
        warnings.extend(said);
    }
    Ok(TableFile {
        table: Table::new(finished)?,
        format,
        dialect: Dialect { encoding: source.encoding, ..Dialect::default() },
        rejected,
        warnings,
        n_rejected,
        source: Source::Json(source),
    })
}

fn malformed(file: &str, format: TableFormat, reason: String) -> DataError {
    DataError::Malformed { file: file.to_owned(), format: format.title(), reason }
}

/// The columns so far.
struct Reader<'a> {
    file: &'a str,
    format: TableFormat,
    options: &'a CsvOptions,
    keys: Vec<String>,
    of_key: HashMap<String, usize>,
    columns: Vec<CellColumn>,
    /// Per column, the row before which it was seen last and its place there.
    seen: Vec<(usize, usize)>,
    n_rows: usize,
    rejected: Vec<RejectedRow>,
    n_rejected: u64,
}

/// Columns at most: a table whose rows all have other keys is none.
const MAX_COLUMNS: usize = 100_000;

impl<'a> Reader<'a> {
    fn new(file: &'a str, format: TableFormat, options: &'a CsvOptions) -> Self {
        Self {
            file,
            format,
            options,
            keys: Vec::new(),
            of_key: HashMap::new(),
            columns: Vec::new(),
            seen: Vec::new(),
            n_rows: 0,
            rejected: Vec::new(),
            n_rejected: 0,
        }
    }

    fn refused(&self, reason: impl Into<String>) -> DataError {
        malformed(self.file, self.format, reason.into())
    }

    fn reject(&mut self, line: u64, reason: String) {
        self.n_rejected += 1;
        if self.rejected.len() < MAX_REJECTED {
            self.rejected.push(RejectedRow { line, reason });
        }
    }

    fn column(&mut self, key: &str) -> Result<usize, DataError> {
        if let Some(&column) = self.of_key.get(key) {
            return Ok(column);
        }
        let column = self.columns.len();
        if column == MAX_COLUMNS {
            return Err(self.refused(format!("its rows have more than {MAX_COLUMNS} different keys")));
        }
        self.of_key.insert(key.to_owned(), column);
        self.keys.push(key.to_owned());
        self.columns.push(CellColumn::new(self.options.types.get(key).copied()));
        self.seen.push((0, 0));
        Ok(column)
    }

    fn push(&mut self, column: usize, raw: &str) {
        let text = owned_text(raw);
        self.columns[column].push(cell(raw, &text));
    }

    /// Adds a row; of several members of the same key the last counts.
    fn record(&mut self, members: &Members<'_>) -> Result<(), DataError> {
        let row = self.n_rows;
        let mut cells: Vec<(usize, &str)> = Vec::with_capacity(members.0.len());
        for (key, value) in &members.0 {
            let column = self.column(&owned_text(key.get()))?;
            let seen = &mut self.seen[column];
            match *seen {
                (in_row, place) if in_row == row + 1 => cells[place].1 = value.get(),
                _ => {
                    *seen = (row + 1, cells.len());
                    cells.push((column, value.get()));
                }
            }
        }
        for (column, raw) in cells {
            self.columns[column].fill(row);
            self.push(column, raw);
        }
        self.n_rows += 1;
        Ok(())
    }

    fn lines(&mut self, text: &str) -> Result<Shape, DataError> {
        let mut rows = Vec::new();
        let mut start = 0;
        for (index, line) in text.split_inclusive('\n').enumerate() {
            let span = (start as u32, (start + line.len()) as u32);
            start += line.len();
            let number = index as u64 + 1;
            let object = line.trim_ascii();
            if object.is_empty() {
                continue;
            }
            match serde_json::from_str::<Members<'_>>(object) {
                Ok(members) => {
                    self.record(&members)?;
                    rows.push((span, number as u32));
                }
                Err(error) => {
                    let said = error.to_string().replace(" line 1 column", " column");
                    self.reject(number, format!("no JSON object: {said}"));
                }
            }
        }
        Ok(Shape::Lines(rows))
    }

    fn value(&mut self, text: &str) -> Result<Shape, DataError> {
        let raw: &RawValue = serde_json::from_str(text).map_err(|error| self.refused(error.to_string()))?;
        let raw = raw.get();
        if raw.starts_with('[') {
            return self.records(text, raw);
        }
        let members: Members<'_> = serde_json::from_str(raw)
            .map_err(|_| self.refused(format!("{} is neither a list nor an object", shorten(raw))))?;
        let member = |name: &str| {
            let found = members.0.iter().find(|(key, _)| string(key.get()) == name);
            found.map(|(_, value)| value.get())
        };
        match (member("data"), member("columns"), member("schema")) {
            (Some(data), Some(names), _) if data.starts_with('[') && names.starts_with('[') => {
                self.split(text, data, names, member("index"))
            }
            (Some(data), None, Some(schema)) if data.starts_with('[') && schema.starts_with('{') => {
                self.records(text, data)
            }
            _ => self.by_columns(text, raw, &members),
        }
    }

    /// Rows that are objects or lists.
    fn records(&mut self, text: &str, raw: &str) -> Result<Shape, DataError> {
        let items = self.items(raw)?;
        let kind = match items.0.first().map(|item| item.get().as_bytes()[0]) {
            Some(b'{') => RecordKind::Object,
            Some(b'[') => RecordKind::List,
            Some(_) => return Err(self.refused("its list holds values, not rows: objects or lists")),
            None => return Err(self.refused("its list is empty")),
        };
        let mut rows = List::new(text, raw, Vec::with_capacity(items.0.len()));
        let mut width = None;
        for (index, item) in items.0.iter().enumerate() {
            let number = index as u64 + 1;
            let read = match kind {
                RecordKind::Object => serde_json::from_str(item.get()).map(|members| self.record(&members)),
                RecordKind::List => serde_json::from_str(item.get()).map(|values| {
                    let width = *width.get_or_insert_with(|| Items::len(&values));
                    self.list(&values, width, number)
                }),
            };
            match read {
                Ok(done) => done?,
                Err(_) => {
                    return Err(self.refused(format!(
                        "row {number} is no {}",
                        if kind == RecordKind::Object { "object as the first" } else { "list as the first" }
                    )));
                }
            }
            rows.items.push(piece(text, item.get()));
        }
        Ok(Shape::Records { rows, kind, index: None, names: None })
    }

    fn items<'t>(&self, raw: &'t str) -> Result<Items<'t>, DataError> {
        serde_json::from_str(raw).map_err(|error| self.refused(error.to_string()))
    }

    /// Adds a row of a list, whose columns are named by number unless they have names already.
    fn list(&mut self, values: &Items<'_>, width: usize, number: u64) -> Result<(), DataError> {
        if values.0.len() != width {
            return Err(self.refused(format!("row {number} has {} values, expected {width}", values.0.len())));
        }
        if self.columns.is_empty() {
            for column in 1..=width {
                self.column(&format!("column_{column}"))?;
            }
        }
        for (column, value) in values.0.iter().enumerate() {
            self.push(column, value.get());
        }
        self.n_rows += 1;
        Ok(())
    }

    /// pandas `orient="split"`.
    fn split(&mut self, text: &str, data: &str, names: &str, index: Option<&str>) -> Result<Shape, DataError> {
        let names_read = self.items(names)?;
        for name in &names_read.0 {
            let name = owned_text(name.get()).into_owned();
            if self.of_key.contains_key(&name) {
                return Err(self.refused(format!("its columns name \"{}\" twice", shorten(&name))));
            }
            self.column(&name)?;
        }
        let rows = self.items(data)?;
        for (row, item) in rows.0.iter().enumerate() {
            let values = serde_json::from_str(item.get())
                .map_err(|_| self.refused(format!("row {} of its data is no list", row + 1)))?;
            self.list(&values, names_read.0.len(), row as u64 + 1)?;
        }
        let index = match index.filter(|index| index.starts_with('[')) {
            Some(raw) => {
                let items = self.items(raw)?;
                if items.0.len() != rows.0.len() {
                    let (n, expected) = (items.0.len(), rows.0.len());
                    return Err(self.refused(format!("its index has {n} entries, its data {expected} rows")));
                }
                Some(List::of_items(text, raw, &items))
            }
            None => None,
        };
        Ok(Shape::Records {
            rows: List::of_items(text, data, &rows),
            kind: RecordKind::List,
            index,
            names: Some(List::of_items(text, names, &names_read)),
        })
    }

    /// An object with a list or an object per column.
    fn by_columns(&mut self, text: &str, raw: &str, members: &Members<'_>) -> Result<Shape, DataError> {
        let kind = match members.0.first().map(|(_, value)| value.get().as_bytes()[0]) {
            Some(b'{') => RecordKind::Object,
            Some(b'[') => RecordKind::List,
            _ => {
                return Err(self
                    .refused("it is an object whose members are no columns: lists, or objects of one value per row"));
            }
        };
        let mut lists: Vec<List> = Vec::with_capacity(members.0.len());
        let mut row_keys: Vec<String> = Vec::new();
        let mut key_pieces = Vec::new();
        for (key, value) in &members.0 {
            let name = owned_text(key.get()).into_owned();
            let first = self.columns.is_empty();
            if self.of_key.contains_key(&name) {
                return Err(self.refused(format!("the column \"{}\" appears twice", shorten(&name))));
            }
            let of_kind =
                |_| self.refused(format!("the column \"{}\" is not of the same form as the first", shorten(&name)));
            let (list, values): (List, Vec<&RawValue>) = match kind {
                RecordKind::List => {
                    let items: Items<'_> = serde_json::from_str(value.get()).map_err(of_kind)?;
                    (List::of_items(text, value.get(), &items), items.0)
                }
                RecordKind::Object => {
                    let entries: Members<'_> = serde_json::from_str(value.get()).map_err(of_kind)?;
                    if first {
                        row_keys = entries.0.iter().map(|(key, _)| string(key.get())).collect();
                        key_pieces = entries.0.iter().map(|(key, _)| piece(text, key.get())).collect();
                    }
                    let same = entries.0.len() == row_keys.len()
                        && entries.0.iter().zip(&row_keys).all(|((key, _), known)| owned_text(key.get()) == *known);
                    if !same {
                        let name = shorten(&name);
                        return Err(self.refused(format!("the column \"{name}\" has other rows than the first column")));
                    }
                    let list = List::of_members(text, value.get(), &entries);
                    (list, entries.0.into_iter().map(|(_, value)| value).collect())
                }
            };
            if !first && values.len() != self.n_rows {
                let (name, n, expected) = (shorten(&name), values.len(), self.n_rows);
                return Err(self.refused(format!("the column \"{name}\" has {n} values, expected {expected}")));
            }
            self.n_rows = values.len();
            let column = self.column(&name)?;
            for value in values {
                self.push(column, value.get());
            }
            lists.push(list);
        }
        Ok(Shape::Columns { columns: lists, kind, row_keys: key_pieces, end: piece(text, raw).1 - 1 })
    }
}
