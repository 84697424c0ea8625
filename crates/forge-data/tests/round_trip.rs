//! A table that is written and read again is the same table, in every format.
#![cfg(all(feature = "columnar", feature = "excel"))]
#![expect(clippy::unwrap_used, reason = "a test may stop where it is")]

use forge_data::{Column, ColumnType, CsvOptions, MISSING, Table, TableFormat, Values, read_table, write_table};
use proptest::prelude::*;

/// What a column may hold of texts that all formats keep: nothing that stands for missing values, no blanks at the ends.
fn word() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zäß,;\"'|&<>_{}%\\\\]{1,12}", "[a-z] [a-z ]{0,6}[a-z]", Just("x\ny".to_owned())]
        .prop_map(|word| format!("w{word}"))
}

#[derive(Clone, Debug)]
struct Row {
    number: Option<f64>,
    whole: Option<i32>,
    text: String,
    flag: Option<bool>,
    seconds: Option<i64>,
    level: Option<u32>,
}

fn row() -> impl Strategy<Value = Row> {
    let often = |strategy| prop::option::weighted(0.8, strategy);
    (
        prop::option::weighted(0.8, -1e12..1e12f64),
        prop::option::weighted(0.8, any::<i32>()),
        // A row of nothing but missing values is none in a workbook.
        word(),
        often(any::<bool>()),
        // From 1901 to 2200, on whole seconds.
        prop::option::weighted(0.8, -2_177_452_800..7_258_118_400i64),
        prop::option::weighted(0.8, 0..3u32),
    )
        .prop_map(|(number, whole, text, flag, seconds, level)| Row { number, whole, text, flag, seconds, level })
}

fn table(rows: &[Row]) -> Table {
    let numbers = |values: Vec<Option<f64>>| values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect();
    let levels = ["a b", "blue", "red"].map(str::to_owned).to_vec();
    Table::new(vec![
        Column::new("number", Values::Number(numbers(rows.iter().map(|row| row.number).collect()))),
        Column::new("whole", Values::Number(numbers(rows.iter().map(|row| row.whole.map(f64::from)).collect()))),
        Column::new("a text, \"é\"", Values::Text(rows.iter().map(|row| Some(row.text.clone().into())).collect())),
        Column::new("flag", Values::Boolean(rows.iter().map(|row| row.flag).collect())),
        Column::new("when", Values::Date(numbers(rows.iter().map(|row| row.seconds.map(|n| n as f64)).collect()))),
        Column::new(
            "level",
            Values::Category { codes: rows.iter().map(|row| row.level.unwrap_or(MISSING)).collect(), levels },
        ),
    ])
    .unwrap()
}

fn texts(table: &Table) -> Vec<Vec<Option<String>>> {
    let column = |column: &Column| (0..table.n_rows()).map(|row| column.text(row).map(Into::into)).collect();
    table.columns().iter().map(column).collect()
}

fn options(table: &Table, format: TableFormat) -> CsvOptions {
    // A column of few rows may look like another type, which nobody chose here.
    let types = table.columns().iter().map(|column| (column.name().to_owned(), column.column_type())).collect();
    let mut options = CsvOptions { types, ..CsvOptions::default() };
    if matches!(format, TableFormat::Csv | TableFormat::Tsv) {
        options.quote = Some(b'"');
        options.delimiter = Some(if format == TableFormat::Csv { b',' } else { b'\t' });
    }
    options.header = if format == TableFormat::Arff { forge_data::Header::Detect } else { forge_data::Header::Present };
    options
}

const WHOLE_TABLES: [TableFormat; 9] = [
    TableFormat::Csv,
    TableFormat::Tsv,
    TableFormat::Arff,
    TableFormat::Json,
    TableFormat::Jsonl,
    TableFormat::Parquet,
    TableFormat::Arrow,
    TableFormat::Arrows,
    TableFormat::Xlsx,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn every_format_gives_back_the_table(rows in prop::collection::vec(row(), 1..30), drop in any::<u64>()) {
        let table = table(&rows);
        for format in WHOLE_TABLES.into_iter().chain([TableFormat::Npz]) {
            let bytes = write_table(&table, format).unwrap();
            let name = format!("t.{format}");
            let file = read_table(&name, bytes.clone(), &options(&table, format)).unwrap();
            prop_assert_eq!(file.format, format);
            prop_assert!(file.rejected.is_empty());
            let kinds = |table: &Table| table.columns().iter().map(Column::column_type).collect::<Vec<ColumnType>>();
            prop_assert_eq!(kinds(&file.table), kinds(&table), "{}", format);
            // Workbooks count in days, whose fractions are rounded to milliseconds.
            prop_assert_eq!(texts(&file.table), texts(&table), "{}", format);
            prop_assert_eq!(file.without_rows(&[]).unwrap().len(), bytes.len());

            let (dropped, kept): (Vec<u32>, Vec<u32>) = (0..rows.len() as u32).partition(|row| drop >> (row % 64) & 1 == 1);
            if kept.is_empty() {
                continue;
            }
            let rest = read_table(&name, file.without_rows(&dropped).unwrap(), &options(&table, format)).unwrap();
            let expected: Vec<Vec<Option<String>>> = texts(&table)
                .into_iter()
                .map(|column| kept.iter().map(|&row| column[row as usize].clone()).collect())
                .collect();
            prop_assert_eq!(texts(&rest.table), expected, "{}", format);
        }
    }

    #[test]
    fn numbers_survive_as_one_array(rows in prop::collection::vec((any::<i32>(), -1e300..1e300f64), 1..30)) {
        let table = Table::new(vec![
            Column::new("column_1", Values::Number(rows.iter().map(|row| f64::from(row.0)).collect())),
            Column::new("column_2", Values::Number(rows.iter().map(|row| row.1).collect())),
        ])
        .unwrap();
        let bytes = write_table(&table, TableFormat::Npy).unwrap();
        let file = read_table("t.npy", bytes.clone(), &CsvOptions::default()).unwrap();
        prop_assert_eq!(&file.table, &table);
        prop_assert_eq!(file.without_rows(&[]).unwrap(), bytes);
    }
}

#[test]
fn what_a_format_cannot_hold_is_refused_by_name() {
    let text = Table::new(vec![Column::new("t", Values::Text(vec![Some("x".into())]))]).unwrap();
    let message = write_table(&text, TableFormat::Npy).unwrap_err().to_string();
    assert_eq!(
        message,
        "cannot be written as NumPy array: the column \"t\" holds texts, one array holds numbers; write npz"
    );
    let message = write_table(&text, TableFormat::Ods).unwrap_err().to_string();
    assert_eq!(message, "cannot be written as OpenDocument workbook: it is only read; write xlsx, CSV or Parquet");
    let long = Table::new(vec![Column::new("t", Values::Text(vec![Some("x".repeat(40_000).into())]))]).unwrap();
    let message = write_table(&long, TableFormat::Xlsx).unwrap_err().to_string();
    assert!(message.ends_with("row 1, column \"t\": a cell has at most 32767 characters"), "{message}");
}
