//! How plausible the labels of each image are. Mirrors `cleanlab.segmentation.rank`.

use ndarray::{Array3, Axis};

use super::SegmentationData;
use super::filter::find_label_issues;
use super::inputs::all_shares;
use crate::CoreError;
use crate::classification::rank::find_top_issues;
use crate::vector_math::softmin_weights;

/// How an image is scored from its pixels, cleanlab's `method`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ImageScore {
    /// Mean of the pixels' self-confidence, weighted by softmax((1 − self-confidence) / temperature): near the lowest
    /// for a low temperature, near the mean for a high one.
    Softmin {
        /// Above 0; 0.1 by default.
        temperature: f64,
    },
    /// 1 − share of pixels with a label issue.
    NumPixelIssues {
        /// As in [`find_label_issues`]; 1 by default.
        downsample: usize,
    },
}

impl Default for ImageScore {
    fn default() -> Self {
        Self::Softmin { temperature: 0.1 }
    }
}

/// Label quality scores in [0, 1]; lower is worse.
#[derive(Clone, Debug, PartialEq)]
pub struct QualityScores {
    /// One per image, n values.
    pub images: Vec<f64>,
    /// Self-confidence of each pixel, n × h × w.
    pub pixels: Array3<f64>,
}

/// Scores images and pixels. cleanlab: `segmentation.rank.get_label_quality_scores`.
///
/// # Errors
/// [`CoreError::Setting`] for a temperature that is not above 0 or a `downsample` that does not divide the images; a
/// probability outside [0, 1].
pub fn get_label_quality_scores(data: &SegmentationData, score: ImageScore) -> Result<QualityScores, CoreError> {
    let (n, h, w) = data.dim();
    let size = h * w;
    if let ImageScore::Softmin { temperature } = score
        && !(temperature > 0.0 && temperature.is_finite())
    {
        return Err(CoreError::setting("temperature", temperature, "a number above 0"));
    }
    let pixels = self_confidence(data)?;
    let images = match score {
        ImageScore::Softmin { temperature } => {
            pixels.chunks_exact(size).map(|image| softmin(image, temperature)).collect()
        }
        ImageScore::NumPixelIssues { downsample } => {
            let issues = find_label_issues(data, downsample)?;
            let share = |image: ndarray::ArrayView2<'_, bool>| {
                1.0 - image.iter().filter(|&&flag| flag).count() as f64 / size as f64
            };
            issues.axis_iter(Axis(0)).map(share).collect()
        }
    };
    let pixels = Array3::from_shape_vec((n, h, w), pixels).map_err(|error| CoreError::Shape {
        argument: "labels",
        shape: error.to_string(),
        expected: format!("{n} × {h} × {w}"),
    })?;
    Ok(QualityScores { images, pixels })
}

/// The probability of the given label of each pixel.
fn self_confidence(data: &SegmentationData) -> Result<Vec<f64>, CoreError> {
    let mut own = Vec::with_capacity(data.labels().len());
    let mut sound = true;
    for (labels, probs) in data.images() {
        all_shares(&mut sound, probs);
        own.extend(labels.iter().enumerate().map(|(pixel, &label)| probs[label as usize * labels.len() + pixel]));
    }
    data.refuse_unless(sound)?;
    Ok(own)
}

/// Sums that are kept side by side, as each addition waits for the one before it.
const LANES: usize = 8;

/// Pixels whose weights are worked out at a time.
const TILE: usize = 1024;

