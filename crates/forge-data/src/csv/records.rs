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
            if *first == quote && *last == quote && field.first().is_some_and(u8::is_ascii_whitespace) =>
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
        Ok(true) => record.iter().map(|field| text(cell(field, quote)).to_owned()).collect(),
        _ => Vec::new(),
    }
}

/// The cells of at most `limit` records of `bytes`; lines of nothing but blanks are skipped.
pub(super) fn sample(bytes: &[u8], delimiter: u8, quote: u8, limit: usize) -> Vec<Vec<String>> {
    let mut reader = reader(bytes, delimiter, quote);
    let mut record = ::csv::ByteRecord::new();
    let mut rows = Vec::new();
    while rows.len() < limit && matches!(reader.read_byte_record(&mut record), Ok(true)) {
        let row: Vec<String> = record.iter().map(|field| text(cell(field, quote)).to_owned()).collect();
        if row.len() > 1 || row.iter().any(|cell| !cell.is_empty()) {
            rows.push(row);
        }
    }
    rows
}

/// The text of a cell. Cells are cut from valid UTF-8 at ASCII bytes, so they are valid themselves.
pub(crate) fn text(cell: &[u8]) -> &str {
    std::str::from_utf8(cell).unwrap_or_default()
}

/// Whether the quotes of a record belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// Every quote that opens a field closes it.
    Sound,
    /// The quote at this offset is never closed.
    Open(usize),
    /// A field goes on after its closing quote, so the quote at this offset may have opened by mistake.
    Stray(usize),
}

/// How the quotes of `record` stand, by the rules of the `csv` crate.
pub(super) fn quoting(record: &[u8], delimiter: u8, quote: u8) -> Quoting {
    let ends_field = |byte: u8| byte == delimiter || byte == b'\n' || byte == b'\r';
    let mut opened = None;
    let mut closed = None;
    let mut stray = None;
    let mut at_field_start = true;
    let mut index = 0;
    while let Some(&byte) = record.get(index) {
        if let Some(start) = opened {
            if byte == quote {
                if record.get(index + 1) == Some(&quote) {
                    index += 1;
                } else {
                    (opened, closed) = (None, Some(start));
                }
            }
        } else if at_field_start && byte == quote {
            opened = Some(index);
            at_field_start = false;
        } else {
            at_field_start = ends_field(byte);
            if at_field_start {
                closed = None;
            } else if byte != b' ' {
                stray = stray.or(closed);
            }
        }
        index += 1;
    }
    match (opened, stray) {
        (Some(start), _) => Quoting::Open(start),
        (None, Some(start)) => Quoting::Stray(start),
        (None, None) => Quoting::Sound,
    }
}

/// How often `byte` occurs.
#[expect(clippy::naive_bytecount, reason = "the compiler vectorises it; not worth a dependency")]
pub(super) fn count(bytes: &[u8], byte: u8) -> u64 {
    bytes.iter().filter(|&&other| other == byte).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_sound_open_or_stray() {
        for (record, expected) in [
            ("a,\"b\"", Quoting::Sound),
            ("a,\"b \"\"c\"\" \" ,d", Quoting::Sound),
            ("a,b\"c", Quoting::Sound),
            ("a,\"b", Quoting::Open(2)),
            ("\"\"\",b", Quoting::Open(0)),
            ("a,\"b\"c,\"d\"", Quoting::Stray(2)),
        ] {
            assert_eq!(quoting(record.as_bytes(), b',', b'"'), expected, "{record}");
        }
    }

    #[test]
    fn cells_lose_blanks_and_the_quotes_behind_them() {
        assert_eq!(cells_of(b" a ,\" b \", \"c\",\"\"\"d\"\"\"", b',', b'"'), ["a", "b", "c", "\"d\""]);
    }
}
