//! ARFF, the text format of Weka: declarations that name and type the columns, then rows of values.
//!
//! Source: E. Frank, M. A. Hall, I. H. Witten, *The WEKA Workbench*, 4th edition, 2016, appendix on ARFF, and Weka's
//! `ArffLoader`. Numeric, real and integer attributes are numbers; nominal ones are categories with the declared levels,
//! or boolean where these are a pair of words such as no and yes; strings are text; dates follow their declared pattern.
//! An unquoted `?` is missing. A sparse row gives the values that are not zero; an omitted value of a nominal attribute is
//! the first declared. Relational attributes and weights are refused.

mod columns;
mod dates;
mod edit;
mod header;
mod sparse;
#[cfg(test)]
mod tests;
mod tokens;

use columns::{Builder, Value};
pub(super) use edit::declare;
pub(crate) use edit::written_table;
use header::{Attribute, Declared};
use sparse::Sparse;
use tokens::Token;

use super::decode::Decoded;
use super::header::distinct_names;
use super::scan::{MAX_REJECTED, Scanned};
use super::{CsvOptions, Dialect, Form, Header, Span, TextFormat, TextSource};
use crate::table_file::Source;
use crate::{DataError, Table, TableFile, TableFormat};

/// What the declarations say that rows are read and written by.
#[derive(Clone, Debug)]
pub(super) struct Declarations {
    pub(super) sparse: Sparse,
    attributes: Vec<Attribute>,
    /// Where the line of `@data` starts.
    data_start: usize,
}

/// Whether the first line that is neither blank nor a comment is a declaration.
pub(super) fn is_arff(text: &str) -> bool {
    let first = Lines::new(text).map(|line| line.text.trim_ascii()).find(|line| !is_skipped(line));
    first.is_some_and(|line| {
        let word = line.split(|c: char| c.is_ascii_whitespace() || c == '"' || c == '\'').next().unwrap_or_default();
        ["@relation", "@attribute", "@data"].iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
    })
}

/// Blank lines and comments say nothing.
fn is_skipped(trimmed: &str) -> bool {
    trimmed.is_empty() || trimmed.starts_with('%')
}

/// A line of a text without its ending.
#[derive(Clone, Copy)]
struct Line<'a> {
    number: u64,
    text: &'a str,
    start: usize,
    /// After its ending.
    end: usize,
}

/// The lines of a text, in order.
struct Lines<'a> {
    text: &'a str,
    /// Text from old Macintoshes ends lines with a carriage return alone.
    ending: char,
    at: usize,
    number: u64,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, ending: if text.contains('\n') { '\n' } else { '\r' }, at: 0, number: 0 }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return None;
        }
        let (length, with_ending) = rest.find(self.ending).map_or((rest.len(), rest.len()), |n| (n, n + 1));
        let start = self.at;
        self.at += with_ending;
        self.number += 1;
        let text = rest[..length].trim_end_matches('\r');
        Some(Line { number: self.number, text, start, end: self.at })
    }
}

