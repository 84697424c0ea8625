//! Numbers about a detection data set: boxes per image, box sizes, classes, and how well the model finds each class.
//! cleanlab: `object_detection.summary`.

use super::boxes::{BoundingBox, Detections};
use super::matching::{Thresholds, match_classes};
use crate::by_number;

/// Keeps the share of a class finite where there is no box; cleanlab's `EPSILON`.
const EPSILON: f64 = 1e-6;

/// The same for the annotated and for the predicted boxes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnnotatedAndPredicted<T> {
    /// For the annotated boxes.
    pub annotated: T,
    /// For the predicted boxes.
    pub predicted: T,
}

/// In which order the classes of a table come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClassOrder {
    /// As they first occur.
    #[default]
    Occurrence,
    /// The class with most boxes first.
    MostBoxes,
}

/// The number of boxes in each image. cleanlab: `summary.object_counts_per_image`.
pub fn object_counts_per_image(detections: &Detections) -> AnnotatedAndPredicted<Vec<usize>> {
    AnnotatedAndPredicted {
        annotated: detections.annotations().images().map(|image| image.boxes.len()).collect(),
        predicted: detections.predictions().images().map(|image| image.boxes.len()).collect(),
    }
}

/// Image and number of boxes, most boxes first. cleanlab: `summary.get_sorted_bbox_count_idxs`.
pub fn get_sorted_bbox_count_idxs(detections: &Detections) -> AnnotatedAndPredicted<Vec<(usize, usize)>> {
    let sorted = |counts: Vec<usize>| {
        let mut images: Vec<(usize, usize)> = counts.into_iter().enumerate().collect();
        by_number::sort(&mut images, |&(_, count)| -(count as f64));
        images
    };
    let counts = object_counts_per_image(detections);
    AnnotatedAndPredicted { annotated: sorted(counts.annotated), predicted: sorted(counts.predicted) }
}

/// The areas of the boxes of each class, in square pixels. cleanlab: `summary.bounding_box_size_distribution`.
pub fn bounding_box_size_distribution(
    detections: &Detections,
    order: ClassOrder,
) -> AnnotatedAndPredicted<Vec<(u32, Vec<f64>)>> {
    by_class(detections, |boxes| {
        let mut sizes: ByClass<Vec<f64>> = ByClass::default();
        boxes.for_each(|(class, rectangle)| sizes.of(class).push(rectangle.area()));
        if order == ClassOrder::MostBoxes {
            by_number::sort(&mut sizes.0, |(_, areas)| -(areas.len() as f64));
        }
        sizes.0
    })
}

/// The share of each class among the boxes, rounded to two decimals. cleanlab: `summary.class_label_distribution`.
pub fn class_label_distribution(detections: &Detections) -> AnnotatedAndPredicted<Vec<(u32, f64)>> {
    by_class(detections, |boxes| {
        let mut counts: ByClass<usize> = ByClass::default();
        boxes.for_each(|(class, _)| *counts.of(class) += 1);
        let total = counts.0.iter().map(|&(_, count)| count).sum::<usize>() as f64 + EPSILON;
        counts.0.into_iter().map(|(class, count)| (class, two_decimals(count as f64 / total))).collect()
    })
}

/// Applies `summarize` to the annotated and to the predicted boxes, each with its class.
fn by_class<T>(
    detections: &Detections,
    summarize: impl Fn(&mut dyn Iterator<Item = (u32, BoundingBox)>) -> T,
) -> AnnotatedAndPredicted<T> {
    let pairs = |(&class, &rectangle): (&u32, &BoundingBox)| (class, rectangle);
    let given = detections.annotations().images();
    let predicted = detections.predictions().images();
    AnnotatedAndPredicted {
        annotated: summarize(&mut given.flat_map(|image| image.classes.iter().zip(image.boxes)).map(pairs)),
        predicted: summarize(&mut predicted.flat_map(|image| image.classes.iter().zip(image.boxes)).map(pairs)),
    }
}

/// A value for each class, in order of first occurrence.
#[derive(Default)]
struct ByClass<T>(Vec<(u32, T)>);

impl<T: Default> ByClass<T> {
    fn of(&mut self, class: u32) -> &mut T {
        let place = self.0.iter().position(|&(known, _)| known == class).unwrap_or(self.0.len());
        if place == self.0.len() {
            self.0.push((class, T::default()));
        }
        &mut self.0[place].1
    }
}

