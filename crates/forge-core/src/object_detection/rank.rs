//! Label quality scores of boxes and images: how likely a box was overlooked, badly placed or given the wrong class.
//! cleanlab: `object_detection.rank`.

use super::boxes::Detections;
use super::comparison::{ALPHA, ComparedImage, Comparison};
use crate::CoreError;
use crate::classification::latent::TINY;
use crate::classification::order::argsort;

/// The confidence above which a predicted box may say that an annotated one is badly placed; cleanlab's
/// `LOW_PROBABILITY_THRESHOLD`.
pub const LOW_PROBABILITY: f64 = 0.5;

/// The confidence from which a predicted box may say that one was overlooked or has the wrong class; cleanlab's
/// `HIGH_PROBABILITY_THRESHOLD`.
pub const HIGH_PROBABILITY: f64 = 0.95;

/// The temperature of the softmin over the boxes of an image; cleanlab's `TEMPERATURE`.
pub const TEMPERATURE: f64 = 0.1;

/// The overlap from which two annotated boxes mean the same object; cleanlab's `LABEL_OVERLAP_THRESHOLD`.
const SAME_OBJECT_IOU: f64 = 0.95;

/// The least temperature.
const COLDEST: f64 = 1e-6;

/// Whether two annotations of one object with different classes are an issue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OverlapCheck {
    /// Boxes that overlap almost wholly and have different classes get the lowest swap score.
    #[default]
    Penalize,
    /// They are scored like all others.
    Ignore,
}

/// How much each kind of score counts in the score of an image; cleanlab's `aggregation_weights`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AggregationWeights {
    /// Weight of overlooked boxes, default ⅓.
    pub overlooked: f64,
    /// Weight of badly placed boxes, default ⅓.
    pub badloc: f64,
    /// Weight of swapped classes, default ⅓.
    pub swap: f64,
}

impl Default for AggregationWeights {
    fn default() -> Self {
        Self { overlooked: 1.0 / 3.0, badloc: 1.0 / 3.0, swap: 1.0 / 3.0 }
    }
}

impl AggregationWeights {
    /// Checks that no weight is negative and that they sum to one.
    /// cleanlab: `internal.object_detection_utils.assert_valid_aggregation_weights`.
    ///
    /// # Errors
    /// [`CoreError::Setting`] with the weights.
    pub fn validate(&self) -> Result<(), CoreError> {
        let weights = [self.overlooked, self.badloc, self.swap];
        let sum: f64 = weights.iter().sum();
        if weights.iter().all(|&weight| weight >= 0.0) && (sum - 1.0).abs() <= 1e-8 + 1e-5 {
            Ok(())
        } else {
            let value = format!("overlooked {}, badloc {}, swap {}", self.overlooked, self.badloc, self.swap);
            Err(CoreError::setting("aggregation_weights", value, "weights that are not negative and sum to 1"))
        }
    }
}

/// One score per image in [0, 1], low where the annotations are likely wrong: the weighted geometric mean of the pooled
/// scores of its boxes. cleanlab: `rank.get_label_quality_scores`.
///
/// # Errors
/// [`AggregationWeights::validate`].
pub fn get_label_quality_scores(
    detections: &Detections,
    weights: &AggregationWeights,
    overlap_check: OverlapCheck,
) -> Result<Vec<f64>, CoreError> {
    weights.validate()?;
    let comparison = Comparison::new(detections, ALPHA)?;
    let nothing_alike = comparison.min_possible_similarity();
    let mut scores = Vec::new();
    Ok(comparison
        .images()
        .map(|image| {
            let mut pooled = |weight: f64, box_scores: &mut dyn Iterator<Item = f64>| {
                scores.clear();
                scores.extend(box_scores);
                weight * libm::log(TINY + softmin(&scores, TEMPERATURE))
            };
            let overlooked = pooled(weights.overlooked, &mut overlooked_scores(image, HIGH_PROBABILITY, nothing_alike));
            let badloc = pooled(weights.badloc, &mut badloc_scores(image, LOW_PROBABILITY));
            let swap = SwapRule { high_probability: HIGH_PROBABILITY, nothing_alike, overlap_check };
            let swap = pooled(weights.swap, &mut swap_scores(image, swap));
            libm::exp(overlooked + badloc + swap)
        })
        .collect())
}

/// Images whose score is at most `threshold` (default 0.1), the lowest first. cleanlab: `rank.issues_from_scores`.
///
/// # Errors
/// [`CoreError::Setting`] for a `threshold` above 1.
pub fn issues_from_scores(label_quality_scores: &[f64], threshold: f64) -> Result<Vec<usize>, CoreError> {
    if threshold.is_nan() || threshold > 1.0 {
        return Err(CoreError::setting("threshold", threshold, "at most 1, as the scores"));
    }
    let order = argsort(label_quality_scores).into_iter().map(|image| image as usize);
    Ok(order.filter(|&image| label_quality_scores[image] <= threshold).collect())
}

