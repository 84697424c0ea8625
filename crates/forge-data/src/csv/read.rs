//! Reads delimited text into a table: walks over its records once, keeps where each row stands, and hands the cells to
//! the columns.

use super::decode::{self, Decoded};
use super::header::{distinct_names, looks_like_header};
use super::infer::ColumnBuilder;
use super::records;
use super::scan::{MAX_REJECTED, Scan, Scanned};
use super::sniff::{Sniffed, sniff, usual_width};
use super::{CsvOptions, Dialect, Form, Header, TextFormat, TextSource, arff};
use crate::layouts::Layout;
use crate::table_file::Source;
use crate::{DataError, Table, TableFile, TableFormat};

/// Reads a text table: delimited text, or ARFF, which is known by its first declaration. `name` is the name of the file,
/// for messages; gzip is decompressed.
///
/// What `options` leave open is detected: delimiter, quote, encoding, header, types. Blank lines are skipped, and so are
/// leading comments, with a warning. A row with another number of fields than the header goes to
/// [`TableFile::rejected`] and the rest is read. The columns of an ARFF file have the types it declares, unless
/// [`CsvOptions::types`] names others; a row with a value that does not fit its column is rejected.
///
/// # Errors
/// An option outside its range or naming an unknown column, a file that is empty, too large, no text, or without a
/// single row that can be read.
pub fn read_csv(name: &str, bytes: Vec<u8>, options: &CsvOptions) -> Result<TableFile, DataError> {
    options.validate()?;
    read_text(name, decode::decode(name, bytes, options)?, options)
}

/// Reads a text whose bytes have been decoded.
pub(crate) fn read_text(name: &str, decoded: Decoded, options: &CsvOptions) -> Result<TableFile, DataError> {
    if arff::is_arff(&decoded.text) {
        return arff::read(name, decoded, options);
    }
    let Decoded { text, encoding, byte_order_mark, mut warnings } = decoded;
    let sniffed = sniff(&text, options);
    warn_of_comments(&sniffed, &mut warnings);
    let Some(first) = sniffed.rows.first() else {
        return Err(DataError::EmptyFile { file: name.to_owned() });
    };

    let layout = if options.header == Header::Present { None } else { Layout::recognise(first) };
    let header = match options.header {
        Header::Detect if layout.is_none() && looks_like_header(&sniffed.rows) => Header::Present,
        Header::Detect => Header::Absent,
        chosen => chosen,
    };
    let names = column_names(&sniffed, header, layout, &mut warnings);
    if let Some(unknown) = options.types.keys().find(|name| !names.contains(name)) {
        return Err(DataError::UnknownColumn { column: unknown.clone(), known: names.join(", ") });
    }
    if names.len() == 1 {
        warnings.push("the file has one column only; if it should have more, choose the delimiter".to_owned());
    }

    let body = &sniffed.rows[usize::from(header == Header::Present)..];
    let mut builders: Vec<ColumnBuilder> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let start = body.iter().filter_map(|row| row.get(index)).map(String::as_str);
            ColumnBuilder::new(options.types.get(name).copied(), start)
        })
        .collect();
    let suffix = layout.and_then(|layout| layout.label_suffix).map(str::as_bytes);
    let scan = Scan {
        file: name,
        bytes: text.as_bytes(),
        body: sniffed.body,
        delimiter: sniffed.delimiter,
        quote: sniffed.quote,
        header,
        width: names.len(),
    };
    let cells = Cells { quote: sniffed.quote, last: names.len() - 1, suffix };
    let scanned = fill(&scan, &cells, &mut builders)?;
    let rows = scanned.rows;
    let line = |row: usize| format!("line {}", rows.get(row).map_or(0, |span| span.line));
    let mut columns = Vec::with_capacity(builders.len());
    for (builder, name) in builders.into_iter().zip(&names) {
        let (column, said) = builder.finish(name, &line);
        columns.push(column);
        warnings.extend(said);
    }
    if scanned.n_rejected > MAX_REJECTED as u64 {
        warnings.push(format!("{} rows cannot be read; the first {MAX_REJECTED} are listed", scanned.n_rejected));
    }
    let dialect = Dialect {
        format: TextFormat::Delimited,
        delimiter: sniffed.delimiter,
        quote: sniffed.quote,
        encoding,
        header,
        layout: layout.map(|layout| layout.name.to_owned()),
    };
    let (rejected, n_rejected) = (scanned.rejected, scanned.n_rejected);
    let format = if dialect.delimiter == b'\t' { TableFormat::Tsv } else { TableFormat::Csv };
    let source = TextSource { text, byte_order_mark, rows, form: Form::Delimited { header: scanned.header } };
    let table = Table::new(columns)?;
    Ok(TableFile { table, format, dialect, rejected, warnings, n_rejected, source: Source::Text(source) })
}

/// Hands every cell to the builder of its column.
fn fill(scan: &Scan<'_>, cells: &Cells, builders: &mut [ColumnBuilder]) -> Result<Scanned, DataError> {
    let scanned = scan.run(|record| {
        for (index, (builder, field)) in builders.iter_mut().zip(record).enumerate() {
            builder.push(cells.read(index, field));
        }
    })?;
    // Some columns may have begun with numbers and gone on with something else.
    let mut again: Vec<(usize, &mut ColumnBuilder)> =
        builders.iter_mut().enumerate().filter(|(_, builder)| builder.must_read_again()).collect();
    if !again.is_empty() {
        for (_, builder) in &mut again {
            **builder = ColumnBuilder::for_strings();
        }
        scan.run(|record| {
            for (index, builder) in &mut again {
                builder.push(cells.read(*index, record.get(*index).unwrap_or_default()));
            }
        })?;
    }
    Ok(scanned)
}

fn warn_of_comments(sniffed: &Sniffed, warnings: &mut Vec<String>) {
    match &sniffed.comments[..] {
        [] => {}
        [(line, comment)] => warnings.push(format!("line {line} skipped as a comment: {comment}")),
        [(first, comment), .., (last, _)] => {
            warnings.push(format!("lines {first} to {last} skipped as comments; the first: {comment}"));
        }
    }
}

/// The names of the columns, as many as a row must have fields.
fn column_names(sniffed: &Sniffed, header: Header, layout: Option<&Layout>, warnings: &mut Vec<String>) -> Vec<String> {
    if let Some(layout) = layout {
        return layout.columns.iter().map(|&name| name.to_owned()).collect();
    }
    let Some((first, body)) = sniffed.rows.split_first().filter(|_| header == Header::Present) else {
        warnings.push("the first row is data, not column names; columns are called column_1, column_2, …".to_owned());
        return (1..=usual_width(&sniffed.rows)).map(|number| format!("column_{number}")).collect();
    };
    let mut names = first.clone();
    if !body.is_empty() && body.iter().all(|row| row.len() == names.len() + 1) {
        // Rows with one field more than the header: row names without a title in front, or a delimiter at the end.
        let at_end = body.iter().all(|row| row.last().is_some_and(String::is_empty));
        names.insert(if at_end { names.len() } else { 0 }, String::new());
    }
    distinct_names(names, warnings)
}

/// How a field becomes a cell.
struct Cells {
    quote: u8,
    /// The column whose cells may end in `suffix`.
    last: usize,
    suffix: Option<&'static [u8]>,
}

impl Cells {
    fn read<'a>(&self, column: usize, field: &'a [u8]) -> &'a [u8] {
        let cell = records::cell(field, self.quote);
        match self.suffix {
            Some(suffix) if column == self.last => cell.strip_suffix(suffix).unwrap_or(cell),
            _ => cell,
        }
    }
}
