//! Which images have a label issue. cleanlab: `object_detection.filter`.

use super::boxes::Detections;
use super::comparison::{ALPHA, Comparison};
use super::matching::scaled_average_precision_per_class;
use super::rank::{
    AggregationWeights, HIGH_PROBABILITY, LOW_PROBABILITY, OverlapCheck, SwapRule, badloc_scores,
    get_label_quality_scores, overlooked_scores, swap_scores,
};
use crate::CoreError;
use crate::classification::order::argsort;

/// A box is an issue where its score is at most this share of the scaled precision of its class; cleanlab's
/// `OVERLOOKED_`, `BADLOC_` and `SWAP_THRESHOLD_FACTOR`.
const THRESHOLD_FACTOR: f32 = 0.8;

/// Whether each image has a label issue: a box that was overlooked, is badly placed or has the wrong class, judged the
/// more strictly the better the model finds the boxes of its class. cleanlab: `filter.find_label_issues`.
///
/// # Errors
/// [`CoreError::Element`] for an annotation of a class that `predictions` does not have.
pub fn find_label_issues(detections: &Detections, overlap_check: OverlapCheck) -> Result<Vec<bool>, CoreError> {
    require_predicted_classes(detections)?;
    let thresholds: Vec<f64> = scaled_average_precision_per_class(detections)
        .into_iter()
        .map(|precision| f64::from(precision * THRESHOLD_FACTOR))
        .collect();
    let comparison = Comparison::new(detections, ALPHA)?;
    let nothing_alike = comparison.min_possible_similarity();
    let swap = SwapRule { high_probability: HIGH_PROBABILITY, nothing_alike, overlap_check };
    let has_issue = |scores: &mut dyn Iterator<Item = f64>, classes: &[u32]| {
        // NaN, a box that is not judged, is no issue.
        scores.zip(classes).any(|(score, &class)| score <= thresholds[class as usize])
    };
    Ok(comparison
        .images()
        .map(|image| {
            has_issue(&mut overlooked_scores(image, HIGH_PROBABILITY, nothing_alike), image.predicted.classes)
                || has_issue(&mut badloc_scores(image, LOW_PROBABILITY), image.given.classes)
                || has_issue(&mut swap_scores(image, swap), image.given.classes)
        })
        .collect())
}

/// The images with a label issue, the lowest label quality score (with its default settings) first.
/// cleanlab: `filter.find_label_issues(…, return_indices_ranked_by_score=True)`.
///
/// # Errors
/// As [`find_label_issues`].
pub fn find_ranked_label_issues(detections: &Detections, overlap_check: OverlapCheck) -> Result<Vec<usize>, CoreError> {
    let mask = find_label_issues(detections, overlap_check)?;
    let scores = get_label_quality_scores(detections, &AggregationWeights::default(), OverlapCheck::default())?;
    Ok(argsort(&scores).into_iter().map(|image| image as usize).filter(|&image| mask[image]).collect())
}

fn require_predicted_classes(detections: &Detections) -> Result<(), CoreError> {
    let n_classes = detections.n_classes();
    for (image, given) in detections.annotations().images().enumerate() {
        if let Some(place) = given.classes.iter().position(|&class| class as usize >= n_classes) {
            return Err(CoreError::Element {
                argument: "labels",
                index: format!("[{image}].labels[{place}]"),
                value: given.classes[place].to_string(),
                rule: "a class must be below the number of classes in `predictions`",
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::boxes::tests::two_images;
    use super::super::boxes::{Annotations, ImageAnnotations, Predictions};
    use super::*;

    #[test]
    fn an_image_with_an_overlooked_box_is_found() {
        let detections = two_images();
        assert_eq!(find_label_issues(&detections, OverlapCheck::Penalize).unwrap(), [true, false]);
        assert_eq!(find_ranked_label_issues(&detections, OverlapCheck::Penalize).unwrap(), [0]);
    }

    #[test]
    fn a_class_that_is_never_predicted_is_named() {
        let given = ImageAnnotations { bboxes: vec![[0.0, 0.0, 1.0, 1.0]], labels: vec![2] };
        let annotations = Annotations::new(&[given]).unwrap();
        let detections = Detections::new(annotations, Predictions::new(&[vec![vec![], vec![]]]).unwrap()).unwrap();
        let error = find_label_issues(&detections, OverlapCheck::Penalize).unwrap_err();
        assert!(error.to_string().starts_with("`labels`[0].labels[0] is 2: "), "{error}");
    }
}
