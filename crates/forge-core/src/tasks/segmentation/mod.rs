//! Wrong masks of pictures: pixels whose label a model contradicts.
//!
//! A pixel is in the mask or not, and a model gives the probability that it is. Scores and issues are cleanlab's (Lad and Mueller,
//! 2023, "Estimating label quality and errors in semantic segmentation data via any model"): a picture is scored by the softmin
//! over its pixels, and of all pixels those with the least probability of their label are issues, as many as confident learning
//! estimates. A pixel may be an issue only where that probability is below `score_threshold`, for a model of coarse outline doubts
//! every border a little. Pictures are expanded from grids of log odds one after the other, so that no more than a few are ever at
//! hand.

mod corruption;
mod findings;
mod lowest;
mod report;
mod runs;
mod subjects;
#[cfg(test)]
mod tests;

use forge_data::ImageSet;
use forge_learn::Host;

use super::clock::Clock;
use super::experiment::{FIND, PREPARE};
use super::pictures::{PictureChecks, PicturePrediction, chosen};
use super::setting::{Settings, settings};
use super::task::{TaskConfig, TaskData, TaskDetail, TaskReport};
use crate::{CoreError, VERSION};
pub use report::{MaskCorruption, MaskCorruptionKind, MaskCorruptionReport, SegmentationDetail, SegmentationPicture};
pub use runs::PixelRuns;
use subjects::Subjects;

const CHECK: &str = "Checking the pictures";

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
pub(super) fn run(config: &SegmentationConfig, data: TaskData<'_>, host: &dyn Host) -> Result<TaskReport, CoreError> {
    config.check_ranges()?;
    let data = data.pictures("segmentation")?;
    if !data.set.masks.iter().any(Option::is_some) {
        return Err(CoreError::Unusable(
            "There is no mask among the files: a mask is a PNG of the size and name of its picture, in a folder of masks."
                .to_owned(),
        ));
    }
    let mut clock = Clock::new(host);
    let mut warnings = data.set.warnings.clone();
    let mut subjects = Subjects::of(config, data, host)?;
    warnings.append(&mut subjects.warnings);
    clock.lap(PREPARE);

    let found = findings::find(config, subjects, host)?;
    clock.lap(FIND);

    let known = |picture: u32| Some((picture, data.predictions.get(picture as usize)?.as_ref()?));
    let mut seen: Vec<(u32, &PicturePrediction)> =
        found.detail.pictures.iter().filter_map(|shown| known(shown.picture)).collect();
    seen.sort_unstable_by_key(|&(picture, _)| picture);
    let detail = SegmentationDetail { checks: PictureChecks::of(&seen, host)?, ..found.detail };
    clock.lap(CHECK);
    Ok(TaskReport {
        task: "segmentation".to_owned(),
        model: None,
        target: vec!["masks".to_owned()],
        classes: vec!["outside".to_owned(), "inside".to_owned()],
        features: Vec::new(),
        n_rows: detail.pictures.len(),
        n_train: 0,
        n_test: 0,
        primary_metric: None,
        variants: Vec::new(),
        n_issues: detail.n_flagged,
        issues: found.issues,
        noise: found.noise,
        detail: TaskDetail::Segmentation(Box::new(detail)),
        warnings,
        timings: clock.laps,
        config: TaskConfig::Segmentation(config.clone()),
        seed: config.seed,
        version: VERSION.to_owned(),
    })
}
