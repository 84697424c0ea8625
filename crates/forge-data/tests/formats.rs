//! Files that other programs wrote (`tests/reference/formats.py`) are read as these programs meant them.
#![cfg(all(feature = "columnar", feature = "excel"))]
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test opens its files and may stop where it is")]

use forge_data::{
    CellChange, Changes, Column, ColumnType, CsvOptions, DataError, NpyReader, TableFile, TableFormat, Values,
    read_table,
};

fn bytes(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/files/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn read_with(name: &str, options: &CsvOptions) -> Result<TableFile, DataError> {
    read_table(name, bytes(name), options)
}

fn read(name: &str) -> TableFile {
    read_with(name, &CsvOptions::default()).unwrap()
}

fn column(file: &TableFile, name: &str) -> Vec<String> {
    let column = file.table.column(name).unwrap_or_else(|| panic!("no column {name}"));
    (0..file.table.n_rows()).map(|row| column.text(row).unwrap_or_default().into_owned()).collect()
}

fn kinds(file: &TableFile) -> Vec<(&str, ColumnType)> {
    file.table.columns().iter().map(|column| (column.name(), column.column_type())).collect()
}

const NOTES: [&str; 5] = ["plain", "said \"so\", twice", "Grüße", "line one / line two", "last of all"];

/// What every file of the common five rows holds.
fn check_common(name: &str, file: &TableFile, columns: &[&str]) {
    for &wanted in columns {
        let expected: [&str; 5] = match wanted {
            "number" => ["1.5", "", "-3", "10000000000", "0.25"],
            "count" => ["1", "2", "3", "4", "9007199254740992"],
            "colour" => ["red", "blue", "red", "", "blue"],
            "flag" => ["true", "false", "true", "true", ""],
            "when" => ["2024-02-29T13:30:00", "", "1999-12-31", "2000-01-01", "1970-01-01"],
            _ => NOTES,
        };
        assert_eq!(column(file, wanted), expected, "{name}: {wanted}");
        let kind = match wanted {
            "number" | "count" => ColumnType::Number,
            "colour" => ColumnType::Category,
            "flag" => ColumnType::Boolean,
            "when" => ColumnType::Date,
            _ => ColumnType::Text,
        };
        assert_eq!(file.table.column(wanted).unwrap().column_type(), kind, "{name}: {wanted}");
    }
}

const ALL: [&str; 6] = ["number", "count", "colour", "flag", "when", "note"];

#[test]
fn json_of_pandas() {
    for name in
        ["pandas_records.json", "pandas_columns.json", "pandas_split.json", "pandas_table.json", "pandas_lines.jsonl"]
    {
        let file = read(name);
        check_common(name, &file, &ALL);
        assert_eq!(file.without_rows(&[]).unwrap(), bytes(name));
        let rest = read_table(name, file.without_rows(&[0, 3]).unwrap(), &CsvOptions::default()).unwrap();
        assert_eq!(column(&rest, "note"), [NOTES[1], NOTES[2], NOTES[4]], "{name}");
    }
    assert_eq!(read("pandas_lines.jsonl").format, TableFormat::Jsonl);
}

#[test]
fn parquet_of_pandas_with_every_codec() {
    for codec in ["snappy", "gzip", "brotli", "lz4", "zstd", "none"] {
        let name = format!("pandas_{codec}.parquet");
        let file = read(&name);
        check_common(&name, &file, &ALL);
        assert!(
            file.warnings.iter().any(|warning| warning.contains("\"count\": 1 whole numbers beyond 2^53")),
            "{name}"
        );
        check_changes(&name, &file);
    }
}

#[test]
fn feather_of_pyarrow_with_every_codec() {
    for codec in ["uncompressed", "lz4", "zstd"] {
        let name = format!("pyarrow_{codec}.feather");
        let file = read(&name);
        check_common(&name, &file, &ALL);
        check_changes(&name, &file);
    }
}

#[test]
fn arrow_of_polars_whose_schema_stands_only_in_the_footer() {
    let file = read("polars.arrow");
    check_common("polars.arrow", &file, &ALL);
    check_changes("polars.arrow", &file);
}

/// Rows leave, cells change and columns come, in the same format.
fn check_changes(name: &str, file: &TableFile) {
    let position = |name| file.table.position(name).unwrap();
    let change = |row, name, value: &str| CellChange { row, column: position(name), value: value.to_owned() };
    let replaced = [
        change(1, "number", "7.5"),
        change(1, "count", "9007199254740995"),
        change(3, "colour", "green"),
        change(4, "flag", "false"),
        change(1, "when", "2020-02-02 20:20:20"),
        change(3, "number", ""),
    ];
    let added = [
        Column::new("is_label_issue", Values::Boolean([Some(true), Some(false), None, None, None].into())),
        Column::new("label_score", Values::Number(vec![0.5, 0.25, f64::NAN, 1.0, 0.0])),
    ];
    let written = file.written(&Changes { without: &[0, 2], replaced: &replaced, added: &added }).unwrap();
    let file = read_table(name, written, &CsvOptions::default()).unwrap();
    assert_eq!(column(&file, "number"), ["7.5", "", "0.25"], "{name}");
    assert_eq!(column(&file, "count"), ["9007199254740996", "4", "9007199254740992"], "{name}");
    assert_eq!(column(&file, "colour"), ["blue", "green", "blue"], "{name}");
    assert_eq!(column(&file, "flag"), ["false", "true", "false"], "{name}");
    assert_eq!(column(&file, "when"), ["2020-02-02T20:20:20", "2000-01-01", "1970-01-01"], "{name}");
    assert_eq!(column(&file, "is_label_issue"), ["false", "", ""], "{name}");
    assert_eq!(column(&file, "label_score"), ["0.25", "1", "0"], "{name}");
}

#[test]
fn nested_and_rare_types_of_pyarrow() {
    for name in ["pyarrow_nested.parquet", "pyarrow.arrows"] {
        let file = read(name);
        assert_eq!(column(&file, "tags"), ["a;b", "", "", "c", "d"], "{name}");
        assert_eq!(column(&file, "place.x"), ["1", "", "3", "4", "5"], "{name}");
        assert_eq!(column(&file, "place.y"), ["u", "", "", "w", "v"], "{name}");
        assert_eq!(column(&file, "kind"), ["k", "l", "k", "l", ""], "{name}");
        assert_eq!(column(&file, "day"), ["1970-01-01", "1970-01-02", "", "2024-02-29", "1969-12-31"], "{name}");
        assert_eq!(column(&file, "small"), ["1", "2", "3", "4", "255"], "{name}");
        assert_eq!(column(&file, "half"), ["1", "0.5", "-2", "0", "65504"], "{name}");
        assert_eq!(column(&file, "raw"), ["abc", "2 bytes", "", "x", "y"], "{name}");
        assert_eq!(column(&file, "price"), ["1", "-2.5", "", "9.99", "0.01"], "{name}");
        assert!(
            file.warnings.iter().any(|warning| warning.starts_with("column \"tags\" holds")),
            "{:?}",
            file.warnings
        );
        let rest = read_table(name, file.without_rows(&[0, 2]).unwrap(), &CsvOptions::default()).unwrap();
        assert_eq!(column(&rest, "tags"), ["", "c", "d"], "{name}");
        assert_eq!(column(&rest, "place.y"), ["", "w", "v"], "{name}");
        assert_eq!(column(&rest, "price"), ["-2.5", "9.99", "0.01"], "{name}");
    }
    assert_eq!(column(&read("pyarrow_nested.parquet"), "clock")[1], "01:00:00");
}

#[test]
fn workbooks_of_openpyxl_odfpy_and_xlwt() {
    for name in ["pandas.xlsx", "pandas.ods"] {
        let file = read(name);
        check_common(name, &file, &["number", "colour", "when", "note"]);
        assert_eq!((file.place(), file.line(0)), ("row", 2));
    }
    let old = read("xlwt.xls");
    assert_eq!(old.format, TableFormat::Xls);
    check_common("xlwt.xls", &old, &["number", "colour", "when"]);
    assert_eq!(old.without_rows(&[]).unwrap(), bytes("xlwt.xls"));
    assert!(old.without_rows(&[0]).unwrap_err().to_string().contains("it is only read"));
    assert!(read("pandas.xlsx").without_rows(&[0]).is_ok());
}

#[test]
fn a_workbook_with_formulas_merged_cells_and_repeated_names_says_so() {
    let file = read("openpyxl_odd.xlsx");
    assert_eq!(kinds(&file).iter().map(|kind| kind.0).collect::<Vec<_>>(), ["a", "a_2", "column_3", "sum"]);
    assert_eq!(column(&file, "a"), ["1", "2", "3", "4"]);
    assert_eq!(column(&file, "column_3"), ["true", "false", "true", ""]);
    let said = file.warnings.join("\n");
    for part in [
        "2 cells of the sheet \"Odd\" hold formulas",
        "1 areas of the sheet \"Odd\" are merged",
        "the first D4",
        "repeats the name",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let options = CsvOptions { sheet: Some("Empty".into()), ..CsvOptions::default() };
    let message = read_with("openpyxl_odd.xlsx", &options).unwrap_err().to_string();
    assert_eq!(message, "openpyxl_odd.xlsx: cannot be read as Excel workbook: the sheet \"Empty\" is empty");
}

#[test]
fn arrays_of_numpy() {
    let file = read("numpy.npz");
    assert_eq!(
        kinds(&file),
        [
            ("number", ColumnType::Number),
            ("colour", ColumnType::Category),
            ("when", ColumnType::Date),
            ("flag", ColumnType::Boolean),
            ("pixels_1", ColumnType::Number),
            ("pixels_2", ColumnType::Number),
        ]
    );
    check_common("numpy.npz", &file, &["number", "colour", "when"]);
    assert_eq!(file.warnings, ["the array \"images\" of 3 dimensions is left out; columns have one or two"]);
    let replaced = [CellChange { row: 4, column: 1, value: "red".into() }];
    let written = file.written(&Changes { without: &[0], replaced: &replaced, ..Changes::default() }).unwrap();
    let rest = read_table("t.npz", written, &CsvOptions::default()).unwrap();
    assert_eq!(column(&rest, "colour"), ["blue", "red", "", "red"]);
    for name in ["numpy_2d.npy", "numpy_fortran.npy"] {
        let file = read(name);
        assert_eq!(column(&file, "column_2"), ["1", "3", "5", "7", "9"], "{name}");
        let replaced = [CellChange { row: 4, column: 0, value: "80".into() }];
        let changes = Changes { without: &[1], replaced: &replaced, ..Changes::default() };
        let bytes = file.written(&changes).unwrap();
        let mut array = NpyReader::new(name, std::io::Cursor::new(bytes)).unwrap();
        assert_eq!(array.read_rows(0..4).unwrap(), [0.0, 1.0, 4.0, 5.0, 6.0, 7.0, 80.0, 9.0], "{name}");
    }
}

#[test]
fn arff_of_liac() {
    let file = read("liac.arff");
    assert_eq!(file.format, TableFormat::Arff);
    check_common("liac.arff", &file, &["number", "colour", "note"]);
}

#[test]
fn archives_hold_one_table_or_the_one_that_is_named() {
    check_common("pandas.csv.gz", &read("pandas.csv.gz"), &["number", "colour", "note"]);
    let message = read_with("two_tables.zip", &CsvOptions::default()).unwrap_err().to_string();
    assert_eq!(
        message,
        "two_tables.zip: it holds several tables: data/train.csv, data/test.csv; name the one to read, as two_tables.zip#FILE"
    );
    let options = CsvOptions { member: Some("data/test.csv".into()), ..CsvOptions::default() };
    assert_eq!(read_with("two_tables.zip", &options).unwrap().table.n_rows(), 2);
    let named = read_table("two_tables.zip#data/train.csv", bytes("two_tables.zip"), &CsvOptions::default()).unwrap();
    check_common("two_tables.zip", &named, &["number", "note"]);
    let message =
        read_table("two_tables.zip#x", bytes("two_tables.zip"), &CsvOptions::default()).unwrap_err().to_string();
    assert!(message.starts_with("two_tables.zip: it holds no file \"x\"; there are data/train.csv"), "{message}");
}

#[test]
fn files_that_are_cut_short_are_refused_by_name() {
    for name in [
        "pandas_snappy.parquet",
        "pyarrow_nested.parquet",
        "pyarrow_lz4.feather",
        "pandas.xlsx",
        "pandas.ods",
        "xlwt.xls",
        "numpy.npz",
        "numpy_2d.npy",
        "pandas_records.json",
        "two_tables.zip",
        "pandas.csv.gz",
    ] {
        let whole = bytes(name);
        let error = read_table(name, whole[..whole.len() * 2 / 3].to_vec(), &CsvOptions::default()).unwrap_err();
        assert!(error.to_string().starts_with(name), "{name}: {error}");
    }
}
