//! Reading and writing whole ARFF files.

use std::fmt::Write as _;

use proptest::prelude::*;

use crate::csv::tests::{gzip, read_with};
use crate::{Column, ColumnType, CsvOptions, Encoding, Header, MISSING, TableFile, TextFormat, Values};

fn read(text: impl AsRef<[u8]>) -> TableFile {
    read_with(text, &CsvOptions::default()).unwrap()
}

fn error(text: &str) -> String {
    read_with(text, &CsvOptions::default()).unwrap_err().to_string()
}

fn rejected(file: &TableFile) -> Vec<String> {
    file.rejected.iter().map(ToString::to_string).collect()
}

fn types(file: &TableFile) -> Vec<ColumnType> {
    file.table.columns().iter().map(Column::column_type).collect()
}

const ALL_KINDS: &str = "% Who came\r
@RELATION 'some people'\r
\r
@Attribute size NUMERIC % in metres\r
@attribute 'how many' integer\r
@attribute colour {red, 'dark blue',\"it's\"}\r
@attribute member {yes,no}\r
@attribute note string\r
@attribute born date 'dd.MM.yyyy'\r
@DATA\r
1.5, 3, red, yes, 'a, \\'b\\'', 31.12.1970\r
% a comment\r
?,?,?,?,?,?\r
\r
-2e1,4,'dark blue',no,'?',01.01.1970\r
0,0,\"it's\",yes,plain,'02.01.1970'\r
";

#[test]
fn every_kind_of_attribute_gives_its_column() {
    let file = read(ALL_KINDS);
    assert!(file.rejected.is_empty() && file.warnings.is_empty(), "{:?} {:?}", file.rejected, file.warnings);
    assert_eq!((file.dialect.format, file.dialect.header), (TextFormat::Arff, Header::Present));
    let [size, many, colour, member, note, born] = file.table.columns() else { panic!() };
    assert_eq!(
        [0, 1, 2, 3].map(|row| size.text(row)),
        [Some("1.5".into()), None, Some("-20".into()), Some("0".into())]
    );
    assert_eq!((many.name(), many.n_missing()), ("how many", 1));
    let levels = ["dark blue", "it's", "red"].map(str::to_owned).to_vec();
    assert_eq!(colour.values(), &Values::Category { codes: vec![2, MISSING, 0, 1], levels });
    assert_eq!(member.values(), &Values::Boolean(vec![Some(true), None, Some(false), Some(true)]));
    assert_eq!(member.words(), ["no", "yes"]);
    let notes = [Some("a, 'b'"), None, Some("?"), Some("plain")].map(|note| note.map(Into::into)).to_vec();
    assert_eq!(note.values(), &Values::Text(notes));
    assert_eq!((born.text(0).unwrap(), born.text(3).unwrap()), ("1970-12-31".into(), "1970-01-02".into()));
    assert_eq!((file.line(0), file.line(1), file.line(3)), (11, 13, 16));
    assert_eq!(file.cells(2), ["-2e1", "4", "dark blue", "no", "?", "01.01.1970"]);
}

/// The layout of the Mulan collection: numbers, then one attribute of 0 and 1 for each label.
fn mulan(n_rows: usize) -> String {
    let mut text = "@relation musicout\n\n".to_owned();
    for feature in 0..72 {
        let _ = writeln!(text, "@attribute Mean_{feature} numeric");
    }
    for label in ["amazed-suprised", "happy-pleased", "relaxing-calm", "quiet-still", "sad-lonely", "angry-aggresive"] {
        let _ = writeln!(text, "@attribute {label} {{0,1}}");
    }
    text.push_str("\n@data\n");
    for row in 0..n_rows {
        let numbers = (0..72).map(|column| format!("{}", (row * 31 + column * 7) as f64 / 64.0));
        let labels = (0..6).map(|label| ((row >> label) & 1).to_string());
        text.push_str(&numbers.chain(labels).collect::<Vec<_>>().join(","));
        text.push('\n');
    }
    text.trim_end().to_owned()
}

#[test]
fn numbers_with_labels_of_zero_and_one_read_whole() {
    let text = mulan(100);
    for bytes in [text.clone().into_bytes(), gzip(text.as_bytes())] {
        let file = read(bytes);
        assert_eq!((file.table.n_rows(), file.table.columns().len()), (100, 78));
        assert!(file.rejected.is_empty() && file.warnings.is_empty());
        assert!(types(&file)[..72].iter().all(|&kind| kind == ColumnType::Number));
        for column in &file.table.columns()[72..] {
            assert_eq!((column.column_type(), column.n_missing()), (ColumnType::Category, 0));
            assert_eq!(column.class_labels().unwrap().names, ["0", "1"]);
        }
        assert_eq!(file.without_rows(&[]).unwrap(), text.as_bytes());
        let kept = file.without_rows(&[0, 99, 7]).unwrap();
        assert!(kept.starts_with(text.split("@data\n").next().unwrap().as_bytes()));
        assert_eq!(read(kept).table.n_rows(), 97);
    }
}

#[test]
fn every_encoding_comes_back_byte_for_byte() {
    let text = "@relation é\r@attribute größe real\r@data\r1\r2\r";
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let latin1: Vec<u8> = text.chars().map(|c| c as u8).collect();
    for (bytes, encoding) in
        [(text.as_bytes().to_vec(), Encoding::Utf8), (utf16, Encoding::Utf16Le), (latin1, Encoding::Latin1)]
    {
        let file = read(&bytes);
        assert_eq!((file.dialect.encoding, file.table.n_rows(), file.line(1)), (encoding, 2, 5));
        assert_eq!(file.table.columns()[0].name(), "größe");
        assert_eq!(file.without_rows(&[]).unwrap(), bytes);
    }
}

#[test]
fn sparse_rows_leave_out_zeros_and_first_values() {
    let head = "@relation s\n@attribute a real\n@attribute b {no,yes}\n@attribute c real\n@attribute d {x,y}\n@data\n";
    let file = read(format!("{head}{{0 5, 3 y}}\n{{}}\n{{1 yes,2 ?}}\n1,no,2,x\n"));
    let texts = |row: usize| -> Vec<Option<String>> {
        file.table.columns().iter().map(|column| column.text(row).map(Into::into)).collect()
    };
    let some = |cells: [&str; 4]| cells.map(|cell| (cell != "?").then(|| cell.to_owned())).to_vec();
    assert_eq!(texts(0), some(["5", "no", "0", "y"]));
    assert_eq!(texts(1), some(["0", "no", "0", "x"]));
    assert_eq!(texts(2), some(["0", "yes", "?", "x"]));
    assert_eq!(file.cells(0), ["5", "no", "0", "y"]);

    let wrong =
        read(format!("{head}1,no,2,x\n{{4 1}}\n{{2 1, 1 no}}\n{{0 1\n{{0}}\n{{0 1}}, {{2}}\n{{x 1}}\n{{1 'no' x}}\n"));
    assert_eq!(
        rejected(&wrong),
        [
            "line 8: \"4\" is no column; a sparse row gives column numbers from 0 to 3",
            "line 9: column number 1 comes after 2; numbers must ascend",
            "line 10: the sparse row has no closing brace",
            "line 11: no value follows the column number 0",
            "line 12: something follows the closing brace; weights of rows are not supported",
            "line 13: \"x\" is no column; a sparse row gives column numbers from 0 to 3",
            "line 14: the value \"no\" goes on after its closing quote",
        ]
    );
    let text = "@relation s\n@attribute a real\n@attribute t string\n@data\n{1 x}\n{0 1}\n";
    assert_eq!(rejected(&read(text)), ["line 6: column \"t\": a sparse row must give its value; it has no zero"]);
}

#[test]
fn a_row_that_does_not_fit_is_rejected_with_column_value_and_rule() {
    let head = "@relation s\n@attribute a real\n@attribute b {x,y}\n@attribute c date yyyy-MM-dd\n@data\n";
    let file =
        read(format!("{head}1,x,1970-01-01\n1\nabc,x,?\n1,z,?\n1,x,1970\n1,x,?,{{2}}\n1,'x,?\ninf,x,?\nNaN,,?\n"));
    assert_eq!(
        rejected(&file),
        [
            "line 7: 1 value, expected 3",
            "line 8: column \"a\": \"abc\" is no number",
            "line 9: column \"b\": \"z\" is none of its values x, y",
            "line 10: column \"c\": \"1970\" is no date of the form yyyy-MM-dd",
            "line 11: a weight in braces ends the row; weights of rows are not supported",
            "line 12: a quote opens that is never closed",
        ]
    );
    assert_eq!(file.table.n_rows(), 3);
    assert!(file.warnings[0].contains("column \"a\": 1 value is not finite") && file.warnings[0].contains("line 13"));
    let only = error(&format!("{head}1,z,?\n"));
    assert_eq!(
        only,
        "t.csv: none of its 1 rows can be read; the first is line 6: column \"b\": \"z\" is none of its values x, y"
    );
}

#[test]
fn a_declaration_that_cannot_be_read_is_refused_with_file_and_line() {
    for (text, message) in [
        ("@relation r\n@attribute a real\n@data\n", "t.csv, line 3: no rows follow @data"),
        ("@relation r\n@attribute a real\n", "t.csv, line 2: the file ends without a line @data"),
        ("@relation r\n@data\n1\n", "t.csv, line 2: @data comes before any @attribute"),
        (
            "@relation r\n@attribute a real\n@data 1\n1\n",
            "t.csv, line 3: \"1\" stands after @data; rows begin on the next line",
        ),
        (
            "@relation r\n@attribute a float\n@data\n1\n",
            "t.csv, line 2: column \"a\": \"float\" is no type; it must be numeric",
        ),
        ("@relation r\n@attribute a\n@data\n1\n", "t.csv, line 2: column \"a\": the type is missing"),
        (
            "@relation r\n@attribute a {x,y\n@data\nx\n",
            "line 2: column \"a\": its values have no closing brace on this line",
        ),
        ("@relation r\n@attribute 'a {x}\n@data\nx\n", "line 2: a quote opens that is never closed"),
        (
            "@relation r\n@attribute a relational\n@end a\n@data\nx\n",
            "column \"a\": relational attributes are not supported",
        ),
        ("@relation r\n@attribute a real {2}\n@data\n1\n", "\"{2}\" stands after the type; weights of columns"),
        ("@relation r\n@attribute a date yy\n@data\n1\n", "column \"a\": \"yy\" is not supported in the date pattern"),
        ("@relation r\n1,2\n@data\n1\n", "line 2: \"1,2\" is no declaration; above @data"),
    ] {
        let found = error(text);
        assert!(found.contains(message), "{text}\n{found}\n{message}");
    }
}

#[test]
fn the_user_may_choose_another_type() {
    let text =
        "@relation r\n@attribute a {1,2}\n@attribute b {yes,no}\n@attribute c real\n@data\n1,yes,5\n2,no,6\n?,?,?\n";
    let mut options = CsvOptions::default();
    for (name, kind) in [("a", ColumnType::Number), ("b", ColumnType::Category), ("c", ColumnType::Text)] {
        options.types.insert(name.to_owned(), kind);
    }
    let file = read_with(text, &options).unwrap();
    assert_eq!(types(&file), [ColumnType::Number, ColumnType::Category, ColumnType::Text]);
    assert!(file.table.columns().iter().all(|column| column.n_missing() == 1));
    options.types.insert("d".to_owned(), ColumnType::Text);
    assert_eq!(read_with(text, &options).unwrap_err().to_string(), "there is no column \"d\"; the columns are a, b, c");
}

#[test]
fn tabs_may_stand_for_commas_and_names_may_repeat() {
    let file = read("%c\n\n@attribute a real\n@attribute a string\n@data\n1\t'x\ty'\n2\tz\n");
    assert_eq!((file.dialect.delimiter, file.table.n_rows()), (b'\t', 2));
    assert_eq!(file.table.columns()[1].name(), "a_2");
    assert_eq!(file.warnings, ["column 2 repeats the name \"a\"; it is called \"a_2\""]);
}

#[test]
fn a_table_that_only_mentions_the_keywords_is_delimited_text() {
    for text in ["@relations,b\n1,2\n", "a,b\n@relation,2\n", "% x\na,b\n1,2\n"] {
        assert_eq!(read(text).dialect.format, TextFormat::Delimited, "{text}");
    }
}

/// What must hold of every file that could be read.
fn check_whole(file: &TableFile, bytes: &[u8]) -> Result<(), TestCaseError> {
    prop_assert_eq!(&file.without_rows(&[]).unwrap(), bytes);
    let n_rows = file.table.n_rows();
    prop_assert!((1..n_rows).all(|row| file.line(row - 1) < file.line(row)));
    prop_assert!((0..n_rows).all(|row| file.cells(row).len() == file.table.columns().len()));
    let all: Vec<u32> = (0..n_rows as u32).collect();
    prop_assert!(file.without_rows(&all).unwrap().len() < bytes.len());
    let _infos = crate::infer_roles(&file.table);
    for column in file.table.columns() {
        let _labels = column.class_labels();
    }
    Ok(())
}

proptest! {
    #[test]
    fn arbitrary_bytes_after_a_declaration_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let bytes = [b"@relation r\n@attribute ", &bytes[..]].concat();
        if let Ok(file) = read_with(&bytes, &CsvOptions::default()) {
            check_whole(&file, &bytes)?;
        }
    }

    #[test]
    fn declarations_full_of_quotes_and_braces_never_panic(text in "[a1 ,%?{}'\"\\\\\t\r\né]{0,40}", kind in "[{a,}'y ]{0,12}|date [yMdHmsS' é-]{0,12}") {
        let text = format!("@relation r\n@attribute a {kind}\n@attribute {text}\n@data\n{text}\n{text}");
        if let Ok(file) = read_with(&text, &CsvOptions::default()) {
            check_whole(&file, text.as_bytes())?;
        }
    }

    #[test]
    fn rows_full_of_quotes_and_braces_never_panic(rows in "([ab1.?,{} '\"\\\\\t%é-]{0,16}(\r|\n)){0,12}") {
        for attributes in ["@attribute a string", "@attribute a real\n@attribute b {a,b,'é'}"] {
            let text = format!("@relation r\n{attributes}\n@data\n{rows}");
            for kind in [None, Some(ColumnType::Number), Some(ColumnType::Date), Some(ColumnType::Boolean)] {
                let mut options = CsvOptions::default();
                options.types.extend(kind.map(|kind| ("a".to_owned(), kind)));
                if let Ok(file) = read_with(&text, &options) {
                    check_whole(&file, text.as_bytes())?;
                }
            }
        }
    }

    #[test]
    fn values_in_quotes_come_back(
        rows in prop::collection::vec((prop::option::of("[ -~é\n\t]{0,12}"), -1e9..1e9_f64, any::<u64>()), 1..20)
    ) {
        let mut text = "@relation r\n@attribute t string\n@attribute n real\n@data\n".to_owned();
        for (value, number, _) in &rows {
            let quoted = |value: &String| {
                let escaped = value.replace('\\', "\\\\").replace('\'', "\\'");
                format!("'{}'", escaped.replace('\n', "\\n").replace('\t', "\\t"))
            };
            let _ = writeln!(text, "{},{number}", value.as_ref().map_or("?".to_owned(), quoted));
        }
        let file = read(&text);
        prop_assert_eq!(file.without_rows(&[]).unwrap(), text.as_bytes());
        let dropped: Vec<u32> = (0..rows.len() as u32).filter(|&row| rows[row as usize].2 % 3 == 0).collect();
        let kept: Vec<_> = rows.iter().filter(|row| row.2 % 3 != 0).collect();
        match read_with(file.without_rows(&dropped).unwrap(), &CsvOptions::default()) {
            Ok(rest) => {
                prop_assert_eq!(rest.table.n_rows(), kept.len());
                for (row, (value, number, _)) in kept.into_iter().enumerate() {
                    let found = rest.table.columns()[0].text(row).map(String::from);
                    prop_assert_eq!(&found, value);
                    prop_assert_eq!(rest.table.columns()[1].text(row).unwrap().parse::<f64>().unwrap(), *number);
                }
            }
            Err(error) => prop_assert!(kept.is_empty(), "{}", error),
        }
    }
}
