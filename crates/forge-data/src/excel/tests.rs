//! Workbooks that this crate writes, and wrong ones.

use proptest::prelude::*;

use crate::{
    CellChange, Changes, Column, ColumnType, CsvOptions, DataError, Table, TableFile, TableFormat, Values, read_table,
    write_table,
};

fn table() -> Table {
    Table::new(vec![
        Column::new("n & m", Values::Number(vec![1.0, 2.5, f64::NAN])),
        Column::new("when", Values::Date(vec![0.0, 86_401.5, -3e9])),
        Column::new("word", Values::Text(vec![Some("a <b>\nc".into()), None, Some("é".into())])),
        Column::new("flag", Values::Boolean(vec![Some(true), Some(false), None])),
    ])
    .unwrap()
}

fn read(bytes: Vec<u8>) -> Result<TableFile, DataError> {
    read_table("book.xlsx", bytes, &CsvOptions::default())
}

fn rows(file: &TableFile) -> Vec<String> {
    (0..file.table.n_rows()).map(|row| file.cells(row).join("|")).collect()
}

#[test]
fn a_written_workbook_reads_back() {
    let bytes = write_table(&table(), TableFormat::Xlsx).unwrap();
    let file = read(bytes.clone()).unwrap();
    assert_eq!(file.table.columns()[0].name(), "n & m");
    assert_eq!(
        rows(&file),
        ["1|1970-01-01|a <b>\nc|true", "2.5|1970-01-02T00:00:01.500||false", "|1874-12-07T18:40:00|é|"]
    );
    assert_eq!(
        file.table.columns()[1].column_type(),
        ColumnType::Date,
        "dates before 1900 are text that reads as dates"
    );
    assert_eq!((file.place(), file.line(2)), ("row", 4));
    assert_eq!(file.without_rows(&[]).unwrap(), bytes);
}

#[test]
fn changes_are_written() {
    let file = read(write_table(&table(), TableFormat::Xlsx).unwrap()).unwrap();
    let replaced = [CellChange { row: 1, column: 2, value: "new".into() }];
    let added = [Column::new("is_label_issue", Values::Boolean(vec![None, Some(true), Some(false)]))];
    let changed = file.written(&Changes { without: &[0], replaced: &replaced, added: &added }).unwrap();
    assert_eq!(
        rows(&read(changed).unwrap()),
        ["2.5|1970-01-02T00:00:01.500|new|false|true", "|1874-12-07T18:40:00|é||false"]
    );
}

#[test]
fn wrong_workbooks_are_refused_by_name() {
    let bytes = write_table(&table(), TableFormat::Xlsx).unwrap();
    let options = CsvOptions { sheet: Some("Two".into()), ..CsvOptions::default() };
    let message = read_table("book.xlsx", bytes.clone(), &options).unwrap_err().to_string();
    assert_eq!(
        message,
        "book.xlsx: cannot be read as Excel workbook: there is no sheet \"Two\"; the sheets are Sheet1"
    );
    assert!(read(bytes[..bytes.len() / 2].to_vec()).unwrap_err().to_string().starts_with("book.xlsx: "));
    let empty =
        write_table(&Table::new(vec![Column::new("a", Values::Number(Vec::new()))]).unwrap(), TableFormat::Xlsx);
    let message = read(empty.unwrap()).unwrap_err().to_string();
    assert!(message.ends_with("the sheet \"Sheet1\" holds column names, and no rows follow"), "{message}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn damaged_workbooks_never_panic(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = write_table(&table(), TableFormat::Xlsx).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _read = read(bytes);
    }
}
