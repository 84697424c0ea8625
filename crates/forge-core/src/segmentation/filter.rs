//! Which pixels are labelled wrong. Mirrors `cleanlab.segmentation.filter`.

use ndarray::Array3;

use super::SegmentationData;
use super::pixels::{Pixels, predicted_at};
use crate::CoreError;
use crate::classification::inspector::lowest_mask;

/// A mask of the pixels with a label issue, n × h × w. cleanlab: `segmentation.filter.find_label_issues`.
///
/// Every pixel is a row of an [`Inspector`](crate::classification::inspector::Inspector): of the pixels with the lowest
/// self-confidence, as many as there are estimated issues, those whose prediction is not their label. With `downsample`
/// above 1 blocks of so many pixels in height and width are judged as one, which is faster and coarser; the prediction
/// is still compared pixel by pixel.
///
/// # Errors
/// [`CoreError::Setting`] where `downsample` does not divide height and width, or for a probability outside [0, 1].
pub fn find_label_issues(data: &SegmentationData, downsample: usize) -> Result<Array3<bool>, CoreError> {
    let (n, h, w) = data.dim();
    if downsample == 1 {
        let pixels = Pixels::of(data)?;
        let mut mask = lowest_mask(&pixels.own, pixels.issues);
        mask.iter_mut().zip(&pixels.disagrees).for_each(|(flag, disagrees)| *flag &= disagrees);
        return Array3::from_shape_vec((n, h, w), mask).map_err(|error| CoreError::Shape {
            argument: "labels",
            shape: error.to_string(),
            expected: format!("{n} × {h} × {w}"),
        });
    }
    let small = data.downsampled(downsample)?;
    let pixels = Pixels::of(&small)?;
    let blocks = lowest_mask(&pixels.own, pixels.issues);
    let (_, small_h, small_w) = small.dim();
    let mut mask = Array3::from_elem((n, h, w), false);
    for (i, ((labels, probs), mut image)) in data.images().zip(mask.outer_iter_mut()).enumerate() {
        for ((y, x), flag) in image.indexed_iter_mut() {
            let block = (i * small_h + y / downsample) * small_w + x / downsample;
            let pixel = y * w + x;
            *flag = blocks[block] && predicted_at(probs, h * w, pixel) != labels[pixel] as usize;
        }
    }
    Ok(mask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array4;

    /// Two classes, left and right half of each image, with one wrong pixel.
    fn halves(wrong: (usize, usize, usize)) -> SegmentationData {
        let mut labels = Array3::from_shape_fn((2, 4, 4), |(_, _, x)| u32::from(x >= 2));
        let probs =
            Array4::from_shape_fn((2, 2, 4, 4), |(_, class, _, x)| if (x >= 2) == (class == 1) { 0.9 } else { 0.1 });
        labels[wrong] = 1 - labels[wrong];
        SegmentationData::new(labels, probs).unwrap()
    }

    #[test]
    fn a_pixel_of_the_wrong_class_is_the_only_issue() {
        let mask = find_label_issues(&halves((1, 3, 2)), 1).unwrap();
        let flagged: Vec<_> = mask.indexed_iter().filter(|(_, flag)| **flag).map(|(place, _)| place).collect();
        assert_eq!(flagged, [(1, 3, 2)]);
    }

    #[test]
    fn a_factor_that_does_not_divide_the_image_is_refused() {
        assert!(matches!(find_label_issues(&halves((0, 0, 0)), 3), Err(CoreError::Setting { .. })));
        assert!(find_label_issues(&halves((0, 0, 0)), 0).is_err());
        assert_eq!(find_label_issues(&halves((0, 0, 0)), 2).unwrap().dim(), (2, 4, 4));
    }
}
