//! What the algorithms need of each pixel's probabilities, read in one pass over them.

use super::SegmentationData;
use crate::CoreError;
use crate::classification::inspector::{Confidence, reachable};
use crate::inputs::TOLERANCE;
use crate::vector_math::in_wide_vectors;

/// Pixels worked on at a time: few enough for the scratch space to stay in the nearest cache.
const TILE: usize = 4096;

/// Classes compared at a time.
const PLANES: usize = 4;

/// What decides which pixels are issues; per pixel, in order of image, row and column.
pub(super) struct Pixels {
    /// Probability of the given label.
    pub(super) own: Vec<f64>,
    /// Whether the first class with the largest probability is another than the label.
    pub(super) disagrees: Vec<bool>,
    /// How many of those have a probability that reaches the confident threshold of its class.
    pub(super) issues: usize,
}

impl Pixels {
    /// Reads all pixels.
    ///
    /// # Errors
    /// A probability that is NaN or outside [0, 1].
    pub(super) fn of(data: &SegmentationData) -> Result<Self, CoreError> {
        let n = data.labels().len();
        let mut reader = Reader {
            own: Vec::with_capacity(n),
            disagrees: Vec::with_capacity(n),
            other_classes: Vec::new(),
            other_probs: Vec::new(),
            confidence: std::array::from_fn(|_| Confidence::new(data.n_classes())),
            tile: Tile {
                largest: vec![0.0; TILE],
                predicted: vec![0.0; TILE],
                other_probs: vec![0.0; TILE],
                other_classes: vec![0; TILE],
            },
        };
        let mut sound = true;
        for (labels, probs) in data.images() {
            for (tile, labels_of_tile) in labels.chunks(TILE).enumerate() {
                sound &= reader.push_tile(labels_of_tile, probs, labels.len(), tile * TILE);
            }
        }
        data.refuse_unless(sound)?;
        let [mut confidence, others @ ..] = reader.confidence;
        others.iter().for_each(|lane| confidence.merge(lane));
        let reachable = reachable(&confidence.thresholds());
        let others = reader.other_classes.iter().zip(&reader.other_probs);
        let issues = others.filter(|&(&class, &p)| p >= reachable[class as usize]).count();
        Ok(Self { own: reader.own, disagrees: reader.disagrees, issues })
    }
}

/// Sums of self-confidence that are kept side by side, as each addition waits for the one before it.
const LANES: usize = 4;

/// [`Pixels`] in the making.
struct Reader {
    own: Vec<f64>,
    disagrees: Vec<bool>,
    /// The predicted class where it is not the label, and its probability.
    other_classes: Vec<u32>,
    other_probs: Vec<f64>,
    confidence: [Confidence; LANES],
    tile: Tile,
}

/// The pixels that are worked on.
struct Tile {
    /// The largest probability and its class.
    largest: Vec<f64>,
    predicted: Vec<f64>,
    /// The same of the pixels in which it is not the label.
    other_probs: Vec<f64>,
    other_classes: Vec<u32>,
}

impl Reader {
    /// Adds the pixels from `start` of an image of `size` pixels and tells whether their probabilities are sound. Classes
    /// are numbers of the same width as the probabilities here, so that comparing and choosing runs in the same vector
    /// lanes.
    fn push_tile(&mut self, labels: &[u32], probs: &[f64], size: usize, start: usize) -> bool {
        let n = labels.len();
        let k = probs.len() / size;
        let Tile { largest, predicted, other_probs, other_classes } = &mut self.tile;
        let (largest, predicted) = (&mut largest[..n], &mut predicted[..n]);
        largest.fill(f64::NEG_INFINITY);
        let mut sound = true;
        for class in (0..k).step_by(PLANES) {
            // The last class again where there are no more: it is not larger than itself.
            let plane = |i: usize| &probs[(class + i).min(k - 1) * size + start..][..n];
            keep_largest(&mut sound, (largest, predicted), &std::array::from_fn(plane), class as f64);
        }
        let mut n_others = 0;
        for (i, ((&label, &predicted), &largest)) in labels.iter().zip(&*predicted).zip(&*largest).enumerate() {
            let own = probs[label as usize * size + start + i];
            self.confidence[i % LANES].add(label as usize, own);
            self.own.push(own);
            let disagrees = predicted != f64::from(label);
            self.disagrees.push(disagrees);
            // Written in any case and kept only where it is wanted: a branch would often be mistaken.
            other_classes[n_others] = predicted as u32;
            other_probs[n_others] = largest;
            n_others += usize::from(disagrees);
        }
        self.other_classes.extend_from_slice(&other_classes[..n_others]);
        self.other_probs.extend_from_slice(&other_probs[..n_others]);
        sound
    }
}

