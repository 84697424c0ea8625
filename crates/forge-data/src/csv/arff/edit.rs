//! Writes ARFF: changed rows and added columns of a file, or a whole table.

use std::borrow::Cow;
use std::fmt::Write;

use super::columns::Builder;
use super::tokens::Token;
use super::{Declarations, row};
use crate::changes::Plan;
use crate::{Column, DataError, Table, TableFile, TableFormat, Values};

/// The first and the last moment that a year of four digits names, in seconds since 1970.
const FIRST_MOMENT: f64 = -62_167_219_200.0;
const LAST_MOMENT: f64 = 253_402_300_799.0;

impl Declarations {
    /// Where the line of `@data` starts, above which declarations can be added.
    pub(in crate::csv) fn data_start(&self) -> usize {
        self.data_start
    }

    /// A row with its changes.
    ///
    /// # Errors
    /// A value that its column was not declared for.
    pub(in crate::csv) fn edit(
        &self,
        text: &str,
        file: &TableFile,
        number: usize,
        plan: &Plan<'_>,
        out: &mut String,
    ) -> Result<(), DataError> {
        let delimiter = file.dialect.delimiter;
        let sparse = text.trim_ascii_start().starts_with('{');
        if plan.in_row(number).next().is_none() && !sparse {
            out.push_str(text);
        } else {
            let mut cells = Vec::new();
            row(text, delimiter, &self.sparse, &mut cells).map_err(not_writable)?;
            for (column, attribute) in self.attributes.iter().enumerate() {
                if column > 0 {
                    out.push(char::from(delimiter));
                }
                let Some(cell) = cells.get(column) else { continue };
                let Some(value) = plan.value(number, column) else {
                    out.push_str(&if cell.is_missing() { Cow::Borrowed("?") } else { quoted(&cell.text, delimiter) });
                    continue;
                };
                if value.is_empty() || value == "?" {
                    out.push('?');
                    continue;
                }
                let token = Token { text: Cow::Borrowed(value), quoted: true };
                Builder::new(attribute, None).value(&token).map_err(|reason| {
                    not_writable(format!("row {}, column \"{}\": {reason}", number + 1, attribute.name))
                })?;
                out.push_str(&quoted(value, delimiter));
            }
        }
        for column in plan.added {
            out.push(char::from(delimiter));
            out.push_str(&cell(column, number, delimiter)?);
        }
        Ok(())
    }
}

/// Adds the declaration of a column.
pub(in crate::csv) fn declare(column: &Column, out: &mut String) -> Result<(), DataError> {
    let name = column.name();
    if name.trim_ascii().is_empty() || name.trim_ascii() != name {
        return Err(not_writable(format!("the name \"{name}\" begins or ends with a blank, or is nothing but blanks")));
    }
    let kind = match column.values() {
        Values::Number(_) => "numeric".to_owned(),
        Values::Text(_) => "string".to_owned(),
        Values::Date(values) if values.iter().any(|seconds| seconds.fract() != 0.0 && !seconds.is_nan()) => {
            "date \"yyyy-MM-dd'T'HH:mm:ss.SSS\"".to_owned()
        }
        Values::Date(_) => "date \"yyyy-MM-dd'T'HH:mm:ss\"".to_owned(),
        Values::Boolean(_) => nominal(column.words().into_iter()),
        Values::Category { levels, .. } => nominal(levels.iter().map(String::as_str)),
    };
    // Writing to a string cannot fail.
    let _ = writeln!(out, "@attribute {} {kind}", quoted(name, b','));
    Ok(())
}

fn nominal<'a>(levels: impl Iterator<Item = &'a str>) -> String {
    let levels: Vec<Cow<'_, str>> = levels.map(|level| quoted(level, b',')).collect();
    format!("{{{}}}", levels.join(","))
}

/// The table as ARFF.
///
/// # Errors
/// A column without a proper name, dates beyond the year 9999.
pub(crate) fn written_table(table: &Table) -> Result<Vec<u8>, DataError> {
    let mut out = "@relation table\n\n".to_owned();
    table.columns().iter().try_for_each(|column| declare(column, &mut out))?;
    out.push_str("\n@data\n");
    for row in 0..table.n_rows() {
        for (index, column) in table.columns().iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            out.push_str(&cell(column, row, b',')?);
        }
        out.push('\n');
    }
    Ok(out.into_bytes())
}

/// A value of a column as ARFF shows it.
fn cell(column: &Column, row: usize, delimiter: u8) -> Result<Cow<'_, str>, DataError> {
    let Some(text) = column.text(row) else { return Ok(Cow::Borrowed("?")) };
    let Values::Date(values) = column.values() else {
        return Ok(match text {
            Cow::Borrowed(text) => quoted(text, delimiter),
            Cow::Owned(text) => Cow::Owned(quoted(&text, delimiter).into_owned()),
        });
    };
    if values.get(row).is_some_and(|seconds| !(FIRST_MOMENT..=LAST_MOMENT).contains(seconds)) {
        let reason = format!("row {}, column \"{}\": {text} has no year of four digits", row + 1, column.name());
        return Err(not_writable(reason));
    }
    let mut text = text.into_owned();
    if !text.contains('T') {
        text.push_str("T00:00:00");
    }
    if !text.contains('.') && values.iter().any(|seconds| seconds.fract() != 0.0 && !seconds.is_nan()) {
        text.push_str(".000");
    }
    Ok(Cow::Owned(text))
}

/// A text in quotes where it needs them.
fn quoted(text: &str, delimiter: u8) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+' | '/' | ':' | '<' | '>' | '=');
    if !text.is_empty() && text.chars().all(|c| plain(c) && c != char::from(delimiter)) {
        return Cow::Borrowed(text);
    }
    let mut quoted = "'".to_owned();
    for character in text.chars() {
        match character {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\'' | '\\' => quoted.extend(['\\', character]),
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    Cow::Owned(quoted)
}

fn not_writable(reason: String) -> DataError {
    DataError::NotWritable { format: TableFormat::Arff.title(), reason }
}
