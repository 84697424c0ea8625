//! The checked input of token classification: sentences of labelled tokens with their probabilities.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::{CoreError, Labels, PredProbs};

/// A token of a sentence, both counted from 0. cleanlab writes it as the pair (sentence, token).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(u32, u32)", into = "(u32, u32)")]
pub struct TokenPlace {
    /// Sentence, from 0.
    pub sentence: u32,
    /// Token within the sentence, from 0.
    pub token: u32,
}

impl From<(u32, u32)> for TokenPlace {
    fn from((sentence, token): (u32, u32)) -> Self {
        Self { sentence, token }
    }
}

impl From<TokenPlace> for (u32, u32) {
    fn from(place: TokenPlace) -> Self {
        (place.sentence, place.token)
    }
}

/// Labels and probabilities of the tokens of some sentences, one sentence after the other.
///
/// *Invariant*: the sentence lengths add up to the number of labels and of probability rows, which is at least one;
/// every label is below the number of classes. Sentences may be empty.
#[derive(Clone, Debug)]
pub struct TokenData {
    lengths: Vec<usize>,
    labels: Labels,
    pred_probs: PredProbs,
}

impl TokenData {
    /// Takes, for each sentence, the classes of its tokens and a tokens × k matrix of probabilities (NaN for unknown, as
    /// cleanlab allows).
    ///
    /// # Errors
    /// No token at all; a sentence whose labels and probabilities differ in number; matrices of different width; a
    /// probability outside [0, 1] or a label without a column, each named by sentence and token.
    pub fn new(labels: &[Vec<u32>], pred_probs: &[Array2<f64>]) -> Result<Self, CoreError> {
        same_number("pred_probs", pred_probs.len(), labels.len())?;
        let k = pred_probs.iter().find(|matrix| matrix.nrows() > 0).map_or(0, Array2::ncols);
        let lengths: Vec<usize> = labels.iter().map(Vec::len).collect();
        let n: usize = lengths.iter().sum();
        let mut flat = Vec::with_capacity(n * k);
        for (sentence, (matrix, &length)) in pred_probs.iter().zip(&lengths).enumerate() {
            if matrix.nrows() != length || (length > 0 && matrix.ncols() != k) {
                return Err(CoreError::Shape {
                    argument: "pred_probs",
                    shape: format!("{} × {} in sentence {sentence}", matrix.nrows(), matrix.ncols()),
                    expected: format!("{length} × {k}: a row for each label of the sentence, a column for each class"),
                });
            }
            match matrix.as_slice() {
                Some(values) => flat.extend_from_slice(values),
                None => flat.extend(matrix.iter()),
            }
        }
        let flat_labels = Labels::new(labels.concat())?;
        let matrix = Array2::from_shape_vec((n, k), flat).map_err(|error| CoreError::Shape {
            argument: "pred_probs",
            shape: error.to_string(),
            expected: format!("{n} × {k}"),
        })?;
        let pred_probs = PredProbs::allowing_nan(matrix).map_err(|error| in_sentence(&lengths, error))?;
        Self::from_flat(lengths, flat_labels, pred_probs)
    }

    /// Takes the labels and probabilities of all tokens in one piece, without a copy, and the length of each sentence.
    ///
    /// # Errors
    /// Lengths that do not add up to the number of labels; labels that do not fit the probabilities.
    pub fn from_flat(lengths: Vec<usize>, labels: Labels, pred_probs: PredProbs) -> Result<Self, CoreError> {
        same_number("sentence lengths", lengths.iter().sum(), labels.len())?;
        pred_probs.matches(&labels).map_err(|error| in_sentence(&lengths, error))?;
        Ok(Self { lengths, labels, pred_probs })
    }

    /// Number of tokens of each sentence.
    pub fn lengths(&self) -> &[usize] {
        &self.lengths
    }

    /// The labels of all tokens.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// The probabilities of all tokens, tokens × k.
    pub fn pred_probs(&self) -> &PredProbs {
        &self.pred_probs
    }

