//! Decides, box by box, what is wrong in a picture.
//!
//! Annotated and predicted boxes that mean the same object are paired, the most overlapping first. What is left over was
//! overlooked; what is paired across classes was swapped; and a pair whose annotated box lies beside the predicted one as a whole
//! is badly located. cleanlab's scores of boxes are used throughout, but its thresholds are made for detectors that are sure of
//! themselves (0.95) and for data sets whose wrong boxes hardly overlap their object: small models, which run anywhere, would
//! find next to nothing by them.
//!
//! What is left over counts as overlooked where the model is at least half as sure of it as it is, on average, of objects of the
//! class that have their box: weaker predictions are mostly parts of an object, or lie across two.
//!
//! A detector misjudges single edges all the time, as where an arm is raised. Who draws or moves a box wrongly moves opposite
//! edges together. So a box counts as shifted by what its opposite edges have in common, measured in sides of the box: that tells
//! boxes shifted by up to 25 pixels from true ones far better than overlap does (area under the ROC curve 0.98 against 0.84 on
//! the bundled pictures).

use super::report::BoxIssueKind;
use crate::by_number;
use crate::object_detection::BoundingBox;

/// Overlap from which boxes may be paired.
const PAIRED: f64 = 0.1;
/// Overlap below which a paired box is badly located whatever its shift.
const FAR: f64 = 0.4;
/// Overlap from which boxes of different classes may mean the same object, and from which a predicted box that is left over is
/// a second one of an object that has its box.
const SAME: f64 = 0.5;
/// Overlap from which the weaker of two predictions of different classes is passed over.
const SHADOWED: f64 = 0.8;
/// Shift, in sides of the box, above which it is badly located. On the bundled pictures no true box lies above it.
const SHIFTED: f64 = 0.055;
/// Share of the difference between opposite edges that is taken off what they have in common: edges that were moved together
/// are off by the same, those that were misjudged each for itself are not.
const UNEQUAL: f64 = 0.1;
/// How sure of an overlooked object the model has to be, as a share of how sure it is of those that have their box.
const SURE: f64 = 0.5;

/// An annotated box.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given {
    pub(super) edges: BoundingBox,
    /// The predicted class that stands for its class; none for boxes that are not judged.
    pub(super) class: Option<u32>,
    /// Whether predictions on it are passed over: a crowd, or an object that is hard to see.
    pub(super) is_crowd: bool,
    /// cleanlab's scores.
    pub(super) badloc: f64,
    pub(super) swap: f64,
}

/// A predicted box that counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) edges: BoundingBox,
    pub(super) class: u32,
    pub(super) score: f64,
    /// cleanlab's score of an overlooked box, NaN where it has none.
    pub(super) overlooked: f64,
}

/// What is wrong with a box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wrong {
    pub(super) kind: BoxIssueKind,
    pub(super) given: Option<usize>,
    pub(super) predicted: Option<usize>,
    pub(super) score: f64,
}

/// The verdict on a picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Verdict {
    /// The predicted box paired with each annotated one.
    pub(super) partners: Vec<Option<usize>>,
    /// How well each annotated box is placed; 1 for boxes that are not judged.
    pub(super) badloc: Vec<f64>,
    /// How plausible the class of each annotated box is.
    pub(super) swap: Vec<f64>,
    /// Scores of overlooked objects.
    pub(super) overlooked: Vec<f64>,
    /// What is wrong, worst first.
    pub(super) wrong: Vec<Wrong>,
}

/// The predicted box that means the same object as each annotated one.
pub(super) fn partners(given: &[Given], seen: &[Seen]) -> Vec<Option<usize>> {
    let mut is_taken: Vec<bool> = (0..seen.len()).map(|place| is_shadowed(place, seen)).collect();
    let mut partners = vec![None; given.len()];
    pair(given, seen, (&mut partners, &mut is_taken), |given, seen| {
        (given.class == Some(seen.class)).then_some(PAIRED)
    });
    pair(given, seen, (&mut partners, &mut is_taken), |given, _| given.class.map(|_| SAME));
    partners
}

/// Scores from which what is left over was overlooked, by predicted class; `seen` comes picture by picture, with the partners
/// of its annotated boxes.
pub(super) fn sure<'a>(n_classes: usize, seen: impl Iterator<Item = (&'a [Seen], &'a [Option<usize>])>) -> Vec<f64> {
    let (mut sums, mut counts) = (vec![0.0; n_classes], vec![0_u32; n_classes]);
    for (seen, partners) in seen {
        for paired in partners.iter().flatten().map(|&place| &seen[place]) {
            if let (Some(sum), Some(count)) =
                (sums.get_mut(paired.class as usize), counts.get_mut(paired.class as usize))
            {
                *sum += paired.score;
                *count += 1;
            }
        }
    }
    sums.iter().zip(&counts).map(|(sum, &count)| if count > 0 { SURE * sum / f64::from(count) } else { 0.0 }).collect()
}

