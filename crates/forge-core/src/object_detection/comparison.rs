//! How alike each annotated and each predicted box of an image are: what all three box scores are read from.

use super::boxes::{Detections, ImageBoxes, ImagePredictions};
use crate::CoreError;

/// cleanlab's weight of the overlap against the distance of centres, `ALPHA`.
pub const ALPHA: f64 = 0.9;

/// Overlap and similarity of every annotated with every predicted box, image by image.
///
/// The similarity is α · overlap + (1 − α) · exp(−0.1 · distance of centres). Made once and used for all scores; cleanlab's
/// `auxiliary_inputs`.
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    detections: &'a Detections,
    /// Overlap (intersection over union), image after image, within an image annotated box after annotated box.
    iou: Vec<f64>,
    /// Similarity, in the same order.
    similarity: Vec<f64>,
    min_possible_similarity: f64,
}

impl<'a> Comparison<'a> {
    /// Compares the boxes of each image; `alpha` in [0, 1], default [`ALPHA`].
    /// cleanlab: `rank._get_valid_inputs_for_compute_scores`.
    ///
    /// # Errors
    /// [`CoreError::Setting`] for an `alpha` outside [0, 1].
    pub fn new(detections: &'a Detections, alpha: f64) -> Result<Self, CoreError> {
        if !(0.0..=1.0).contains(&alpha) {
            return Err(CoreError::setting("alpha", alpha, "a weight between 0 and 1"));
        }
        let n_pairs = detections.images().map(|(given, predicted)| given.boxes.len() * predicted.boxes.len()).sum();
        let (mut ious, mut similarities) = (Vec::with_capacity(n_pairs), Vec::with_capacity(n_pairs));
        let mut min_possible_similarity = 1.0_f64;
        for (given, predicted) in detections.images() {
            for &label in given.boxes {
                for &prediction in predicted.boxes {
                    let iou = label.iou(prediction);
                    // Through 1 − distance as in cleanlab: a closeness below 1e-16 is none.
                    let distance = 1.0 - label.closeness(prediction);
                    let similarity = iou * alpha + (1.0 - alpha) * (1.0 - distance);
                    if similarity != 0.0 {
                        min_possible_similarity = min_possible_similarity.min(similarity);
                    }
                    ious.push(iou);
                    similarities.push(similarity);
                }
            }
        }
        Ok(Self { detections, iou: ious, similarity: similarities, min_possible_similarity })
    }

    /// The smallest similarity above 0 in all images; 1 where there is none. It stands for "nothing alike".
    /// cleanlab: `rank._get_min_possible_similarity`.
    pub fn min_possible_similarity(&self) -> f64 {
        self.min_possible_similarity
    }

    /// Number of images.
    pub fn n_images(&self) -> usize {
        self.detections.n_images()
    }

    /// The images, in order.
    pub(super) fn images(&self) -> impl Iterator<Item = ComparedImage<'_>> {
        let mut start = 0;
        self.detections.images().map(move |(given, predicted)| {
            let pairs = start..start + given.boxes.len() * predicted.boxes.len();
            start = pairs.end;
            let (iou, similarity) = (&self.iou[pairs.clone()], &self.similarity[pairs]);
            ComparedImage { given, predicted, iou, similarity }
        })
    }
}

/// The boxes of one image with their overlaps and similarities.
#[derive(Clone, Copy, Debug)]
pub(super) struct ComparedImage<'a> {
    pub(super) given: ImageBoxes<'a>,
    pub(super) predicted: ImagePredictions<'a>,
    iou: &'a [f64],
    similarity: &'a [f64],
}

/// One annotated and one predicted box of an image.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) class: u32,
    pub(super) predicted_class: u32,
    pub(super) prob: f64,
    pub(super) iou: f64,
    pub(super) similarity: f64,
}

impl<'a> ComparedImage<'a> {
    /// An annotated box with each predicted box.
    pub(super) fn with_label(self, label: usize) -> impl Iterator<Item = Pair> + use<'a> {
        (0..self.predicted.boxes.len()).map(move |prediction| self.pair(label, prediction))
    }

    /// A predicted box with each annotated box.
    pub(super) fn with_prediction(self, prediction: usize) -> impl Iterator<Item = Pair> + use<'a> {
        (0..self.given.boxes.len()).map(move |label| self.pair(label, prediction))
    }

    fn pair(self, label: usize, prediction: usize) -> Pair {
        let place = label * self.predicted.boxes.len() + prediction;
        Pair {
            class: self.given.classes[label],
            predicted_class: self.predicted.classes[prediction],
            prob: self.predicted.probs[prediction],
            iou: self.iou[place],
            similarity: self.similarity[place],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::boxes::tests::two_images;
    use super::*;

    #[test]
    fn the_least_similarity_is_that_of_the_boxes_farthest_apart() {
        let detections = two_images();
        let comparison = Comparison::new(&detections, ALPHA).unwrap();
        let all: Vec<f64> = comparison.images().flat_map(|image| image.similarity.to_vec()).collect();
        assert_eq!(all.len(), 2 + 4);
        assert_eq!(comparison.min_possible_similarity(), all.iter().copied().fold(1.0, f64::min));
        assert!((all[0] - (0.9 * 0.9 + 0.1 * libm::exp(-0.05))).abs() < 1e-12);
    }

    #[test]
    fn a_weight_outside_the_unit_interval_is_refused() {
        assert!(Comparison::new(&two_images(), 1.5).is_err());
        assert!(Comparison::new(&two_images(), f64::NAN).is_err());
    }
}
