//! Reads tagged tokens line by line, and keeps where sentences and tags stand.

use std::collections::HashMap;

use super::{Corpus, CorpusFile, CorpusFormat, CorpusOptions, Place, Sentence, TagColumn, Token};
use crate::csv::PlainText;
use crate::{DataError, MISSING, RejectedRow};

/// Lines that are looked at to tell the layout.
const SAMPLE_LINES: usize = 200;
/// Rejected lines that are listed at most.
const MAX_REJECTED: usize = 10_000;
/// Columns of CoNLL-U.
const CONLLU_WIDTH: usize = 10;

/// Reads a corpus in CoNLL-U or in columns. `name` is the name of the file, for messages; gzip is decompressed.
///
/// What `options` leave open is detected. A line with another number of columns than the rest, without a token, or, in
/// CoNLL-U, with a first column that is no word number, goes to [`CorpusFile::rejected`] and the rest is read.
///
/// # Errors
/// A column outside the file's, a file that is empty, too large or no text, or one without a single token.
pub fn read_corpus(name: &str, bytes: Vec<u8>, options: &CorpusOptions) -> Result<CorpusFile, DataError> {
    let mut text = PlainText::decode(name, bytes, options.max_bytes)?;
    let mut warnings = std::mem::take(&mut text.warnings);
    let format = options.format.unwrap_or_else(|| detect(&text.text));
    let columns = Columns::choose(&text.text, format, options)?;
    let mut reader = Reader { columns, corpus: Corpus::default(), found: Found::default(), codes: HashMap::new() };
    reader.read(&text.text);
    let Reader { mut corpus, found, codes, .. } = reader;
    if corpus.sentences.is_empty() {
        let file = name.to_owned();
        return Err(match found.rejected.into_iter().next() {
            Some(RejectedRow { line, reason }) => {
                DataError::NoUsableRow { file, n_rejected: found.n_rejected, line, reason }
            }
            None => DataError::EmptyFile { file },
        });
    }
    name_tags(&mut corpus, codes);
    if corpus.tags.is_empty() {
        warnings.push(format!("column {} holds no tags: it is _ for every token", columns.tag + 1));
    }
    if found.n_rejected > MAX_REJECTED as u64 {
        warnings.push(format!("{} lines cannot be read; the first {MAX_REJECTED} are listed", found.n_rejected));
    }
    Ok(CorpusFile {
        corpus,
        format,
        tag_column: columns.tag + 1,
        rejected: found.rejected,
        warnings,
        n_rejected: found.n_rejected,
        sentences: found.sentences,
        tags: found.tags,
        text,
    })
}

/// The lines of a text that may hold tokens.
fn sample(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_ascii().is_empty() && !is_document_start(line)).take(SAMPLE_LINES)
}

/// CoNLL-U where most lines that are no comments have ten columns and begin with the number of a word.
fn detect(text: &str) -> CorpusFormat {
    let lines: Vec<&str> = sample(text).filter(|line| !line.starts_with('#')).collect();
    let fits = |line: &&&str| {
        let mut fields = line.split('\t');
        fields.next().is_some_and(|id| word_number(id).is_some()) && fields.count() == CONLLU_WIDTH - 1
    };
    if !lines.is_empty() && lines.iter().filter(fits).count() * 2 > lines.len() {
        CorpusFormat::ConllU
    } else {
        CorpusFormat::Columns
    }
}

/// The layout of a line.
#[derive(Clone, Copy)]
struct Columns {
    format: CorpusFormat,
    width: usize,
    /// From 0.
    token: usize,
    /// From 0.
    tag: usize,
}

