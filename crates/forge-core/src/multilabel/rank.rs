//! How plausible the classes of a row are, class by class and pooled. Mirrors `cleanlab.multilabel_classification.rank`
//! and the scorers behind it.

use libm::exp;
use ndarray::{Array2, Axis};

use super::MultilabelData;
use super::moving_average::moving_averages;
use crate::classification::rank::get_adjusted_label_quality_scores;
use crate::{Adjustment, CoreError, Score};

/// Smallest temperature of a softmax, cleanlab's `EPSILON`.
const COLDEST: f64 = 1e-6;

/// How a class of a row is scored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scoring {
    /// The score of the binary problem "class or not" [default self-confidence].
    pub score: Score,
    /// Whether probabilities are adjusted first [default no].
    pub adjustment: Adjustment,
}

/// How the scores of a row's classes become one, cleanlab's `aggregator_kwargs`.
///
/// cleanlab names the first two and takes any Python function; the others stand for NumPy's of the same name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aggregator {
    /// Moving average over the scores from best to worst: `alpha` in [0, 1] is the weight of the next score, so that 1
    /// gives the minimum and 0 the maximum. `None` means 2 / (k + 1). cleanlab's default is 0.8.
    ExponentialMovingAverage {
        /// Weight of the next, lower score.
        alpha: Option<f64>,
    },
    /// Mean weighted by the softmax of (1 − score) / `temperature`; cleanlab's default temperature is 0.1.
    Softmin {
        /// Below 10⁻⁶ it counts as 10⁻⁶.
        temperature: f64,
    },
    /// The mean.
    Mean,
    /// The lowest.
    Min,
    /// The highest.
    Max,
    /// The median.
    Median,
}

impl Default for Aggregator {
    fn default() -> Self {
        Self::ExponentialMovingAverage { alpha: Some(0.8) }
    }
}

impl Aggregator {
    /// The names that [`Aggregator`] goes by.
    pub const NAMES: [&str; 6] = ["exponential_moving_average", "softmin", "mean", "min", "max", "median"];

    /// Temperature of softmin where none is given.
    pub const SOFTMIN_TEMPERATURE: f64 = 0.1;

    /// One score per row of an n × k matrix.
    ///
    /// # Errors
    /// An `alpha` outside [0, 1]; a temperature that is not a number; a matrix without columns.
    pub fn aggregate(self, scores: &Array2<f64>) -> Result<Vec<f64>, CoreError> {
        let k = scores.ncols();
        if k == 0 {
            return Err(CoreError::Empty { argument: "scores" });
        }
        let alpha = match self {
            Self::ExponentialMovingAverage { alpha } => alpha.unwrap_or(2.0 / (k as f64 + 1.0)),
            _ => 1.0,
        };
        if !(0.0..=1.0).contains(&alpha) {
            return Err(CoreError::setting("alpha", alpha, "a number between 0 and 1"));
        }
        if let Self::Softmin { temperature } = self
            && temperature.is_nan()
        {
            return Err(CoreError::setting("temperature", temperature, "a number"));
        }
        if let Self::ExponentialMovingAverage { .. } = self {
            let scores = scores.as_standard_layout();
            return Ok(moving_averages(scores.as_slice().unwrap_or_default(), k, alpha));
        }
        let mut row = vec![0.0; k];
        let mut aggregate = |source: ndarray::ArrayView1<'_, f64>| {
            row.iter_mut().zip(source).for_each(|(cell, &score)| *cell = score);
            match self {
                Self::Softmin { temperature } => softmin(&row, temperature),
                Self::ExponentialMovingAverage { .. } | Self::Mean => row.iter().sum::<f64>() / k as f64,
                Self::Min => row.iter().copied().fold(f64::INFINITY, |a, b| if b < a || b.is_nan() { b } else { a }),
                Self::Max => {
                    row.iter().copied().fold(f64::NEG_INFINITY, |a, b| if b > a || b.is_nan() { b } else { a })
                }
                Self::Median => median(&mut row),
            }
        };
        Ok(scores.outer_iter().map(&mut aggregate).collect())
    }
}

fn median(row: &mut [f64]) -> f64 {
    if row.iter().any(|score| score.is_nan()) {
        return f64::NAN;
    }
    row.sort_unstable_by(f64::total_cmp);
    let half = row.len() / 2;
    if row.len() % 2 == 1 { row[half] } else { f64::midpoint(row[half - 1], row[half]) }
}

/// The mean of `scores` weighted by the softmax of (1 − score) / temperature; NaN for no scores.
/// cleanlab: `internal.multilabel_scorer.softmin`, and the sentence score of token classification.
pub(crate) fn softmin(scores: &[f64], temperature: f64) -> f64 {
    let temperature = temperature.max(COLDEST);
    // The largest exponent belongs to the lowest score; shifting by it keeps every power within range.
    let scaled = |score: f64| (1.0 - score) / temperature;
    let shift = scores.iter().map(|&score| scaled(score)).fold(f64::NEG_INFINITY, f64::max);
    let (mut weighted, mut total) = (0.0, 0.0);
    for &score in scores {
        let weight = exp(scaled(score) - shift);
        weighted += weight * score;
        total += weight;
    }
    weighted / total
}