/// Judges a picture by the partners of its annotated boxes; `sure` is what [`sure`] gives.
pub(super) fn judge(given: &[Given], seen: &[Seen], partners: Vec<Option<usize>>, sure: &[f64]) -> Verdict {
    let mut verdict = Verdict { partners, ..Verdict::default() };
    for (place, box_given) in given.iter().enumerate() {
        let partner = verdict.partners[place];
        let (mut badloc, mut swap) =
            if box_given.class.is_some() { (box_given.badloc, box_given.swap) } else { (1.0, 1.0) };
        if let Some(predicted) = partner {
            let other = &seen[predicted];
            let overlap = box_given.edges.iou(other.edges);
            let mut wrong = |kind, score| {
                verdict.wrong.push(Wrong { kind, given: Some(place), predicted: partner, score });
            };
            if box_given.class == Some(other.class) {
                let shift = shift(box_given.edges, other.edges);
                // Half at the limit, nothing at twice the limit.
                badloc = badloc.min((1.0 - shift / (2.0 * SHIFTED)).max(0.0));
                if shift > SHIFTED || overlap < FAR {
                    badloc = badloc.min(overlap);
                    wrong(BoxIssueKind::BadlyLocated, badloc);
                }
            } else {
                swap = swap.min(1.0 - other.score);
                wrong(BoxIssueKind::Swapped, swap);
            }
        }
        verdict.badloc.push(badloc);
        verdict.swap.push(swap);
    }
    for (place, box_seen) in seen.iter().enumerate() {
        let is_partner = verdict.partners.contains(&Some(place));
        let has_box = |given: &Given| {
            let both = box_seen.edges.iou(given.edges);
            // Intersection over the area of the prediction, from intersection over union.
            let within = both / (1.0 + both) * (1.0 + given.edges.area() / box_seen.edges.area().max(1e-6));
            (given.is_crowd && within >= SAME) || (given.class.is_some() && both >= SAME)
        };
        let is_weak = sure.get(box_seen.class as usize).is_some_and(|&sure| box_seen.score < sure);
        if is_partner || is_weak || is_shadowed(place, seen) || given.iter().any(has_box) {
            continue;
        }
        let score = (1.0 - box_seen.score).min(if box_seen.overlooked.is_nan() { 1.0 } else { box_seen.overlooked });
        verdict.overlooked.push(score);
        verdict.wrong.push(Wrong { kind: BoxIssueKind::Overlooked, given: None, predicted: Some(place), score });
    }
    by_number::sort(&mut verdict.wrong, |wrong| wrong.score);
    verdict
}

/// Pairs what is still free, the most overlapping first; `least` is the overlap from which two may be paired at all.
fn pair(
    given: &[Given],
    seen: &[Seen],
    (partners, is_taken): (&mut [Option<usize>], &mut [bool]),
    least: impl Fn(&Given, &Seen) -> Option<f64>,
) {
    let mut candidates = Vec::new();
    for (place, one) in given.iter().enumerate().filter(|(place, _)| partners[*place].is_none()) {
        for (predicted, other) in seen.iter().enumerate().filter(|(predicted, _)| !is_taken[*predicted]) {
            let overlap = one.edges.iou(other.edges);
            if least(one, other).is_some_and(|least| overlap >= least) {
                candidates.push((overlap, place, predicted));
            }
        }
    }
    by_number::sort(&mut candidates, |candidate| -candidate.0);
    for (_, place, predicted) in candidates {
        if partners[place].is_none() && !is_taken[predicted] {
            partners[place] = Some(predicted);
            is_taken[predicted] = true;
        }
    }
}

/// Whether a stronger prediction of another class lies on the same place; of two equally strong ones the first stays.
fn is_shadowed(place: usize, seen: &[Seen]) -> bool {
    let own = &seen[place];
    let stronger = |(other, box_seen): (usize, &Seen)| {
        (box_seen.score, place) > (own.score, other)
            && box_seen.class != own.class
            && box_seen.edges.iou(own.edges) >= SHADOWED
    };
    seen.iter().enumerate().any(stronger)
}

