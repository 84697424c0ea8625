//! Wrong boxes around objects in pictures: objects that were overlooked, boxes beside their object, boxes of the wrong class.

mod report;

use std::collections::BTreeMap;

use forge_data::ImageSet;
use forge_learn::Host;

use super::pictures::{annotated_as, chosen};
use super::setting::{SettingKind, SettingType, Settings, settings};
use super::task::{TaskData, TaskReport};
use crate::CoreError;
pub use report::{
    BoxCorruption, BoxCorruptionKind, BoxCorruptionReport, BoxIssue, BoxIssueCounts, BoxIssueKind, ClassPrecision,
    DetectionPicture, GivenBox, ObjectDetectionDetail,
};

impl SettingType for BTreeMap<String, String> {
    fn kind() -> SettingKind {
        SettingKind::Structure
    }
}

settings! {
    /// The settings of the search for wrong boxes.
    pub struct ObjectDetectionConfig {
        /// Pictures used at most, those with annotations first; empty for all.
        max_images "Pictures at most": Option<usize> = Some(8), 1 to 200;
        /// Score from which a predicted box counts.
        score_threshold "Score": f64 = 0.3, 0 to 1;
        /// Share of the pictures whose boxes are made wrong on purpose, to see how many are found again.
        corrupt_frac "Pictures made wrong": f64 = 0.0, 0 to 1;
        /// The class of the model that stands for an annotated class, where the names do not tell.
        class_map "Classes": BTreeMap<String, String> = BTreeMap::new();
        /// Issues listed at most.
        max_issues "Issues listed": usize = 200, 0 to 1_000_000;
        /// Seed of every random choice.
        seed "Seed": u64 = 42;
    }
}

impl ObjectDetectionConfig {
    /// The pictures that take part, ascending: those that a face shows to a model.
    pub fn chosen(&self, set: &ImageSet) -> Vec<usize> {
        let images = annotated_as(set);
        chosen(set, |picture| images[picture].is_some(), self.max_images)
    }
}

/// Runs the task.
///
/// # Errors
/// A setting outside its range, data without annotated boxes, or [`CoreError::Cancelled`].
pub(super) fn run(
    config: &ObjectDetectionConfig,
    data: TaskData<'_>,
    _host: &dyn Host,
) -> Result<TaskReport, CoreError> {
    config.check_ranges()?;
    let _pictures = data.pictures("object_detection")?;
    Err(CoreError::Unusable("in the making".to_owned()))
}