    /// The places of all tokens, in order.
    pub(super) fn places(&self) -> Vec<TokenPlace> {
        let mut places = Vec::with_capacity(self.labels.len());
        for (sentence, &length) in self.lengths.iter().enumerate() {
            places.extend((0..length).map(|token| TokenPlace { sentence: sentence as u32, token: token as u32 }));
        }
        places
    }
}

fn same_number(argument: &'static str, length: usize, expected: usize) -> Result<(), CoreError> {
    let same = (length == expected).then_some(());
    same.ok_or(CoreError::Length { argument, length, reference: "labels", expected })
}

/// The same error, with sentence and token in place of the row.
fn in_sentence(lengths: &[usize], error: CoreError) -> CoreError {
    let place = |mut row: usize| {
        let sentence = lengths.iter().position(|&length| {
            let inside = row < length;
            row -= if inside { 0 } else { length };
            inside
        });
        format!("[{}][{row}]", sentence.unwrap_or(lengths.len()))
    };
    match error {
        CoreError::Probability { row, column, value } => {
            CoreError::setting(&format!("pred_probs{}[{column}]", place(row)), value, "a probability between 0 and 1")
        }
        CoreError::LabelOutOfRange { row, label, n_classes } => CoreError::setting(
            &format!("labels{}", place(row)),
            label,
            format!("a class below {n_classes}, as `pred_probs` has {n_classes} columns"),
        ),
        other => other,
    }
}

/// The tokens × 2 probabilities of "outside" and "inside a span" for each sentence, from the probability of "inside".
/// cleanlab: `experimental.span_classification`.
///
/// # Errors
/// A probability outside [0, 1], named by sentence and token.
pub fn span_pred_probs(pred_probs: &[Vec<f64>]) -> Result<Vec<Array2<f64>>, CoreError> {
    let two_columns = |(sentence, inside): (usize, &Vec<f64>)| {
        let outside_range =
            |p: &&f64| !p.is_nan() && !(-crate::inputs::TOLERANCE..=1.0 + crate::inputs::TOLERANCE).contains(*p);
        if let Some((token, &value)) = inside.iter().enumerate().find(|(_, p)| outside_range(p)) {
            return Err(CoreError::Probability { row: sentence, column: token, value });
        }
        Ok(Array2::from_shape_fn(
            (inside.len(), 2),
            |(token, class)| {
                if class == 1 { inside[token] } else { 1.0 - inside[token] }
            },
        ))
    };
    pred_probs.iter().enumerate().map(two_columns).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_wrong_value_is_named_by_sentence_and_token() {
        let labels = [vec![0, 1], vec![], vec![1]];
        let probs = [array![[0.5, 0.5], [0.1, 0.9]], Array2::zeros((0, 0)), array![[0.2, 1.8]]];
        let error = TokenData::new(&labels, &probs).unwrap_err();
        assert_eq!(error.to_string(), "`pred_probs[2][0][1]` is 1.8, expected a probability between 0 and 1");
        let labels = [vec![0, 2], vec![], vec![1]];
        let probs = [array![[0.5, 0.5], [0.1, 0.9]], Array2::zeros((0, 0)), array![[0.2, 0.8]]];
        assert!(TokenData::new(&labels, &probs).unwrap_err().to_string().starts_with("`labels[0][1]` is 2"));
    }

    #[test]
    fn sentences_of_another_length_are_refused() {
        let probs = [array![[0.5, 0.5]]];
        assert!(TokenData::new(&[vec![0, 1]], &probs).unwrap_err().to_string().contains("in sentence 0"));
        assert!(matches!(TokenData::new(&[vec![0], vec![1]], &probs), Err(CoreError::Length { .. })));
        assert!(matches!(TokenData::new(&[], &[]), Err(CoreError::Empty { .. })));
    }

    #[test]
    fn a_span_probability_gets_its_complement() {
        assert_eq!(span_pred_probs(&[vec![0.25]]).unwrap(), [array![[0.75, 0.25]]]);
        assert!(span_pred_probs(&[vec![0.25, 1.5]]).unwrap_err().to_string().contains("`pred_probs`[0, 1] is 1.5"));
    }
}
