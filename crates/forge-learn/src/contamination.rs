//! Which share of the rows is anomalous, as far as it is known.

use serde::{Deserialize, Serialize};

use crate::LearnError;

/// The share of the rows that is anomalous, scikit-learn's `contamination`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contamination {
    /// Unknown: each model has its own bound on the score.
    #[default]
    Auto,
    /// This share, above 0 and at most 0.5: the bound is that quantile of the scores of the training rows.
    Share(f64),
}

impl Contamination {
    /// Checks the share against its range.
    ///
    /// # Errors
    /// [`LearnError::Setting`].
    pub fn validate(self) -> Result<(), LearnError> {
        match self {
            Self::Share(share) if !(share > 0.0 && share <= 0.5) => Err(LearnError::Setting {
                setting: "contamination",
                value: share.to_string(),
                range: "auto, or a number above 0 and at most 0.5",
            }),
            _ => Ok(()),
        }
    }
}
