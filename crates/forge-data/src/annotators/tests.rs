//! Wide and long tables give the same labels, and mistakes are told by row and column.

use proptest::prelude::*;

use super::*;
use crate::{CsvOptions, DataError, Table, read_csv, write_csv};

fn table(text: &str) -> Table {
    read_csv("t.csv", text.as_bytes().to_vec(), &CsvOptions::default()).unwrap().table
}

fn read(text: &str) -> Result<AnnotatorTable, DataError> {
    read_annotators(&table(text), &AnnotatorOptions::default())
}

#[test]
fn a_wide_table_with_names_gives_codes_with_blanks() {
    let read = read("item,ann,bob,eve\na,yes,no,\nb,,no,no\nc,maybe,yes,no\n").unwrap();
    assert_eq!(read.layout, AnnotatorLayout::Wide);
    let found = &read.annotations;
    assert_eq!(found.classes, ["maybe", "no", "yes"]);
    assert_eq!(found.examples, ["a", "b", "c"]);
    assert_eq!(found.annotators, ["ann", "bob", "eve"]);
    assert_eq!(found.labels, [2, 1, MISSING, MISSING, 1, 1, 0, 2, 1]);
    assert_eq!((found.row(1), found.n_labels()), (&[MISSING, 1, 1][..], 7));
}

#[test]
fn a_wide_table_without_names_counts_its_rows() {
    let read = read("ann,bob\n1,2\n10,1\n2,2\n1,10\n").unwrap();
    assert_eq!(read.annotations.classes, ["1", "2", "10"]);
    assert_eq!(read.annotations.examples, ["0", "1", "2", "3"]);
    assert_eq!(read.annotations.labels, [0, 1, 2, 0, 1, 1, 0, 2]);
}

#[test]
fn a_long_table_is_known_by_its_names_or_by_its_repetitions() {
    let text = "worker,item,label\nw1,q,1\nw2,q,0\nw1,p,1\nw3,p,\n";
    let read = read(text).unwrap();
    assert_eq!(read.layout, AnnotatorLayout::Long);
    assert_eq!(read.annotations.examples, ["q", "p"]);
    assert_eq!(read.annotations.annotators, ["w1", "w2", "w3"]);
    assert_eq!(read.annotations.labels, [1, 0, MISSING, 1, MISSING, MISSING]);
    let unnamed = "a,b,c\n1,7,1\n1,8,2\n2,7,1\n2,8,1\n3,7,2\n3,8,2\n";
    assert_eq!(
        super::read_annotators(&table(unnamed), &AnnotatorOptions::default()).unwrap().layout,
        AnnotatorLayout::Long
    );
    let wide = "a,b,c\n1,2,1\n1,1,2\n2,2,1\n2,1,1\n1,2,2\n1,1,2\n";
    assert_eq!(
        super::read_annotators(&table(wide), &AnnotatorOptions::default()).unwrap().layout,
        AnnotatorLayout::Wide
    );
}

#[test]
fn of_two_labels_by_one_annotator_the_last_counts_with_a_warning() {
    let read = read("item,rater,rating\n1,1,3\n1,1,1\n1,2,2\n2,1,2\n").unwrap();
    assert_eq!(read.annotations.labels, [0, 1, 1, MISSING]);
    assert_eq!(read.annotations.classes, ["1", "2"]);
    assert_eq!(
        read.warnings,
        ["an annotator labelled an example again once, the last label counts; the first: row 1, example \"1\", \
          annotator \"1\""]
    );
}

#[test]
fn mistakes_are_told_by_row_and_column() {
    let said = |text: &str| read(text).unwrap_err().to_string();
    assert_eq!(
        said("item,worker,label\na,w,1\n,w,0\nb,w,1\n"),
        "column \"item\", row 1: a missing value is not allowed; every label needs an example"
    );
    let options = AnnotatorOptions { example: Some("item".into()), ..AnnotatorOptions::default() };
    let error = read_annotators(&table("item,ann,bob\na,1,2\na,2,1\n"), &options).unwrap_err();
    assert_eq!(error.to_string(), "column \"item\", row 1: \"a\" is not allowed; it names two rows");
    let options = AnnotatorOptions { layout: Some(AnnotatorLayout::Long), ..AnnotatorOptions::default() };
    let error = read_annotators(&table("x,y\n1,2\n2,2\n"), &options).unwrap_err();
    assert_eq!(error.to_string(), "this is no table of labels by annotators: no column names the examples; choose it");
    let options = AnnotatorOptions { annotators: vec!["nobody".into()], ..AnnotatorOptions::default() };
    assert!(matches!(read_annotators(&table("x,y\n1,2\n2,2\n"), &options), Err(DataError::UnknownColumn { .. })));
}

#[test]
fn columns_that_are_chosen_leave_the_others_out() {
    let options = AnnotatorOptions { annotators: vec!["b".into(), "a".into()], ..AnnotatorOptions::default() };
    let read = read_annotators(&table("length,a,b\n12,x,y\n12,y,y\n13,y,x\n"), &options).unwrap();
    assert_eq!(read.annotations.annotators, ["b", "a"]);
    assert_eq!(read.others, ["length"]);
}

fn annotations() -> impl Strategy<Value = Annotations> {
    (3usize..8, 2usize..6).prop_flat_map(|(n, m)| {
        prop::collection::vec(prop_oneof![Just(MISSING), 0u32..3], n * m).prop_map(move |mut labels| {
            // Every class, example and annotator occurs.
            labels.iter_mut().step_by(m).for_each(|label| *label = 0);
            labels[..m].fill(2);
            labels[m] = 1;
            let names = |prefix: &str, count: usize| (0..count).map(|i| format!("{prefix}{i}")).collect::<Vec<_>>();
            Annotations { labels, examples: names("e", n), annotators: names("a", m), classes: names("c", 3) }
        })
    })
}

proptest! {
    #[test]
    fn wide_and_long_tables_read_back_the_same(annotations in annotations()) {
        for written in [annotations.to_wide().unwrap(), annotations.to_long().unwrap()] {
            let text = String::from_utf8(write_csv(&written)).unwrap();
            prop_assert_eq!(&read(&text).unwrap().annotations, &annotations);
            let direct = read_annotators(&written, &AnnotatorOptions::default()).unwrap();
            prop_assert_eq!(&direct.annotations, &annotations);
        }
    }

    #[test]
    fn any_table_is_read_or_refused(text in "[a-c1-3,\n]{1,80}") {
        if let Ok(file) = read_csv("t.csv", text.into_bytes(), &CsvOptions::default()) {
            for layout in [None, Some(AnnotatorLayout::Wide), Some(AnnotatorLayout::Long)] {
                let options = AnnotatorOptions { layout, ..AnnotatorOptions::default() };
                if let Ok(read) = read_annotators(&file.table, &options) {
                    let found = read.annotations;
                    prop_assert_eq!(found.labels.len(), found.examples.len() * found.annotators.len());
                    let n_classes = found.classes.len() as u32;
                    prop_assert!(found.labels.iter().all(|&label| label == MISSING || label < n_classes));
                }
            }
        }
    }
}
