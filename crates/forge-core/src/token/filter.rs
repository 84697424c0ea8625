//! Deciding which tokens are labelled wrong. Mirrors `cleanlab.token_classification.filter`: all tokens together are one
//! data set.

use super::{TokenData, TokenPlace};
use crate::classification::filter::{FilterOptions, find_label_issues as find_flat_issues};
use crate::classification::inspector::{InspectorSettings, find_label_issues_batched};
use crate::classification::rank::order_label_issues;
use crate::{Adjustment, CoreError, Score};

/// The tokens whose label is likely wrong, worst score first. cleanlab: `token_classification.filter.find_label_issues`.
///
/// # Errors
/// Labels of one class (other than 0); settings that exclude each other; the entropy score on adjusted probabilities.
pub fn find_label_issues(
    data: &TokenData,
    options: &FilterOptions,
    score: Score,
    adjustment: Adjustment,
) -> Result<Vec<TokenPlace>, CoreError> {
    let found = find_flat_issues(data.labels(), data.pred_probs(), options)?;
    let rows = order_label_issues(&found.mask, data.labels(), data.pred_probs(), score, adjustment)?;
    let places = data.places();
    Ok(rows.into_iter().map(|row| places[row as usize]).collect())
}

/// The tokens that the streaming approximation flags by `score`, in order of the text.
/// cleanlab: `token_classification.filter.find_label_issues` with `low_memory=True`.
///
/// # Errors
/// As the streaming search.
pub fn find_label_issues_low_memory(data: &TokenData, score: Score) -> Result<Vec<TokenPlace>, CoreError> {
    let settings = InspectorSettings { score, ..InspectorSettings::default() };
    let mask = find_label_issues_batched(data.labels(), data.pred_probs(), settings)?;
    Ok(data.places().into_iter().zip(mask).filter_map(|(place, issue)| issue.then_some(place)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn wrong_tokens_are_found_where_they_stand() {
        let labels = [vec![0, 1, 0], vec![], vec![1, 1, 0, 0]];
        let probs = [
            array![[0.9, 0.1], [0.2, 0.8], [0.05, 0.95]],
            ndarray::Array2::zeros((0, 2)),
            array![[0.1, 0.9], [0.9, 0.1], [0.8, 0.2], [0.9, 0.1]],
        ];
        let data = TokenData::new(&labels, &probs).unwrap();
        let found = find_label_issues(&data, &FilterOptions::default(), Score::default(), Adjustment::None).unwrap();
        assert_eq!(found.into_iter().map(<(u32, u32)>::from).collect::<Vec<_>>(), [(0, 2), (2, 1)]);
    }
}