/// For each image one score per predicted box: low where the box is confident and nothing like it is annotated; NaN where
/// its confidence is below `high_probability_threshold` (default [`HIGH_PROBABILITY`]) or it overlaps an annotated box.
/// cleanlab: `rank.compute_overlooked_box_scores`.
///
/// # Errors
/// [`CoreError::Setting`] for a threshold that is NaN.
pub fn compute_overlooked_box_scores(
    comparison: &Comparison<'_>,
    high_probability_threshold: f64,
) -> Result<Vec<Vec<f64>>, CoreError> {
    not_nan("high_probability_threshold", high_probability_threshold)?;
    let nothing_alike = comparison.min_possible_similarity();
    Ok(comparison
        .images()
        .map(|image| overlooked_scores(image, high_probability_threshold, nothing_alike).collect())
        .collect())
}

/// For each image one score per annotated box: the similarity of the most similar overlapping prediction of its class
/// above `low_probability_threshold` (default [`LOW_PROBABILITY`]), 1 where there is none.
/// cleanlab: `rank.compute_badloc_box_scores`.
///
/// # Errors
/// [`CoreError::Setting`] for a threshold that is NaN.
pub fn compute_badloc_box_scores(
    comparison: &Comparison<'_>,
    low_probability_threshold: f64,
) -> Result<Vec<Vec<f64>>, CoreError> {
    not_nan("low_probability_threshold", low_probability_threshold)?;
    Ok(comparison.images().map(|image| badloc_scores(image, low_probability_threshold).collect()).collect())
}

/// For each image one score per annotated box: low where a prediction of another class above
/// `high_probability_threshold` (default [`HIGH_PROBABILITY`]) is similar to it; 1 where there is no such prediction.
/// cleanlab: `rank.compute_swap_box_scores`.
///
/// # Errors
/// [`CoreError::Setting`] for a threshold that is NaN.
pub fn compute_swap_box_scores(
    comparison: &Comparison<'_>,
    high_probability_threshold: f64,
    overlap_check: OverlapCheck,
) -> Result<Vec<Vec<f64>>, CoreError> {
    not_nan("high_probability_threshold", high_probability_threshold)?;
    let nothing_alike = comparison.min_possible_similarity();
    let rule = SwapRule { high_probability: high_probability_threshold, nothing_alike, overlap_check };
    Ok(comparison.images().map(|image| swap_scores(image, rule).collect()).collect())
}

/// One score per image from those of its boxes, by softmin; NaN counts as no box, and an image without boxes gets 1.
/// The lower `temperature` (default [`TEMPERATURE`]), the nearer the minimum. cleanlab: `rank.pool_box_scores_per_image`.
///
/// # Errors
/// [`CoreError::Setting`] for a negative temperature or NaN.
pub fn pool_box_scores_per_image(box_scores: &[Vec<f64>], temperature: f64) -> Result<Vec<f64>, CoreError> {
    if temperature.is_nan() || temperature < 0.0 {
        return Err(CoreError::setting("temperature", temperature, "0 or more"));
    }
    Ok(box_scores.iter().map(|scores| softmin(scores, temperature)).collect())
}

fn not_nan(setting: &str, value: f64) -> Result<(), CoreError> {
    if value.is_nan() { Err(CoreError::setting(setting, value, "a confidence between 0 and 1")) } else { Ok(()) }
}

fn softmin(scores: &[f64], temperature: f64) -> f64 {
    let temperature = temperature.max(COLDEST);
    let valid = || scores.iter().copied().filter(|score| !score.is_nan());
    let Some(lowest) = valid().reduce(f64::min) else { return 1.0 };
    let (mut weights, mut weighted) = (0.0, 0.0);
    for score in valid() {
        let weight = libm::exp(lowest / temperature - score / temperature);
        weights += weight;
        weighted += weight * score;
    }
    weighted / weights
}

/// The scores of the predicted boxes of an image.
pub(super) fn overlooked_scores(
    image: ComparedImage<'_>,
    high_probability: f64,
    nothing_alike: f64,
) -> impl Iterator<Item = f64> {
    image.predicted.probs.iter().zip(image.predicted.classes).enumerate().map(move |(prediction, (&prob, &class))| {
        if prob < high_probability {
            return f64::NAN;
        }
        let mut most_similar = None;
        for pair in image.with_prediction(prediction) {
            if pair.iou > 0.0 {
                return f64::NAN;
            }
            if pair.class == class {
                most_similar = Some(most_similar.map_or(pair.similarity, |best: f64| best.max(pair.similarity)));
            }
        }
        most_similar.unwrap_or(nothing_alike * (1.0 - prob))
    })
}

