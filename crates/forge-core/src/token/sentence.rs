//! Tokens put together as a readable sentence, and where a word stands in it. Mirrors
//! `cleanlab.internal.token_classification_utils`.

use std::ops::Range;

/// The ASCII punctuation, in order of its codes, in which a token is looked up as a piece of text.
const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/// The tokens joined by spaces, without one before punctuation (but for a dash or an opening parenthesis), before an
/// apostrophe or after an opening parenthesis.
pub(super) fn sentence_of(tokens: &[String]) -> String {
    let mut sentence = String::new();
    for token in tokens {
        if !PUNCTUATION.contains(token.as_str()) || token == "-" || token == "(" {
            sentence.push(' ');
        }
        sentence.push_str(token);
    }
    sentence.replace(" '", "'").replace("( ", "(").trim().to_owned()
}

/// Where `word` stands in `sentence`, in bytes: as a whole word, or anywhere if it never does.
pub(super) fn occurrences(sentence: &str, word: &str) -> Vec<Range<usize>> {
    if word.is_empty() {
        return Vec::new();
    }
    let anywhere = || sentence.match_indices(word).map(|(start, _)| start..start + word.len());
    let mut whole: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    while let Some(start) = sentence.get(from..).and_then(|rest| rest.find(word)).map(|offset| from + offset) {
        let end = start + word.len();
        if at_boundary(sentence, start) && at_boundary(sentence, end) {
            whole.push(start..end);
            from = end;
        } else {
            from = start + sentence[start..].chars().next().map_or(1, char::len_utf8);
        }
    }
    if whole.is_empty() { anywhere().collect() } else { whole }
}

/// Whether a word begins or ends at this byte: `\b` of regular expressions.
fn at_boundary(sentence: &str, place: usize) -> bool {
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    let before = sentence[..place].chars().next_back().is_some_and(in_word);
    before != sentence[place..].chars().next().is_some_and(in_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_joins_the_word_before_it() {
        let words = ["He", "said", ",", "it", "'s", "(", "quite", ")", "a", "-", "b", "."].map(str::to_owned);
        assert_eq!(sentence_of(&words), "He said, it's (quite) a - b.");
        assert_eq!(sentence_of(&[]), "");
    }

    #[test]
    fn a_word_is_found_whole_before_it_is_found_in_pieces() {
        let starts = |sentence, word| occurrences(sentence, word).iter().map(|mark| mark.start).collect::<Vec<_>>();
        assert_eq!(starts("a cat and an ant", "an"), [10]);
        assert_eq!(starts("cats", "at"), [1]);
        assert_eq!(starts(",,", ","), [0, 1]);
        assert_eq!(starts("éé é", "é"), [5]);
        assert!(starts("né", "").is_empty());
    }
}
