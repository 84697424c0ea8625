//! How well objects are found: average precision as COCO measures it, at an overlap of 0.5.
//!
//! Within a class, predictions of all pictures are taken in order of their scores, each with the annotated box of its picture
//! that it overlaps most among those that no earlier prediction found; it is right where the overlap reaches 0.5. Precision at
//! each of the recalls 0, 0.01, …, 1 is the best that is reached there or beyond, and the average precision their mean.
//! Predictions that lie on a crowd or on an object that is hard to see, and at most the 100 best of a picture, are counted as
//! COCO counts them. Source: the COCO evaluation, <https://cocodataset.org/#detection-eval>; pycocotools `COCOeval`.

use forge_data::{BoxKind, LabelledBox, ScoredBox};

use crate::classification::order::argsort;

/// Overlap from which a prediction is right.
const OVERLAP: f64 = 0.5;
/// Predictions of a picture and class that count, those with the highest scores.
const MAX_PREDICTIONS: usize = 100;
/// Recalls at which precision is taken.
const RECALLS: u32 = 101;

/// Annotated and predicted boxes of a class in a picture.
pub(super) struct OnePicture<'a> {
    pub(super) given: Vec<&'a LabelledBox>,
    pub(super) predicted: Vec<&'a ScoredBox>,
}

/// Average precision of a class at an overlap of 0.5; absent where nothing of the class is annotated.
pub(super) fn ap50<'a>(pictures: impl Iterator<Item = OnePicture<'a>>) -> Option<f64> {
    let (mut keys, mut right) = (Vec::new(), Vec::new());
    let mut n_given = 0_usize;
    for picture in pictures {
        n_given += picture.given.iter().filter(|given| given.kind == BoxKind::Object).count();
        let scores: Vec<f64> = picture.predicted.iter().map(|predicted| -predicted.score).collect();
        let mut is_found = vec![false; picture.given.len()];
        for place in argsort(&scores).into_iter().take(MAX_PREDICTIONS) {
            let predicted = picture.predicted[place as usize];
            match nearest(&predicted.labelled, &picture.given, &is_found) {
                Some(given) if picture.given[given].kind == BoxKind::Object => {
                    is_found[given] = true;
                    right.push(true);
                }
                // On a crowd it is neither right nor wrong.
                Some(_) => continue,
                None => right.push(false),
            }
            keys.push(-predicted.score);
        }
    }
    if n_given == 0 {
        return None;
    }
    // Precision at each right prediction, then the best from there on.
    let (mut found, mut curve) = (0_usize, Vec::new());
    for (rank, place) in argsort(&keys).into_iter().enumerate() {
        if right[place as usize] {
            found += 1;
            curve.push((found as f64 / n_given as f64, found as f64 / (rank + 1) as f64));
        }
    }
    let mut best = 0.0_f64;
    for (_, precision) in curve.iter_mut().rev() {
        best = best.max(*precision);
        *precision = best;
    }
    let at = |recall: f64| {
        let place = curve.partition_point(|&(reached, _)| reached < recall);
        curve.get(place).map_or(0.0, |&(_, precision)| precision)
    };
    Some((0..RECALLS).map(|step| at(f64::from(step) / f64::from(RECALLS - 1))).sum::<f64>() / f64::from(RECALLS))
}

/// The object that is overlapped most and not found yet, from 0.5; where there is none, the crowd.
fn nearest(predicted: &LabelledBox, given: &[&LabelledBox], is_found: &[bool]) -> Option<usize> {
    let mut object: Option<(usize, f64)> = None;
    let mut crowd: Option<(usize, f64)> = None;
    for (place, given) in given.iter().enumerate() {
        let best = if given.kind == BoxKind::Object { &mut object } else { &mut crowd };
        let overlap = overlap(predicted, given);
        let is_free = given.kind != BoxKind::Object || !is_found[place];
        if is_free && overlap >= OVERLAP && best.is_none_or(|(_, most)| overlap > most) {
            *best = Some((place, overlap));
        }
    }
    object.or(crowd).map(|(place, _)| place)
}

/// Intersection over union; over the area of the prediction for a crowd.
fn overlap(predicted: &LabelledBox, given: &LabelledBox) -> f64 {
    let width = predicted.x2.min(given.x2) - predicted.x1.max(given.x1);
    let height = predicted.y2.min(given.y2) - predicted.y1.max(given.y1);
    if width <= 0.0 || height <= 0.0 {
        return 0.0;
    }
    let area = |of: &LabelledBox| (of.x2 - of.x1) * (of.y2 - of.y1);
    let both = width * height;
    let union = match given.kind {
        BoxKind::Crowd => area(predicted),
        BoxKind::Object | BoxKind::Difficult => area(predicted) + area(given) - both,
    };
    both / union
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(x: f64, kind: BoxKind) -> LabelledBox {
        LabelledBox { class: 0, x1: x, y1: 0.0, x2: x + 10.0, y2: 10.0, kind }
    }

    fn scored(x: f64, score: f64) -> ScoredBox {
        ScoredBox { labelled: given(x, BoxKind::Object), score }
    }

    fn measured(given: &[LabelledBox], predicted: &[ScoredBox]) -> Option<f64> {
        ap50([OnePicture { given: given.iter().collect(), predicted: predicted.iter().collect() }].into_iter())
    }

    #[test]
    fn half_of_the_objects_found_at_once_is_a_precision_of_51_in_101() {
        let two = [given(0.0, BoxKind::Object), given(50.0, BoxKind::Object)];
        assert_eq!(measured(&two, &[scored(1.0, 0.9)]), Some(51.0 / 101.0));
        assert_eq!(measured(&two, &[scored(1.0, 0.9), scored(51.0, 0.5)]), Some(1.0));
        // A wrong one between the two: 51 recalls at 1, 50 at 2/3.
        let with_wrong = measured(&two, &[scored(1.0, 0.9), scored(90.0, 0.7), scored(51.0, 0.5)]);
        assert!((with_wrong.unwrap() - (51.0 + 50.0 * 2.0 / 3.0) / 101.0).abs() < 1e-12);
    }

    #[test]
    fn an_object_is_found_once_and_crowds_count_for_nothing() {
        let one = [given(0.0, BoxKind::Object), given(50.0, BoxKind::Crowd)];
        let predicted = [scored(52.0, 0.95), scored(0.0, 0.9), scored(1.0, 0.8)];
        assert_eq!(measured(&one, &predicted), Some(1.0));
        assert_eq!(measured(&[given(0.0, BoxKind::Crowd)], &predicted), None);
        assert_eq!(measured(&one, &[]), Some(0.0));
    }
}