/// How far a box lies beside another as a whole, in sides of the other: what left and right edge have in common, and upper and
/// lower one.
fn shift(given: BoundingBox, predicted: BoundingBox) -> f64 {
    let ([left, upper, right, lower], [x1, y1, x2, y2]) = (given.corners(), predicted.corners());
    let common = |a: f64, b: f64| {
        let (less, more) = (a.abs().min(b.abs()), a.abs().max(b.abs()));
        if a * b > 0.0 { (less - UNEQUAL * (more - less)).max(0.0) } else { 0.0 }
    };
    let across = common(left - x1, right - x2) / (x2 - x1).max(1.0);
    let down = common(upper - y1, lower - y2) / (y2 - y1).max(1.0);
    (across * across + down * down).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(edges: [f64; 4], class: u32) -> Given {
        let edges = BoundingBox::checked(edges).unwrap();
        Given { edges, class: Some(class), is_crowd: false, badloc: 1.0, swap: 1.0 }
    }

    fn seen(edges: [f64; 4], class: u32, score: f64) -> Seen {
        Seen { edges: BoundingBox::checked(edges).unwrap(), class, score, overlooked: f64::NAN }
    }

    fn judge(given: &[Given], seen: &[Seen]) -> Verdict {
        let partners = partners(given, seen);
        let sure = sure(4, [(seen, &partners[..])].into_iter());
        super::judge(given, seen, partners, &sure)
    }

    fn kinds(verdict: &Verdict) -> Vec<(BoxIssueKind, Option<usize>, Option<usize>)> {
        verdict.wrong.iter().map(|wrong| (wrong.kind, wrong.given, wrong.predicted)).collect()
    }

    #[test]
    fn an_object_without_a_box_is_overlooked_even_beside_one_that_has_it() {
        let found = [seen([0.0, 0.0, 50.0, 100.0], 0, 0.9), seen([30.0, 0.0, 80.0, 100.0], 0, 0.6)];
        let verdict = judge(&[given([0.0, 0.0, 51.0, 98.0], 0)], &found);
        assert_eq!(kinds(&verdict), [(BoxIssueKind::Overlooked, None, Some(1))]);
        assert!((verdict.wrong[0].score - 0.4).abs() < 1e-12);
        assert_eq!(verdict.partners, [Some(0)]);
    }

    #[test]
    fn a_part_of_which_the_model_is_not_sure_is_not_overlooked() {
        let found = [seen([0.0, 0.0, 50.0, 100.0], 0, 0.9), seen([0.0, 0.0, 50.0, 40.0], 0, 0.4)];
        assert_eq!(kinds(&judge(&[given([0.0, 0.0, 51.0, 98.0], 0)], &found)), []);
    }

    #[test]
    fn a_box_moved_as_a_whole_is_badly_located_and_one_with_a_long_arm_is_not() {
        let found = [seen([0.0, 50.0, 100.0, 250.0], 0, 0.9)];
        let moved = judge(&[given([10.0, 62.0, 110.0, 262.0], 0)], &found);
        assert_eq!(kinds(&moved), [(BoxIssueKind::BadlyLocated, Some(0), Some(0))]);
        let raised_arm = judge(&[given([0.0, 0.0, 100.0, 250.0], 0)], &found);
        assert_eq!((kinds(&raised_arm), raised_arm.badloc), (vec![], vec![1.0]));
    }

    #[test]
    fn a_box_of_another_class_than_predicted_is_swapped() {
        let found = [seen([0.0, 0.0, 50.0, 50.0], 3, 0.8), seen([0.0, 0.0, 50.0, 51.0], 1, 0.4)];
        let verdict = judge(&[given([0.0, 0.0, 50.0, 50.0], 1)], &found);
        assert_eq!(kinds(&verdict), [(BoxIssueKind::Swapped, Some(0), Some(0))]);
        assert!((verdict.swap[0] - 0.2).abs() < 1e-12);
        // The other way round the class is right, and the weaker prediction says nothing.
        assert_eq!(kinds(&judge(&[given([0.0, 0.0, 50.0, 50.0], 3)], &found)), []);
    }

    #[test]
    fn what_lies_in_a_crowd_is_not_overlooked() {
        let crowd = Given { class: None, is_crowd: true, ..given([0.0, 0.0, 300.0, 300.0], 0) };
        let found = [seen([10.0, 10.0, 60.0, 60.0], 0, 0.9), seen([280.0, 280.0, 340.0, 340.0], 0, 0.9)];
        assert_eq!(kinds(&judge(&[crowd], &found)), [(BoxIssueKind::Overlooked, None, Some(1))]);
    }
}
