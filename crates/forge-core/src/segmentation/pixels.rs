//! What the algorithms need of each pixel's probabilities, read in one pass over them.

use super::SegmentationData;

/// Pixels worked on at a time: few enough for the scratch space to stay in the nearest cache.
const TILE: usize = 1024;

/// Per pixel, in order of image, row and column.
pub(super) struct Pixels {
    /// Probability of the given label.
    pub(super) own: Vec<f64>,
    /// The first class with the largest probability.
    pub(super) predicted: Vec<u32>,
}

impl Pixels {
    pub(super) fn of(data: &SegmentationData) -> Self {
        let n = data.labels().len();
        let mut pixels = Self { own: Vec::with_capacity(n), predicted: Vec::with_capacity(n) };
        for (labels, probs) in data.images() {
            for (tile, labels_of_tile) in labels.chunks(TILE).enumerate() {
                pixels.push_tile(labels_of_tile, probs, labels.len(), tile * TILE);
            }
        }
        pixels
    }

    /// Adds the pixels from `start` of an image of `size` pixels. Classes are numbers of the same width as the
    /// probabilities here, so that comparing and choosing runs in the same vector lanes, two classes at a time.
    fn push_tile(&mut self, labels: &[u32], probs: &[f64], size: usize, start: usize) {
        let n = labels.len();
        let (mut largest, mut predicted) = ([f64::NEG_INFINITY; TILE], [0.0_f64; TILE]);
        let (largest, predicted) = (&mut largest[..n], &mut predicted[..n]);
        let mut pairs = probs.chunks_exact(2 * size);
        let mut class = 0.0;
        for pair in &mut pairs {
            let (first, second) = pair.split_at(size);
            keep_larger(largest, predicted, &first[start..start + n], &second[start..start + n], class);
            class += 2.0;
        }
        if let Some(last) = pairs.remainder().get(start..start + n) {
            keep_larger(largest, predicted, last, last, class);
        }
        self.own.extend(labels.iter().enumerate().map(|(i, &label)| probs[label as usize * size + start + i]));
        self.predicted.extend(predicted.iter().map(|&class| class as u32));
    }
}

/// Puts the larger probability of classes `class` and `class` + 1, all slices equally long, where it is the largest yet.
fn keep_larger(largest: &mut [f64], predicted: &mut [f64], first: &[f64], second: &[f64], class: f64) {
    for (((largest, predicted), &a), &b) in largest.iter_mut().zip(predicted).zip(first).zip(second) {
        let (p, of) = if b > a { (b, class + 1.0) } else { (a, class) };
        *predicted = if p > *largest { of } else { *predicted };
        *largest = if p > *largest { p } else { *largest };
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
                assert_eq!(pixels.predicted[place], best as u32);
            }
        }
    }
}
