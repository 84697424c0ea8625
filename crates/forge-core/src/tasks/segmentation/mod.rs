//! Wrong masks of pictures: pixels whose label a model contradicts.

mod report;
mod runs;

use forge_data::ImageSet;
use forge_learn::Host;

use super::pictures::chosen;
use super::setting::{Settings, settings};
use super::task::{TaskData, TaskReport};
use crate::CoreError;
pub use report::{MaskCorruption, MaskCorruptionKind, MaskCorruptionReport, SegmentationDetail, SegmentationPicture};
pub use runs::PixelRuns;

settings! {
    /// The settings of the search for wrong masks.
    pub struct SegmentationConfig {
        /// Pictures used at most, those with masks first; empty for all.
        max_images "Pictures at most": Option<usize> = Some(8), 1 to 200;
        /// Probability that the label of a pixel must fall short of for the pixel to be an issue.
        score_threshold "Score": f64 = 0.3, 0 to 1;
        /// Probability from which a pixel is predicted to be in the mask.
        mask_threshold "Predicted from": f64 = 0.6, 0 to 1;
        /// Share of the pictures whose masks are made wrong on purpose, to see how many are found again.
        corrupt_frac "Pictures made wrong": f64 = 0.0, 0 to 1;
        /// Issues listed at most.
        max_issues "Issues listed": usize = 200, 0 to 1_000_000;
        /// Seed of every random choice.
        seed "Seed": u64 = 42;
    }
}

impl SegmentationConfig {
    /// The pictures that take part, ascending: those that a face shows to a model.
    pub fn chosen(&self, set: &ImageSet) -> Vec<usize> {
        chosen(set, |picture| set.masks.get(picture).is_some_and(Option::is_some), self.max_images)
    }
}

/// Runs the task.
///
/// # Errors
/// A setting outside its range, data without masks, or [`CoreError::Cancelled`].
pub(super) fn run(config: &SegmentationConfig, data: TaskData<'_>, _host: &dyn Host) -> Result<TaskReport, CoreError> {
    config.check_ranges()?;
    let _pictures = data.pictures("segmentation")?;
    Err(CoreError::Unusable("in the making".to_owned()))
}
