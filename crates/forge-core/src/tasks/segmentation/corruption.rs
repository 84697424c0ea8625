//! Masks made wrong on purpose, to see how many are found again.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::report::{MaskCorruption, MaskCorruptionKind};

/// Sides of the emptied rectangle as shares of the extent of the mask.
const SIDES: (f64, f64) = (0.3, 0.6);
/// Share of the mask that a rectangle takes at least; others are drawn again.
const TAKEN: f64 = 0.05;
/// Rectangles drawn until one takes enough.
const DRAWS: usize = 50;
/// By how much a mask grows or shrinks, as shares of the longer side of the picture.
const RADII: (f64, f64) = (0.02, 0.05);

/// A mask of `width` pixels a row, and what was done to it. None where it is empty.
///
/// One of three, each as likely: a rectangle in its extent is emptied, with sides of 30 to 60 % of those of the extent; or it
/// grows or shrinks by a square of 2 to 5 % of the picture's longer side, the border of the picture being no border of the
/// mask. `picture` makes pictures differ under one seed.
pub(super) fn corrupted(mask: &[bool], width: usize, seed: u64, picture: u64) -> Option<(Vec<bool>, MaskCorruption)> {
    let [x1, y1, x2, y2] = extent(mask, width)?;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(picture + 1);
    let kind = [MaskCorruptionKind::Erased, MaskCorruptionKind::Dilated, MaskCorruptionKind::Eroded]
        [rng.random_range(0..3_u32) as usize];
    let mut between = |(low, high): (f64, f64)| low + (high - low) * rng.random::<f64>();
    let (mut wrong, mut rectangle, mut radius) = (mask.to_vec(), None, None);
    if kind == MaskCorruptionKind::Erased {
        let n_before = mask.iter().filter(|&&pixel| pixel).count();
        for _ in 0..DRAWS {
            let side = |extent: usize, share: f64| ((extent as f64 * share) as usize).max(1);
            let (w, h) = (side(x2 - x1, between(SIDES)), side(y2 - y1, between(SIDES)));
            let left = x1 + (between((0.0, 1.0)) * (x2 - x1 - w) as f64) as usize;
            let upper = y1 + (between((0.0, 1.0)) * (y2 - y1 - h) as f64) as usize;
            wrong.copy_from_slice(mask);
            for row in wrong.chunks_exact_mut(width).skip(upper).take(h) {
                row[left..left + w].fill(false);
            }
            rectangle = Some([left, upper, left + w, upper + h].map(|edge| edge as u32));
            let n_after = wrong.iter().filter(|&&pixel| pixel).count();
            if (n_before - n_after) as f64 >= TAKEN * n_before as f64 {
                break;
            }
        }
    } else {
        let longer = width.max(mask.len() / width);
        let by = ((between(RADII) * longer as f64).round() as usize).max(1);
        wrong = if kind == MaskCorruptionKind::Dilated { grown(mask, width, by) } else { shrunk(mask, width, by) };
        radius = Some(by as u32);
    }
    let n_changed = wrong.iter().zip(mask).filter(|(a, b)| a != b).count() as u64;
    Some((wrong, MaskCorruption { kind, rectangle, radius, n_changed }))
}

/// Left, upper, right and lower edge of the pixels in the mask; none where there are none.
fn extent(mask: &[bool], width: usize) -> Option<[usize; 4]> {
    let rows: Vec<usize> =
        mask.chunks_exact(width).enumerate().filter(|(_, row)| row.contains(&true)).map(|(y, _)| y).collect();
    let is_used = |x: &usize| mask.iter().skip(*x).step_by(width).any(|&pixel| pixel);
    let columns: Vec<usize> = (0..width).filter(is_used).collect();
    Some([*columns.first()?, *rows.first()?, columns.last()? + 1, rows.last()? + 1])
}

/// Pixels with one of the mask within a square of `2·by + 1` around them.
fn grown(mask: &[bool], width: usize, by: usize) -> Vec<bool> {
    let across: Vec<bool> = mask.chunks_exact(width).flat_map(|row| spread(row.iter().copied(), by)).collect();
    let mut grown = vec![false; mask.len()];
    for x in 0..width {
        let column = spread(across.iter().skip(x).step_by(width).copied(), by);
        grown.iter_mut().skip(x).step_by(width).zip(column).for_each(|(pixel, spread)| *pixel = spread);
    }
    grown
}

/// Pixels without one outside of the mask within such a square.
fn shrunk(mask: &[bool], width: usize, by: usize) -> Vec<bool> {
    let outside: Vec<bool> = mask.iter().map(|&pixel| !pixel).collect();
    grown(&outside, width, by).into_iter().map(|pixel| !pixel).collect()
}

/// Whether there is one in at most `by` places before or after.
fn spread(line: impl Iterator<Item = bool>, by: usize) -> Vec<bool> {
    let mut before = vec![0_u32];
    let mut n = 0;
    before.extend(line.map(|pixel| {
        n += u32::from(pixel);
        n
    }));
    let last = before.len() - 1;
    (0..last).map(|place| before[(place + by + 1).min(last)] > before[place.saturating_sub(by)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Vec<bool> {
        (0..100 * 80).map(|i| (30..70).contains(&(i % 100)) && (20..80).contains(&(i / 100))).collect()
    }

    #[test]
    fn a_mask_grows_and_shrinks_by_a_square_and_not_from_the_border_of_the_picture() {
        assert_eq!(extent(&grown(&square(), 100, 3), 100), Some([27, 17, 73, 80]));
        assert_eq!(extent(&shrunk(&square(), 100, 3), 100), Some([33, 23, 67, 80]));
    }

    #[test]
    fn every_kind_of_corruption_changes_the_mask_and_the_same_seed_gives_the_same() {
        let mut kinds = Vec::new();
        for picture in 0..60 {
            let (wrong, done) = corrupted(&square(), 100, 42, picture).unwrap();
            let n_changed = wrong.iter().zip(square()).filter(|(a, b)| **a != *b).count() as u64;
            assert_eq!(done.n_changed, n_changed);
            assert!(n_changed > 0 && wrong.len() == 8000);
            assert_eq!(corrupted(&square(), 100, 42, picture).unwrap(), (wrong, done));
            kinds.push(done.kind);
        }
        for kind in [MaskCorruptionKind::Erased, MaskCorruptionKind::Dilated, MaskCorruptionKind::Eroded] {
            assert!(kinds.iter().filter(|&&known| known == kind).count() > 8, "{kind:?}");
        }
        assert_eq!(corrupted(&[false; 40], 10, 42, 0), None);
    }
}
