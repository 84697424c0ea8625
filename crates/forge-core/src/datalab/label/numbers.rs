//! Wrong numbers, by given predictions or by those of a model fitted to the features.

use forge_learn::{Host, LinearRegression, Matrix};

use super::super::data::AuditData;
use super::super::found::{Found, RowFacts, info};
use super::super::stats::mean;
use crate::CoreError;
use crate::median::median;
use crate::regression::learn::{CleanLearning, RegressionData};
use crate::regression::rank::{Predicted, RegressionScore, get_label_quality_scores};

/// Settings of the check.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberLabelSettings {
    /// With predictions: a label is an issue below this part of the median score [0.05; at least 0].
    pub threshold: f64,
    /// With predictions: the score.
    pub method: RegressionScore,
    /// With features alone: how labels are judged, cleanlab's `clean_learning_kwargs`.
    pub clean_learning: CleanLearning,
}

impl Default for NumberLabelSettings {
    fn default() -> Self {
        Self { threshold: 0.05, method: RegressionScore::default(), clean_learning: CleanLearning::default() }
    }
}

/// Flags and scores labels; the score of the data set is the mean of the rows'.
pub(in super::super) fn find(
    data: &AuditData,
    settings: &NumberLabelSettings,
    host: &dyn Host,
) -> Result<Found, CoreError> {
    let numbers = data.numbers()?;
    let (is_issue, scores, predicted) = match data.predictions() {
        Some(predictions) => {
            let pairs = Predicted::new(numbers.to_vec(), predictions.to_vec())?;
            let scores = get_label_quality_scores(&pairs, settings.method, host)?;
            let limit = median(&scores) * settings.threshold;
            (scores.iter().map(|&score| score < limit).collect(), scores, predictions.to_vec())
        }
        None if data.has_features() => {
            let features = Matrix::from_dense(&data.features()?.view().to_owned())?;
            let rows = RegressionData::new(features, numbers.to_vec())?;
            let model = LinearRegression::default();
            let found = settings.clean_learning.find_label_issues(&model, &rows, host)?;
            (found.is_label_issue, found.label_quality, found.predicted_label)
        }
        None => {
            let rule = "numbers are judged by predictions or by features to predict them from";
            return Err(CoreError::Missing { argument: "predictions", rule });
        }
    };
    let is_issue: Vec<bool> = is_issue;
    let score = mean(&scores);
    Ok(Found {
        score,
        graph: None,
        info: info! {
            "num_label_issues": is_issue.iter().filter(|&&issue| issue).count(),
            "average_label_quality": score,
        },
        facts: vec![
            ("given_label", RowFacts::Numbers(numbers.to_vec())),
            ("predicted_label", RowFacts::Numbers(predicted)),
        ],
        is_issue,
        scores,
    })
}
