//! `object_detection` on images with annotated and with detected boxes.

use anyhow::{Context, Result};
use forge_core::CoreError;
use forge_core::object_detection::rank::{AggregationWeights, OverlapCheck};
use forge_core::object_detection::{
    Annotations, Detections, ImageAnnotations, Predictions, filter as image_filter, rank as image_rank,
};
use ndarray::{Array2, ArrayView1};

use crate::{Arrays, Stopwatch};

/// Calls `algorithm` on the images; checking them is part of the call.
fn call<T>(
    given: &mut Arrays,
    stopwatch: &mut Stopwatch<'_>,
    algorithm: impl FnOnce(&Detections) -> Result<T, CoreError>,
) -> Result<T> {
    let (annotations, predictions) = (annotations(given)?, predictions(given)?);
    Ok(stopwatch
        .time(|| algorithm(&Detections::new(Annotations::new(&annotations)?, Predictions::new(&predictions)?)?))?)
}

fn annotations(given: &mut Arrays) -> Result<Vec<ImageAnnotations>> {
    let (boxes, classes): (Array2<f64>, _) = (given.array("boxes")?, given.counts("labels")?);
    let mut boxes = boxes.rows().into_iter().zip(classes);
    let image = |count: u32| {
        let (bboxes, labels) =
            boxes.by_ref().take(count as usize).map(|(corners, class)| (fixed(corners), class)).unzip();
        ImageAnnotations { bboxes, labels }
    };
    Ok(given.counts("counts")?.into_iter().map(image).collect())
}

/// Per image, per class: the detections, each two corners and a probability.
fn predictions(given: &mut Arrays) -> Result<Vec<Vec<Vec<[f64; 5]>>>> {
    let (shape, counts) = given.count_array("detection_counts")?;
    let n_classes = *shape.get(1).filter(|&&n| n > 0).context("`detection_counts` is no table")?;
    let detections: Array2<f64> = given.array("detections")?;
    let mut detections = detections.rows().into_iter();
    let mut class = |&count: &u32| detections.by_ref().take(count as usize).map(fixed).collect();
    Ok(counts.chunks(n_classes).map(|image| image.iter().map(&mut class).collect()).collect())
}

fn fixed<const N: usize>(row: ArrayView1<'_, f64>) -> [f64; N] {
    std::array::from_fn(|column| row.get(column).copied().unwrap_or(f64::NAN))
}

pub(super) fn filter(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let mask = call(given, stopwatch, |images| image_filter::find_label_issues(images, OverlapCheck::default()))?;
    Ok(Arrays::default().with_flags("mask", mask))
}

pub(super) fn rank(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let scores = call(given, stopwatch, |images| {
        image_rank::get_label_quality_scores(images, &AggregationWeights::default(), OverlapCheck::default())
    })?;
    Ok(Arrays::default().with_floats("scores", scores))
}
