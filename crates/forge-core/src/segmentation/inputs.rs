//! The checked input of every segmentation algorithm: label masks and the probabilities that belong to them.

use ndarray::{Array3, Array4};

use crate::CoreError;
use crate::inputs::TOLERANCE;
use crate::vector_math::in_wide_vectors;

/// Label masks with predicted class probabilities: n images of h × w pixels in k classes.
///
/// *Invariant*: nothing is empty, labels are n × h × w and below k, probabilities are n × k × h × w, both stored in that
/// order. Whether the probabilities lie in [0, 1] (to 1e-6) every algorithm checks while it reads them: going over them
/// takes longer than most of what is made of them. Probabilities of a pixel need not sum to one.
#[derive(Clone, Debug, PartialEq)]
pub struct SegmentationData {
    labels: Array3<u32>,
    pred_probs: Array4<f64>,
}

impl SegmentationData {
    /// Takes labels, n × h × w, and probabilities, n × k × h × w.
    ///
    /// # Errors
    /// [`CoreError::Shape`] for empty or unequal shapes, [`CoreError::Setting`] naming the first pixel whose label is not
    /// below k.
    pub fn new(labels: Array3<u32>, pred_probs: Array4<f64>) -> Result<Self, CoreError> {
        let (n, k, h, w) = pred_probs.dim();
        if pred_probs.is_empty() {
            return Err(CoreError::Shape {
                argument: "pred_probs",
                shape: format!("{n} × {k} × {h} × {w}"),
                expected: "at least one value (images × classes × height × width)".to_owned(),
            });
        }
        if labels.dim() != (n, h, w) {
            let (images, height, width) = labels.dim();
            return Err(CoreError::Shape {
                argument: "labels",
                shape: format!("{images} × {height} × {width}"),
                expected: format!("{n} × {h} × {w}, as `pred_probs` has (images × height × width)"),
            });
        }
        if labels.iter().max().is_some_and(|&largest| largest as usize >= k)
            && let Some(((i, y, x), label)) = labels.indexed_iter().find(|&(_, &label)| label as usize >= k)
        {
            let rule = format!("a class below {k}, the number of classes in `pred_probs`");
            return Err(CoreError::setting(&format!("labels[{i}, {y}, {x}]"), label, rule));
        }
        let labels = if labels.is_standard_layout() { labels } else { labels.as_standard_layout().into_owned() };
        let pred_probs =
            if pred_probs.is_standard_layout() { pred_probs } else { pred_probs.as_standard_layout().into_owned() };
        Ok(Self { labels, pred_probs })
    }

    /// The labels, n × h × w.
    pub fn labels(&self) -> &Array3<u32> {
        &self.labels
    }

    /// The probabilities, n × k × h × w.
    pub fn pred_probs(&self) -> &Array4<f64> {
        &self.pred_probs
    }

    /// Images, height and width.
    pub fn dim(&self) -> (usize, usize, usize) {
        self.labels.dim()
    }

    /// Number of classes.
    pub fn n_classes(&self) -> usize {
        self.pred_probs.dim().1
    }

    /// Refuses a probability that is NaN or outside [0, 1].
    pub(super) fn check_probabilities(&self) -> Result<(), CoreError> {
        let mut sound = true;
        all_shares(&mut sound, self.pred_probs.as_slice().unwrap_or_default());
        self.refuse_unless(sound)
    }

    /// What [`SegmentationData::check_probabilities`] answers once all probabilities are known to be `sound` or not.
    pub(super) fn refuse_unless(&self, sound: bool) -> Result<(), CoreError> {
        if sound {
            return Ok(());
        }
        match self.pred_probs.indexed_iter().find(|&(_, &p)| !is_share(p)) {
            Some(((i, c, y, x), p)) => {
                let place = format!("pred_probs[{i}, {c}, {y}, {x}]");
                Err(CoreError::setting(&place, p, "a probability between 0 and 1"))
            }
            None => Ok(()),
        }
    }

    /// Per image its labels, h · w, and its probabilities, k · h · w, class by class.
    pub(super) fn images(&self) -> impl Iterator<Item = (&[u32], &[f64])> {
        let (_, h, w) = self.dim();
        let labels = self.labels.as_slice().unwrap_or_default().chunks_exact(h * w);
        labels.zip(self.pred_probs.as_slice().unwrap_or_default().chunks_exact(self.n_classes() * h * w))
    }

