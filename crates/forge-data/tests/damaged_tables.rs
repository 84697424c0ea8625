//! Damaged tables of every format: the error names the file and the place in it.
#![cfg(all(feature = "columnar", feature = "excel"))]
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test opens its files and may stop where it is")]

use forge_data::{CsvOptions, read_table};

/// What reading the file says once it is damaged.
fn said(name: &str, damage: impl FnOnce(&mut Vec<u8>)) -> String {
    let path = format!("{}/tests/files/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    damage(&mut bytes);
    match read_table(name, bytes, &CsvOptions::default()) {
        Err(error) => error.to_string(),
        Ok(file) => panic!("{name} is read: {} rows", file.table.n_rows()),
    }
}

/// The first place where this piece of a file begins.
fn find(bytes: &[u8], piece: &[u8]) -> usize {
    bytes.windows(piece.len()).position(|window| window == piece).unwrap()
}

fn halve(bytes: &mut Vec<u8>) {
    bytes.truncate(bytes.len() / 2);
}

#[test]
fn a_file_that_is_cut_short_says_where() {
    for (name, expected) in [
        ("pandas.csv.gz", "cannot be decompressed as gzip: incomplete deflate stream"),
        ("pandas_records.json", "cannot be read as JSON: EOF while parsing a string at line 23 column 25"),
        ("pandas_snappy.parquet", "cannot be read as Parquet: its last four bytes are not PAR1: the file is cut short"),
        ("pyarrow_lz4.feather", "cannot be read as Arrow IPC: its last bytes are not ARROW1: the file is cut short"),
        ("pyarrow.arrows", "cannot be read as Arrow IPC stream: message 3 at byte 840: the file is cut short"),
        ("pandas.xlsx", "it cannot be read as zip: the list of files at its end is damaged or cut off"),
        ("pandas.ods", "it cannot be read as zip: the list of files at its end is damaged or cut off"),
        ("numpy.npz", "it cannot be read as zip: the list of files at its end is damaged or cut off"),
        ("xlwt.xls", "cannot be read as Excel 97 workbook: a table of its sectors lies outside of it"),
        ("numpy_2d.npy", "cut short within its header"),
    ] {
        let error = said(name, halve);
        assert!(error.starts_with(&format!("{name}: {expected}")), "{error}");
    }
}

#[test]
fn a_damaged_byte_is_told_with_its_place() {
    for (name, at, value, expected) in [
        ("pandas_table.json", 30, 0xff, "cannot be read as JSON: expected value at line 4 column"),
        (
            "pandas_snappy.parquet",
            4,
            0x2d,
            "cannot be read as Parquet: row group 1, column \"number\": page 1: its header",
        ),
        (
            "pandas_snappy.parquet",
            12,
            0x7e,
            "cannot be read as Parquet: row group 1, column \"number\": its dictionary is shorter than it says",
        ),
        // The definition level of a place that is missing, of which there are no more than two.
        (
            "pyarrow_nested.parquet",
            165,
            b'[',
            "cannot be read as Parquet: row group 1, column \"place.x\": the definition level 3 is not possible; there are 2",
        ),
        ("pyarrow.arrows", 8, 0xff, "cannot be read as Arrow IPC stream: message 1 at byte 0: it is damaged"),
        ("pandas.xlsx", 100, 0xff, "\"docProps/app.xml\" cannot be unpacked: "),
        ("numpy.npz", 100, 0xff, "\"number.npy\" cannot be unpacked: "),
        ("liac.arff", 34, b'?', "line 3: column \"number\": \"?EAL\" is no type"),
    ] {
        let error = said(name, |bytes| bytes[at] = value);
        let rest = error.strip_prefix(name).and_then(|rest| rest.trim_start_matches([':', ',']).strip_prefix(' '));
        assert!(rest.is_some_and(|rest| rest.starts_with(expected)), "{error}");
    }
}

#[test]
fn damaged_metadata_of_parquet_is_told_as_such() {
    // The name of a column takes more bytes than there are.
    let error = said("pandas_snappy.parquet", |bytes| {
        let at = find(bytes, b"schema");
        bytes[at - 1] = 0x7f;
    });
    assert!(
        error.starts_with("pandas_snappy.parquet: cannot be read as Parquet: the metadata at its end: "),
        "{error}"
    );
}

#[test]
fn a_text_that_is_longer_than_its_page_names_the_column() {
    let error = said("pandas_none.parquet", |bytes| {
        let at = find(bytes, b"\x03\0\0\0red");
        bytes[at + 1] = 1;
    });
    let expected = "cannot be read as Parquet: row group 1, column \"colour\": a text is longer than its page";
    assert_eq!(error, format!("pandas_none.parquet: {expected}"));
}

#[test]
fn a_page_that_says_it_becomes_gigabytes_is_refused_before_room_is_made_for_it() {
    // The first header: a dictionary, the bytes that it becomes, the bytes that it takes.
    let error = said("pandas_snappy.parquet", |bytes| {
        assert_eq!(bytes[4..7], [0x15, 4, 0x15]);
        bytes.splice(7..8, [0xfe, 0xff, 0xff, 0xff, 0x0f]);
    });
    assert_eq!(
        error,
        "pandas_snappy.parquet: cannot be read as Parquet: row group 1, column \"number\": page 1: it says that it becomes \
         2147483647 bytes, and no more than 16777816 are left of what a file of this size may become"
    );
}
