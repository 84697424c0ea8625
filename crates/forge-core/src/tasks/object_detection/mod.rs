//! Wrong boxes around objects in pictures: objects that were overlooked, boxes beside their object, boxes of the wrong class.
//!
//! Annotated boxes are compared with those that a model predicts. cleanlab's label quality scores (Tkachenko, Thyagarajan and
//! Mueller, 2023, "`ObjectLab`: automated diagnosis of mislabeled images in object detection data") are taken of each box;
//! `judge.rs` says which boxes are issues and why cleanlab's thresholds are not used. The score of a picture is cleanlab's: the
//! softmin over the boxes for each kind of issue, and the geometric mean of the three.

mod average_precision;
mod classes;
mod corruption;
mod findings;
mod judge;
mod report;
mod subjects;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use forge_data::ImageSet;
use forge_learn::Host;

use super::clock::Clock;
use super::experiment::{FIND, PREPARE, stage};
use super::pictures::{PictureChecks, PicturePrediction, annotated_as, chosen};
use super::setting::{SettingKind, SettingType, Settings, settings};
use super::task::{TaskConfig, TaskData, TaskDetail, TaskReport};
use crate::{CoreError, VERSION};
pub use report::{
    BoxCorruption, BoxCorruptionKind, BoxCorruptionReport, BoxIssue, BoxIssueCounts, BoxIssueKind, ClassPrecision,
    DetectionPicture, GivenBox, ObjectDetectionDetail,
};
use subjects::Subjects;

const CHECK: &str = "Checking the pictures";

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
        /// Share of the pictures with boxes of which one is made wrong on purpose, to see how many are found again.
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
/// A setting outside its range, data without annotated boxes or of which no class is predicted, or
/// [`CoreError::Cancelled`].
pub(super) fn run(
    config: &ObjectDetectionConfig,
    data: TaskData<'_>,
    host: &dyn Host,
) -> Result<TaskReport, CoreError> {
    config.check_ranges()?;
    let data = data.pictures("object_detection")?;
    let Some(boxes) = &data.set.boxes else {
        return Err(CoreError::Unusable(
            "There are no annotated boxes among the files: COCO JSON, Pascal VOC, YOLO and Penn-Fudan are read."
                .to_owned(),
        ));
    };
    if data.set.images.is_empty() {
        return Err(CoreError::Unusable("There is no picture among the files.".to_owned()));
    }
    let mut clock = Clock::new(host);
    let mut warnings = data.set.warnings.clone();
    warnings.extend(boxes.warnings.iter().cloned());
    let annotations = &boxes.annotations;
    let mut subjects = Subjects::of(config, data, annotations)?;
    warnings.append(&mut subjects.warnings);
    clock.lap(PREPARE);

    let found = stage(FIND, host, || findings::find(config, subjects, (annotations, data.classes), host))?;
    clock.lap(FIND);

    let known = |picture: u32| Some((picture, data.predictions.get(picture as usize)?.as_ref()?));
    let mut seen: Vec<(u32, &PicturePrediction)> =
        found.detail.pictures.iter().filter_map(|shown| known(shown.picture)).collect();
    seen.sort_unstable_by_key(|&(picture, _)| picture);
    let detail = ObjectDetectionDetail { checks: PictureChecks::of(&seen, host)?, ..found.detail };
    clock.lap(CHECK);
    Ok(TaskReport {
        task: "object_detection".to_owned(),
        model: None,
        target: vec!["boxes".to_owned()],
        classes: annotations.classes.clone(),
        features: Vec::new(),
        n_rows: detail.pictures.len(),
        n_train: 0,
        n_test: 0,
        primary_metric: None,
        variants: Vec::new(),
        n_issues: found.n_issues,
        issues: found.issues,
        noise: found.noise,
        detail: TaskDetail::ObjectDetection(Box::new(detail)),
        warnings,
        timings: clock.laps,
        config: TaskConfig::ObjectDetection(config.clone()),
        seed: config.seed,
        version: VERSION.to_owned(),
    })
}
