//! The boxes to draw over an image: what cleanlab's `summary.visualize` draws, as data.

use super::boxes::{BoundingBox, Detections, ImageBoxes, ImagePredictions};
use super::summary::AnnotatedAndPredicted;
use crate::CoreError;

/// A box to draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OverlayBox {
    /// Its left edge, in pixels.
    pub x: f64,
    /// Its upper edge, in pixels.
    pub y: f64,
    /// In pixels.
    pub width: f64,
    /// In pixels.
    pub height: f64,
    /// Its class number.
    pub class: u32,
    /// The confidence of a predicted box, in [0, 1]; none for an annotated one.
    pub confidence: Option<f64>,
}

impl OverlayBox {
    fn new(rectangle: BoundingBox, class: u32, confidence: Option<f64>) -> Self {
        let [x, y, x2, y2] = rectangle.corners();
        Self { x, y, width: x2 - x, height: y2 - y, class, confidence }
    }
}

/// The annotated boxes of an image.
pub fn annotated_overlay(image: ImageBoxes<'_>) -> Vec<OverlayBox> {
    let boxes = image.boxes.iter().zip(image.classes);
    boxes.map(|(&rectangle, &class)| OverlayBox::new(rectangle, class, None)).collect()
}

/// The predicted boxes of an image, those with a confidence above `prediction_threshold` where it is given.
///
/// # Errors
/// [`CoreError::Setting`] for a threshold that is NaN.
pub fn predicted_overlay(
    image: ImagePredictions<'_>,
    prediction_threshold: Option<f64>,
) -> Result<Vec<OverlayBox>, CoreError> {
    if let Some(threshold) = prediction_threshold.filter(|threshold| threshold.is_nan()) {
        return Err(CoreError::setting("prediction_threshold", threshold, "a confidence between 0 and 1"));
    }
    let boxes = image.boxes.iter().zip(image.classes).zip(image.probs);
    Ok(boxes
        .filter(|&(_, &prob)| prediction_threshold.is_none_or(|threshold| prob > threshold))
        .map(|((&rectangle, &class), &prob)| OverlayBox::new(rectangle, class, Some(prob)))
        .collect())
}

/// Annotated and predicted boxes of each image. cleanlab: `summary.visualize`, for all images.
///
/// # Errors
/// As [`predicted_overlay`].
pub fn overlays(
    detections: &Detections,
    prediction_threshold: Option<f64>,
) -> Result<Vec<AnnotatedAndPredicted<Vec<OverlayBox>>>, CoreError> {
    let images = detections.images();
    images
        .map(|(given, predicted)| {
            let predicted = predicted_overlay(predicted, prediction_threshold)?;
            Ok(AnnotatedAndPredicted { annotated: annotated_overlay(given), predicted })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::boxes::tests::two_images;
    use super::*;

    #[test]
    fn predictions_without_enough_confidence_are_not_drawn() {
        let drawn = overlays(&two_images(), Some(0.8)).unwrap();
        let AnnotatedAndPredicted { annotated: given, predicted } = &drawn[1];
        assert_eq!((given.len(), predicted.len()), (2, 1));
        let expected = OverlayBox { x: 20.0, y: 20.0, width: 10.0, height: 10.0, class: 1, confidence: None };
        assert_eq!(given[1], expected);
        assert_eq!(predicted[0].confidence, Some(0.9));
        assert!(overlays(&two_images(), Some(f64::NAN)).is_err());
    }
}
