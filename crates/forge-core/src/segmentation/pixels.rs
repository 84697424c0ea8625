//! What the algorithms need of each pixel's probabilities, read in one pass over them.

use super::SegmentationData;
use crate::classification::inspector::{Confidence, reachable};
use crate::vector_math::in_wide_vectors;

/// Pixels worked on at a time: few enough for the scratch space to stay in the nearest cache.
const TILE: usize = 1024;

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
    pub(super) fn of(data: &SegmentationData) -> Self {
        let n = data.labels().len();
        let mut reader = Reader {
            own: Vec::with_capacity(n),
            disagrees: Vec::with_capacity(n),
            others: Vec::new(),
            confidence: Confidence::new(data.n_classes()),
        };
        for (labels, probs) in data.images() {
            for (tile, labels_of_tile) in labels.chunks(TILE).enumerate() {
                reader.push_tile(labels_of_tile, probs, labels.len(), tile * TILE);
            }
        }
        let reachable = reachable(&reader.confidence.thresholds());
        let issues = reader.others.iter().filter(|&&(class, p)| p >= reachable[class as usize]).count();
        Self { own: reader.own, disagrees: reader.disagrees, issues }
    }
}

/// [`Pixels`] in the making.
struct Reader {
    own: Vec<f64>,
    disagrees: Vec<bool>,
    /// The predicted class and its probability where it is not the label.
    others: Vec<(u32, f64)>,
    confidence: Confidence,
}

impl Reader {
    /// Adds the pixels from `start` of an image of `size` pixels. Classes are numbers of the same width as the
    /// probabilities here, so that comparing and choosing runs in the same vector lanes.
    fn push_tile(&mut self, labels: &[u32], probs: &[f64], size: usize, start: usize) {
        let n = labels.len();
        let k = probs.len() / size;
        let (mut largest, mut predicted) = ([f64::NEG_INFINITY; TILE], [0.0_f64; TILE]);
        let (largest, predicted) = (&mut largest[..n], &mut predicted[..n]);
        for class in (0..k).step_by(PLANES) {
            // The last class again where there are no more: it is not larger than itself.
            let plane = |i: usize| &probs[(class + i).min(k - 1) * size + start..][..n];
            keep_largest(largest, predicted, &std::array::from_fn(plane), class as f64);
        }
        for (i, ((&label, &predicted), &largest)) in labels.iter().zip(&*predicted).zip(&*largest).enumerate() {
            let own = probs[label as usize * size + start + i];
            self.confidence.add(label as usize, own);
            self.own.push(own);
            let disagrees = predicted != f64::from(label);
            if disagrees {
                self.others.push((predicted as u32, largest));
            }
            self.disagrees.push(disagrees);
        }
    }
}

in_wide_vectors! {
    /// Puts the largest probability of classes `class`, `class` + 1, …, all slices equally long, where it is the largest
    /// yet.
    fn keep_largest(largest: &mut [f64], predicted: &mut [f64], planes: &[&[f64]; PLANES], class: f64) {
        let [first, second, third, fourth] = planes;
        let planes = first.iter().zip(*second).zip(third.iter().zip(*fourth));
        for ((largest, predicted), ((&a, &b), (&c, &d))) in largest.iter_mut().zip(predicted).zip(planes) {
            let (p, of_p) = if b > a { (b, class + 1.0) } else { (a, class) };
            let (q, of_q) = if d > c { (d, class + 3.0) } else { (c, class + 2.0) };
            let (p, of) = if q > p { (q, of_q) } else { (p, of_p) };
            *predicted = if p > *largest { of } else { *predicted };
            *largest = if p > *largest { p } else { *largest };
        }
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
            let pixels = Pixels::of(&data);
            let images = data.images().flat_map(|(labels, probs)| (0..h * w).map(move |i| (labels[i], probs, i)));
            for (place, (label, probs, i)) in images.enumerate() {
                assert_eq!(pixels.own[place], probs[label as usize * h * w + i]);
                let best = predicted_at(probs, h * w, i);
                assert_eq!(pixels.disagrees[place], best != label as usize);
            }
        }
    }
}
