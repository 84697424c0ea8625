//! The one way this crate walks over records: the `csv` crate's reader with our dialect, and cells without blanks.

/// A reader of records of any length over `bytes`.
pub(super) fn reader(bytes: &[u8], delimiter: u8, quote: u8) -> ::csv::Reader<&[u8]> {
    ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .quote(quote)
        .buffer_capacity(1 << 16)
        .from_reader(bytes)
}

/// A field without the blanks around it, and without the quotes of a field that blanks stand before (`, "a"`), which
/// the reader leaves.
pub(super) fn cell(field: &[u8], quote: u8) -> &[u8] {
    let trimmed = field.trim_ascii();
    match trimmed {
        [first, inner @ .., last]
            if *first == quote
                && *last == quote
                && field.first().is_some_and(u8::is_ascii_whitespace) =>
        {
            inner.trim_ascii()
        }
        _ => trimmed,
    }
}

/// The cells of the first record of `bytes`.
pub(super) fn cells_of(bytes: &[u8], delimiter: u8, quote: u8) -> Vec<String> {
    let mut record = ::csv::ByteRecord::new();
    match reader(bytes, delimiter, quote).read_byte_record(&mut record) {
        Ok(true) => record
            .iter()
            .map(|field| text(cell(field, quote)).to_owned())
            .collect(),
        _ => Vec::new(),
    }
}

/// The cells of at most `limit` records of `bytes`; lines of nothing but blanks are skipped.
pub(super) fn sample(bytes: &[u8], delimiter: u8, quote: u8, limit: usize) -> Vec<Vec<String>> {
    let mut reader = reader(bytes, delimiter, quote);
    let mut record = ::csv::ByteRecord::new();
    let mut rows = Vec::new();
    while rows.len() < limit && matches!(reader.read_byte_record(&mut record), Ok(true)) {
        let row: Vec<String> = record
            .iter()
            .map(|field| text(cell(field, quote)).to_owned())
            .collect();
        if row.len() > 1 || row.iter().any(|cell| !cell.is_empty()) {
            rows.push(row);
        }
    }
    rows
}

/// The text of a cell. Cells are cut from valid UTF-8 at ASCII bytes, so they are valid themselves.
pub(super) fn text(cell: &[u8]) -> &str {
    std::str::from_utf8(cell).unwrap_or_default()
}

/// Where a quote opens in `record` that is never closed.
pub(super) fn open_quote(record: &[u8], delimiter: u8, quote: u8) -> Option<usize> {
    let mut opened = None;
    let mut at_field_start = true;
    let mut index = 0;
    while let Some(&byte) = record.get(index) {
        if opened.is_some() {
            if byte == quote {
                if record.get(index + 1) == Some(&quote) {
                    index += 1;
                } else {
                    opened = None;
                }
            }
        } else if at_field_start && byte == quote {
            opened = Some(index);
            at_field_start = false;
        } else {
            at_field_start = byte == delimiter || byte == b'\n' || byte == b'\r';
        }
        index += 1;
    }
    opened
}

/// How often `byte` occurs.
#[expect(
    clippy::naive_bytecount,
    reason = "the compiler vectorises it; not worth a dependency"
)]
pub(super) fn count(bytes: &[u8], byte: u8) -> u64 {
    bytes.iter().filter(|&&other| other == byte).count() as u64
}