fn softmin(scores: &[f64], temperature: f64) -> f64 {
    // cleanlab's `EPSILON`.
    let temperature = temperature.max(1e-6);
    let (chunks, rest) = scores.as_chunks::<LANES>();
    let smaller = |a: f64, b: f64| if b < a { b } else { a };
    let lowest = chunks.iter().fold([f64::INFINITY; LANES], |low, c| std::array::from_fn(|i| smaller(low[i], c[i])));
    let lowest = lowest.into_iter().chain(rest.iter().copied()).fold(f64::INFINITY, smaller);
    let mut weights = [0.0; TILE];
    let (mut weighted, mut totals) = ([0.0; LANES], [0.0; LANES]);
    for scores in scores.chunks(TILE) {
        let weights = &mut weights[..scores.len()];
        softmin_weights(weights, scores, lowest, temperature);
        for (scores, weights) in scores.chunks(LANES).zip(weights.chunks(LANES)) {
            for (((weighted, total), score), weight) in weighted.iter_mut().zip(&mut totals).zip(scores).zip(weights) {
                *weighted += score * weight;
                *total += weight;
            }
        }
    }
    weighted.iter().sum::<f64>() / totals.iter().sum::<f64>()
}

/// Where [`images_from_scores`] stops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cutoff {
    /// One image after those below the threshold, where there is one: what cleanlab gives.
    #[default]
    OneMore,
    /// Only images below the threshold.
    Below,
}

/// A mask of the pixels whose score is below `threshold`, n × h × w. cleanlab: `segmentation.rank.issues_from_scores`
/// with `pixel_scores`.
///
/// # Errors
/// [`CoreError::Setting`] for a threshold outside [0, 1].
pub fn pixels_from_scores(pixel_scores: &Array3<f64>, threshold: f64) -> Result<Array3<bool>, CoreError> {
    check_threshold(threshold)?;
    Ok(pixel_scores.mapv(|score| score < threshold))
}

/// The images whose score is below `threshold`, worst first. cleanlab: `segmentation.rank.issues_from_scores` without
/// `pixel_scores`, which by its default [`Cutoff`] gives one image too many.
///
/// # Errors
/// [`CoreError::Setting`] for a threshold outside [0, 1].
pub fn images_from_scores(image_scores: &[f64], threshold: f64, cutoff: Cutoff) -> Result<Vec<u32>, CoreError> {
    check_threshold(threshold)?;
    let below = image_scores.iter().filter(|&&score| score < threshold).count();
    Ok(find_top_issues(image_scores, below + usize::from(cutoff == Cutoff::OneMore)))
}

fn check_threshold(threshold: f64) -> Result<(), CoreError> {
    if (0.0..=1.0).contains(&threshold) {
        return Ok(());
    }
    Err(CoreError::setting("threshold", threshold, "a number from 0 to 1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array4;

    fn data() -> SegmentationData {
        let probs = Array4::from_shape_fn((2, 2, 1, 3), |(i, class, _, x)| {
            let p = 0.3 + 0.2 * i as f64 + 0.1 * x as f64;
            if class == 0 { p } else { 1.0 - p }
        });
        SegmentationData::new(Array3::zeros((2, 1, 3)), probs).unwrap()
    }

    #[test]
    fn softmin_lies_between_the_lowest_and_the_mean() {
        for (temperature, expected) in [(1e-4, 0.3), (1e6, 0.4)] {
            let scores = get_label_quality_scores(&data(), ImageScore::Softmin { temperature }).unwrap();
            assert!((scores.images[0] - expected).abs() < 1e-6, "{:?}", scores.images);
        }
        let bad = get_label_quality_scores(&data(), ImageScore::Softmin { temperature: 0.0 });
        assert!(matches!(bad, Err(CoreError::Setting { .. })));
    }

    #[test]
    fn the_default_cutoff_gives_one_image_more_than_are_below() {
        let scores = [0.3, 0.05, 0.2];
        assert_eq!(images_from_scores(&scores, 0.1, Cutoff::OneMore).unwrap(), [1, 2]);
        assert_eq!(images_from_scores(&scores, 0.1, Cutoff::Below).unwrap(), [1]);
        assert_eq!(images_from_scores(&scores, 1.0, Cutoff::OneMore).unwrap(), [1, 2, 0]);
        assert!(images_from_scores(&scores, f64::NAN, Cutoff::Below).is_err());
    }
}
