//! Boxes made wrong on purpose, to see how many are found again.

use forge_data::{BoxKind, LabelledBox};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::report::{BoxCorruption, BoxCorruptionKind};
use crate::noise::choose;
use crate::object_detection::BoundingBox;

/// Pixels by which a box is shifted at most, to each side.
const MOST: f64 = 25.0;
/// A shift that leaves more of an overlap than this is drawn again: annotators differ by as much.
const VISIBLE: f64 = 0.85;
/// Shifts drawn until one is visible; then the box is left out instead.
const DRAWS: usize = 50;

/// The boxes of a picture that may be made wrong.
pub(super) struct Corruptible {
    /// Width and height in pixels.
    pub(super) size: (f64, f64),
    /// The annotated boxes; places do not move, what is dropped becomes `None`.
    pub(super) boxes: Vec<Option<LabelledBox>>,
    /// What was done.
    pub(super) done: Vec<BoxCorruption>,
}

/// Makes one box wrong in the given share of the pictures that have any: it is left out, shifted by up to 25 pixels to each
/// side but kept within the picture, or given a class that is predicted as another (`predicted_as`, by annotated class).
/// Each that is possible is as likely. Crowds and boxes of classes that are not predicted are left alone.
pub(super) fn corrupt(pictures: &mut [Corruptible], predicted_as: &[Option<u32>], share: f64, seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let may = |given: &LabelledBox| {
        given.kind == BoxKind::Object && predicted_as.get(given.class as usize).copied().flatten().is_some()
    };
    let able: Vec<usize> =
        (0..pictures.len()).filter(|&picture| pictures[picture].boxes.iter().flatten().any(&may)).collect();
    for place in choose(able.len(), share, &mut rng) {
        let picture = &mut pictures[able[place]];
        let places: Vec<usize> =
            (0..picture.boxes.len()).filter(|&index| picture.boxes[index].as_ref().is_some_and(may)).collect();
        let index = places[rng.random_range(0..places.len() as u32) as usize];
        let Some(original) = picture.boxes[index] else { continue };
        let own = predicted_as.get(original.class as usize).copied().flatten();
        let others: Vec<u32> = (0..predicted_as.len() as u32)
            .filter(|&class| predicted_as[class as usize].is_some_and(|other| Some(other) != own))
            .collect();
        let kinds = if others.is_empty() { 2 } else { 3 };
        let (kind, wrong) = match rng.random_range(0..kinds) {
            0 => (BoxCorruptionKind::Dropped, None),
            1 => match shifted(&original, picture.size, &mut rng) {
                Some(shifted) => (BoxCorruptionKind::Shifted, Some(shifted)),
                None => (BoxCorruptionKind::Dropped, None),
            },
            _ => {
                let class = others[rng.random_range(0..others.len() as u32) as usize];
                (BoxCorruptionKind::Swapped, Some(LabelledBox { class, ..original }))
            }
        };
        picture.boxes[index] = wrong;
        picture.done.push(BoxCorruption { kind, original, index: index as u32, given: None, found: false });
    }
}

/// The box moved so that it is seen, and within the picture; none where that cannot be.
fn shifted(original: &LabelledBox, (width, height): (f64, f64), rng: &mut ChaCha8Rng) -> Option<LabelledBox> {
    let before = bounding(original)?;
    let mut draw = |low: f64, high: f64| {
        let (low, high) = ((-MOST).max(low.min(0.0)), MOST.min(high.max(0.0)));
        low + (high - low) * rng.random::<f64>()
    };
    for _ in 0..DRAWS {
        let dx = draw(-original.x1, width - original.x2);
        let dy = draw(-original.y1, height - original.y2);
        let &LabelledBox { x1, y1, x2, y2, .. } = original;
        let moved = LabelledBox { x1: x1 + dx, y1: y1 + dy, x2: x2 + dx, y2: y2 + dy, ..*original };
        if before.iou(bounding(&moved)?) <= VISIBLE {
            return Some(moved);
        }
    }
    None
}

/// The box without its class.
pub(super) fn bounding(labelled: &LabelledBox) -> Option<BoundingBox> {
    BoundingBox::checked([labelled.x1, labelled.y1, labelled.x2, labelled.y2]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pictures(n: usize) -> Vec<Corruptible> {
        let given = LabelledBox { class: 0, x1: 40.0, y1: 10.0, x2: 100.0, y2: 190.0, kind: BoxKind::Object };
        let crowd = LabelledBox { kind: BoxKind::Crowd, ..given };
        let boxes = vec![Some(crowd), Some(given)];
        (0..n).map(|_| Corruptible { size: (200.0, 200.0), boxes: boxes.clone(), done: Vec::new() }).collect()
    }

    #[test]
    fn a_share_of_the_pictures_is_made_wrong_in_ways_that_are_seen_and_stay_inside() {
        let mut made = pictures(400);
        corrupt(&mut made, &[Some(0), Some(0)], 0.25, 7);
        let wrong: Vec<&Corruptible> = made.iter().filter(|picture| !picture.done.is_empty()).collect();
        assert_eq!(wrong.len(), 100);
        let mut n_shifted = 0;
        for picture in wrong {
            assert!(picture.boxes[0].is_some() && picture.done[0].index == 1);
            let Some(now) = picture.boxes[1] else { continue };
            n_shifted += 1;
            let before = picture.done[0].original;
            assert!((now.x1 - before.x1).abs() <= 25.0 && now.y1 >= 0.0 && now.y2 <= 200.0 && now.x2 <= 200.0);
            assert!(bounding(&now).unwrap().iou(bounding(&before).unwrap()) <= VISIBLE);
        }
        assert!((30..70).contains(&n_shifted), "{n_shifted}");
        let mut again = pictures(400);
        corrupt(&mut again, &[Some(0), Some(0)], 0.25, 7);
        assert!(again.iter().zip(&made).all(|(a, b)| a.boxes == b.boxes));
    }

    #[test]
    fn classes_are_swapped_only_where_the_model_tells_them_apart() {
        let mut made = pictures(300);
        corrupt(&mut made, &[Some(0), Some(4), None], 1.0, 1);
        let kinds = |kind| made.iter().filter(|picture| picture.done[0].kind == kind).count();
        assert!(kinds(BoxCorruptionKind::Swapped) > 50 && kinds(BoxCorruptionKind::Dropped) > 50);
        let swapped = |picture: &Corruptible| picture.done[0].kind == BoxCorruptionKind::Swapped;
        assert!(made.iter().filter(|picture| swapped(picture)).all(|picture| picture.boxes[1].unwrap().class == 1));
    }

    #[test]
    fn a_box_that_fills_its_picture_is_dropped_as_it_cannot_be_shifted() {
        let given = LabelledBox { class: 0, x1: 0.0, y1: 0.0, x2: 200.0, y2: 200.0, kind: BoxKind::Object };
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        assert_eq!(shifted(&given, (200.0, 200.0), &mut rng), None);
    }
}