/// Python's `round(value, 2)`: by the exact decimal value.
fn two_decimals(value: f64) -> f64 {
    format!("{value:.2}").parse().unwrap_or(value)
}

/// Counts of a class, averaged over overlap thresholds and, as in cleanlab, divided by the number of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ClassConfusion {
    /// Predictions that find an annotated box.
    pub true_positives: f32,
    /// Predictions that find none.
    pub false_positives: f32,
    /// Annotated boxes that no prediction finds.
    pub false_negatives: f32,
}

/// True and false positives and false negatives of each class, averaged over the overlap thresholds 0.5, 0.55, …, 0.95
/// and divided by the number of classes. cleanlab: `summary.get_average_per_class_confusion_matrix`.
pub fn get_average_per_class_confusion_matrix(detections: &Detections) -> Vec<ClassConfusion> {
    let thresholds = Thresholds::coco();
    let divisor = (thresholds.len() * detections.n_classes()) as f32;
    let classes = match_classes(detections, &thresholds);
    classes
        .iter()
        .map(|class| {
            let (mut found, mut wrong, mut missed) = (0, 0, 0);
            for threshold in 0..thresholds.len() {
                let counts = class.counts(threshold);
                found += counts.true_positives;
                wrong += counts.false_positives;
                missed += counts.false_negatives;
            }
            ClassConfusion {
                true_positives: found as f32 / divisor,
                false_positives: wrong as f32 / divisor,
                false_negatives: missed as f32 / divisor,
            }
        })
        .collect()
}

/// How well the model finds a class, each in [0, 1] and NaN where it divides nothing by nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ClassMetrics {
    /// Share of the predictions that find an annotated box; NaN without a prediction.
    pub precision: f32,
    /// Share of the annotated boxes that are found; NaN without an annotation.
    pub recall: f32,
    /// Harmonic mean of both; NaN where both are 0.
    pub f1: f32,
}

impl From<ClassConfusion> for ClassMetrics {
    fn from(counts: ClassConfusion) -> Self {
        let precision = counts.true_positives / (counts.true_positives + counts.false_positives);
        let recall = counts.true_positives / (counts.true_positives + counts.false_negatives);
        Self { precision, recall, f1: 2.0 * (precision * recall) / (precision + recall) }
    }
}

/// Precision, recall and F1 of each class from its average confusion. cleanlab: `summary.calculate_per_class_metrics`.
pub fn calculate_per_class_metrics(detections: &Detections) -> Vec<ClassMetrics> {
    get_average_per_class_confusion_matrix(detections).into_iter().map(ClassMetrics::from).collect()
}

#[cfg(test)]
mod tests {
    use super::super::boxes::tests::two_images;
    use super::*;

    #[test]
    fn shares_are_rounded_by_their_exact_decimals() {
        assert_eq!(two_decimals(0.125), 0.12);
        assert_eq!(two_decimals(0.999_999), 1.0);
        let shares = class_label_distribution(&two_images());
        assert_eq!(shares.annotated, [(0, 0.67), (1, 0.33)]);
        assert_eq!(shares.predicted, [(0, 0.5), (1, 0.5)]);
    }

    #[test]
    fn images_with_most_boxes_come_first_and_equal_ones_in_order() {
        let sorted = get_sorted_bbox_count_idxs(&two_images());
        assert_eq!(sorted.annotated, [(1, 2), (0, 1)]);
        assert_eq!(sorted.predicted, [(0, 2), (1, 2)]);
    }

    #[test]
    fn sizes_are_grouped_by_class() {
        let sizes = bounding_box_size_distribution(&two_images(), ClassOrder::MostBoxes);
        assert_eq!(sizes.annotated, [(0, vec![100.0, 100.0]), (1, vec![100.0])]);
    }

    #[test]
    fn a_class_found_in_every_image_has_perfect_recall() {
        let metrics = calculate_per_class_metrics(&two_images());
        assert_eq!(metrics[1].recall, 0.9);
        assert!(metrics[0].recall > 0.8 && metrics[1].precision < 0.6);
        let nothing = ClassMetrics::from(ClassConfusion::default());
        assert!(nothing.precision.is_nan() && nothing.recall.is_nan() && nothing.f1.is_nan());
    }
}
