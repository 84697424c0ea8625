//! What the label issues of tokens have in common, and how they read in their sentences. Mirrors
//! `cleanlab.token_classification.summary`.

use std::collections::HashMap;
use std::ops::Range;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::TokenPlace;
use super::sentence::{occurrences, sentence_of};
use crate::classification::argmax;
use crate::{CoreError, by_number};

/// The text behind the issues, with labels and probabilities where they are known. Each is one entry per sentence.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// The words of each sentence.
    pub tokens: &'a [Vec<String>],
    /// The given class of each token.
    pub labels: Option<&'a [Vec<u32>]>,
    /// The probabilities of each token, tokens × k.
    pub pred_probs: Option<&'a [Array2<f64>]>,
}

/// The given and the predicted class of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "(u32, u32)", into = "(u32, u32)")]
pub struct GivenPredicted {
    /// Given class.
    pub given: u32,
    /// Predicted class.
    pub predicted: u32,
}

impl From<(u32, u32)> for GivenPredicted {
    fn from((given, predicted): (u32, u32)) -> Self {
        Self { given, predicted }
    }
}

impl From<GivenPredicted> for (u32, u32) {
    fn from(pair: GivenPredicted) -> Self {
        (pair.given, pair.predicted)
    }
}

/// How often a word is an issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommonTokenIssue {
    /// The word.
    pub token: String,
    /// The classes it is taken for each other with, where labels and probabilities are known.
    pub classes: Option<GivenPredicted>,
    /// How often.
    pub num_label_issues: usize,
}

/// An issue as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownIssue {
    /// Where it is.
    pub place: TokenPlace,
    /// The word.
    pub word: String,
    /// The sentence, its tokens put together.
    pub sentence: String,
    /// Where the word stands in the sentence, in bytes.
    pub marks: Vec<Range<usize>>,
    /// The given class, where labels are known.
    pub given: Option<u32>,
    /// The predicted class, where probabilities are known.
    pub predicted: Option<u32>,
}

impl Text<'_> {
    fn sentence(&self, sentence: u32) -> Result<&[String], CoreError> {
        self.tokens.get(sentence as usize).map(Vec::as_slice).ok_or_else(|| {
            CoreError::setting("issues", sentence, format!("a sentence below {}, as in `tokens`", self.tokens.len()))
        })
    }

    fn word(&self, place: TokenPlace) -> Result<&str, CoreError> {
        let words = self.sentence(place.sentence)?;
        words.get(place.token as usize).map(String::as_str).ok_or_else(|| outside(place, "tokens"))
    }

    fn given(&self, place: TokenPlace) -> Result<Option<u32>, CoreError> {
        let Some(labels) = self.labels else { return Ok(None) };
        let label = labels.get(place.sentence as usize).and_then(|sentence| sentence.get(place.token as usize));
        label.copied().map(Some).ok_or_else(|| outside(place, "labels"))
    }

    fn predicted(&self, place: TokenPlace) -> Result<Option<u32>, CoreError> {
        let Some(pred_probs) = self.pred_probs else { return Ok(None) };
        let matrix = pred_probs.get(place.sentence as usize).filter(|matrix| matrix.ncols() > 0);
        let matrix = matrix.filter(|matrix| (place.token as usize) < matrix.nrows());
        let row = matrix.map(|matrix| matrix.row(place.token as usize));
        let class = |row: ndarray::ArrayView1<'_, f64>| row.to_slice().map_or_else(|| argmax(&row.to_vec()), argmax);
        row.map(|row| Some(class(row) as u32)).ok_or_else(|| outside(place, "pred_probs"))
    }

    fn classes(&self, place: TokenPlace) -> Result<Option<GivenPredicted>, CoreError> {
        let pair = (self.given(place)?, self.predicted(place)?);
        Ok(if let (Some(given), Some(predicted)) = pair { Some(GivenPredicted { given, predicted }) } else { None })
    }
}

fn outside(place: TokenPlace, argument: &str) -> CoreError {
    CoreError::setting(
        "issues",
        format!("[{}, {}]", place.sentence, place.token),
        format!("the sentence and token of an entry of `{argument}`"),
    )
}

/// How often each word is an issue, most often first; by given and predicted class where both are known, without the
/// pairs of `exclude`. Words of equal count stand in order of their first issue.
/// cleanlab: `token_classification.summary.common_label_issues`.
///
/// # Errors
/// An issue that is not a token of the text.
pub fn common_label_issues(
    issues: &[TokenPlace],
    text: &Text<'_>,
    exclude: &[GivenPredicted],
) -> Result<Vec<CommonTokenIssue>, CoreError> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut words: Vec<&str> = Vec::new();
    let mut found = Vec::with_capacity(issues.len());
    for &issue in issues {
        let word = text.word(issue)?;
        let classes = text.classes(issue)?;
        let number = *numbers.entry(word).or_insert(words.len());
        if number == words.len() {
            words.push(word);
        }
        if !classes.is_some_and(|pair| exclude.contains(&pair)) {
            found.push((number, classes));
        }
    }
    found.sort_unstable();
    let of_same = |same: &[(usize, Option<GivenPredicted>)]| CommonTokenIssue {
        token: words[same[0].0].to_owned(),
        classes: same[0].1,
        num_label_issues: same.len(),
    };
    let mut common: Vec<CommonTokenIssue> = found.chunk_by(|a, b| a == b).map(of_same).collect();
    by_number::sort(&mut common, |issue| -(issue.num_label_issues as f64));
    Ok(common)
}

