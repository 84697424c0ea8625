//! Corpora of tagged tokens: CoNLL-U and the columns of CoNLL-2003.
//!
//! [`read_corpus`] turns bytes into a [`CorpusFile`]: sentences of tokens with their tags, the lines it could not read, and
//! the text itself, from which [`CorpusFile::written`] writes the file with other tags or fewer sentences.
//!
//! Sources: <https://universaldependencies.org/format.html>; E. F. Tjong Kim Sang, F. De Meulder, *Introduction to the
//! CoNLL-2003 Shared Task*, pages 142–147.

mod read;
#[cfg(test)]
mod tests;
mod write;

use serde::{Deserialize, Serialize};

use crate::csv::PlainText;
use crate::{MISSING, RejectedRow};

pub use read::read_corpus;
pub use write::Retag;

/// How a file of tagged tokens is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorpusFormat {
    /// Ten columns between tabs, comments after `#`, a blank line after each sentence; the token is in the second column.
    /// Ranges of words (`1-2`) and empty nodes (`1.1`) are no tokens.
    ConllU,
    /// Columns between blanks or tabs, a blank line after each sentence, `-DOCSTART-` between documents.
    Columns,
}

/// Which column holds the tags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TagColumn {
    /// The universal part of speech (fourth column) in CoNLL-U, the last column otherwise.
    #[default]
    Usual,
    /// The language's own part of speech: the fifth column of CoNLL-U.
    Xpos,
    /// The column of that number, from 1.
    Number(usize),
}

/// How to read a corpus. The default detects everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CorpusOptions {
    /// The layout [detected by default].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<CorpusFormat>,
    /// The column of the tags [the usual one].
    pub tag: TagColumn,
    /// The column of the tokens, from 1 [2 in CoNLL-U, 1 otherwise].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<usize>,
    /// Bytes of text at most, after decompression [2 GiB; 1 to 4 GiB − 1].
    pub max_bytes: u64,
}

impl Default for CorpusOptions {
    fn default() -> Self {
        Self { format: None, tag: TagColumn::Usual, token: None, max_bytes: 2 << 30 }
    }
}

/// A word or sign with its tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// As written in the file.
    pub text: Box<str>,
    /// Index into [`Corpus::tags`]; [`MISSING`] where the file says `_`.
    pub tag: u32,
    /// Line of the file, from 1.
    pub line: u32,
}

/// Consecutive tokens between blank lines; at least one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence {
    /// Its tokens, in order.
    pub tokens: Vec<Token>,
    /// What the comment `# sent_id =` says.
    pub id: Option<Box<str>>,
    /// What the comment `# text =` says: the sentence as it was printed.
    pub text: Option<Box<str>>,
}

/// Sentences of tagged tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corpus {
    /// The sentences, in file order.
    pub sentences: Vec<Sentence>,
    /// Names of the tags, distinct and sorted by bytes; every tag occurs.
    pub tags: Vec<String>,
}

impl Corpus {
    /// Number of tokens.
    pub fn n_tokens(&self) -> usize {
        self.sentences.iter().map(|sentence| sentence.tokens.len()).sum()
    }

    /// The name of a token's tag, `None` where it is missing.
    pub fn tag_name(&self, token: &Token) -> Option<&str> {
        self.tags.get(token.tag as usize).map(String::as_str)
    }

    /// Number of tokens without a tag.
    pub fn n_missing(&self) -> usize {
        self.sentences.iter().flat_map(|sentence| &sentence.tokens).filter(|token| token.tag == MISSING).count()
    }
}

/// Where a piece of the text stands, in bytes.
#[derive(Clone, Copy, Debug)]
struct Place {
    start: u32,
    end: u32,
}

/// A file of tagged tokens: the corpus, and its text to write a corrected file from.
#[derive(Clone, Debug)]
pub struct CorpusFile {
    /// The sentences.
    pub corpus: Corpus,
    /// The layout of the file.
    pub format: CorpusFormat,
    /// The column of the tags, from 1.
    pub tag_column: usize,
    /// Lines that could not be read, in file order; no more than 10,000 are listed.
    pub rejected: Vec<RejectedRow>,
    /// What a reader of the results should know about the file.
    pub warnings: Vec<String>,
    n_rejected: u64,
    text: PlainText,
    /// One per sentence: its comments and tokens, and the blank lines after it.
    sentences: Vec<Place>,
    /// One per token, sentence after sentence: its tag.
    tags: Vec<Place>,
}

impl CorpusFile {
    /// Number of lines that could not be read, those beyond the list included.
    pub fn n_rejected(&self) -> u64 {
        self.n_rejected
    }

    /// The lines of a sentence as they are written in the file, comments included; empty when there is no such sentence.
    pub fn sentence_text(&self, sentence: usize) -> &str {
        self.sentences
            .get(sentence)
            .map_or("", |place| self.text.text[place.start as usize..place.end as usize].trim_end_matches(['\r', '\n']))
    }
}
