//! `segmentation` on images of labelled pixels, n × h × w labels and n × k × h × w probabilities.

use anyhow::Result;
use forge_core::CoreError;
use forge_core::segmentation::{SegmentationData, filter as pixel_filter, rank as image_rank};
use ndarray::{Array3, Ix3};

use crate::{Arrays, Stopwatch};

/// Calls `algorithm` on the images; checking them is part of the call.
fn call<T>(
    given: &mut Arrays,
    stopwatch: &mut Stopwatch<'_>,
    algorithm: impl FnOnce(&SegmentationData) -> Result<T, CoreError>,
) -> Result<T> {
    let (shape, labels) = given.count_array("labels")?;
    let labels: Array3<u32> = ndarray::ArrayD::from_shape_vec(shape, labels)?.into_dimensionality::<Ix3>()?;
    let pred_probs = given.array("pred_probs")?;
    Ok(stopwatch.time_on(|| SegmentationData::new(labels, pred_probs), algorithm)?)
}

pub(super) fn filter(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let mask = call(given, stopwatch, |data| pixel_filter::find_label_issues(data, 1))?;
    Ok(Arrays::default().with_flags("mask", mask))
}

pub(super) fn rank(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let scores =
        call(given, stopwatch, |data| image_rank::get_label_quality_scores(data, image_rank::ImageScore::default()))?;
    Ok(Arrays::default().with_floats("images", scores.images))
}
