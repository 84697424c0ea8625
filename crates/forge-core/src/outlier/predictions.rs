//! Out-of-distribution scores from predicted probabilities.

use libm::{exp, log, pow};
use serde::{Deserialize, Serialize};

use crate::classification::count::get_confident_thresholds;
use crate::{Adjustment, CoreError, Labels, PredProbs};

/// How a row of probabilities becomes a score, cleanlab's `method`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OodMethod {
    /// 1 − entropy / log(classes).
    #[default]
    Entropy,
    /// The largest probability.
    LeastConfidence,
    /// Generalised entropy of the largest probabilities; Liu, Lochman and Zach (2023), "GEN: Pushing the limits of
    /// softmax-based out-of-distribution detection". Meant for [`Adjustment::None`].
    Gen,
}

/// Settings of [`PredictionOod`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PredictionOodOptions {
    /// How probabilities become a score. Default: entropy.
    pub method: OodMethod,
    /// Whether thresholds are subtracted first, which evens out how common classes are. cleanlab: `adjust_pred_probs`.
    /// Default: confident thresholds.
    pub adjustment: Adjustment,
    /// GEN: how many of the largest probabilities count, at least 1. Where there are fewer classes, all count, but the sum
    /// is still divided by this. cleanlab: `M`. Default: 100.
    pub top_classes: usize,
    /// GEN: the exponent, above 0. cleanlab: `gamma`. Default: 0.1.
    pub gamma: f64,
}

impl Default for PredictionOodOptions {
    fn default() -> Self {
        let adjustment = Adjustment::ConfidentThresholds;
        Self { method: OodMethod::Entropy, adjustment, top_classes: 100, gamma: 0.1 }
    }
}

impl PredictionOodOptions {
    fn validate(&self) -> Result<(), CoreError> {
        if self.top_classes == 0 {
            return Err(CoreError::setting("M", self.top_classes, "at least 1"));
        }
        if !(self.gamma > 0.0 && self.gamma.is_finite()) {
            return Err(CoreError::setting("gamma", self.gamma, "a number above 0"));
        }
        Ok(())
    }
}

/// Scores rows by their predicted probabilities. cleanlab: `OutOfDistribution` fitted on `pred_probs`.
///
/// *Invariant*: thresholds, k values, are there exactly where probabilities are adjusted.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictionOod {
    options: PredictionOodOptions,
    confident_thresholds: Option<Vec<f64>>,
}

impl PredictionOod {
    /// Learns the class thresholds, where probabilities are adjusted; otherwise `labels` are not needed.
    ///
    /// # Errors
    /// A setting outside its range; labels that are missing, of one class, or do not fit the probabilities.
    pub fn fit(
        labels: Option<&Labels>,
        pred_probs: &PredProbs,
        options: PredictionOodOptions,
    ) -> Result<Self, CoreError> {
        options.validate()?;
        let confident_thresholds = match (options.adjustment, labels) {
            (Adjustment::None, _) => None,
            (Adjustment::ConfidentThresholds, None) => {
                return Err(CoreError::Missing {
                    argument: "labels",
                    rule: "`adjust_pred_probs` needs the given labels; pass them or turn it off",
                });
            }
            (Adjustment::ConfidentThresholds, Some(labels)) => {
                labels.require_two_classes()?;
                Some(get_confident_thresholds(labels, pred_probs)?)
            }
        };
        Ok(Self { options, confident_thresholds })
    }

    /// Takes class thresholds, k values in [0, 2], instead of learning them. cleanlab: `params["confident_thresholds"]`.
    ///
    /// # Errors
    /// A setting outside its range, or a threshold outside [0, 2].
    pub fn with_thresholds(thresholds: Vec<f64>, options: PredictionOodOptions) -> Result<Self, CoreError> {
        options.validate()?;
        if let Some(class) = thresholds.iter().position(|threshold| !(0.0..=2.0).contains(threshold)) {
            let setting = format!("confident_thresholds[{class}]");
            return Err(CoreError::setting(&setting, thresholds[class], "a number between 0 and 2"));
        }
        let confident_thresholds = (options.adjustment == Adjustment::ConfidentThresholds).then_some(thresholds);
        Ok(Self { options, confident_thresholds })
    }

    /// The class thresholds, k values, where probabilities are adjusted.
    pub fn confident_thresholds(&self) -> Option<&[f64]> {
        self.confident_thresholds.as_deref()
    }

