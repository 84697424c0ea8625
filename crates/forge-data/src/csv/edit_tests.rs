//! Changed files of delimited text and ARFF.

use crate::{CellChange, Changes, Column, CsvOptions, Values, read_csv};

fn changed(text: &str, replaced: &[(u32, usize, &str)], added: &[Column], without: &[u32]) -> String {
    let file = read_csv("t.csv", text.as_bytes().to_vec(), &CsvOptions::default()).unwrap();
    let replaced: Vec<CellChange> =
        replaced.iter().map(|&(row, column, value)| CellChange { row, column, value: value.to_owned() }).collect();
    let changes = Changes { without, replaced: &replaced, added };
    String::from_utf8(file.written(&changes).unwrap()).unwrap()
}

fn scores(values: &[f64]) -> Column {
    Column::new("label_score", Values::Number(values.to_vec()))
}

#[test]
fn only_the_replaced_cell_changes() {
    let text = "# note\na;b;c\r\n1;\"x;y\" ; z\n\n2;\"p\"\"q\";r\r\nbad\n3;s;t";
    assert_eq!(
        changed(text, &[(1, 1, "it's; new"), (2, 0, "30")], &[], &[]),
        "# note\na;b;c\r\n1;\"x;y\" ; z\n\n2;\"it's; new\";r\r\nbad\n30;s;t"
    );
    assert_eq!(changed("a, b\n1, x\n2, y\n", &[(0, 1, "z")], &[], &[1]), "a, b\n1, z\n");
    assert_eq!(changed("a, b\n1, x\n2, y\n", &[(0, 1, "z, z")], &[], &[]), "a, b\n1,\"z, z\"\n2, y\n");
}

#[test]
fn added_columns_stand_at_the_end_of_every_row() {
    assert_eq!(
        changed("a,b\r\n1,x\r\n\r\n2,\"y\nz\"", &[], &[scores(&[0.5, f64::NAN])], &[]),
        "a,b,label_score\r\n1,x,0.5\r\n\r\n2,\"y\nz\","
    );
    // The header lacks the delimiter that ends every row.
    assert_eq!(changed("a,b\n1,x,\n2,y,\n", &[], &[scores(&[1.0, 2.0])], &[]), "a,b,,label_score\n1,x,,1\n2,y,,2\n");
    // The header lacks a name for the row names in front.
    assert_eq!(changed("a,b\nr,1,x\ns,2,y\n", &[], &[scores(&[1.0, 2.0])], &[]), "a,b,label_score\nr,1,x,1\ns,2,y,2\n");
    assert_eq!(changed("1,2\n3,4\n", &[], &[scores(&[1.0, 2.0])], &[0]), "3,4,2\n");
}

const ARFF: &str = "@relation r\n@attribute a numeric\n@attribute 'b c' {x,'y z'}\n@data\n1,x % no\n{0 2}\n";

#[test]
fn arff_keeps_its_declarations_and_gains_some() {
    let text = "@relation r\n@attribute a numeric\n@attribute 'b c' {x,'y z'}\n@DATA\n1,x\n\n{0 2, 1 'y z'}\n?,'y z'\n";
    assert_eq!(
        changed(text, &[(0, 1, "y z"), (1, 0, "7")], &[], &[2]),
        "@relation r\n@attribute a numeric\n@attribute 'b c' {x,'y z'}\n@DATA\n1,'y z'\n\n7,'y z'\n"
    );
    let flags = Column::new("is_label_issue", Values::Boolean(vec![Some(true), Some(false), None]));
    assert_eq!(
        changed(text, &[], &[flags], &[]),
        "@relation r\n@attribute a numeric\n@attribute 'b c' {x,'y z'}\n@attribute is_label_issue {false,true}\n@DATA\n1,x,true\n\n2,'y z',false\n?,'y z',?\n"
    );
}

fn replaced(cells: &[CellChange]) -> Changes<'_> {
    Changes { replaced: cells, ..Changes::default() }
}

#[test]
fn changes_that_do_not_fit_are_refused_with_their_place() {
    let refused = |text: &str, changes: &Changes<'_>| {
        let file = read_csv("t.csv", text.as_bytes().to_vec(), &CsvOptions::default()).unwrap();
        file.written(changes).unwrap_err().to_string()
    };
    let cell = |row, column, value: &str| [CellChange { row, column, value: value.to_owned() }];
    let csv = "a,b\n1,x\n2,y\n";
    assert_eq!(refused(csv, &replaced(&cell(0, 2, ""))), "there is no column \"2\"; the columns are a, b");
    assert_eq!(
        refused(csv, &replaced(&cell(2, 1, "z"))),
        "column \"b\", row 2: z is not allowed; the table has no such row"
    );
    let arff = ARFF.replace(" % no", "");
    assert_eq!(
        refused(&arff, &replaced(&cell(0, 1, "w"))),
        "cannot be written as ARFF: row 1, column \"b c\": \"w\" is none of its values x, y z"
    );
    let added = [scores(&[1.0])];
    let message = refused(csv, &Changes { added: &added, ..Changes::default() });
    assert_eq!(message, "column \"label_score\" has 1 rows, expected 2");
    let added = [Column::new("a", Values::Number(vec![1.0, 2.0]))];
    let message = refused(csv, &Changes { added: &added, ..Changes::default() });
    assert_eq!(message, "column \"a\" appears twice; column names must differ");
    let latin = read_csv("t.csv", b"a,b\n1,caf\xe9\n2,y\n".to_vec(), &CsvOptions::default()).unwrap();
    let message = latin.written(&replaced(&cell(0, 1, "Ж"))).unwrap_err().to_string();
    assert_eq!(message, "cannot be written as CSV: the file is stored as Latin-1, which has no \"Ж\"");
}
