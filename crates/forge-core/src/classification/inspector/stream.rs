//! The two passes of an [`Inspector`] over data of which one block is in memory at a time.

use std::ops::Range;

use super::{Inspector, InspectorSettings};
use crate::{CoreError, Host, Labels, PredProbs, Progress};

/// Labels and probabilities that can be read again, block by block.
pub trait RowBlocks {
    /// Number of rows in all.
    fn n_rows(&self) -> usize;

    /// The labels and the n × k probabilities of some rows.
    ///
    /// # Errors
    /// Where they cannot be read or break a rule; rows in the error count from the start of the block.
    fn block(&self, rows: Range<usize>) -> Result<(Labels, PredProbs), CoreError>;
}

/// Rows in a block by default, cleanlab's `batch_size`.
pub const BATCH_SIZE: usize = 10_000;

/// Goes over all rows twice, `batch_size` of them at a time. In memory are one block and, of each row, nine bytes, or
/// what `settings.keep` says instead. The size of the blocks changes nothing.
///
/// cleanlab: `experimental.label_issues_batched.find_label_issues_batched`, whose result is
/// [`Inspector::disagreeing_issues`].
///
/// # Errors
/// [`CoreError::Empty`] without rows, [`CoreError::Setting`] for a batch size of 0, those of [`RowBlocks::block`] and of
/// the inspector, with rows counted from the start of the data.
pub fn inspect_blocks(
    data: &dyn RowBlocks,
    batch_size: usize,
    settings: InspectorSettings,
    host: &dyn Host,
) -> Result<Inspector, CoreError> {
    const STAGE: &str = "Inspecting labels in batches";
    let n_rows = data.n_rows();
    if batch_size == 0 {
        return Err(CoreError::setting("batch_size", batch_size, "at least 1"));
    }
    if n_rows == 0 {
        return Err(CoreError::Empty { argument: "labels" });
    }
    let mut inspector: Option<Inspector> = None;
    for pass in 0..2 {
        for start in (0..n_rows).step_by(batch_size) {
            if host.cancelled() {
                return Err(CoreError::Cancelled);
            }
            host.progress(Progress { stage: STAGE, done: pass * n_rows + start, total: 2 * n_rows });
            let rows = start..n_rows.min(start.saturating_add(batch_size));
            take_in(&mut inspector, data.block(rows), pass, settings).map_err(|error| further_down(error, start))?;
        }
    }
    inspector.ok_or(CoreError::Empty { argument: "labels" })
}

fn take_in(
    inspector: &mut Option<Inspector>,
    block: Result<(Labels, PredProbs), CoreError>,
    pass: usize,
    settings: InspectorSettings,
) -> Result<(), CoreError> {
    let (labels, pred_probs) = block?;
    let inspector = match inspector {
        Some(inspector) => inspector,
        None => inspector.insert(Inspector::new(pred_probs.n_classes(), settings)?),
    };
    if pass == 0 {
        inspector.update_confident_thresholds(&labels, &pred_probs)
    } else {
        inspector.score_label_quality(&labels, &pred_probs).map(drop)
    }
}

/// The same error with its row counted from the start of the data.
fn further_down(error: CoreError, start: usize) -> CoreError {
    match error {
        CoreError::Probability { row, column, value } => CoreError::Probability { row: row + start, column, value },
        CoreError::Label { row, value } => CoreError::Label { row: row + start, value },
        CoreError::LabelOutOfRange { row, label, n_classes } => {
            CoreError::LabelOutOfRange { row: row + start, label, n_classes }
        }
        other => other,
    }
}
