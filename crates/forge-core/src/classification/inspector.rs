//! Label issues in a stream of batches, without the whole data in memory. Mirrors cleanlab's
//! `experimental.label_issues_batched`, a close approximation of the filter `low_self_confidence`.
//!
//! Two passes: [`Inspector::update_confident_thresholds`] over every batch, then [`Inspector::score_label_quality`] over
//! every batch. What is kept is a few numbers per class and, as [`Keep`] says, one score per row, the worst rows or
//! nothing. Parts of the data can be gone over apart: [`Inspector::merge_thresholds`] joins the first pass and
//! [`Inspector::append_scores`] the second. An inspector serialises without loss, so that a part can be stored or sent
//! before it is joined. The size of the batches changes nothing. [`inspect_blocks`] makes both passes over data that are
//! read block by block (feature `tasks`).

mod lowest;
mod settings;
mod state;
#[cfg(feature = "tasks")]
mod stream;
mod tally;

pub(crate) use lowest::lowest_mask;
pub use settings::{InspectorSettings, Keep};
#[cfg(feature = "tasks")]
pub use stream::{BATCH_SIZE, RowBlocks, inspect_blocks};
pub(crate) use tally::{Confidence, reachable};

use serde::{Deserialize, Serialize};

use super::rank::{Adjusted, Adjustment, find_top_issues, get_label_quality_scores};
use super::scan::Reach;
use crate::inputs::TOLERANCE;
use crate::{CoreError, Labels, PredProbs};
use lowest::{ScoredRow, Worst, order_key};
use tally::IssueTally;

/// Finds label issues in batches. cleanlab: `experimental.label_issues_batched.LabelInspector`.
///
/// ```
/// use forge_core::classification::inspector::{Inspector, InspectorSettings};
/// use forge_core::{Labels, PredProbs};
///
/// # fn main() -> Result<(), forge_core::CoreError> {
/// let batches = [
///     (Labels::new(vec![0, 1])?, PredProbs::from_rows(&[[0.9, 0.1], [0.2, 0.8]])?),
///     (Labels::new(vec![1, 0])?, PredProbs::from_rows(&[[0.97, 0.03], [0.8, 0.2]])?),
/// ];
/// let mut inspector = Inspector::new(2, InspectorSettings::default())?;
/// for (labels, pred_probs) in &batches {
///     inspector.update_confident_thresholds(labels, pred_probs)?;
/// }
/// for (labels, pred_probs) in &batches {
///     inspector.score_label_quality(labels, pred_probs)?;
/// }
/// assert_eq!(inspector.label_issues()?, [2]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "state::State", try_from = "state::State")]
pub struct Inspector {
    settings: InspectorSettings,
    n_classes: usize,
    confidence: Confidence,
    tally: IssueTally,
    kept: Kept,
}

#[derive(Clone, Debug, PartialEq)]
enum Kept {
    Scores { scores: Vec<f64>, agrees: Vec<bool> },
    Worst(Worst),
    Nothing,
}

impl Kept {
    fn new(keep: Keep) -> Self {
        match keep {
            Keep::Scores => Self::Scores { scores: Vec::new(), agrees: Vec::new() },
            Keep::Worst(limit) => Self::Worst(Worst::new(limit)),
            Keep::Nothing => Self::Nothing,
        }
    }
}

/// Rows of one batch after scoring.
struct ScoredBatch {
    scores: Vec<f64>,
    /// Whether the prediction, with the given label a hair ahead, is the given label: no issue, whatever the score.
    agrees: Vec<bool>,
}

impl Inspector {
    /// An inspector that has seen nothing, for labels 0 … `n_classes` − 1.
    ///
    /// # Errors
    /// No classes; settings that do not go together.
    pub fn new(n_classes: usize, settings: InspectorSettings) -> Result<Self, CoreError> {
        settings.validate()?;
        if n_classes == 0 {
            return Err(CoreError::setting("num_class", n_classes, "at least 1"));
        }
        Ok(Self {
            settings,
            n_classes,
            confidence: Confidence::new(n_classes),
            tally: IssueTally::new(n_classes),
            kept: Kept::new(settings.keep),
        })
    }

    /// First pass: takes a batch into the confident thresholds.
    ///
    /// # Errors
    /// Labels that do not fit the probabilities; another number of classes.
    pub fn update_confident_thresholds(&mut self, labels: &Labels, pred_probs: &PredProbs) -> Result<(), CoreError> {
        self.fits(labels, pred_probs)?;
        for (row, &label) in pred_probs.rows().zip(labels.as_slice()) {
            self.confidence.add(label as usize, row[label as usize]);
        }
        Ok(())
    }

