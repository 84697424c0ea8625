//! Which classes are taken for which. Mirrors `cleanlab.segmentation.summary`, but for its plots.

use ndarray::Array3;

use super::SegmentationData;
use super::pixels::predicted_at;
use crate::{CoreError, by_number};

/// Pixels of one class that should be of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelSwap {
    /// The class they are labelled with.
    pub given_label: u32,
    /// The class with their largest probability.
    pub predicted_label: u32,
    /// How many pixels.
    pub num_pixel_issues: u64,
}

/// The most frequent swaps among the pixels flagged in `issues`, n × h × w, most frequent first and at most `top`.
/// Pixels predicted to be of a class in `exclude` are left out. cleanlab: `segmentation.summary.common_label_issues`.
///
/// # Errors
/// [`CoreError::Shape`] for a mask of another shape than the labels; a probability outside [0, 1].
pub fn common_label_issues(
    issues: &Array3<bool>,
    data: &SegmentationData,
    exclude: &[u32],
    top: usize,
) -> Result<Vec<LabelSwap>, CoreError> {
    let k = data.n_classes();
    let mut counts = vec![0_u64; k * k];
    for_each_issue(issues, data, |_, given, predicted| counts[given as usize * k + predicted as usize] += 1)?;
    let cells = (0..k as u32).flat_map(|given| (0..k as u32).map(move |predicted| (given, predicted)));
    let mut swaps: Vec<LabelSwap> = cells
        .zip(counts)
        .filter(|((_, predicted), count)| *count > 0 && !exclude.contains(predicted))
        .map(|((given_label, predicted_label), num_pixel_issues)| LabelSwap {
            given_label,
            predicted_label,
            num_pixel_issues,
        })
        .collect();
    by_number::sort(&mut swaps, |swap| -(swap.num_pixel_issues as f64));
    swaps.truncate(top);
    Ok(swaps)
}

/// Those of the pixels flagged in `issues`, n × h × w, that are labelled with or predicted to be of one of `classes`.
/// cleanlab: `segmentation.summary.filter_by_class`.
///
/// # Errors
/// [`CoreError::Shape`] for a mask of another shape than the labels; a probability outside [0, 1].
pub fn filter_by_class(
    classes: &[u32],
    issues: &Array3<bool>,
    data: &SegmentationData,
) -> Result<Array3<bool>, CoreError> {
    let mut mask = Array3::from_elem(issues.dim(), false);
    for_each_issue(issues, data, |place, given, predicted| {
        mask[place] = classes.contains(&given) || classes.contains(&predicted);
    })?;
    Ok(mask)
}

/// Place, given and predicted class of every flagged pixel.
fn for_each_issue(
    issues: &Array3<bool>,
    data: &SegmentationData,
    mut visit: impl FnMut((usize, usize, usize), u32, u32),
) -> Result<(), CoreError> {
    let (n, h, w) = data.dim();
    if issues.dim() != (n, h, w) {
        let (images, height, width) = issues.dim();
        return Err(CoreError::Shape {
            argument: "issues",
            shape: format!("{images} × {height} × {width}"),
            expected: format!("{n} × {h} × {w}, as `labels` has (images × height × width)"),
        });
    }
    data.check_probabilities()?;
    for (i, ((labels, probs), image)) in data.images().zip(issues.outer_iter()).enumerate() {
        for ((y, x), _) in image.indexed_iter().filter(|(_, flag)| **flag) {
            let pixel = y * w + x;
            visit((i, y, x), labels[pixel], predicted_at(probs, h * w, pixel) as u32);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array4;

    fn data() -> SegmentationData {
        let labels = Array3::from_shape_vec((1, 1, 4), vec![0, 0, 1, 2]).unwrap();
        let largest = [1, 1, 0, 2];
        let probs = Array4::from_shape_fn((1, 3, 1, 4), |(_, c, _, x)| if largest[x] == c { 0.8 } else { 0.1 });
        SegmentationData::new(labels, probs).unwrap()
    }

    #[test]
    fn swaps_are_counted_most_frequent_first() {
        let issues = Array3::from_shape_vec((1, 1, 4), vec![true, true, true, false]).unwrap();
        let swap = |given_label, predicted_label, num_pixel_issues| LabelSwap {
            given_label,
            predicted_label,
            num_pixel_issues,
        };
        assert_eq!(common_label_issues(&issues, &data(), &[], 20).unwrap(), [swap(0, 1, 2), swap(1, 0, 1)]);
        assert_eq!(common_label_issues(&issues, &data(), &[1], 20).unwrap(), [swap(1, 0, 1)]);
        assert_eq!(common_label_issues(&issues, &data(), &[], 1).unwrap().len(), 1);
    }

    #[test]
    fn a_class_is_found_by_label_and_by_prediction() {
        let issues = Array3::from_elem((1, 1, 4), true);
        let of_class = |class| filter_by_class(&[class], &issues, &data()).unwrap().into_raw_vec_and_offset().0;
        assert_eq!(of_class(0), [true, true, true, false]);
        assert_eq!(of_class(2), [false, false, false, true]);
        assert!(filter_by_class(&[0], &Array3::from_elem((1, 2, 2), true), &data()).is_err());
    }
}
