//! Writes a corpus back: the original file with other tags, or without some sentences.

use super::{CorpusFile, Place};
use crate::DataError;

/// A new tag for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retag {
    /// Index of the sentence, from 0.
    pub sentence: usize,
    /// Index of the token in its sentence, from 0.
    pub token: usize,
    /// The new tag; `_` stands for none.
    pub tag: String,
}

/// What begins a document or paragraph in CoNLL-U, in front of its first sentence.
const OPENINGS: [&str; 2] = ["# newdoc", "# newpar"];

impl CorpusFile {
    /// The original file with new tags for some tokens and without some sentences, byte for byte the same otherwise. A gzip
    /// file comes back decompressed.
    ///
    /// Both may come in any order; of two tags for one token the last counts. Comments that open a document or paragraph
    /// move on to its next sentence when their own is left out. Sentences beyond the last are ignored in `without`.
    ///
    /// # Errors
    /// A token that does not exist, a tag that is empty or holds a blank.
    pub fn written(&self, tags: &[Retag], without: &[usize]) -> Result<Vec<u8>, DataError> {
        let mut changes = self.changes(tags)?.into_iter().peekable();
        let mut left_out = vec![false; self.sentences.len()];
        for &sentence in without {
            if let Some(slot) = left_out.get_mut(sentence) {
                *slot = true;
            }
        }
        let text = &self.text.text;
        let mut written = String::with_capacity(text.len() + text.len() / 64);
        let mut pending: [&str; 2] = [""; 2];
        let mut at = 0;
        for (place, left_out) in self.sentences.iter().zip(left_out) {
            let (start, end) = (place.start as usize, place.end as usize);
            written.push_str(&text[at..start]);
            at = start;
            let openings = openings(&text[start..end]);
            if left_out {
                if !openings[0].is_empty() {
                    pending = openings;
                } else if !openings[1].is_empty() {
                    pending[1] = openings[1];
                }
                while changes.next_if(|(change, _)| change.start < place.end).is_some() {}
                at = end;
                continue;
            }
            if openings[0].is_empty() {
                written.push_str(pending[0]);
                if openings[1].is_empty() {
                    written.push_str(pending[1]);
                }
            }
            pending = [""; 2];
            while let Some((change, tag)) = changes.next_if(|(change, _)| change.start < place.end) {
                written.push_str(&text[at..change.start as usize]);
                written.push_str(tag);
                at = change.end as usize;
            }
            written.push_str(&text[at..end]);
            at = end;
        }
        written.push_str(&text[at..]);
        Ok(self.text.bytes_of(written))
    }

    /// Places of tags and what to write there, in file order.
    fn changes<'a>(&self, tags: &'a [Retag]) -> Result<Vec<(Place, &'a str)>, DataError> {
        let mut firsts = Vec::with_capacity(self.sentences.len());
        let mut n_tokens = 0;
        for sentence in &self.corpus.sentences {
            firsts.push(n_tokens);
            n_tokens += sentence.tokens.len();
        }
        let mut changes = Vec::with_capacity(tags.len());
        for change in tags {
            let sentence = self.corpus.sentences.get(change.sentence);
            let exists = sentence.is_some_and(|sentence| change.token < sentence.tokens.len());
            let place =
                firsts.get(change.sentence).filter(|_| exists).and_then(|first| self.tags.get(first + change.token));
            let Some(place) = place else {
                return Err(DataError::UnknownToken { sentence: change.sentence, token: change.token });
            };
            if change.tag.is_empty() || change.tag.contains(char::is_whitespace) {
                let rule = "a tag is a word without blanks";
                return Err(DataError::InvalidOption { option: "tag", value: format!("\"{}\"", change.tag), rule });
            }
            changes.push((*place, change.tag.as_str()));
        }
        // The sort is stable: the last of several changes of a tag stays last.
        changes.sort_by_key(|(place, _)| place.start);
        changes.reverse();
        changes.dedup_by_key(|(place, _)| place.start);
        changes.reverse();
        Ok(changes)
    }
}

/// The comments of a sentence that open a document and a paragraph, with their line ends.
fn openings(sentence: &str) -> [&str; 2] {
    let mut found = [""; 2];
    for line in sentence.split_inclusive('\n').take_while(|line| line.starts_with('#')) {
        for (slot, opening) in found.iter_mut().zip(OPENINGS) {
            if line.starts_with(opening) {
                *slot = line;
            }
        }
    }
    found
}