    /// Mean self-confidence of each class so far, k values; 2e-6 for a class not seen yet.
    ///
    /// # Errors
    /// [`CoreError::Missing`] before the first batch.
    pub fn confident_thresholds(&self) -> Result<Vec<f64>, CoreError> {
        if self.confidence.n_rows() == 0 {
            return Err(CoreError::Missing {
                argument: "confident_thresholds",
                rule: "update them with at least one batch first",
            });
        }
        Ok(self.confidence.thresholds())
    }

    /// Second pass: a label quality score per row of a batch, in [0, 1], which is also counted and kept.
    ///
    /// # Errors
    /// As [`Inspector::update_confident_thresholds`], and before the first pass. A refused batch changes nothing.
    pub fn score_label_quality(&mut self, labels: &Labels, pred_probs: &PredProbs) -> Result<Vec<f64>, CoreError> {
        let first_row = self.tally.n_rows();
        let batch = self.evaluate(labels, pred_probs)?;
        match &mut self.kept {
            Kept::Scores { scores, agrees } => {
                scores.extend_from_slice(&batch.scores);
                agrees.extend_from_slice(&batch.agrees);
            }
            Kept::Worst(worst) => {
                for ((row, &score), &agrees) in (first_row..).zip(&batch.scores).zip(&batch.agrees) {
                    worst.push(ScoredRow { key: order_key(score), row, agrees });
                }
            }
            Kept::Nothing => {}
        }
        Ok(batch.scores)
    }

    fn evaluate(&mut self, labels: &Labels, pred_probs: &PredProbs) -> Result<ScoredBatch, CoreError> {
        self.fits(labels, pred_probs)?;
        let thresholds = self.confident_thresholds()?;
        let scores = self.scores_of(labels, pred_probs, &thresholds)?;
        let reach = Reach::new(&thresholds, pred_probs);
        let mut agrees = Vec::with_capacity(labels.len());
        for (row, &label) in pred_probs.rows().zip(labels.as_slice()) {
            let label = label as usize;
            let predicted = reach.predicted(row);
            self.tally.add(label, predicted, reach.reaches(row, predicted));
            let ahead = row[label] + TOLERANCE;
            agrees.push(predicted == label || ahead > row[predicted] || (ahead == row[predicted] && label < predicted));
        }
        Ok(ScoredBatch { scores, agrees })
    }

    fn scores_of(&self, labels: &Labels, pred_probs: &PredProbs, thresholds: &[f64]) -> Result<Vec<f64>, CoreError> {
        if self.settings.adjustment == Adjustment::None {
            return get_label_quality_scores(labels, pred_probs, self.settings.score);
        }
        let mut adjusted = Adjusted::new(thresholds);
        let rows = pred_probs.rows().zip(labels.as_slice());
        Ok(rows.map(|(row, &label)| adjusted.score(row, label as usize, self.settings.score)).collect())
    }

    /// The estimated number of label issues among the rows scored so far.
    ///
    /// # Errors
    /// [`CoreError::Missing`] before the first scored batch.
    pub fn num_issues(&self) -> Result<u64, CoreError> {
        if self.tally.n_rows() == 0 {
            return Err(CoreError::Missing {
                argument: "label_quality_scores",
                rule: "score at least one batch first",
            });
        }
        Ok(self.tally.num_issues(self.settings.estimation_method))
    }

    /// The score of every row so far, in [0, 1], in the order of the stream. cleanlab: `get_quality_scores`.
    ///
    /// # Errors
    /// [`CoreError::Setting`] where [`Keep`] does not keep them.
    pub fn quality_scores(&self) -> Result<&[f64], CoreError> {
        match &self.kept {
            Kept::Scores { scores, .. } => Ok(scores),
            Kept::Worst(_) => Err(CoreError::setting("store_results", "the worst rows", "every score")),
            Kept::Nothing => Err(CoreError::setting("store_results", "nothing", "every score")),
        }
    }

    /// As many of the worst rows as there are estimated issues, worst first. cleanlab: `get_label_issues`.
    ///
    /// # Errors
    /// Before the first scored batch; [`CoreError::Setting`] where [`Keep`] kept too few rows.
    pub fn label_issues(&self) -> Result<Vec<u64>, CoreError> {
        let top = usize::try_from(self.num_issues()?).unwrap_or(usize::MAX);
        match &self.kept {
            Kept::Scores { scores, .. } => Ok(find_top_issues(scores, top).into_iter().map(u64::from).collect()),
            Kept::Worst(_) => Ok(self.worst(top)?.into_iter().map(|row| row.row).collect()),
            Kept::Nothing => Err(CoreError::setting("store_results", "nothing", "every score or the worst rows")),
        }
    }

