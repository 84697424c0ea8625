//! What a tagger looks at: a token's word, shape, ends and neighbours, as one-hot columns.
//!
//! Each token has at most [`N_SLOTS`] features that are 1: its lower-cased word, three flags of its shape, its first and
//! last one to three letters, and the words before and after it. Features are numbered once for the whole corpus; a model
//! knows those of its training tokens only, a [`Vocabulary`].

use std::collections::HashMap;

use forge_data::Corpus;
use forge_learn::{LearnError, Matrix, NONE};
use ndarray::Array2;

/// Features of a token at most.
const N_SLOTS: usize = 12;
/// The first slots, which depend on the written form alone.
const N_OWN: usize = 10;
/// Letters of the longest prefix and suffix.
const LONGEST_END: usize = 3;

/// The features of every token of a corpus, sentence after sentence.
pub(super) struct TokenFeatures {
    /// Feature numbers, [`NONE`] where a flag is not set.
    slots: Vec<[u32; N_SLOTS]>,
    n_features: usize,
}

/// Numbers for features in order of appearance.
#[derive(Default)]
struct Numbers<'a> {
    of_words: [HashMap<&'a str, u32>; 3],
    of_ends: HashMap<(usize, &'a str), u32>,
    next: u32,
}

/// The roles a whole word can have.
const HERE: usize = 0;
const BEFORE: usize = 1;
const AFTER: usize = 2;

impl<'a> Numbers<'a> {
    fn word(&mut self, role: usize, word: &'a str) -> u32 {
        let next = &mut self.next;
        *self.of_words[role].entry(word).or_insert_with(|| take(next))
    }

    fn end(&mut self, kind: usize, end: &'a str) -> u32 {
        let next = &mut self.next;
        *self.of_ends.entry((kind, end)).or_insert_with(|| take(next))
    }
}

fn take(next: &mut u32) -> u32 {
    *next += 1;
    *next - 1
}

/// What stands before the first and after the last token.
const EDGE: &str = "";

impl TokenFeatures {
    /// Looks at every token of the chosen sentences.
    pub(super) fn of(corpus: &Corpus, sentences: &[u32]) -> Self {
        let tokens = || sentences.iter().filter_map(|&sentence| corpus.sentences.get(sentence as usize));
        let mut forms: HashMap<&str, u32> = HashMap::new();
        let mut lower: Vec<String> = Vec::new();
        for token in tokens().flat_map(|sentence| &sentence.tokens) {
            forms.entry(&token.text).or_insert_with(|| {
                lower.push(token.text.to_lowercase());
                lower.len() as u32 - 1
            });
        }
        let mut numbers = Numbers::default();
        let flags = [take(&mut numbers.next), take(&mut numbers.next), take(&mut numbers.next)];
        let mut own = vec![[NONE; N_OWN]; lower.len()];
        let mut ordered: Vec<(&str, u32)> = forms.iter().map(|(&text, &form)| (text, form)).collect();
        ordered.sort_unstable_by_key(|&(_, form)| form);
        for (text, form) in ordered {
            let word = lower[form as usize].as_str();
            let slots = &mut own[form as usize];
            slots[0] = numbers.word(HERE, word);
            for ((slot, flag), is) in
                slots[1..4].iter_mut().zip(flags).zip([is_upper(text), is_title(text), is_digits(text)])
            {
                *slot = if is { flag } else { NONE };
            }
            for n in 1..=LONGEST_END {
                slots[3 + n] = numbers.end(n, first(word, n));
                slots[6 + n] = numbers.end(LONGEST_END + n, last(word, n));
            }
        }
        let mut slots = Vec::with_capacity(tokens().map(|sentence| sentence.tokens.len()).sum());
        for sentence in tokens() {
            let form = |place: Option<usize>| {
                place.and_then(|place| sentence.tokens.get(place)).map_or(NONE, |token| forms[&*token.text])
            };
            let word = |form: u32| lower.get(form as usize).map_or(EDGE, String::as_str);
            for place in 0..sentence.tokens.len() {
                let mut of_token = [NONE; N_SLOTS];
                of_token[..N_OWN].copy_from_slice(&own[form(Some(place)) as usize]);
                of_token[N_OWN] = numbers.word(BEFORE, word(form(place.checked_sub(1))));
                of_token[N_OWN + 1] = numbers.word(AFTER, word(form(Some(place + 1))));
                slots.push(of_token);
            }
        }
        Self { slots, n_features: numbers.next as usize }
    }

    /// The features that occur among `tokens`, numbered from 0.
    pub(super) fn vocabulary(&self, tokens: impl Iterator<Item = usize>) -> Vocabulary {
        let mut columns = vec![NONE; self.n_features];
        for &slot in tokens.flat_map(|token| &self.slots[token]).filter(|&&slot| slot != NONE) {
            columns[slot as usize] = 0;
        }
        let mut n_columns = 0;
        columns.iter_mut().filter(|column| **column == 0).for_each(|column| *column = take(&mut n_columns));
        Vocabulary { columns, n_columns: n_columns as usize }
    }
}

/// The features a model knows.
pub(super) struct Vocabulary {
    /// The column of each feature, [`NONE`] for those that are not known.
    columns: Vec<u32>,
    pub(super) n_columns: usize,
}

impl Vocabulary {
    /// The known features of `tokens`.
    pub(super) fn matrix(&self, features: &TokenFeatures, tokens: &[usize]) -> Result<Matrix, LearnError> {
        let column = |slot: u32| self.columns.get(slot as usize).copied().unwrap_or(NONE);
        let one_hot = tokens.iter().flat_map(|&token| features.slots[token].map(column)).collect();
        let one_hot = Array2::from_shape_vec((tokens.len(), N_SLOTS), one_hot).unwrap_or_default();
        Matrix::new(&Array2::zeros((tokens.len(), 0)), &one_hot, self.n_columns)
    }
}

/// Whether some letters have a case and all of these are upper, Python's `str.isupper`.
fn is_upper(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

/// Whether capitals begin words and small letters go on, and there is a capital: Python's `str.istitle`.
fn is_title(text: &str) -> bool {
    let (mut inside, mut any) = (false, false);
    for letter in text.chars() {
        if (letter.is_uppercase() && inside) || (letter.is_lowercase() && !inside) {
            return false;
        }
        any |= letter.is_uppercase();
        inside = letter.is_uppercase() || letter.is_lowercase();
    }
    any
}

/// Whether all letters are digits, Python's `str.isdigit` for the digits 0 to 9.
fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The first `n` letters, or all.
fn first(word: &str, n: usize) -> &str {
    word.char_indices().nth(n).map_or(word, |(end, _)| &word[..end])
}

/// The last `n` letters, or all.
fn last(word: &str, n: usize) -> &str {
    word.char_indices().rev().nth(n - 1).map_or(word, |(start, _)| &word[start..])
}

#[cfg(test)]
mod tests {
    use forge_data::{CorpusOptions, read_corpus};

    use super::*;

    #[test]
    fn shapes_are_those_of_python() {
        assert!(is_upper("NATO-2") && !is_upper("Nato") && !is_upper("12"));
        assert!(is_title("Anna-Lena") && is_title("A") && !is_title("McDonald") && !is_title("anna") && !is_title("9"));
        assert!(is_digits("2011") && !is_digits("2.5") && !is_digits(""));
        assert_eq!((first("ärger", 2), last("ärger", 3), first("a", 3), last("a", 3)), ("är", "ger", "a", "a"));
    }

    #[test]
    fn a_vocabulary_holds_what_its_tokens_have_and_nothing_else() {
        let text = b"The\tD\ncat\tN\n\na\tD\nCAT\tN\n".to_vec();
        let corpus = read_corpus("a.txt", text, &CorpusOptions::default()).unwrap().corpus;
        let features = TokenFeatures::of(&corpus, &[0, 1]);
        let vocabulary = features.vocabulary([1].into_iter());
        // cat: word, 3 prefixes, 3 suffixes, before "the", after the end.
        assert_eq!(vocabulary.n_columns, 9);
        let matrix = vocabulary.matrix(&features, &[1, 3, 0]).unwrap().to_dense();
        assert_eq!(matrix.row(0).sum(), 9.0);
        // CAT has the word, its ends and the end after it; the flag and the word before it are not known.
        assert_eq!(matrix.row(1).sum(), 8.0);
        assert_eq!(matrix.row(2).sum(), 0.0);
    }
}