    /// A score in [0, 1] per row; lower is less typical.
    ///
    /// # Errors
    /// Probabilities of another number of classes than was fitted, or one outside [0, 1] under the entropy.
    pub fn score(&self, pred_probs: &PredProbs) -> Result<Vec<f64>, CoreError> {
        let n_classes = pred_probs.n_classes();
        let (thresholds, largest) = match &self.confident_thresholds {
            Some(thresholds) if thresholds.len() != n_classes => {
                return Err(CoreError::Shape {
                    argument: "pred_probs",
                    shape: format!("{} × {n_classes}", pred_probs.n_rows()),
                    expected: format!("{} columns, as `confident_thresholds` has values", thresholds.len()),
                });
            }
            Some(thresholds) => (thresholds.as_slice(), thresholds.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
            None => (&[][..], 0.0),
        };
        let mut adjusted = vec![0.0; n_classes];
        let mut scores = Vec::with_capacity(pred_probs.n_rows());
        for (i, row) in pred_probs.rows().enumerate() {
            adjusted.copy_from_slice(row);
            if !thresholds.is_empty() {
                adjusted.iter_mut().zip(thresholds).for_each(|(p, threshold)| *p = *p - threshold + largest);
                let total: f64 = adjusted.iter().sum();
                adjusted.iter_mut().for_each(|p| *p /= total);
            }
            scores.push(match self.options.method {
                OodMethod::Entropy => certainty(i, &adjusted)?,
                OodMethod::LeastConfidence => adjusted.iter().copied().fold(f64::NEG_INFINITY, larger),
                OodMethod::Gen => self.generalised_entropy(&mut adjusted),
            });
        }
        Ok(scores)
    }

    fn generalised_entropy(&self, row: &mut [f64]) -> f64 {
        row.iter_mut().for_each(|p| *p = exp(*p));
        let total: f64 = row.iter().sum();
        row.iter_mut().for_each(|p| *p /= total);
        let top = self.options.top_classes;
        if top < row.len() {
            row.select_nth_unstable_by(top - 1, |a, b| b.total_cmp(a));
        }
        let gamma = self.options.gamma;
        let sum: f64 = row.iter().take(top).map(|&p| pow(p, gamma) * pow(1.0 - p, gamma)).sum();
        1.0 - sum / top as f64
    }
}

/// The larger of two; NaN wins, as in NumPy.
fn larger(best: f64, p: f64) -> f64 {
    if p > best || p.is_nan() { p } else { best }
}

/// 1 − normalised entropy. cleanlab: `internal.label_quality_utils.get_normalized_entropy`.
fn certainty(i: usize, row: &[f64]) -> Result<f64, CoreError> {
    if let Some(column) = row.iter().position(|&p| !p.is_nan() && !(0.0..=1.0).contains(&p)) {
        return Err(CoreError::Probability { row: i, column, value: row[column] });
    }
    let entropy = row.iter().fold(0.0, |sum, &p| if p == 0.0 { sum } else { sum - p * log(p) });
    Ok(1.0 - entropy / log(row.len() as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(method: OodMethod) -> PredictionOodOptions {
        PredictionOodOptions { method, adjustment: Adjustment::None, ..Default::default() }
    }

    #[test]
    fn a_certain_row_scores_one_and_an_even_row_scores_lowest() {
        let probs = PredProbs::from_rows(&[[1.0, 0.0], [0.5, 0.5], [0.8, 0.2]]).unwrap();
        for (method, lowest) in [(OodMethod::Entropy, 0.0), (OodMethod::LeastConfidence, 0.5)] {
            let scores = PredictionOod::fit(None, &probs, plain(method)).unwrap().score(&probs).unwrap();
            assert_eq!((scores[0], scores[1]), (1.0, lowest));
            assert!(scores[2] > scores[1] && scores[2] < scores[0]);
        }
    }

    #[test]
    fn adjusting_needs_labels_of_two_classes() {
        let probs = PredProbs::from_rows(&[[0.9, 0.1], [0.5, 0.5]]).unwrap();
        let fit = |labels: Option<&Labels>| PredictionOod::fit(labels, &probs, PredictionOodOptions::default());
        assert!(matches!(fit(None), Err(CoreError::Missing { argument: "labels", .. })));
        assert!(matches!(fit(Some(&Labels::new(vec![1, 1]).unwrap())), Err(CoreError::OneClass { label: 1 })));
        assert!(fit(Some(&Labels::new(vec![0, 1]).unwrap())).is_ok());
    }

    #[test]
    fn another_number_of_classes_is_refused() {
        let ood = PredictionOod::with_thresholds(vec![0.5, 0.6], PredictionOodOptions::default()).unwrap();
        assert!(matches!(ood.score(&PredProbs::from_rows(&[[0.2, 0.3, 0.5]]).unwrap()), Err(CoreError::Shape { .. })));
        assert!(PredictionOod::with_thresholds(vec![f64::NAN], PredictionOodOptions::default()).is_err());
    }

    #[test]
    fn settings_outside_their_range_are_refused() {
        let probs = PredProbs::from_rows(&[[0.9, 0.1]]).unwrap();
        let gen_with = |top_classes, gamma| PredictionOodOptions { top_classes, gamma, ..plain(OodMethod::Gen) };
        assert!(PredictionOod::fit(None, &probs, gen_with(0, 0.1)).is_err());
        assert!(PredictionOod::fit(None, &probs, gen_with(2, f64::NAN)).is_err());
    }
}
