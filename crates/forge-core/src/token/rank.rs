//! How plausible the labels of tokens and of whole sentences are. Mirrors `cleanlab.token_classification.rank`.

use super::{TokenData, TokenPlace};
use crate::classification::order::argsort;
use crate::classification::rank::get_label_quality_scores as flat_scores;
use crate::multilabel::rank::softmin;
use crate::{CoreError, Score};

/// How the scores of a sentence's tokens become one, cleanlab's `sentence_score_method`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum SentenceScore {
    /// The lowest.
    #[default]
    Min,
    /// Mean weighted by the softmax of (1 − score) / `temperature`; 0 gives the lowest score, ∞ the mean.
    Softmin {
        /// Above 0 [default 0.05]; below 10⁻⁶ it counts as 10⁻⁶.
        temperature: f64,
    },
}

impl SentenceScore {
    /// Temperature of softmin where none is given.
    pub const SOFTMIN_TEMPERATURE: f64 = 0.05;

    fn of(self, scores: &[f64]) -> f64 {
        match self {
            Self::Softmin { temperature } if temperature == f64::INFINITY => {
                scores.iter().sum::<f64>() / scores.len() as f64
            }
            Self::Softmin { temperature } if temperature != 0.0 => softmin(scores, temperature),
            _ => scores.iter().copied().fold(f64::INFINITY, |a, b| if b < a || b.is_nan() { b } else { a }),
        }
    }
}

/// Label quality scores in [0, 1]; lower is worse.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenScores {
    /// One per sentence.
    pub sentences: Vec<f64>,
    /// One per token of each sentence.
    pub tokens: Vec<Vec<f64>>,
}

/// Scores each token by `score` and pools them for each sentence.
/// cleanlab: `token_classification.rank.get_label_quality_scores`.
///
/// # Errors
/// A sentence without tokens, which has no score; a temperature that is not a number.
pub fn get_label_quality_scores(
    data: &TokenData,
    score: Score,
    sentence_score: SentenceScore,
) -> Result<TokenScores, CoreError> {
    if let SentenceScore::Softmin { temperature } = sentence_score
        && temperature.is_nan()
    {
        return Err(CoreError::setting("temperature", temperature, "a number"));
    }
    if let Some(sentence) = data.lengths().iter().position(|&length| length == 0) {
        return Err(CoreError::Shape {
            argument: "labels",
            shape: format!("no tokens in sentence {sentence}"),
            expected: "at least one token in each sentence".to_owned(),
        });
    }
    let scores = flat_scores(data.labels(), data.pred_probs(), score)?;
    let mut rest = scores.as_slice();
    let mut found = TokenScores { sentences: Vec::new(), tokens: Vec::with_capacity(data.lengths().len()) };
    for &length in data.lengths() {
        let (sentence, after) = rest.split_at(length);
        found.sentences.push(sentence_score.of(sentence));
        found.tokens.push(sentence.to_vec());
        rest = after;
    }
    Ok(found)
}

/// The tokens with a score below `threshold`, worst first. cleanlab: `token_classification.rank.issues_from_scores` with
/// `token_scores`.
pub fn issues_from_token_scores(token_scores: &[Vec<f64>], threshold: f64) -> Vec<TokenPlace> {
    let mut places = Vec::new();
    let mut keys = Vec::new();
    for (sentence, scores) in token_scores.iter().enumerate() {
        for (token, &score) in scores.iter().enumerate().filter(|&(_, &score)| score < threshold) {
            places.push(TokenPlace { sentence: sentence as u32, token: token as u32 });
            keys.push(score);
        }
    }
    argsort(&keys).into_iter().map(|i| places[i as usize]).collect()
}

/// The sentences with a score below `threshold`, worst first; all of them where all are below, which cleanlab answers
/// with an index error. cleanlab: `token_classification.rank.issues_from_scores`.
pub fn issues_from_sentence_scores(sentence_scores: &[f64], threshold: f64) -> Vec<u32> {
    let mut order = argsort(sentence_scores);
    order.retain(|&sentence| sentence_scores[sentence as usize] < threshold);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmin_goes_from_the_minimum_to_the_mean() {
        let scores = [0.2, 0.9, 0.4];
        let at = |temperature| SentenceScore::Softmin { temperature }.of(&scores);
        assert_eq!(at(0.0), 0.2);
        assert_eq!(at(f64::INFINITY), 0.5);
        assert!(at(0.01) < at(0.1) && at(0.1) < at(1.0));
    }

    #[test]
    fn every_sentence_may_be_below_the_threshold() {
        assert_eq!(issues_from_sentence_scores(&[0.3, 0.1, f64::NAN], 1.0), [1, 0]);
        assert!(issues_from_sentence_scores(&[], 1.0).is_empty());
        let tokens = issues_from_token_scores(&[vec![0.3, 0.9], vec![0.1]], 0.5);
        assert_eq!(tokens.into_iter().map(<(u32, u32)>::from).collect::<Vec<_>>(), [(1, 0), (0, 0)]);
    }

    #[test]
    fn an_empty_sentence_has_no_score() {
        let probs = [ndarray::array![[0.9, 0.1]], ndarray::Array2::zeros((0, 2))];
        let data = TokenData::new(&[vec![0], vec![]], &probs).unwrap();
        let error = get_label_quality_scores(&data, Score::default(), SentenceScore::default()).unwrap_err();
        assert!(error.to_string().contains("sentence 1"), "{error}");
    }
}