impl Columns {
    fn choose(text: &str, format: CorpusFormat, options: &CorpusOptions) -> Result<Self, DataError> {
        let width = if format == CorpusFormat::ConllU { CONLLU_WIDTH } else { usual_width(text) };
        let usual_token = if format == CorpusFormat::ConllU { 2 } else { 1 };
        let tag = match (options.tag, format) {
            (TagColumn::Usual, CorpusFormat::ConllU) => 4,
            (TagColumn::Usual, CorpusFormat::Columns) => width,
            (TagColumn::Xpos, CorpusFormat::ConllU) => 5,
            (TagColumn::Xpos, CorpusFormat::Columns) => {
                let rule = "only CoNLL-U has this column; choose the tags by number";
                return Err(DataError::InvalidOption { option: "tag", value: "xpos".to_owned(), rule });
            }
            (TagColumn::Number(number), _) => number,
        };
        let token = options.token.unwrap_or(usual_token);
        for (option, number) in [("token", token), ("tag", tag)] {
            if !(1..=width).contains(&number) {
                let rule = "it must be one of the file's columns, from 1";
                return Err(DataError::InvalidOption { option, value: number.to_string(), rule });
            }
        }
        if token == tag {
            let rule = "the tag needs a column beside the token's";
            return Err(DataError::InvalidOption { option: "tag", value: tag.to_string(), rule });
        }
        Ok(Self { format, width, token: token - 1, tag: tag - 1 })
    }
}

/// The number of columns that most of the first lines have.
fn usual_width(text: &str) -> usize {
    let mut widths: Vec<usize> = sample(text).map(|line| Fields::of(line, CorpusFormat::Columns).count()).collect();
    widths.sort_unstable();
    let runs = widths.chunk_by(|a, b| a == b);
    runs.max_by_key(|run| (run.len(), run[0])).map_or(1, |run| run[0])
}

fn is_document_start(line: &str) -> bool {
    line.starts_with("-DOCSTART-")
}

/// The fields of a line with the places where they begin: between tabs, or between blanks where there is no tab.
struct Fields<'a> {
    line: &'a str,
    at: Option<usize>,
    by_tabs: bool,
}

impl<'a> Fields<'a> {
    fn of(line: &'a str, format: CorpusFormat) -> Self {
        let by_tabs = format == CorpusFormat::ConllU || line.as_bytes().contains(&b'\t');
        Self { line, at: Some(0), by_tabs }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let mut start = self.at?;
        let bytes = self.line.as_bytes();
        if self.by_tabs {
            let end = bytes[start..].iter().position(|&byte| byte == b'\t').map(|n| start + n);
            self.at = end.map(|end| end + 1);
            return Some((start, &self.line[start..end.unwrap_or(bytes.len())]));
        }
        start += bytes[start..].iter().take_while(|&&byte| byte == b' ').count();
        let length = bytes[start..].iter().position(|&byte| byte == b' ').unwrap_or(bytes.len() - start);
        self.at = (length > 0).then_some(start + length);
        (length > 0).then(|| (start, &self.line[start..start + length]))
    }
}

/// What the first column of CoNLL-U counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Number {
    Word,
    /// A range of words or an empty node.
    NoToken,
}

fn word_number(id: &str) -> Option<Number> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number(id) {
        return Some(Number::Word);
    }
    let (first, last) = id.split_once(['-', '.'])?;
    (is_number(first) && is_number(last)).then_some(Number::NoToken)
}

#[derive(Default)]
struct Found {
    rejected: Vec<RejectedRow>,
    n_rejected: u64,
    sentences: Vec<Place>,
    tags: Vec<Place>,
}

struct Reader<'a> {
    columns: Columns,
    corpus: Corpus,
    found: Found,
    /// Codes in order of appearance.
    codes: HashMap<&'a str, u32>,
}

