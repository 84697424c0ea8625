//! Rows with a wrong set of classes: a class given that should not be, or one missing.

use super::super::data::AuditData;
use super::super::found::{Found, RowFacts, RowLists, info};
use super::super::stats::mean;
use crate::CoreError;
use crate::multilabel::MultilabelData;
use crate::multilabel::filter::{MultilabelFilterOptions, find_label_issues};
use crate::multilabel::rank::{Aggregator, Scoring, get_label_quality_scores};

/// A class of at least this probability is predicted, cleanlab's `_PREDICTED_LABEL_THRESH`.
const PREDICTED: f64 = 0.5;

/// Settings of the check.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SetLabelSettings {
    /// Which rows are issues.
    pub filter: MultilabelFilterOptions,
    /// How a class of a row is scored.
    pub scoring: Scoring,
    /// How the scores of a row's classes become one.
    pub aggregator: Aggregator,
}

/// Flags and scores rows; the score of the data set is the mean of the rows'.
pub(in super::super) fn find(data: &AuditData, settings: &SetLabelSettings) -> Result<Found, CoreError> {
    let (sets, probs) = (data.sets()?, data.pred_probs()?);
    let (known, _) = MultilabelData::of_known_classes(sets, probs.clone())?;
    let is_issue = find_label_issues(&known, &settings.filter)?;
    let all = MultilabelData::new(sets, probs.clone())?;
    let scores = get_label_quality_scores(&all, settings.scoring, settings.aggregator)?;
    let predicted = |row: &[f64]| -> Vec<u32> {
        (0_u32..).zip(row).filter(|&(_, &prob)| prob > PREDICTED).map(|(class, _)| class).collect()
    };
    Ok(Found {
        is_issue,
        score: mean(&scores),
        scores,
        facts: vec![
            ("given_label", RowFacts::Lists(sets.iter().collect::<RowLists>())),
            ("predicted_label", RowFacts::Lists(probs.rows().map(predicted).collect::<RowLists>())),
        ],
        graph: None,
        info: info! {},
    })
}