    /// Shrinks both by `factor` in height and width: labels to the rounded mean of the class numbers in each block,
    /// probabilities to their mean, scaled to sum one. That a mean of class numbers may be a class that is nowhere in the
    /// block is cleanlab's rule.
    ///
    /// # Errors
    /// [`CoreError::Setting`] where height or width are not multiples of it, or for a probability outside [0, 1].
    pub(super) fn downsampled(&self, factor: usize) -> Result<Self, CoreError> {
        let (n, h, w) = self.dim();
        if factor == 0 || h % factor != 0 || w % factor != 0 {
            let rule = format!("a positive number that divides height {h} and width {w}");
            return Err(CoreError::setting("downsample", factor, rule));
        }
        self.check_probabilities()?;
        let (small_h, small_w, area) = (h / factor, w / factor, (factor * factor) as f64);
        let mut labels = Array3::zeros((n, small_h, small_w));
        let mut probs = Array4::zeros((n, self.n_classes(), small_h, small_w));
        let mut sums = vec![0.0; small_h * small_w];
        for ((image_labels, image_probs), (mut to_labels, mut to_probs)) in
            self.images().zip(labels.outer_iter_mut().zip(probs.outer_iter_mut()))
        {
            sum_blocks(&mut sums, image_labels, w, factor);
            to_labels.iter_mut().zip(&sums).for_each(|(label, sum)| *label = (sum / area).round_ties_even() as u32);
            let mut totals = vec![0.0; sums.len()];
            for (mut plane, values) in to_probs.outer_iter_mut().zip(image_probs.chunks_exact(h * w)) {
                sum_blocks(&mut sums, values, w, factor);
                plane.iter_mut().zip(&sums).for_each(|(p, sum)| *p = sum / area);
                totals.iter_mut().zip(&plane).for_each(|(total, p)| *total += p);
            }
            for mut plane in to_probs.outer_iter_mut() {
                let scale = |(p, total): (&mut f64, &f64)| *p /= if *total == 0.0 { 1.0 } else { *total };
                plane.iter_mut().zip(&totals).for_each(scale);
            }
        }
        Ok(Self { labels, pred_probs: probs })
    }
}

#[inline]
fn is_share(p: f64) -> bool {
    (-TOLERANCE..=1.0 + TOLERANCE).contains(&p)
}

in_wide_vectors! {
    /// Makes `sound` false where a probability is NaN or outside [0, 1].
    pub(super) fn all_shares(sound: &mut bool, probs: &[f64]) {
        // Counted rather than searched for, so that values are compared side by side.
        *sound &= probs.iter().filter(|&&p| !is_share(p)).count() == 0;
    }
}

/// Sums the values of an image of width `w` over blocks of `factor` × `factor`.
fn sum_blocks<T: Copy + Into<f64>>(sums: &mut [f64], values: &[T], w: usize, factor: usize) {
    sums.fill(0.0);
    for (rows, sums) in values.chunks_exact(w * factor).zip(sums.chunks_exact_mut(w / factor)) {
        for row in rows.chunks_exact(w) {
            for (block, sum) in row.chunks_exact(factor).zip(sums.iter_mut()) {
                block.iter().for_each(|&value| *sum += value.into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::filter::find_label_issues;
    use super::super::rank::{ImageScore, get_label_quality_scores};
    use super::super::summary::common_label_issues;
    use super::*;

    #[test]
    fn the_first_bad_pixel_is_named() {
        let labels = Array3::zeros((1, 2, 2));
        let probs = Array4::from_elem((1, 2, 2, 2), 0.5);
        let mut bad = probs.clone();
        bad[[0, 1, 0, 1]] = f64::NAN;
        let bad = SegmentationData::new(labels.clone(), bad).unwrap();
        let error = bad.check_probabilities().unwrap_err();
        assert_eq!(find_label_issues(&bad, 1), Err(error.clone()));
        assert_eq!(find_label_issues(&bad, 2), Err(error.clone()));
        assert_eq!(get_label_quality_scores(&bad, ImageScore::default()), Err(error.clone()));
        assert_eq!(common_label_issues(&Array3::from_elem((1, 2, 2), false), &bad, &[], 1), Err(error.clone()));
        assert_eq!(error.to_string(), "`pred_probs[0, 1, 0, 1]` is NaN, expected a probability between 0 and 1");
        let mut bad = labels.clone();
        bad[[0, 1, 1]] = 2;
        let error = SegmentationData::new(bad, probs.clone()).unwrap_err();
        assert!(error.to_string().starts_with("`labels[0, 1, 1]` is 2, expected a class below 2"), "{error}");
        assert!(matches!(SegmentationData::new(Array3::zeros((1, 2, 3)), probs), Err(CoreError::Shape { .. })));
        assert!(SegmentationData::new(Array3::zeros((0, 2, 2)), Array4::zeros((0, 2, 2, 2))).is_err());
    }

    #[test]
    fn blocks_become_their_mean() {
        let labels = Array3::from_shape_vec((1, 2, 4), vec![0, 1, 2, 2, 1, 1, 2, 2]).unwrap();
        let mut probs = Array4::from_elem((1, 3, 2, 4), 0.2);
        probs[[0, 2, 0, 2]] = 1.0;
        let small = SegmentationData::new(labels, probs).unwrap().downsampled(2).unwrap();
        assert_eq!(small.labels(), &Array3::from_shape_vec((1, 1, 2), vec![1, 2]).unwrap());
        assert!((small.pred_probs()[[0, 2, 0, 1]] - 0.5).abs() < 1e-12);
        assert!(small.downsampled(2).is_err());
    }
}
