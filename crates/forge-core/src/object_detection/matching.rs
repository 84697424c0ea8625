//! Which predictions find an annotated box of their class, over a range of overlap thresholds: average precision and the
//! counts of true and false positives.
//!
//! Within an image and class, predictions are taken in order of confidence, each with the annotated box it overlaps most;
//! it is a true positive where the overlap reaches the threshold and no earlier prediction found that box. So each
//! prediction is a true positive on one interval of thresholds, and a single pass serves them all.

use super::boxes::Detections;
use crate::CoreError;
use crate::classification::order::argsort;

/// Precision is single precision as in cleanlab, where it decides the last digits.
const SCALE: f32 = 0.25;

/// Overlap thresholds, ascending.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Thresholds(Vec<f64>);

impl Thresholds {
    /// 0.5, 0.55, …, 0.95, as NumPy's `linspace` makes them.
    pub(super) fn coco() -> Self {
        let step = (0.95 - 0.5) / 9.0;
        let inner = (0..9).map(|i| f64::from(i) * step + 0.5);
        Self(inner.chain([0.95]).collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// How many thresholds an overlap reaches.
    fn reached(&self, iou: f64) -> usize {
        self.0.partition_point(|&threshold| threshold <= iou)
    }
}

/// A prediction: a true positive at the thresholds from..to.
#[derive(Clone, Copy, Debug)]
struct Match {
    from: usize,
    to: usize,
}

/// The predictions of one class over all images, and how many boxes of it are annotated.
#[derive(Clone, Debug, Default)]
pub(super) struct ClassMatches {
    n_annotated: usize,
    matches: Vec<Match>,
    /// Minus the confidence of each.
    keys: Vec<f64>,
}

/// Numbers of predictions and annotations of a class at one threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) true_positives: usize,
    pub(super) false_positives: usize,
    pub(super) false_negatives: usize,
}

impl ClassMatches {
    /// cleanlab: `filter._calculate_true_positives_false_positives`.
    pub(super) fn counts(&self, threshold: usize) -> Counts {
        let found = self.matches.iter().filter(|m| (m.from..m.to).contains(&threshold)).count();
        Counts {
            true_positives: found,
            false_positives: self.matches.len() - found,
            false_negatives: self.n_annotated - found,
        }
    }