/// The first `top` issues in their sentences, without the classes of `exclude`.
/// cleanlab: `token_classification.summary.display_issues`, which prints them.
///
/// # Errors
/// An issue that is not a token of the text.
pub fn display_issues(
    issues: &[TokenPlace],
    text: &Text<'_>,
    exclude: &[GivenPredicted],
    top: usize,
) -> Result<Vec<ShownIssue>, CoreError> {
    let mut shown = Vec::new();
    for &place in issues {
        if shown.len() == top {
            break;
        }
        let word = text.word(place)?;
        if text.classes(place)?.is_some_and(|pair| exclude.contains(&pair)) {
            continue;
        }
        let sentence = sentence_of(text.sentence(place.sentence)?);
        shown.push(ShownIssue {
            place,
            word: word.to_owned(),
            marks: occurrences(&sentence, word),
            sentence,
            given: text.given(place)?,
            predicted: text.predicted(place)?,
        });
    }
    Ok(shown)
}

/// The first `top` sentences among the issues, their tokens put together.
/// cleanlab: `token_classification.summary.display_issues` on sentence numbers.
///
/// # Errors
/// A number that is not a sentence of the text.
pub fn display_sentences(sentences: &[u32], text: &Text<'_>, top: usize) -> Result<Vec<String>, CoreError> {
    sentences.iter().take(top).map(|&sentence| Ok(sentence_of(text.sentence(sentence)?))).collect()
}

/// The issues whose word is `token`, upper and lower case alike.
/// cleanlab: `token_classification.summary.filter_by_token`.
///
/// # Errors
/// An issue that is not a token of the text.
pub fn filter_by_token(
    token: &str,
    issues: &[TokenPlace],
    tokens: &[Vec<String>],
) -> Result<Vec<TokenPlace>, CoreError> {
    let text = Text { tokens, labels: None, pred_probs: None };
    let wanted = token.to_lowercase();
    let mut kept = Vec::new();
    for &issue in issues {
        if text.word(issue)?.to_lowercase() == wanted {
            kept.push(issue);
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn words() -> Vec<Vec<String>> {
        [&["The", "cat"][..], &["the", "dog", "the"]].map(|s| s.iter().map(|&w| w.to_owned()).collect()).to_vec()
    }

    fn places(pairs: &[(u32, u32)]) -> Vec<TokenPlace> {
        pairs.iter().copied().map(TokenPlace::from).collect()
    }

    #[test]
    fn the_most_frequent_word_comes_first_and_excluded_classes_do_not_count() {
        let tokens = words();
        let (labels, probs) =
            ([vec![0, 1], vec![0, 1, 1]], [array![[0.2, 0.8], [0.6, 0.4]], array![[0.1, 0.9], [0.7, 0.3], [0.9, 0.1]]]);
        let issues = places(&[(0, 1), (1, 0), (1, 2), (1, 1)]);
        let plain = Text { tokens: &tokens, labels: None, pred_probs: None };
        let common = common_label_issues(&issues, &plain, &[]).unwrap();
        assert_eq!((common[0].token.as_str(), common[0].num_label_issues), ("the", 2));
        let known = Text { tokens: &tokens, labels: Some(&labels), pred_probs: Some(&probs) };
        let common = common_label_issues(&issues, &known, &[(1, 0).into()]).unwrap();
        assert_eq!(common.len(), 1);
        assert_eq!(common[0].classes, Some((0, 1).into()));
        assert_eq!(display_issues(&issues, &known, &[(1, 0).into()], 5).unwrap().len(), 1);
    }

    #[test]
    fn a_word_is_filtered_in_any_case_and_marked_in_its_sentence() {
        let tokens = words();
        let issues = places(&[(0, 0), (0, 1), (1, 2)]);
        assert_eq!(filter_by_token("THE", &issues, &tokens).unwrap(), places(&[(0, 0), (1, 2)]));
        let plain = Text { tokens: &tokens, labels: None, pred_probs: None };
        let shown = display_issues(&issues, &plain, &[], 2).unwrap();
        assert_eq!((shown.len(), shown[1].marks.len(), shown[1].marks[0].clone()), (2, 1, 4..7));
        assert_eq!(display_sentences(&[1, 0], &plain, 1).unwrap(), ["the dog the"]);
    }

    #[test]
    fn an_issue_outside_the_text_is_named() {
        let error = filter_by_token("the", &places(&[(1, 3)]), &words()).unwrap_err();
        assert!(error.to_string().starts_with("`issues` is [1, 3]"), "{error}");
        assert!(filter_by_token("the", &places(&[(2, 0)]), &words()).is_err());
    }
}
