//! Settings of an [`Inspector`](super::Inspector).

use serde::{Deserialize, Serialize};

use crate::CoreError;
use crate::classification::count::EstimationMethod;
use crate::classification::rank::{Adjustment, Score};

/// What an [`Inspector`](super::Inspector) remembers of the rows it scored, cleanlab's `store_results`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Every score: nine bytes per row. cleanlab's `store_results=True`.
    #[default]
    Scores,
    /// This many of the worst rows: fixed memory. Issues are exact as long as no more of them are estimated.
    Worst(usize),
    /// Nothing but counts. cleanlab's `store_results=False`.
    Nothing,
}

/// Settings of an [`Inspector`](super::Inspector).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InspectorSettings {
    /// How labels are scored; self-confidence by default. cleanlab's `quality_score_kwargs["method"]`.
    pub score: Score,
    /// Whether probabilities are adjusted by the thresholds first; they are not by default. cleanlab's
    /// `quality_score_kwargs["adjust_pred_probs"]`.
    pub adjustment: Adjustment,
    /// How issues are counted: `OffDiagonal` (the default) or `OffDiagonalCalibrated`. cleanlab's
    /// `num_issue_kwargs["estimation_method"]`.
    pub estimation_method: EstimationMethod,
    /// What is remembered; every score by default.
    pub keep: Keep,
}

impl InspectorSettings {
    /// Checks that the settings go together.
    ///
    /// # Errors
    /// The entropy score on adjusted probabilities; an estimate from a confident joint, which a stream does not have.
    pub fn validate(&self) -> Result<(), CoreError> {
        if self.estimation_method == EstimationMethod::OffDiagonalCustom {
            return Err(CoreError::setting(
                "estimation_method",
                "off_diagonal_custom",
                "off_diagonal or off_diagonal_calibrated",
            ));
        }
        if self.adjustment == Adjustment::ConfidentThresholds && self.score == Score::ConfidenceWeightedEntropy {
            return Err(CoreError::Conflict(
                "`adjust_pred_probs` does not go with the score \"confidence_weighted_entropy\"; \
                 choose self_confidence or normalized_margin"
                    .to_owned(),
            ));
        }
        Ok(())
    }
}
