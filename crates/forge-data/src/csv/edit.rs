//! Writes a text table again with rows left out, cells replaced and columns added; all else stays byte for byte.

use std::borrow::Cow;
use std::ops::Range;

use super::{Dialect, Encoding, Form, Span, TextSource, arff, decode, records};
use crate::changes::Plan;
use crate::{Column, DataError, TableFile, TableFormat};

impl TextSource {
    /// The file with changes.
    pub(crate) fn written(&self, file: &TableFile, plan: &Plan<'_>) -> Result<Vec<u8>, DataError> {
        let mut out = Out { text: &self.text, written: String::with_capacity(self.text.len()), at: 0 };
        if !plan.added.is_empty() {
            match &self.form {
                Form::Delimited { header } => self.add_names(*header, file, plan, &mut out),
                Form::Arff(declared) => {
                    out.copy_to(declared.data_start());
                    plan.added.iter().try_for_each(|column| arff::declare(column, &mut out.written))?;
                }
            }
        }
        for (row, span) in self.rows.iter().enumerate() {
            let (start, end) = (span.start as usize, span.end as usize);
            if plan.drops(row) {
                out.copy_to(start);
                out.at = end;
            } else if !plan.added.is_empty() || plan.in_row(row).next().is_some() {
                out.copy_to(start);
                let text = self.text[start..end].trim_end_matches(['\r', '\n']);
                match &self.form {
                    Form::Delimited { .. } => delimited(text, file, row, plan, &mut out.written),
                    Form::Arff(declared) => declared.edit(text, file, row, plan, &mut out.written)?,
                }
                out.at = start + text.len();
            }
        }
        out.copy_to(self.text.len());
        self.encoded(out.written, &file.dialect, file.format)
    }

    /// Adds the names of new columns to the header.
    fn add_names(&self, header: Option<Span>, file: &TableFile, plan: &Plan<'_>, out: &mut Out<'_>) {
        let Some(span) = header else { return };
        let Dialect { delimiter, quote, .. } = file.dialect;
        let text = self.text[span.start as usize..span.end as usize].trim_end_matches(['\r', '\n']);
        out.copy_to(span.start as usize + text.len());
        let names = records::cells_of(text.as_bytes(), delimiter, quote);
        // Rows may end in a delimiter that the header lacks; where the first column has no name nothing is amiss.
        let columns = file.table.columns();
        if names.len() + 1 == columns.len() && names.first().map(String::as_str) == columns.first().map(Column::name) {
            out.written.push(char::from(delimiter));
        }
        for column in plan.added {
            out.written.push(char::from(delimiter));
            out.written.push_str(&field(column.name(), &file.dialect));
        }
    }

    fn encoded(&self, text: String, dialect: &Dialect, format: TableFormat) -> Result<Vec<u8>, DataError> {
        let encoding = dialect.encoding;
        if !self.byte_order_mark && encoding == Encoding::Utf8 {
            return Ok(text.into_bytes());
        }
        if encoding == Encoding::Latin1
            && let Some(character) = text.chars().find(|&character| !decode::is_latin1(character))
        {
            let reason = format!("the file is stored as Latin-1, which has no \"{character}\"");
            return Err(DataError::NotWritable { format: format.title(), reason });
        }
        let mut bytes = if self.byte_order_mark { decode::byte_order_mark(encoding).to_vec() } else { Vec::new() };
        bytes.extend(decode::encode(&text, encoding));
        Ok(bytes)
    }
}

/// A text that is copied piece by piece.
struct Out<'a> {
    text: &'a str,
    written: String,
    /// How much of the text has been dealt with.
    at: usize,
}

impl Out<'_> {
    fn copy_to(&mut self, end: usize) {
        self.written.push_str(&self.text[self.at..end]);
        self.at = end;
    }
}

/// A row of delimited text with its changes.
fn delimited(text: &str, file: &TableFile, row: usize, plan: &Plan<'_>, out: &mut String) {
    let Dialect { delimiter, quote, .. } = file.dialect;
    let separator = char::from(delimiter);
    if plan.in_row(row).next().is_none() {
        out.push_str(text);
    } else {
        let places = fields(text.as_bytes(), delimiter, quote);
        let cells = records::cells_of(text.as_bytes(), delimiter, quote);
        for (column, cell) in cells.iter().enumerate() {
            if column > 0 {
                out.push(separator);
            }
            // Where the fields cannot be told apart as the reader did, the whole row is written anew.
            let raw = places.get(column).filter(|_| places.len() == cells.len()).map(|place| &text[place.clone()]);
            match (plan.value(row, column), raw) {
                (None, Some(raw)) => out.push_str(raw),
                (None, None) => out.push_str(&field(cell, &file.dialect)),
                (Some(value), raw) => {
                    let value = field(value, &file.dialect);
                    let blanks = raw.map_or("", |raw| &raw[..raw.len() - raw.trim_start_matches(' ').len()]);
                    // A quote opens a field only where nothing stands before it.
                    if matches!(value, Cow::Borrowed(_)) {
                        out.push_str(blanks);
                    }
                    out.push_str(&value);
                }
            }
        }
    }
    for column in plan.added {
        out.push(separator);
        out.push_str(&field(column.text(row).as_deref().unwrap_or_default(), &file.dialect));
    }
    if file.table.columns().len() + plan.added.len() == 1 && out.ends_with('\n') {
        out.extend([char::from(quote), char::from(quote)]);
    }
}

/// A cell as a field, in quotes where it needs them.
fn field<'a>(cell: &'a str, dialect: &Dialect) -> Cow<'a, str> {
    let (delimiter, quote) = (char::from(dialect.delimiter), char::from(dialect.quote));
    if !cell.contains([delimiter, quote, '\r', '\n']) && cell.trim_ascii().len() == cell.len() {
        return Cow::Borrowed(cell);
    }
    let mut quoted = String::with_capacity(cell.len() + 2);
    quoted.push(quote);
    for character in cell.chars() {
        quoted.push(character);
        if character == quote {
            quoted.push(quote);
        }
    }
    quoted.push(quote);
    Cow::Owned(quoted)
}

/// Where the fields of a record stand.
fn fields(record: &[u8], delimiter: u8, quote: u8) -> Vec<Range<usize>> {
    let (mut places, mut start, mut in_quotes, mut index) = (Vec::new(), 0, false, 0);
    while let Some(&byte) = record.get(index) {
        if in_quotes {
            if byte == quote {
                if record.get(index + 1) == Some(&quote) {
                    index += 1;
                } else {
                    in_quotes = false;
                }
            }
        } else if byte == delimiter {
            places.push(start..index);
            start = index + 1;
        } else if byte == quote && index == start {
            in_quotes = true;
        }
        index += 1;
    }
    places.push(start..record.len());
    places
}