/// The scores of the annotated boxes of an image.
pub(super) fn badloc_scores(image: ComparedImage<'_>, low_probability: f64) -> impl Iterator<Item = f64> {
    image.given.classes.iter().enumerate().map(move |(label, &class)| {
        image
            .with_label(label)
            .filter(|pair| pair.predicted_class == class && pair.prob > low_probability && pair.iou > 0.0)
            .map(|pair| pair.similarity)
            .reduce(f64::max)
            .unwrap_or(1.0)
    })
}

/// What swap scores are made by.
#[derive(Clone, Copy, Debug)]
pub(super) struct SwapRule {
    pub(super) high_probability: f64,
    pub(super) nothing_alike: f64,
    pub(super) overlap_check: OverlapCheck,
}

/// The scores of the annotated boxes of an image.
pub(super) fn swap_scores(image: ComparedImage<'_>, rule: SwapRule) -> impl Iterator<Item = f64> {
    image.given.classes.iter().enumerate().map(move |(label, &class)| {
        if rule.overlap_check == OverlapCheck::Penalize && has_double(image, label) {
            return rule.nothing_alike;
        }
        image
            .with_label(label)
            .filter(|pair| pair.predicted_class != class && pair.prob > rule.high_probability)
            .map(|pair| pair.similarity)
            .reduce(f64::max)
            .map_or(1.0, |similarity| rule.nothing_alike.max(1.0 - similarity))
    })
}

/// Whether another annotation of another class means the same object. cleanlab: `rank._has_overlap`.
fn has_double(image: ComparedImage<'_>, label: usize) -> bool {
    let (boxes, classes) = (image.given.boxes, image.given.classes);
    let mut others = boxes.iter().zip(classes);
    others.any(|(&other, &class)| class != classes[label] && boxes[label].iou(other) >= SAME_OBJECT_IOU)
}

#[cfg(test)]
mod tests {
    use super::super::boxes::tests::two_images;
    use super::super::boxes::{Annotations, ImageAnnotations, Predictions};
    use super::*;

    #[test]
    fn a_confident_box_without_annotation_lowers_the_score_of_its_image() {
        let scores = get_label_quality_scores(&two_images(), &AggregationWeights::default(), OverlapCheck::Penalize);
        let scores = scores.unwrap();
        assert!(scores[0] < 0.1 && scores[1] > 0.9, "{scores:?}");
        assert_eq!(issues_from_scores(&scores, 0.1).unwrap(), [0]);
    }

    #[test]
    fn one_object_with_two_classes_gets_the_lowest_swap_score_only_when_checked() {
        let twice = ImageAnnotations { bboxes: vec![[0.0, 0.0, 9.0, 9.0]; 2], labels: vec![0, 1] };
        let annotations = Annotations::new(&[twice]).unwrap();
        let predictions = Predictions::new(&[vec![vec![[0.0, 0.0, 9.0, 8.0, 0.6]], vec![]]]).unwrap();
        let detections = Detections::new(annotations, predictions).unwrap();
        let comparison = Comparison::new(&detections, ALPHA).unwrap();
        let lowest = comparison.min_possible_similarity();
        let swap = |check| compute_swap_box_scores(&comparison, HIGH_PROBABILITY, check).unwrap();
        assert_eq!(swap(OverlapCheck::Penalize), [[lowest, lowest]]);
        assert_eq!(swap(OverlapCheck::Ignore), [[1.0, 1.0]]);
    }

    #[test]
    fn pooling_leaves_out_nan_and_lies_between_minimum_and_mean() {
        let pooled = pool_box_scores_per_image(&[vec![0.2, f64::NAN, 0.8], vec![f64::NAN], vec![]], 0.1).unwrap();
        assert!(pooled[0] > 0.2 && pooled[0] < 0.5);
        assert_eq!(pooled[1..], [1.0, 1.0]);
        assert!((pool_box_scores_per_image(&[vec![0.2, 0.8]], 0.0).unwrap()[0] - 0.2).abs() < 1e-12);
    }

    #[test]
    fn settings_outside_their_range_are_refused() {
        assert!(issues_from_scores(&[0.5], 1.5).is_err());
        assert!(pool_box_scores_per_image(&[], -1.0).is_err());
        assert!(AggregationWeights { overlooked: 0.9, badloc: 0.9, swap: 0.9 }.validate().is_err());
        assert!(AggregationWeights { overlooked: 1.5, badloc: -0.5, swap: 0.0 }.validate().is_err());
        assert!(AggregationWeights { overlooked: f64::NAN, ..Default::default() }.validate().is_err());
    }
}
