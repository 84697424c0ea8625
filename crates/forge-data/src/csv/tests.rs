//! Reading and writing whole files.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::{Column, MISSING, TableFile, Values};

pub(super) fn read_with(bytes: impl AsRef<[u8]>, options: &CsvOptions) -> Result<TableFile, DataError> {
    read_csv("t.csv", bytes.as_ref().to_vec(), options)
}

fn read(bytes: impl AsRef<[u8]>) -> TableFile {
    read_with(bytes, &CsvOptions::default()).unwrap()
}

fn error(bytes: impl AsRef<[u8]>) -> String {
    read_with(bytes, &CsvOptions::default()).unwrap_err().to_string()
}

fn names(file: &TableFile) -> Vec<&str> {
    file.table.columns().iter().map(Column::name).collect()
}

fn typed(column: &str, kind: ColumnType) -> CsvOptions {
    CsvOptions { types: BTreeMap::from([(column.to_owned(), kind)]), ..CsvOptions::default() }
}

fn rejected(file: &TableFile) -> Vec<String> {
    file.rejected.iter().map(ToString::to_string).collect()
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const ADULT_ROW: &str = "39, State-gov, 77516, Bachelors, 13, Never-married, Adm-clerical, Not-in-family, White, Male, \
                         2174, 0, 40, ?, ";

#[test]
fn the_bundled_adult_sample_reads_whole() {
    let file = read(include_bytes!("../../../../data/adult_12000.csv.gz"));
    assert_eq!((file.table.n_rows(), file.table.columns().len()), (12_000, 16));
    assert!(file.rejected.is_empty() && file.warnings.is_empty());
    let labels = file.table.column("income").unwrap().class_labels().unwrap();
    assert_eq!(labels.names, ["<=50K", ">50K"]);
    let roles = crate::infer_roles(&file.table);
    assert_eq!(roles[0].role, crate::Role::Id);
    assert_eq!(roles[15].role, crate::Role::Target);
    assert!(roles[1..15].iter().all(|info| info.role == crate::Role::Feature));
}

#[test]
fn both_adult_files_get_names_and_the_same_two_classes() {
    let train = read(format!("{ADULT_ROW}<=50K\n{ADULT_ROW}>50K\n\n"));
    let test = read(format!("|1x3 Cross validator\n{ADULT_ROW}<=50K.\n{ADULT_ROW}>50K.\n\n"));
    for file in [&train, &test] {
        assert_eq!(names(file)[..3], ["age", "workclass", "fnlwgt"]);
        assert_eq!(file.table.column("income").unwrap().class_labels().unwrap().names, ["<=50K", ">50K"]);
        assert_eq!(file.table.column("native_country").unwrap().n_missing(), 2);
        assert_eq!(file.dialect.layout.as_deref(), Some("UCI Adult"));
    }
    assert_eq!(test.warnings, ["line 1 skipped as a comment: |1x3 Cross validator"]);
    assert_eq!(test.line(0), 2);
    assert_eq!(test.cells(1)[14], ">50K.");
}

#[test]
fn every_delimiter_and_quote_is_detected() {
    for (text, delimiter, quote) in [
        ("a,b\n1,x\n2,y\n", b',', b'"'),
        ("a;b\n1,5;x\n2,5;y\n", b';', b'"'),
        ("a\tb\n1\thello, you\n2\ty\n", b'\t', b'"'),
        ("a|b\n1|x\n2|y\n", b'|', b'"'),
        ("a,b\n1,'x, y'\n2,'y, z'\n", b',', b'\''),
        ("a,b\n1,\"it's, y\"\n2,\"y, z\"\n", b',', b'"'),
    ] {
        let file = read(text);
        assert_eq!((file.dialect.delimiter, file.dialect.quote), (delimiter, quote), "{text}");
        assert_eq!(names(&file), ["a", "b"], "{text}");
        assert_eq!(file.table.n_rows(), 2, "{text}");
    }
}

#[test]
fn what_stands_for_missing_is_missing_and_blanks_do_not_count() {
    let file = read("x,colour\n 1 ,red\n?,?\nNA , n/a\nNaN,NULL\n none,None\n,\n2,\" red \"\n\n   \n3,blue\n");
    let [x, colour] = file.table.columns() else { panic!() };
    assert_eq!((x.column_type(), x.n_missing()), (ColumnType::Number, 5));
    let Values::Category { codes, levels } = colour.values() else { panic!() };
    assert_eq!(levels, &["blue", "red"]);
    assert_eq!(codes, &[1, MISSING, MISSING, MISSING, MISSING, MISSING, 1, 0]);
    assert_eq!(file.line(7), 11);
}

#[test]
fn ragged_rows_are_rejected_with_line_and_reason_and_the_rest_is_read() {
    let file = read("a,b,c\n1,2,3\n1,2\n4,5,6\n\n7,8,9,10\nx\n7,8,9\n");
    assert_eq!(file.table.n_rows(), 3);
    assert_eq!(
        rejected(&file),
        ["line 3: 2 fields, expected 3", "line 6: 4 fields, expected 3", "line 7: 1 field, expected 3"]
    );
    let options = CsvOptions { delimiter: Some(b','), ..CsvOptions::default() };
    let error = read_with("a,b,c\n1,2\n3\n4,5\n", &options).unwrap_err().to_string();
    assert_eq!(error, "t.csv: none of its 3 rows can be read; the first is line 2: 2 fields, expected 3");
}

#[test]
fn a_quote_that_is_never_closed_costs_one_row() {
    let file = read("a,b\n1,x\n2,\"y\n3,x\n4,y\n");
    assert_eq!(rejected(&file), ["line 3: a quote opens here that is never closed"]);
    assert_eq!(file.table.n_rows(), 3);
    assert_eq!(file.line(2), 5);
}

#[test]
fn two_stray_quotes_do_not_swallow_the_rows_between() {
    let file = read("a,b\n1,\"x\n2,y\n3,x\n4,y\",z\n5,x\n");
    assert_eq!(rejected(&file)[0], "line 2: 3 fields, expected 2; a quote stretches the row to line 5");
    assert_eq!((file.table.n_rows(), file.rejected.len()), (3, 2));
}

#[test]
fn stray_quotes_far_apart_cost_a_row_each_and_not_the_rows_between() {
    let line = |n: usize| format!("{n},{}x{},z\n", if n % 100 == 7 { "\"" } else { "" }, n % 5);
    let rows = (0..3000).map(line).collect::<Vec<String>>().concat();
    let file = read(format!("a,b,c\n{rows}"));
    assert_eq!((file.table.n_rows(), file.rejected.len()), (2970, 30));
    assert_eq!(rejected(&file)[0], "line 9: a quote stretches the row to line 109");
    assert_eq!(rejected(&file)[29], "line 2909: a quote opens here that is never closed");
}

#[test]
fn a_row_may_span_lines_within_quotes() {
    let file = read("a,b\r\n1,\"x\r\ny\"\r\n2,z\r\n");
    assert_eq!(file.cells(0), ["1", "x\r\ny"]);
    assert_eq!((file.line(0), file.line(1)), (2, 4));
    assert_eq!(file.without_rows(&[0]).unwrap(), b"a,b\r\n2,z\r\n");
}

#[test]
fn old_macintosh_line_ends_are_read_and_counted() {
    let file = read("a,b\r1,x\r2\r3,x\r");
    assert_eq!(rejected(&file), ["line 3: 1 field, expected 2"]);
    assert_eq!(file.line(1), 4);
}

#[test]
fn utf16_and_latin1_are_decoded_and_written_back_byte_for_byte() {
    let text = "name,x\nJosé,1\n“Zoë”,2\nJosé,3\n";
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let latin1 = b"name,x\nJos\xe9,1\n\x93Zo\xeb\x94,2\nJos\xe9,3\n".to_vec();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    for (bytes, encoding) in [
        (utf16, Encoding::Utf16Le),
        (latin1, Encoding::Latin1),
        (marked, Encoding::Utf8),
        (text.as_bytes().to_vec(), Encoding::Utf8),
    ] {
        let file = read(&bytes);
        assert_eq!(file.dialect.encoding, encoding);
        assert_eq!(names(&file), ["name", "x"]);
        assert_eq!(file.cells(1), ["“Zoë”", "2"]);
        assert_eq!(file.without_rows(&[]).unwrap(), bytes);
        assert_eq!(
            file.warnings.iter().any(|warning| warning.contains("byte 10 (line 2)")),
            encoding == Encoding::Latin1
        );
        assert_eq!(read(file.without_rows(&[1]).unwrap()).table.n_rows(), 2);
    }
}

#[test]
fn a_chosen_encoding_that_does_not_fit_is_an_error_with_its_place() {
    let options = CsvOptions { encoding: Some(Encoding::Utf8), ..CsvOptions::default() };
    let error = read_with(b"a,b\n1,\xff\n", &options).unwrap_err();
    assert_eq!(error.to_string(), "t.csv, line 2: byte 6 is not valid UTF-8");
}

#[test]
fn what_is_no_text_is_named() {
    assert!(error(b"PK\x03\x04\x14\x00\x06\x00").contains("Excel workbook"));
    assert!(error(b"\x89PNG\r\n\x1a\n\x00\x00").contains("PNG image"));
    assert!(error(b"PAR1\x15\x04\x15").contains("Parquet"));
    assert!(error(b"a,b\n1,\x00\n").contains("binary data"));
    assert!(error(b"a\0,\0b\0\n\0").contains("UTF-16"));
    assert!(error(b"\x1f\x8b\x08junk").contains("cannot be decompressed as gzip"));
}

#[test]
fn empty_files_and_headers_without_rows_are_errors() {
    assert_eq!(error(""), "t.csv: the file is empty");
    assert_eq!(error(" \n\r\n"), "t.csv: the file is empty");
    assert_eq!(error("\u{feff}"), "t.csv: the file is empty");
    assert_eq!(error("\na,b\n\n"), "t.csv: line 2 holds column names, and no rows follow");
}

#[test]
fn gzip_is_inflated_up_to_the_limit() {
    let zipped = gzip(b"a,b\n1,x\n2,x\n");
    assert_eq!(read(&zipped).without_rows(&[0]).unwrap(), b"a,b\n2,x\n");
    let options = CsvOptions { max_bytes: 11, ..CsvOptions::default() };
    let error = read_with(&zipped, &options).unwrap_err();
    assert_eq!(error.to_string(), "t.csv: larger than the limit of 11 bytes (max_bytes)");
    assert!(read_with(b"a,b\n1,x\n2,x\n", &options).is_err());
}

#[test]
fn one_column_reads_with_a_warning_commas_in_it_or_not() {
    for text in ["text\nhello\nworld\n", "text\nhello, my world\nworld\nso; it, is, text\n"] {
        let file = read(text);
        assert_eq!(file.table.columns().len(), 1);
        assert!(file.rejected.is_empty());
        assert!(file.warnings[0].contains("one column"), "{:?}", file.warnings);
    }
}

#[test]
fn infinite_numbers_are_missing_and_told() {
    let file = read("x,y\n1,a\ninf,a\n1e999,b\n2,b\n");
    assert_eq!(file.table.columns()[0].n_missing(), 2);
    assert_eq!(
        file.warnings,
        ["column \"x\": 2 values are not finite and counted as missing, the first \"inf\" (line 3)"]
    );
}

#[test]
fn types_are_inferred_from_all_values() {
    use ColumnType::{Boolean, Category, Date, Number, Text};

    let rows = (0..60)
        .map(|n| {
            format!(
                "{n}.5,{},2024-01-{:02},{},word {n},{}\n",
                ["no", "Yes"][n % 2],
                n % 28 + 1,
                ["a", "b"][n % 2],
                n % 2
            )
        })
        .collect::<Vec<String>>()
        .concat();
    let file = read(format!("n,b,d,c,t,z\n{rows}"));
    let types: Vec<ColumnType> = file.table.columns().iter().map(Column::column_type).collect();
    assert_eq!(types, [Number, Boolean, Date, Category, Text, Number]);
    assert_eq!(file.table.columns()[1].words(), ["no", "Yes"]);
}

#[test]
fn a_column_of_numbers_that_ends_in_words_is_read_again_and_told() {
    let rows = (0..3000).map(|n| format!("{},x\n", n % 7)).collect::<Vec<String>>().concat();
    let file = read(format!("n,c\n{rows}oops,x\n"));
    let Values::Category { codes, levels } = file.table.columns()[0].values() else { panic!() };
    assert_eq!((codes.len(), levels.len()), (3001, 8));
    assert!(file.warnings[0].contains("3000 numbers and 1 other value, the first \"oops\" (line 3002)"));
}

#[test]
fn many_distinct_words_turn_a_column_to_text_without_losing_any() {
    let rows = (0..10_500).map(|n| format!("w{n},{}\n", n % 2)).collect::<Vec<String>>().concat();
    let file = read(format!("word,y\n{rows}"));
    let Values::Text(texts) = file.table.columns()[0].values() else { panic!() };
    assert_eq!(texts.len(), 10_500);
    assert!(texts.iter().enumerate().all(|(n, text)| text.as_deref() == Some(&*format!("w{n}"))));
}

#[test]
fn a_chosen_type_makes_what_does_not_fit_missing_and_tells_the_first() {
    let text = "x,y\n1,a\nabc,b\n3,a\n";
    let file = read_with(text, &typed("x", ColumnType::Number)).unwrap();
    assert_eq!(file.table.columns()[0].n_missing(), 1);
    assert_eq!(
        file.warnings,
        ["column \"x\": 1 value is no number and counted as missing, the first \"abc\" (line 3)"]
    );
    for (kind, n_missing) in
        [(ColumnType::Text, 0), (ColumnType::Category, 0), (ColumnType::Boolean, 2), (ColumnType::Date, 3)]
    {
        let file = read_with(text, &typed("x", kind)).unwrap();
        assert_eq!(file.table.columns()[0].column_type(), kind);
        assert_eq!(file.table.columns()[0].n_missing(), n_missing, "{kind}");
    }
    let error = read_with(text, &typed("z", ColumnType::Number)).unwrap_err();
    assert_eq!(error.to_string(), "there is no column \"z\"; the columns are x, y");
}

#[test]
fn rows_with_one_field_more_than_the_header_keep_their_names() {
    assert_eq!(names(&read("x,y\nr1,1,2\nr2,3,4\n")), ["column_1", "x", "y"]);
    assert_eq!(names(&read("x,y\n1,2,\n3,4,\n")), ["x", "y", "column_3"]);
}

#[test]
fn quotes_after_a_blank_are_taken_off() {
    assert_eq!(read("a, \"b\"\n1, \"x\"\n2, \"x\"\n").cells(0), ["1", "x"]);
}

#[test]
fn options_outside_their_range_are_named() {
    let check = |options: CsvOptions| options.validate().unwrap_err().to_string();
    assert!(
        check(CsvOptions { delimiter: Some(b'\n'), ..CsvOptions::default() }).starts_with("option delimiter: '\\n'")
    );
    assert!(check(CsvOptions { delimiter: Some(200), ..CsvOptions::default() }).starts_with("option delimiter"));
    let same = CsvOptions { delimiter: Some(b'"'), quote: Some(b'"'), ..CsvOptions::default() };
    assert!(check(same).starts_with("option quote"));
    assert!(check(CsvOptions { max_bytes: 0, ..CsvOptions::default() }).starts_with("option max_bytes: 0"));
}

#[test]
fn options_are_json_with_readable_delimiters() {
    let options: CsvOptions = serde_json::from_str(r#"{"delimiter": ";", "types": {"x": "text"}}"#).unwrap();
    assert_eq!(options.delimiter, Some(b';'));
    assert_eq!(serde_json::from_str::<CsvOptions>(&serde_json::to_string(&options).unwrap()).unwrap(), options);
    assert_eq!(serde_json::from_str::<CsvOptions>("{}").unwrap(), CsvOptions::default());
    assert!(serde_json::from_str::<CsvOptions>(r#"{"delimiter": "€"}"#).is_err());
}

#[test]
fn dates_need_a_telling_day_and_get_a_warning_without_one() {
    let file = read("d,e,x\n01/02/2024,13/02/2024,1\n02/02/2024,01/02/2024,2\n02/02/2024,01/02/2024,2\n");
    assert_eq!(file.table.columns()[0].column_type(), ColumnType::Category);
    assert_eq!(file.table.columns()[1].column_type(), ColumnType::Date);
    assert_eq!(file.table.columns()[1].text(1).unwrap(), "2024-02-01");
    assert!(file.warnings[0].starts_with("column \"d\" looks like dates"), "{:?}", file.warnings);
}

#[test]
fn repeated_and_empty_names_are_made_distinct_with_a_warning() {
    let file = read("a,,a\n1,2,x\n3,4,y\n");
    assert_eq!(names(&file), ["a", "column_2", "a_2"]);
    assert_eq!(file.warnings.len(), 2);
}

#[test]
fn a_very_wide_header_is_not_cut() {
    let header: Vec<String> = (0..30_000).map(|n| format!("gene_{n}")).collect();
    let row = vec!["1"; 30_000].join(",");
    let file = read(format!("{}\n{row}\n{row}\n", header.join(",")));
    assert_eq!((file.table.columns().len(), file.table.n_rows()), (30_000, 2));
}

#[test]
fn removed_rows_leave_everything_else_in_place() {
    let text = "# made by hand\na;b\n1;x\n\n2;\"y\"\r\nbad\n3;z";
    let file = read(text);
    assert_eq!(file.table.n_rows(), 3);
    assert_eq!(file.without_rows(&[]).unwrap(), text.as_bytes());
    assert_eq!(file.without_rows(&[2, 0, 9, 0]).unwrap(), b"# made by hand\na;b\n\n2;\"y\"\r\nbad\n");
}