impl<'a> Reader<'a> {
    fn read(&mut self, text: &'a str) {
        let mut sentence = Sentence::default();
        // Where the sentence begins, and whether the blank lines after it are being read.
        let (mut start, mut ended) = (0, false);
        let mut at = 0;
        for (index, with_ending) in text.split_inclusive('\n').enumerate() {
            let (line_start, line_number) = (at, index as u32 + 1);
            at += with_ending.len();
            let line = with_ending.trim_end_matches(['\n', '\r']);
            if line.trim_ascii().is_empty() {
                ended = !sentence.tokens.is_empty();
                if !ended {
                    (sentence, start) = (Sentence::default(), at);
                }
                continue;
            }
            let is_document_start = is_document_start(line);
            if ended || is_document_start {
                self.close(std::mem::take(&mut sentence), start, line_start);
                (start, ended) = (line_start, false);
            }
            if is_document_start {
                start = at;
                continue;
            }
            self.line(line, line_start, line_number, &mut sentence);
        }
        self.close(sentence, start, at);
    }

    /// Keeps a sentence that has tokens.
    fn close(&mut self, sentence: Sentence, start: usize, end: usize) {
        if !sentence.tokens.is_empty() {
            self.corpus.sentences.push(sentence);
            self.found.sentences.push(Place { start: start as u32, end: end as u32 });
        }
    }

    fn line(&mut self, line: &'a str, start: usize, number: u32, sentence: &mut Sentence) {
        let comment = line.strip_prefix('#');
        if let Some(comment) = comment.filter(|_| self.columns.format == CorpusFormat::ConllU) {
            remark(comment, sentence);
            return;
        }
        let (mut n_fields, mut id, mut token, mut tag) = (0, "", "", (0, ""));
        for (at, field) in Fields::of(line, self.columns.format) {
            if n_fields == 0 {
                id = field;
            }
            if n_fields == self.columns.token {
                token = field;
            }
            if n_fields == self.columns.tag {
                tag = (at, field);
            }
            n_fields += 1;
        }
        if n_fields != self.columns.width {
            if let Some(comment) = comment {
                remark(comment, sentence);
                return;
            }
            let columns = if n_fields == 1 { "column" } else { "columns" };
            return self.reject(number, format!("{n_fields} {columns}, expected {}", self.columns.width));
        }
        if self.columns.format == CorpusFormat::ConllU {
            match word_number(id) {
                Some(Number::Word) => {}
                Some(Number::NoToken) => return,
                None => return self.reject(number, format!("\"{id}\" is no word number")),
            }
        }
        if token.is_empty() {
            return self.reject(number, format!("column {} holds no token", self.columns.token + 1));
        }
        let code = match tag.1 {
            "" => return self.reject(number, format!("column {} holds no tag", self.columns.tag + 1)),
            "_" => MISSING,
            name => {
                let next = self.codes.len() as u32;
                *self.codes.entry(name).or_insert(next)
            }
        };
        let from = start + tag.0;
        self.found.tags.push(Place { start: from as u32, end: (from + tag.1.len()) as u32 });
        sentence.tokens.push(Token { text: token.into(), tag: code, line: number });
    }

    fn reject(&mut self, line: u32, reason: String) {
        self.found.n_rejected += 1;
        if self.found.rejected.len() < MAX_REJECTED {
            self.found.rejected.push(RejectedRow { line: u64::from(line), reason });
        }
    }
}

/// Keeps what a comment says about its sentence.
fn remark(comment: &str, sentence: &mut Sentence) {
    let Some((key, value)) = comment.split_once('=') else { return };
    match key.trim() {
        "sent_id" => sentence.id = Some(value.trim().into()),
        "text" => sentence.text = Some(value.trim().into()),
        _ => {}
    }
}

/// Sorts the tags by name and gives every token its new code.
fn name_tags(corpus: &mut Corpus, codes: HashMap<&str, u32>) {
    let mut names: Vec<(&str, u32)> = codes.into_iter().collect();
    names.sort_unstable();
    let mut new_codes = vec![MISSING; names.len()];
    for (new, &(_, old)) in names.iter().enumerate() {
        new_codes[old as usize] = new as u32;
    }
    for token in corpus.sentences.iter_mut().flat_map(|sentence| &mut sentence.tokens) {
        token.tag = new_codes.get(token.tag as usize).copied().unwrap_or(MISSING);
    }
    corpus.tags = names.into_iter().map(|(name, _)| name.to_owned()).collect();
}