in_wide_vectors! {
    #[expect(clippy::needless_bitwise_bool, reason = "a branch would keep values from being compared side by side")]
    /// Puts the largest probability of classes `class`, `class` + 1, …, all slices equally long, where it is the largest
    /// yet. Makes `sound` false where a probability is NaN or outside [0, 1].
    fn keep_largest(
        sound: &mut bool,
        best: (&mut [f64], &mut [f64]),
        planes: &[&[f64]; PLANES],
        class: f64,
    ) {
        let [first, second, third, fourth] = planes;
        let planes = first.iter().zip(*second).zip(third.iter().zip(*fourth));
        // Counted rather than searched for, so that values are compared side by side.
        let mut n_unsound = 0_u64;
        for ((largest, predicted), ((&a, &b), (&c, &d))) in best.0.iter_mut().zip(best.1).zip(planes) {
            let none_below = (a >= -TOLERANCE) & (b >= -TOLERANCE) & (c >= -TOLERANCE) & (d >= -TOLERANCE);
            let (p, of_p) = if b > a { (b, class + 1.0) } else { (a, class) };
            let (q, of_q) = if d > c { (d, class + 3.0) } else { (c, class + 2.0) };
            let (p, of) = if q > p { (q, of_q) } else { (p, of_p) };
            n_unsound += u64::from(!(none_below & (p <= 1.0 + TOLERANCE)));
            *predicted = if p > *largest { of } else { *predicted };
            *largest = if p > *largest { p } else { *largest };
        }
        *sound &= n_unsound == 0;
    }
}

/// The first class with the largest probability at a pixel of an image of `size` pixels.
pub(super) fn predicted_at(probs: &[f64], size: usize, pixel: usize) -> usize {
    let mut best = (0, f64::NEG_INFINITY);
    for (class, plane) in probs.chunks_exact(size).enumerate() {
        if plane[pixel] > best.1 {
            best = (class, plane[pixel]);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array3, Array4};

    #[test]
    fn tiles_and_odd_numbers_of_classes_change_nothing() {
        for k in 1..6 {
            let (h, w) = (37, 61);
            let labels = Array3::from_shape_fn((2, h, w), |(i, y, x)| ((i + 3 * y + 5 * x) % k) as u32);
            let level = |i, c, y, x| (7 * i + 11 * c + 13 * y + 17 * x + c * x * y) % 9;
            let probs = Array4::from_shape_fn((2, k, h, w), |(i, c, y, x)| level(i, c, y, x) as f64 / 9.0);
            let data = SegmentationData::new(labels, probs).unwrap();
            let pixels = Pixels::of(&data).unwrap();
            let images = data.images().flat_map(|(labels, probs)| (0..h * w).map(move |i| (labels[i], probs, i)));
            for (place, (label, probs, i)) in images.enumerate() {
                assert_eq!(pixels.own[place], probs[label as usize * h * w + i]);
                let best = predicted_at(probs, h * w, i);
                assert_eq!(pixels.disagrees[place], best != label as usize);
            }
        }
    }
}