/// A label quality score for each class of each row, n × k in [0, 1].
/// cleanlab: `multilabel_classification.rank.get_label_quality_scores_per_class`.
///
/// # Errors
/// The entropy score on adjusted probabilities.
pub fn get_label_quality_scores_per_class(data: &MultilabelData, scoring: Scoring) -> Result<Array2<f64>, CoreError> {
    let mut scores = data.pred_probs().view().to_owned();
    match (scoring.score, scoring.adjustment) {
        // Without adjustment these need no second column: the other probability is the complement.
        (Score::SelfConfidence, Adjustment::None) => {
            score_in_place(&mut scores, data, |own, _| own);
        }
        (Score::NormalizedMargin, Adjustment::None) => {
            score_in_place(&mut scores, data, |own, other| f64::midpoint(own - other, 1.0));
        }
        (score, adjustment) => {
            for (mut column, (labels, pred_probs)) in scores.axis_iter_mut(Axis(1)).zip(data.problems()) {
                let of_class = get_adjusted_label_quality_scores(labels, &pred_probs, score, adjustment)?;
                column.iter_mut().zip(of_class).for_each(|(cell, score)| *cell = score);
            }
        }
    }
    Ok(scores)
}

/// Replaces each probability by the score of its class, from the probability of what is given ("class" or "not") and of
/// its opposite.
fn score_in_place(probs: &mut Array2<f64>, data: &MultilabelData, score: impl Fn(f64, f64) -> f64) {
    for (mut column, labels) in probs.axis_iter_mut(Axis(1)).zip(data.classes()) {
        for (p, &label) in column.iter_mut().zip(labels.as_slice()) {
            let complement = 1.0 - *p;
            *p = if label == 1 { score(*p, complement) } else { score(complement, *p) };
        }
    }
}

/// A label quality score per row: [`get_label_quality_scores_per_class`] pooled.
/// cleanlab: `multilabel_classification.rank.get_label_quality_scores`.
///
/// # Errors
/// A single class, or classes that every row has or none has; the entropy score on adjusted probabilities; an
/// aggregator outside its range.
pub fn get_label_quality_scores(
    data: &MultilabelData,
    scoring: Scoring,
    aggregator: Aggregator,
) -> Result<Vec<f64>, CoreError> {
    if data.n_classes() < 2 {
        return Err(CoreError::Shape {
            argument: "pred_probs",
            shape: format!("{} × {}", data.n_rows(), data.n_classes()),
            expected: "at least two columns: a row may have several classes".to_owned(),
        });
    }
    let only: Vec<Option<u32>> = data.classes().iter().map(crate::Labels::only_class).collect();
    if let Some(&Some(value)) = only.first()
        && only.iter().all(|&class| class == Some(value))
    {
        let held = if value == 0 { "no class in any row" } else { "every class in every row" };
        return Err(CoreError::Shape {
            argument: "labels",
            shape: held.to_owned(),
            expected: "rows with a class and rows without it".to_owned(),
        });
    }
    pooled(data, scoring, aggregator)
}

/// [`get_label_quality_scores`] for rows of any kind.
pub(super) fn pooled(data: &MultilabelData, scoring: Scoring, aggregator: Aggregator) -> Result<Vec<f64>, CoreError> {
    aggregator.aggregate(&get_label_quality_scores_per_class(data, scoring)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PredProbs;

    #[test]
    fn the_moving_average_lies_between_minimum_and_maximum() {
        let scores = Array2::from(vec![[0.2, 0.9, 0.4], [0.5, 0.5, 0.5]]);
        let average = |alpha| Aggregator::ExponentialMovingAverage { alpha }.aggregate(&scores).unwrap();
        assert_eq!(average(Some(1.0)), Aggregator::Min.aggregate(&scores).unwrap());
        assert_eq!(average(Some(0.0)), Aggregator::Max.aggregate(&scores).unwrap());
        // 0.9, then 0.4, then 0.2, each with weight 1/2.
        assert!((average(None)[0] - 0.425).abs() < 1e-12);
        assert_eq!(Aggregator::Median.aggregate(&scores).unwrap(), [0.4, 0.5]);
    }

    #[test]
    fn softmin_goes_from_the_mean_to_the_minimum_as_it_cools() {
        let scores = [0.2, 0.9, 0.4];
        assert!((softmin(&scores, 1e9) - 0.5).abs() < 1e-6);
        assert!((softmin(&scores, 0.0) - 0.2).abs() < 1e-12);
        assert!(softmin(&[], 0.1).is_nan());
    }

    #[test]
    fn an_aggregator_outside_its_range_is_refused() {
        let scores = Array2::from(vec![[0.2, 0.9]]);
        let error = Aggregator::ExponentialMovingAverage { alpha: Some(2.0) }.aggregate(&scores).unwrap_err();
        assert_eq!(error.to_string(), "`alpha` is 2, expected a number between 0 and 1");
        assert!(Aggregator::Softmin { temperature: f64::NAN }.aggregate(&scores).is_err());
    }

    #[test]
    fn labels_that_are_the_same_everywhere_have_no_score() {
        let probs = PredProbs::from_rows(&[[0.9, 0.1], [0.8, 0.2]]).unwrap();
        let data = MultilabelData::new(&[vec![], vec![]], probs).unwrap();
        assert!(get_label_quality_scores(&data, Scoring::default(), Aggregator::default()).is_err());
        assert!(get_label_quality_scores_per_class(&data, Scoring::default()).is_ok());
    }
}
