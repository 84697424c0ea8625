//! JSON tables of every form, and what is none.

use proptest::prelude::*;

use crate::{
    CellChange, Changes, Column, ColumnType, CsvOptions, DataError, TableFile, TableFormat, Values, read_table,
};

fn read_as(name: &str, text: &str) -> Result<TableFile, DataError> {
    read_table(name, text.as_bytes().to_vec(), &CsvOptions::default())
}

fn read(text: &str) -> TableFile {
    read_as("t.json", text).unwrap()
}

fn error(text: &str) -> String {
    read_as("t.json", text).unwrap_err().to_string()
}

fn rows(file: &TableFile) -> Vec<String> {
    (0..file.table.n_rows()).map(|row| file.cells(row).join("|")).collect()
}

fn names(file: &TableFile) -> Vec<&str> {
    file.table.columns().iter().map(Column::name).collect()
}

fn written(file: &TableFile, changes: &Changes<'_>) -> String {
    String::from_utf8(file.written(changes).unwrap()).unwrap()
}

const FORMS: [&str; 6] = [
    r#"[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}, {"a": 3, "b": null}]"#,
    r#"{"columns": ["a", "b"], "index": [5, 6, 7], "data": [[1, "x"], [2, "y"], [3, null]]}"#,
    r#"{"schema": {"fields": []}, "data": [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}, {"a": 3, "b": null}]}"#,
    r#"{"a": [1, 2, 3], "b": ["x", "y", null]}"#,
    r#"{"a": {"0": 1, "1": 2, "2": 3}, "b": {"0": "x", "1": "y", "2": null}}"#,
    "{\"a\": 1, \"b\": \"x\"}\n{\"a\": 2, \"b\": \"y\"}\n{\"a\": 3, \"b\": null}\n",
];

#[test]
fn every_form_gives_the_same_table() {
    for text in FORMS {
        let file = read(text);
        assert_eq!(names(&file), ["a", "b"], "{text}");
        assert_eq!(rows(&file), ["1|x", "2|y", "3|"], "{text}");
        assert_eq!(file.table.columns()[0].column_type(), ColumnType::Number);
        let named = read_as("t", text).unwrap();
        assert_eq!(named.table, file.table, "known by its content: {text}");
    }
    let values = read("[[1, \"x\"], [2, \"y\"]]");
    assert_eq!((names(&values), rows(&values)), (vec!["column_1", "column_2"], vec!["1|x".into(), "2|y".into()]));
}

