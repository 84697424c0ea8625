//! What a file holds, whatever its kind: rows and columns, or sentences of tagged words.

use std::collections::BTreeMap;

use forge_core::TaskData;
use forge_data::{
    AnnotatorLayout, AnnotatorOptions, CorpusFile, CorpusFormat, CorpusOptions, TableFile, infer_roles,
    read_annotators, read_corpus, read_table,
};

use super::{blob_bytes, failure, table};
use crate::protocol::{CorpusFacts, DataKind, Facts, Failure, Source};
use wasm_bindgen::JsValue;

/// Rejected rows that are listed one by one.
const MAX_REJECTED: usize = 200;
/// Tokens shown of each tag.
const EXAMPLES: usize = 4;
/// Columns by annotators from which on a table without names looks like one of labels by several annotators.
const MIN_ANNOTATORS: usize = 3;
/// Labels per example from which on rows of a name, another name and a value look like labels by several annotators.
const MIN_LABELS: usize = 2;
/// Classes up to which the values in such columns look like labels.
const MAX_LABELS: usize = 20;
/// Endings of the names of files of sentences.
const CORPUS_ENDINGS: [&str; 6] = ["conllu", "conll", "iob", "iob2", "bio", "tags"];

/// A file that was read.
pub(super) enum Data {
    /// Rows and columns.
    Table(TableFile),
    /// Sentences.
    Corpus(CorpusFile),
}

impl Data {
    /// Reads the file in `parts` and tells its size in bytes.
    pub(super) async fn read(source: &Source, parts: &[JsValue]) -> Result<(Self, u64), Failure> {
        let bytes = blob_bytes(parts).await?;
        let n_bytes = bytes.len() as u64;
        Ok((Self::of(source, bytes)?, n_bytes))
    }

    /// Reads the bytes of a file.
    pub(super) fn of(source: &Source, bytes: Vec<u8>) -> Result<Self, Failure> {
        let name = source.name.to_lowercase();
        let plain = name.strip_suffix(".gz").unwrap_or(&name);
        let is_corpus = plain.rsplit_once('.').is_some_and(|(_, ending)| CORPUS_ENDINGS.contains(&ending));
        let data = if is_corpus {
            read_corpus(&source.name, bytes, &CorpusOptions::default()).map(Self::Corpus)
        } else {
            read_table(&source.name, bytes, &source.csv).map(Self::Table)
        };
        data.map_err(|error| failure::of_data(&error))
    }

    /// As a job takes it.
    pub(super) fn task_data(&self) -> TaskData<'_> {
        match self {
            Self::Table(file) => TaskData::Table(file),
            Self::Corpus(file) => TaskData::Corpus(file),
        }
    }

    /// Rows of the table, or sentences.
    pub(super) fn n_rows(&self) -> usize {
        match self {
            Self::Table(file) => file.table.n_rows(),
            Self::Corpus(file) => file.corpus.sentences.len(),
        }
    }

    /// The cells of a row, or the tokens of a sentence.
    pub(super) fn cells(&self, row: usize) -> Vec<String> {
        match self {
            Self::Table(file) => file.cells(row),
            Self::Corpus(file) => {
                file.corpus.sentences[row].tokens.iter().map(|token| token.text.to_string()).collect()
            }
        }
    }

    /// The line in the file where a row or sentence begins, counted from 1.
    pub(super) fn line(&self, row: usize) -> u64 {
        match self {
            Self::Table(file) => file.line(row),
            Self::Corpus(file) => file.corpus.sentences[row].tokens.first().map_or(0, |token| u64::from(token.line)),
        }
    }

    /// What the page is told of it.
    pub(super) fn facts(&self, n_bytes: u64) -> Facts {
        let (rejected, n_rejected, warnings) = match self {
            Self::Table(file) => (&file.rejected, file.n_rejected(), &file.warnings),
            Self::Corpus(file) => (&file.rejected, file.n_rejected(), &file.warnings),
        };
        let facts = Facts {
            n_bytes,
            n_rows: self.n_rows(),
            rejected: rejected.iter().take(MAX_REJECTED).map(|row| (row.line, row.reason.clone())).collect(),
            n_rejected: n_rejected as usize,
            warnings: warnings.clone(),
            ..Facts::default()
        };
        match self {
            Self::Table(file) => Facts {
                columns: infer_roles(&file.table),
                has_annotators: has_annotators(file),
                dialect: table::dialect(file),
                ..facts
            },
            Self::Corpus(file) => {
                Facts { kind: DataKind::Corpus, corpus: Some(corpus_facts(file)), dialect: layout(file), ..facts }
            }
        }
    }
}

/// Whether a table looks like labels by several annotators.
fn has_annotators(file: &TableFile) -> bool {
    read_annotators(&file.table, &AnnotatorOptions::default()).is_ok_and(|read| match read.layout {
        AnnotatorLayout::Long => read.annotations.examples.len() * MIN_LABELS <= file.table.n_rows(),
        AnnotatorLayout::Wide => {
            read.others.is_empty()
                && read.annotations.annotators.len() >= MIN_ANNOTATORS
                && read.annotations.classes.len() <= MAX_LABELS
        }
    })
}

fn corpus_facts(file: &CorpusFile) -> CorpusFacts {
    let mut tags: BTreeMap<u32, (usize, Vec<String>)> = BTreeMap::new();
    for token in file.corpus.sentences.iter().flat_map(|sentence| &sentence.tokens) {
        let (n, examples) = tags.entry(token.tag).or_default();
        *n += 1;
        if examples.len() < EXAMPLES && !examples.iter().any(|example| **example == *token.text) {
            examples.push(token.text.to_string());
        }
    }
    let named = |(tag, (n, examples)): (u32, (usize, Vec<String>))| {
        file.corpus.tags.get(tag as usize).map(|name| (name.clone(), n, examples))
    };
    CorpusFacts {
        n_tokens: file.corpus.n_tokens(),
        n_missing: file.corpus.n_missing(),
        tags: tags.into_iter().filter_map(named).collect(),
    }
}

fn layout(file: &CorpusFile) -> Vec<(String, String)> {
    let format = match file.format {
        CorpusFormat::ConllU => "CoNLL-U",
        CorpusFormat::Columns => "Columns",
    };
    vec![("Format".to_owned(), format.to_owned()), ("Tags in column".to_owned(), file.tag_column.to_string())]
}