    /// Average precision at each of `n` thresholds.
    fn average_precisions(&self, n: usize) -> Vec<f32> {
        let order = argsort(&self.keys);
        let mut found = Vec::new();
        (0..n)
            .map(|threshold| {
                found.clear();
                for (rank, &place) in order.iter().enumerate() {
                    let m = self.matches[place as usize];
                    if (m.from..m.to).contains(&threshold) {
                        found.push((found.len() + 1) as f32 / (rank + 1) as f32);
                    }
                }
                area_under_envelope(&mut found, self.n_annotated)
            })
            .collect()
    }
}

/// The sum, over the true positives, of the step in recall times the best precision from there on.
/// cleanlab: `filter._calculate_average_precision`.
fn area_under_envelope(precisions: &mut [f32], n_annotated: usize) -> f32 {
    let mut best = 0.0_f32;
    for precision in precisions.iter_mut().rev() {
        best = best.max(*precision);
        *precision = best;
    }
    let recall = |found: usize| found as f64 / n_annotated.max(1) as f64;
    let steps = precisions.iter().enumerate();
    let terms: Vec<f64> = steps.map(|(i, &p)| (recall(i + 1) - recall(i)) * f64::from(p)).collect();
    pairwise_sum(&terms) as f32
}

/// NumPy's order of summation, on which the last digit depends.
fn pairwise_sum<T: Copy + Default + std::ops::Add<Output = T>>(values: &[T]) -> T {
    let sum = |values: &[T], start: T| values.iter().fold(start, |sum, &value| sum + value);
    if values.len() > 128 {
        let half = values.len() / 2;
        let (left, right) = values.split_at(half - half % 8);
        return pairwise_sum(left) + pairwise_sum(right);
    }
    let mut lanes = [T::default(); 8];
    let (eights, rest) = values.as_chunks::<8>();
    for eight in eights {
        lanes.iter_mut().zip(eight).for_each(|(lane, &value)| *lane = *lane + value);
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    sum(rest, ((a + b) + (c + d)) + ((e + f) + (g + h)))
}

/// Matches the predictions of each class. Annotations of a class that is not predicted are left out.
pub(super) fn match_classes(detections: &Detections, thresholds: &Thresholds) -> Vec<ClassMatches> {
    let mut by_class = vec![ClassMatches::default(); detections.n_classes()];
    // Per annotated box of an image, how many thresholds the predictions so far have reached.
    let mut reached = Vec::new();
    for (given, predicted) in detections.images() {
        for &class in given.classes {
            if let Some(matches) = by_class.get_mut(class as usize) {
                matches.n_annotated += 1;
            }
        }
        reached.clear();
        reached.resize(given.boxes.len(), 0);
        let mut start = 0;
        for run in predicted.classes.chunk_by(|a, b| a == b) {
            let places = start..start + run.len();
            start = places.end;
            let class = run[0];
            let matches = &mut by_class[class as usize];
            let first = matches.matches.len();
            matches.matches.resize(first + run.len(), Match { from: 0, to: 0 });
            matches.keys.extend(predicted.probs[places.clone()].iter().map(|prob| -prob));
            for place in argsort(&matches.keys[first..]) {
                let prediction = predicted.boxes[places.start + place as usize];
                let mut nearest: Option<(usize, f64)> = None;
                for (label, (&given_box, &given_class)) in given.boxes.iter().zip(given.classes).enumerate() {
                    if given_class == class {
                        let iou = given_box.iou(prediction);
                        if nearest.is_none_or(|(_, best)| iou > best) {
                            nearest = Some((label, iou));
                        }
                    }
                }
                if let Some((label, iou)) = nearest {
                    let to = thresholds.reached(iou);
                    matches.matches[first + place as usize] = Match { from: reached[label], to };
                    reached[label] = reached[label].max(to);
                }
            }
        }
    }
    by_class
}

/// The average precision of each class at one overlap threshold (default 0.5).
/// cleanlab: `filter._calculate_ap_per_class`.
///
/// # Errors
/// [`CoreError::Setting`] for a threshold outside (0, 1].
pub fn average_precision_per_class(detections: &Detections, iou_threshold: f64) -> Result<Vec<f32>, CoreError> {
    if !(iou_threshold > 0.0 && iou_threshold <= 1.0) {
        return Err(CoreError::setting("iou_threshold", iou_threshold, "an overlap above 0 and at most 1"));
    }
    let classes = match_classes(detections, &Thresholds(vec![iou_threshold]));
    Ok(classes.iter().flat_map(|class| class.average_precisions(1)).collect())
}

/// A quarter of the average precision of each class, averaged over the thresholds 0.5, 0.55, …, 0.95: what box scores
/// are compared with. cleanlab: `filter._get_per_class_ap`.
pub fn scaled_average_precision_per_class(detections: &Detections) -> Vec<f32> {
    let thresholds = Thresholds::coco();
    let n = thresholds.len();
    let classes = match_classes(detections, &thresholds);
    classes.iter().map(|class| pairwise_sum(&class.average_precisions(n)) / n as f32 * SCALE).collect()
}

#[cfg(test)]
mod tests {
    use super::super::boxes::tests::two_images;
    use super::super::boxes::{Annotations, ImageAnnotations, Predictions};
    use super::*;

    #[test]
    fn perfect_predictions_have_average_precision_one() {
        // Class 1 is predicted twice: first wrongly and with more confidence, then right.
        assert_eq!(average_precision_per_class(&two_images(), 0.5).unwrap(), [1.0, 0.5]);
    }

    #[test]
    fn a_box_is_found_once_at_each_threshold() {
        let given = ImageAnnotations { bboxes: vec![[0.0, 0.0, 10.0, 10.0]], labels: vec![0] };
        let predicted = vec![vec![[0.0, 0.0, 10.0, 10.0, 0.3], [0.0, 0.0, 10.0, 7.0, 0.9]]];
        let annotations = Annotations::new(&[given]).unwrap();
        let detections = Detections::new(annotations, Predictions::new(&[predicted]).unwrap()).unwrap();
        let thresholds = Thresholds::coco();
        let class = &match_classes(&detections, &thresholds)[0];
        for threshold in 0..thresholds.len() {
            let counts = class.counts(threshold);
            assert_eq!((counts.true_positives, counts.false_positives, counts.false_negatives), (1, 1, 0));
        }
        // Below 0.7 the less exact but more confident box is the one that finds it.
        let precisions = class.average_precisions(thresholds.len());
        assert_eq!((precisions[0], precisions[9]), (1.0, 0.5));
    }

    #[test]
    fn a_threshold_outside_the_unit_interval_is_refused() {
        assert!(average_precision_per_class(&two_images(), 0.0).is_err());
        assert!(average_precision_per_class(&two_images(), f64::NAN).is_err());
    }

    #[test]
    fn sums_follow_the_order_of_numpy() {
        let values: Vec<f64> = (0..300).map(f64::from).collect();
        assert_eq!(pairwise_sum(&values), 44850.0);
        assert_eq!(pairwise_sum(&[1e16, 1.0, -1e16]), 0.0);
    }
}