#[test]
fn a_file_without_changes_stays_byte_for_byte_and_rows_leave_no_trace() {
    for text in FORMS {
        let file = read(text);
        assert_eq!(file.without_rows(&[]).unwrap(), text.as_bytes());
        for without in [&[0][..], &[1], &[2], &[0, 1], &[1, 2], &[0, 2]] {
            let rest = read(&String::from_utf8(file.without_rows(without).unwrap()).unwrap());
            let mut expected = rows(&file);
            without.iter().rev().for_each(|&row| drop(expected.remove(row as usize)));
            assert_eq!(rows(&rest), expected, "{text} without {without:?}");
        }
    }
    let file = read(FORMS[0]);
    assert_eq!(file.without_rows(&[1]).unwrap(), br#"[{"a": 1, "b": "x"}, {"a": 3, "b": null}]"#);
    assert_eq!(file.without_rows(&[0, 1, 2]).unwrap(), b"[]");
}

#[test]
fn cells_are_replaced_and_columns_added_in_every_form() {
    let change = |row, column, value: &str| CellChange { row, column, value: value.to_owned() };
    let replaced = [change(0, 1, "z \"quoted\""), change(2, 1, "w"), change(1, 0, "2.5"), change(2, 0, "")];
    let added = [Column::new("issue", Values::Boolean(vec![Some(true), Some(false), None]))];
    let changes = Changes { replaced: &replaced, added: &added, ..Changes::default() };
    for text in FORMS {
        let text = written(&read(text), &changes);
        let file = read(&text);
        assert_eq!(names(&file), ["a", "b", "issue"], "{text}");
        assert_eq!(rows(&file), ["1|z \"quoted\"|true", "2.5|y|false", "|w|"], "{text}");
        let changes = Changes { without: &[0], ..changes };
        let both = read(&written(&read(FORMS[3]), &changes));
        assert_eq!(rows(&both), ["2.5|y|false", "|w|"]);
    }
    let text = written(&read(FORMS[0]), &Changes { replaced: &replaced[2..3], added: &added, ..Changes::default() });
    assert!(text.starts_with(r#"[{"a": 1, "b": "x", "issue": true}, {"a": 2.5, "b": "y", "issue": false}"#), "{text}");
}

#[test]
fn keys_may_be_missing_repeated_or_come_late() {
    let file = read("[{\"a\": 1},\n {\"b\": \"u\", \"b\": \"v\"},\n {}]");
    assert_eq!(rows(&file), ["1|", "|v", "|"]);
    let replaced = [CellChange { row: 0, column: 1, value: "new".into() }];
    assert_eq!(
        written(&file, &Changes { replaced: &replaced, ..Changes::default() }),
        "[{\"a\": 1, \"b\": \"new\"},\n {\"b\": \"u\", \"b\": \"v\"},\n {}]"
    );
}

#[test]
fn lists_become_text_and_go_back_to_lists() {
    let file = read(r#"[{"tags": ["a", "b"], "o": {"k": 1}}, {"tags": ["c"], "o": null}, {"tags": [], "o": null}]"#);
    assert_eq!(rows(&file), ["a;b|{\"k\": 1}", "c|", "|"]);
    assert!(file.warnings[0].starts_with("column \"tags\" holds 3 lists or objects"), "{:?}", file.warnings);
    let replaced = [CellChange { row: 1, column: 0, value: "c;d".into() }];
    let text = written(&file, &Changes { replaced: &replaced, ..Changes::default() });
    assert!(text.contains(r#"{"tags": ["c","d"], "o": null}"#), "{text}");
}

#[test]
fn lines_that_are_no_objects_are_rejected_with_their_number() {
    let file = read_as("t.jsonl", "{\"a\":1}\n[1]\n\nnonsense\n{\"a\":2}").unwrap();
    assert_eq!((file.format, file.n_rejected(), file.place()), (TableFormat::Jsonl, 2, "line"));
    assert_eq!(file.rejected[1].line, 4);
    assert_eq!(
        file.rejected[0].to_string(),
        "line 2: no JSON object: invalid type: sequence, expected an object at column 0"
    );
    assert_eq!(file.line(1), 5);
    assert_eq!(file.without_rows(&[0]).unwrap(), b"[1]\n\nnonsense\n{\"a\":2}");
}

#[test]
fn large_whole_numbers_are_told() {
    let file = read(r#"[{"id": 9007199254740993}, {"id": 9007199254740992}]"#);
    assert!(file.warnings[0].contains("1 whole numbers beyond 2^53"), "{:?}", file.warnings);
}

#[test]
fn what_is_no_table_is_refused_with_its_place() {
    for (text, said) in [
        ("[{\"a\": 1}, 7]", "t.json: cannot be read as JSON: row 2 is no object as the first"),
        ("[1, 2]", "t.json: cannot be read as JSON: its list holds values, not rows: objects or lists"),
        ("[]", "t.json: cannot be read as JSON: its list is empty"),
        ("[{\"a\": 1}, {\"a\": ", "t.json: cannot be read as JSON: EOF while parsing a value at line 1 column 17"),
        ("{\"a\": [1, 2], \"b\": [1]}", "t.json: cannot be read as JSON: the column \"b\" has 1 values, expected 2"),
        (
            "{\"a\": {\"0\": 1}, \"b\": {\"1\": 1}}",
            "t.json: cannot be read as JSON: the column \"b\" has other rows than the first column",
        ),
        ("[{}]", "t.json: cannot be read as JSON: its rows have no columns"),
        ("[[1, 2], [3]]", "t.json: cannot be read as JSON: row 2 has 1 values, expected 2"),
    ] {
        assert_eq!(error(text), said, "{text}");
    }
}

proptest! {
    #[test]
    fn text_full_of_brackets_never_panics(text in "[\\[\\]{}\",:a1 .\\\\\n]{0,60}") {
        for name in ["t.json", "t.jsonl", "t"] {
            if let Ok(file) = read_as(name, &text) {
                prop_assert_eq!(file.without_rows(&[]).unwrap(), text.as_bytes());
            }
        }
    }
}