    /// Those of [`Inspector::label_issues`] whose prediction is not the given label, ascending: what
    /// [`find_label_issues_batched`] gives.
    ///
    /// # Errors
    /// As [`Inspector::label_issues`].
    pub fn disagreeing_issues(&self) -> Result<Vec<u64>, CoreError> {
        let top = usize::try_from(self.num_issues()?).unwrap_or(usize::MAX);
        match &self.kept {
            Kept::Scores { scores, agrees } => {
                let mask = lowest_mask(scores, top);
                let rows = (0..).zip(mask.iter().zip(agrees));
                Ok(rows.filter(|&(_, (&lowest, &agrees))| lowest && !agrees).map(|(row, _)| row).collect())
            }
            Kept::Worst(_) => {
                let worst = self.worst(top)?;
                let mut rows: Vec<u64> = worst.into_iter().filter(|row| !row.agrees).map(|row| row.row).collect();
                rows.sort_unstable();
                Ok(rows)
            }
            Kept::Nothing => Err(CoreError::setting("store_results", "nothing", "every score or the worst rows")),
        }
    }

    fn worst(&self, top: usize) -> Result<Vec<ScoredRow>, CoreError> {
        match &self.kept {
            Kept::Worst(worst) if worst.limit() >= top => Ok(worst.ranked(top)),
            Kept::Worst(worst) => {
                let kept = format!("the {} worst rows", worst.limit());
                Err(CoreError::setting(
                    "store_results",
                    kept,
                    format!("at least {top}, the estimated number of issues"),
                ))
            }
            Kept::Scores { .. } | Kept::Nothing => Ok(Vec::new()),
        }
    }

    /// Takes in the first pass of another inspector, over other rows of the same data.
    ///
    /// # Errors
    /// [`CoreError::Setting`] for another number of classes.
    pub fn merge_thresholds(&mut self, other: &Self) -> Result<(), CoreError> {
        self.same_classes(other)?;
        self.confidence.merge(&other.confidence);
        Ok(())
    }

    /// Takes in the second pass of another inspector, whose rows follow on the rows scored here. Both must have scored
    /// with the thresholds of all rows, as clones of the merged first pass do.
    ///
    /// # Errors
    /// [`CoreError::Setting`] for another number of classes, [`CoreError::Conflict`] for other settings.
    pub fn append_scores(&mut self, later: &Self) -> Result<(), CoreError> {
        self.same_classes(later)?;
        let offset = self.tally.n_rows();
        match (&mut self.kept, &later.kept) {
            _ if self.settings != later.settings => {
                return Err(CoreError::Conflict("`later` has other settings: both must be the same".to_owned()));
            }
            (Kept::Scores { scores, agrees }, Kept::Scores { scores: more_scores, agrees: more_agrees }) => {
                scores.extend_from_slice(more_scores);
                agrees.extend_from_slice(more_agrees);
            }
            (Kept::Worst(worst), Kept::Worst(more)) => {
                more.rows().iter().for_each(|row| worst.push(ScoredRow { row: row.row + offset, ..*row }));
            }
            _ => {}
        }
        self.tally.merge(&later.tally);
        Ok(())
    }

    fn same_classes(&self, other: &Self) -> Result<(), CoreError> {
        if self.n_classes == other.n_classes {
            return Ok(());
        }
        Err(CoreError::setting("num_class", other.n_classes, format!("{}, as of the first inspector", self.n_classes)))
    }

    fn fits(&self, labels: &Labels, pred_probs: &PredProbs) -> Result<(), CoreError> {
        if pred_probs.n_classes() != self.n_classes {
            return Err(CoreError::Shape {
                argument: "pred_probs",
                shape: format!("{} × {}", pred_probs.n_rows(), pred_probs.n_classes()),
                expected: format!("{} columns, one for each class of the inspector", self.n_classes),
            });
        }
        pred_probs.matches(labels)
    }
}

/// A mask of label issues in data that are in memory: the rows an [`Inspector`] finds worst, less those whose prediction
/// is the given label. cleanlab: `experimental.label_issues_batched.find_label_issues_batched`.
///
/// `settings.keep` has no influence.
///
/// # Errors
/// Labels that do not fit the probabilities; settings that do not go together.
pub fn find_label_issues_batched(
    labels: &Labels,
    pred_probs: &PredProbs,
    settings: InspectorSettings,
) -> Result<Vec<bool>, CoreError> {
    let mut inspector = Inspector::new(pred_probs.n_classes(), InspectorSettings { keep: Keep::Nothing, ..settings })?;
    inspector.update_confident_thresholds(labels, pred_probs)?;
    let batch = inspector.evaluate(labels, pred_probs)?;
    let mut mask = lowest_mask(&batch.scores, usize::try_from(inspector.num_issues()?).unwrap_or(usize::MAX));
    mask.iter_mut().zip(batch.agrees).for_each(|(flag, agrees)| *flag &= !agrees);
    Ok(mask)
}

#[cfg(test)]
mod tests;
