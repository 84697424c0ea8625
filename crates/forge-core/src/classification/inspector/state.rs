//! An [`Inspector`] as a value that can be stored, sent and merged elsewhere.
//!
//! Floating-point numbers are stored as their 64 bits, so that every format keeps them, NaN included, to the last digit.

use serde::{Deserialize, Serialize};

use super::lowest::{ScoredRow, Worst};
use super::tally::{ClassTally, Confidence, IssueTally};
use super::{Inspector, InspectorSettings, Keep, Kept};

/// The stored form of an [`Inspector`].
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    settings: InspectorSettings,
    n_classes: usize,
    confidence: Vec<ClassConfidence>,
    tally: Vec<ClassTally>,
    /// Of every row, where they are kept.
    scores: Vec<u64>,
    agrees: Vec<bool>,
    worst: Vec<ScoredRow>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassConfidence {
    sum: u64,
    rows: u64,
}

impl From<Inspector> for State {
    fn from(inspector: Inspector) -> Self {
        let Inspector { settings, n_classes, confidence, tally, kept } = inspector;
        let (scores, agrees, worst) = match kept {
            Kept::Scores { scores, agrees } => (scores.into_iter().map(f64::to_bits).collect(), agrees, Vec::new()),
            Kept::Worst(worst) => (Vec::new(), Vec::new(), worst.rows().to_vec()),
            Kept::Nothing => (Vec::new(), Vec::new(), Vec::new()),
        };
        let confidence = confidence.classes().map(|(sum, rows)| ClassConfidence { sum: sum.to_bits(), rows }).collect();
        Self { settings, n_classes, confidence, tally: tally.into_classes(), scores, agrees, worst }
    }
}

impl TryFrom<State> for Inspector {
    type Error = String;

    /// Refuses a state that no inspector can be in.
    fn try_from(state: State) -> Result<Self, String> {
        let State { settings, n_classes, confidence, tally, scores, agrees, worst } = state;
        settings.validate().map_err(|error| error.to_string())?;
        if n_classes == 0 || confidence.len() != n_classes || tally.len() != n_classes {
            let (confidence, tally) = (confidence.len(), tally.len());
            return Err(format!(
                "`n_classes` is {n_classes}, but there are {confidence} entries of `confidence` and {tally} of `tally`"
            ));
        }
        let tally = IssueTally::from_classes(tally).ok_or("`tally` counts more issues than rows, or too many rows")?;
        let (n_rows, n_scores) = (tally.n_rows(), scores.len() as u64);
        let kept = match settings.keep {
            Keep::Scores if n_scores == n_rows && agrees.len() as u64 == n_rows => {
                Kept::Scores { scores: scores.into_iter().map(f64::from_bits).collect(), agrees }
            }
            Keep::Scores => return Err(format!("{n_scores} `scores` are kept of {n_rows} rows")),
            Keep::Worst(limit) => {
                let mut kept = Worst::new(limit);
                if worst.iter().any(|row| row.row >= n_rows) {
                    return Err(format!("`worst` names a row beyond the {n_rows} scored"));
                }
                worst.into_iter().for_each(|row| kept.push(row));
                Kept::Worst(kept)
            }
            Keep::Nothing => Kept::Nothing,
        };
        let classes = confidence.into_iter().map(|class| (f64::from_bits(class.sum), class.rows));
        let confidence = Confidence::from_classes(classes).ok_or("`confidence` counts too many rows")?;
        Ok(Self { settings, n_classes, confidence, tally, kept })
    }
}
