//! Text tables (CSV, TSV and kin, ARFF): their options, what was found out about a file, and the file once read.
//!
//! Reading goes `decode` (bytes to text) → `sniff` (dialect) → `header` (column names) → `scan` (rows) → `read` (types
//! of `infer` and `strings`); `edit` and `write` go back. `arff` has its own way from the decoded text on.

mod arff;
pub(crate) mod decode;
mod edit;
#[cfg(test)]
mod edit_tests;
pub(crate) mod header;
pub(crate) mod infer;
mod plain;
#[cfg(test)]
mod properties;
mod read;
mod records;
mod scan;
mod sniff;
pub(crate) mod strings;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ColumnType, DataError};

pub(crate) use arff::written_table as write_arff;
pub(crate) use plain::PlainText;
pub use read::read_csv;
pub(crate) use read::read_text;
pub(crate) use scan::MAX_REJECTED;
pub(crate) use strings::shorten;
pub use write::write_csv;
pub(crate) use write::write_delimited;

/// How the text is stored as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// UTF-8, with or without byte order mark.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Latin-1 (ISO 8859-1) with the printable characters of Windows-1252 at 0x80–0x9F, as web browsers read it.
    Latin1,
}

impl Encoding {
    /// The name people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Latin1 => "Latin-1",
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Whether the first row holds column names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Header {
    /// Compare the first row with those below.
    #[default]
    Detect,
    /// It does.
    Present,
    /// It is data; columns are named `column_1`, `column_2`, … unless the layout is a known one.
    Absent,
}

/// How to read a file that holds a table. The default detects everything; what a format settles itself is not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CsvOptions {
    /// The byte between fields [detected among comma, semicolon, tab and pipe; an ASCII character].
    #[serde(with = "ascii", skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<u8>,
    /// The byte around fields that contain delimiters [detected among `"` and `'`; an ASCII character].
    #[serde(with = "ascii", skip_serializing_if = "Option::is_none")]
    pub quote: Option<u8>,
    /// How the text is stored as bytes [detected by default].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// Whether the first row holds column names [detected by default].
    pub header: Header,
    /// Types chosen by the user, by column name; all others are inferred. A value that does not fit is missing.
    pub types: BTreeMap<String, ColumnType>,
    /// Bytes of text at most, after decompression [2 GiB; 1 to 4 GiB − 1].
    pub max_bytes: u64,
    /// Which file of an archive to read [the only one that can hold a table].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Which sheet of a workbook to read [the first].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self {
            delimiter: None,
            quote: None,
            encoding: None,
            header: Header::Detect,
            types: BTreeMap::new(),
            max_bytes: 2 << 30,
            member: None,
            sheet: None,
        }
    }
}

impl CsvOptions {
    /// Checks every option against its range.
    ///
    /// # Errors
    /// [`DataError::InvalidOption`] names the first option outside its range.
    pub fn validate(&self) -> Result<(), DataError> {
        let invalid = |option, value: String, rule| Err(DataError::InvalidOption { option, value, rule });
        let show = |byte: u8| format!("'{}'", char::from(byte).escape_default());
        for (option, byte) in [("delimiter", self.delimiter), ("quote", self.quote)] {
            if let Some(byte) = byte
                && (!byte.is_ascii() || matches!(byte, b'\n' | b'\r' | 0))
            {
                return invalid(option, show(byte), "it must be one ASCII character that does not end a line");
            }
        }
        if let (Some(delimiter), Some(quote)) = (self.delimiter, self.quote)
            && delimiter == quote
        {
            return invalid("quote", show(quote), "it must differ from the delimiter");
        }
        if !(1..=u64::from(u32::MAX)).contains(&self.max_bytes) {
            return invalid("max_bytes", self.max_bytes.to_string(), "it must be between 1 and 4,294,967,295");
        }
        Ok(())
    }
}

/// A byte as a string of one character, which is how JSON shows a delimiter.
mod ascii {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
    pub(super) fn serialize<S: Serializer>(byte: &Option<u8>, serializer: S) -> Result<S::Ok, S::Error> {
        byte.map(char::from).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
        let Some(character) = Option::<char>::deserialize(deserializer)? else {
            return Ok(None);
        };
        u8::try_from(character).map(Some).map_err(|_| D::Error::custom("must be one ASCII character"))
    }
}

/// The language a text table is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextFormat {
    /// Rows of fields between delimiters, as CSV and TSV.
    #[default]
    Delimited,
    /// Weka's attribute-relation file format: declared columns, then rows.
    Arff,
}

/// What was found out about a file's form, or chosen in the [`CsvOptions`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    /// The language it is written in.
    #[serde(default)]
    pub format: TextFormat,
    /// The byte between fields.
    pub delimiter: u8,
    /// The byte around fields that contain delimiters.
    pub quote: u8,
    /// How the text is stored as bytes.
    pub encoding: Encoding,
    /// Whether the file names its columns; never [`Header::Detect`].
    pub header: Header,
    /// Name of the known layout of a file without header, as `UCI Adult`.
    pub layout: Option<String>,
}

impl Default for Dialect {
    /// UTF-8 with column names, commas and double quotes.
    fn default() -> Self {
        Self {
            format: TextFormat::Delimited,
            delimiter: b',',
            quote: b'"',
            encoding: Encoding::Utf8,
            header: Header::Present,
            layout: None,
        }
    }
}

/// A row that could not be read, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for RejectedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

/// Where a row stands in the text.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    /// After the end of its line.
    end: u32,
    line: u32,
}

/// How the rows of a file are read again.
#[derive(Clone, Debug)]
enum Form {
    Delimited {
        /// Where the column names stand, if the file has them.
        header: Option<Span>,
    },
    Arff(arff::Declarations),
}

/// The text of a table, to show rows from and to write a changed file.
#[derive(Clone, Debug)]
pub(crate) struct TextSource {
    /// The decoded text, without byte order mark.
    text: String,
    byte_order_mark: bool,
    /// One per row of the table.
    rows: Vec<Span>,
    form: Form,
}

impl TextSource {
    /// The line that a row begins on.
    pub(crate) fn line(&self, row: usize) -> u64 {
        self.rows.get(row).map_or(0, |span| u64::from(span.line))
    }

    /// The cells of a row, without blanks and quotes around them and with the values that a sparse row omits.
    pub(crate) fn cells(&self, dialect: &Dialect, row: usize) -> Vec<String> {
        let Some(span) = self.rows.get(row) else {
            return Vec::new();
        };
        let text = &self.text[span.start as usize..span.end as usize];
        match &self.form {
            Form::Delimited { .. } => records::cells_of(text.as_bytes(), dialect.delimiter, dialect.quote),
            Form::Arff(declared) => arff::cells_of(text, dialect.delimiter, &declared.sparse),
        }
    }
}
