//! What holds of every file: no bytes panic, nothing is lost between reading and writing.

use proptest::prelude::*;

use super::tests::{gzip, read_with};
use super::*;
use crate::{Column, Table, TableFile, Values};

fn table() -> impl Strategy<Value = Table> {
    let word = prop_oneof!["[a-z ,;\"'|éß]{1,12}x", Just("x\ny".to_owned())].prop_map(|word| word.trim().to_owned());
    let row = (prop::option::weighted(0.9, -1e9..1e9f64), word, prop::option::of(any::<bool>()));
    prop::collection::vec(row, 1..40).prop_map(|rows| {
        let number = rows.iter().map(|row| row.0.unwrap_or(f64::NAN)).collect();
        let text = rows.iter().map(|row| Some(row.1.clone().into())).collect();
        let boolean = rows.iter().map(|row| row.2).collect();
        Table::new(vec![
            Column::new("number", Values::Number(number)),
            Column::new("text", Values::Text(text)),
            Column::new("boolean", Values::Boolean(boolean)),
        ])
        .unwrap()
    })
}

/// What must hold of every file that could be read.
fn check_whole(file: &TableFile, bytes: &[u8]) -> Result<(), TestCaseError> {
    prop_assert_eq!(&file.without_rows(&[]).unwrap(), bytes);
    let n_rows = file.table.n_rows();
    prop_assert!((1..n_rows).all(|row| file.line(row - 1) <= file.line(row)));
    prop_assert!((0..n_rows).all(|row| file.cells(row).len() == file.table.columns().len()));
    let all: Vec<u32> = (0..n_rows as u32).collect();
    prop_assert!(file.without_rows(&all).unwrap().len() < bytes.len());
    let _infos = crate::infer_roles(&file.table);
    for column in file.table.columns() {
        let _labels = column.class_labels();
    }
    let _written = write_csv(&file.table);
    Ok(())
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(file) = read_with(&bytes, &CsvOptions::default()) {
            check_whole(&file, &bytes)?;
        }
    }

    #[test]
    fn text_full_of_quotes_and_line_ends_never_panics(text in "[ab1.?,;\t|\"'\r\n #é/-]{0,200}") {
        for kind in [None, Some(ColumnType::Number), Some(ColumnType::Date), Some(ColumnType::Boolean)] {
            let mut options = CsvOptions { header: Header::Absent, ..CsvOptions::default() };
            options.types.extend(kind.map(|kind| ("column_1".to_owned(), kind)));
            if let Ok(file) = read_with(&text, &options) {
                check_whole(&file, text.as_bytes())?;
            }
        }
    }

    #[test]
    fn damaged_gzip_never_panics(at in 0usize..60, byte in any::<u8>()) {
        let mut zipped = gzip(b"a,b\n1,x\n2,x\n3,y\n");
        if let Some(slot) = zipped.get_mut(at) {
            *slot = byte;
        }
        let _read = read_with(&zipped, &CsvOptions::default());
    }

    #[test]
    fn a_written_table_reads_back_the_same(table in table()) {
        let mut options = CsvOptions { header: Header::Present, delimiter: Some(b','), quote: Some(b'"'), ..CsvOptions::default() };
        options.types = table.columns().iter().map(|c| (c.name().to_owned(), c.column_type())).collect();
        let file = read_with(write_csv(&table), &options).unwrap();
        prop_assert!(file.rejected.is_empty());
        prop_assert_eq!(write_csv(&file.table), write_csv(&table));
        for (read, written) in file.table.columns().iter().zip(table.columns()) {
            for row in 0..table.n_rows() {
                prop_assert_eq!(read.text(row), written.text(row));
            }
        }
    }

    #[test]
    fn removing_rows_from_the_file_removes_them_from_the_table(table in table(), drop in any::<u64>()) {
        let options = CsvOptions {
            header: Header::Present,
            delimiter: Some(b','),
            quote: Some(b'"'),
            types: table.columns().iter().map(|c| (c.name().to_owned(), c.column_type())).collect(),
            ..CsvOptions::default()
        };
        let file = read_with(write_csv(&table), &options).unwrap();
        let (dropped, kept): (Vec<u32>, Vec<u32>) =
            (0..table.n_rows() as u32).partition(|row| drop >> (row % 64) & 1 == 1);
        match read_with(file.without_rows(&dropped).unwrap(), &options) {
            Ok(rest) => {
                prop_assert_eq!(rest.table.n_rows(), kept.len());
                for (new, &old) in kept.iter().enumerate() {
                    prop_assert_eq!(rest.cells(new), file.cells(old as usize));
                }
            }
            Err(error) => prop_assert!(kept.is_empty(), "{}", error),
        }
    }
}