/// Reads a decoded text that [`is_arff`].
///
/// # Errors
/// A declaration that cannot be read, a chosen type for an unknown column, no row that can be read.
pub(super) fn read(file: &str, decoded: Decoded, options: &CsvOptions) -> Result<TableFile, DataError> {
    let Decoded { text, encoding, byte_order_mark, mut warnings } = decoded;
    let mut lines = Lines::new(&text);
    let Declared { attributes, data_line, data_start } = header::declared(file, &mut lines)?;
    let attributes = with_distinct_names(attributes, &mut warnings);
    if let Some(unknown) = options.types.keys().find(|name| !attributes.iter().any(|known| known.name == **name)) {
        let known: Vec<&str> = attributes.iter().map(|attribute| attribute.name.as_str()).collect();
        return Err(DataError::UnknownColumn { column: unknown.clone(), known: known.join(", ") });
    }
    if options.quote.is_some() || options.header != Header::Detect {
        warnings.push("the format ARFF settles quotes and column names; the choice of them is not used".to_owned());
    }
    let delimiter = options.delimiter.unwrap_or_else(|| likely_delimiter(&text[lines.at..], attributes.len()));

    let sparse = Sparse::of(&attributes);
    let mut builders: Vec<Builder<'_>> = attributes
        .iter()
        .map(|attribute| Builder::new(attribute, options.types.get(&attribute.name).copied()))
        .collect();
    let mut scanned = Scanned::default();
    let (mut cells, mut values): (Vec<Token<'_>>, Vec<Value<'_>>) = (Vec::new(), Vec::new());
    for line in lines.filter(|line| !is_skipped(line.text.trim_ascii())) {
        values.clear();
        let read = row(line.text, delimiter, &sparse, &mut cells)
            .and_then(|()| checked(&builders, &attributes, &cells, &mut values));
        if let Err(reason) = read {
            scanned.reject(line.number, reason);
            continue;
        }
        for (builder, value) in builders.iter_mut().zip(values.drain(..)) {
            builder.push(value);
        }
        scanned.rows.push(Span { start: line.start as u32, end: line.end as u32, line: line.number as u32 });
    }
    let Scanned { rows, rejected, n_rejected, .. } = scanned;
    if rows.is_empty() {
        let file = file.to_owned();
        return Err(match rejected.first() {
            Some(first) => DataError::NoUsableRow { file, n_rejected, line: first.line, reason: first.reason.clone() },
            None => DataError::Arff { file, line: data_line, reason: "no rows follow @data".to_owned() },
        });
    }
    let line = |row: usize| format!("line {}", rows.get(row).map_or(0, |span| span.line));
    let mut columns = Vec::with_capacity(builders.len());
    for (builder, attribute) in builders.into_iter().zip(&attributes) {
        columns.push(builder.finish(&attribute.name, &line, &mut warnings));
    }
    if n_rejected > MAX_REJECTED as u64 {
        warnings.push(format!("{n_rejected} rows cannot be read; the first {MAX_REJECTED} are listed"));
    }
    let dialect =
        Dialect { format: TextFormat::Arff, delimiter, quote: b'\'', encoding, header: Header::Present, layout: None };
    let form = Form::Arff(Declarations { sparse, attributes, data_start });
    let source = Source::Text(TextSource { text, byte_order_mark, rows, form });
    Ok(TableFile {
        table: Table::new(columns)?,
        format: TableFormat::Arff,
        dialect,
        rejected,
        warnings,
        n_rejected,
        source,
    })
}

fn with_distinct_names(mut attributes: Vec<Attribute>, warnings: &mut Vec<String>) -> Vec<Attribute> {
    let given = attributes.iter().map(|attribute| attribute.name.clone()).collect();
    for (attribute, name) in attributes.iter_mut().zip(distinct_names(given, warnings)) {
        attribute.name = name;
    }
    attributes
}

/// Commas by the format's definition; some programs write tabs.
fn likely_delimiter(rows: &str, width: usize) -> u8 {
    let first = Lines::new(rows).map(|line| line.text.trim_ascii()).find(|line| !is_skipped(line));
    let by_tabs =
        width > 1 && first.is_some_and(|row| !row.contains(',') && !row.starts_with('{') && row.contains('\t'));
    if by_tabs { b'\t' } else { b',' }
}

/// The cells of a row, one per attribute. The error is the reason why the row is none.
fn row<'a>(text: &'a str, delimiter: u8, sparse: &'a Sparse, cells: &mut Vec<Token<'a>>) -> Result<(), String> {
    cells.clear();
    if tokens::after_blanks(text, delimiter).starts_with('{') {
        return sparse.cells(text, delimiter, cells);
    }
    tokens::split(text, delimiter, cells)?;
    let (n, width) = (cells.len(), sparse.width());
    if n == width {
        return Ok(());
    }
    if n == width + 1 && cells.last().is_some_and(|last| !last.quoted && last.text.starts_with('{')) {
        return Err("a weight in braces ends the row; weights of rows are not supported".to_owned());
    }
    let values = if n == 1 { "value" } else { "values" };
    Err(format!("{n} {values}, expected {width}"))
}

/// The value of each cell in its column.
fn checked<'a>(
    builders: &[Builder<'_>],
    attributes: &[Attribute],
    cells: &[Token<'a>],
    values: &mut Vec<Value<'a>>,
) -> Result<(), String> {
    for ((builder, attribute), cell) in builders.iter().zip(attributes).zip(cells) {
        let value = builder.value(cell).map_err(|reason| format!("column \"{}\": {reason}", attribute.name))?;
        values.push(value);
    }
    Ok(())
}

/// The cells of a row that has been read before, as texts.
pub(super) fn cells_of(text: &str, delimiter: u8, sparse: &Sparse) -> Vec<String> {
    let mut cells = Vec::new();
    match row(text.trim_end_matches(['\r', '\n']), delimiter, sparse, &mut cells) {
        Ok(()) => cells.into_iter().map(|cell| cell.text.into_owned()).collect(),
        Err(_) => Vec::new(),
    }
}
