//! Corpora and tables of labels that other programs wrote are read as these programs mean them:
//! `tests/reference/label_files.py` makes the files and what they hold.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use forge_data::{
    AnnotatorLayout, AnnotatorOptions, Archive, ArchiveLimits, CorpusFormat, CorpusOptions, CsvOptions, MISSING,
    MultiLabelForm, Table, read_annotators, read_corpus, read_csv, read_multilabels,
};
use serde::Deserialize;

/// Word and tag of each token, sentence by sentence.
type Sentences = Vec<Vec<(String, Option<String>)>>;

#[derive(Deserialize)]
struct Expected {
    conllu: Sentences,
    columns: Sentences,
    annotators: LabelTable,
    multilabel: MultiLabel,
}

#[derive(Deserialize)]
struct LabelTable {
    examples: Vec<String>,
    annotators: Vec<String>,
    classes: Vec<String>,
    labels: Vec<Option<u32>>,
}

#[derive(Deserialize)]
struct MultiLabel {
    classes: Vec<String>,
    sets: Vec<Vec<u32>>,
}

fn file(name: &str) -> Vec<u8> {
    let bytes = include_bytes!("data/label_files.zip").to_vec();
    let archive = Archive::open("label_files.zip", bytes, ArchiveLimits::default()).unwrap();
    archive.read(archive.position(name).unwrap()).unwrap()
}

fn expected() -> Expected {
    serde_json::from_slice(&file("expected.json")).unwrap()
}

fn table(name: &str) -> Table {
    read_csv(name, file(name), &CsvOptions::default()).unwrap().table
}

fn sentences(name: &str, format: CorpusFormat) -> Sentences {
    let read = read_corpus(name, file(name), &CorpusOptions::default()).unwrap();
    assert_eq!(read.format, format);
    assert!(read.rejected.is_empty(), "{:?}", read.rejected);
    let corpus = &read.corpus;
    let token = |token: &forge_data::Token| (token.text.to_string(), corpus.tag_name(token).map(str::to_owned));
    corpus.sentences.iter().map(|sentence| sentence.tokens.iter().map(token).collect()).collect()
}

#[test]
fn conllu_by_the_package_conllu() {
    assert_eq!(sentences("corpus.conllu", CorpusFormat::ConllU), expected().conllu);
}

#[test]
fn columns_by_nltk() {
    assert_eq!(sentences("chunks.txt", CorpusFormat::Columns), expected().columns);
}

#[test]
fn long_and_wide_tables_by_pandas_and_cleanlab() {
    let expected = expected().annotators;
    for (name, layout) in [("long.csv", AnnotatorLayout::Long), ("wide.tsv", AnnotatorLayout::Wide)] {
        let read = read_annotators(&table(name), &AnnotatorOptions::default()).unwrap();
        let found = read.annotations;
        assert_eq!(read.layout, layout);
        assert_eq!((&found.examples, &found.classes), (&expected.examples, &expected.classes), "{name}");
        let place = |annotator: &String| found.annotators.iter().position(|known| known == annotator).unwrap();
        let places: Vec<usize> = expected.annotators.iter().map(place).collect();
        let m = places.len();
        for (cell, wanted) in expected.labels.iter().enumerate() {
            assert_eq!(found.row(cell / m)[places[cell % m]], wanted.unwrap_or(MISSING), "{name}, cell {cell}");
        }
    }
}

#[test]
fn several_labels_per_row_by_pandas_and_scikit_learn() {
    let expected = expected().multilabel;
    let check = |name: &str, columns: &[&str]| {
        let (labels, form) = read_multilabels(&table(name), columns).unwrap();
        assert_eq!((&labels.classes, &labels.sets), (&expected.classes, &expected.sets), "{name} {columns:?}");
        form
    };
    let classes: Vec<&str> = expected.classes.iter().map(String::as_str).collect();
    assert_eq!(check("one_hot.csv", &classes), MultiLabelForm::OneHot);
    for column in ["python", "joined", "json"] {
        assert!(matches!(check("lists.csv", &[column]), MultiLabelForm::Lists(_)));
    }
}
