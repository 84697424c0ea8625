//! What boosting makes small, as in scikit-learn's `sklearn._loss`: half the squared error, or the log loss of two or
//! more classes.

use super::exponential::exp;
use super::gradients::{Entry, Units};

/// The loss and the targets it measures against.
#[derive(Clone, Copy, Debug)]
pub(super) enum Loss<'a> {
    /// Half the squared difference from numbers; scores are predictions.
    SquaredError(&'a [f64]),
    /// Log loss against 0 and 1; the score is the log odds of 1. scikit-learn's `HalfBinomialLoss`.
    Binomial(&'a [u32]),
    /// Log loss against this many classes; scores are logarithms of probabilities up to a constant. scikit-learn's
    /// `HalfMultinomialLoss`.
    Multinomial(&'a [u32], usize),
}

/// Rows of a block of the multinomial gradient: their scores of all classes stay in the cache.
const BLOCK: usize = 256;

impl Loss<'_> {
    /// The constant scores of least loss over `rows`; scikit-learn's `fit_intercept_only`.
    pub(super) fn baseline(&self, rows: &[u32], weights: Option<&[f64]>) -> Vec<f64> {
        let weight = |row: u32| weights.map_or(1.0, |weights| weights[row as usize]);
        let total: f64 = rows.iter().map(|&row| weight(row)).sum();
        let mean = |of: &dyn Fn(usize) -> f64| -> f64 {
            // Weights of 0 everywhere leave nothing to average.
            rows.iter().map(|&row| weight(row) * of(row as usize)).sum::<f64>() / total.max(f64::MIN_POSITIVE)
        };
        let bound = |prob: f64| prob.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
        match self {
            Self::SquaredError(targets) => vec![mean(&|row| targets[row])],
            Self::Binomial(labels) => {
                let prob = bound(mean(&|row| f64::from(labels[row])));
                vec![libm::log(prob / (1.0 - prob))]
            }
            Self::Multinomial(labels, n_classes) => {
                let logs: Vec<f64> = (0..*n_classes as u32)
                    .map(|class| libm::log(bound(mean(&|row| f64::from(u8::from(labels[row] == class))))))
                    .collect();
                let centre = logs.iter().sum::<f64>() / logs.len() as f64;
                logs.into_iter().map(|log| log - centre).collect()
            }
        }
    }

    /// The mean loss of `rows`, whose scores lie in one vector per class.
    pub(super) fn mean(&self, rows: &[u32], scores: &[Vec<f64>], weights: Option<&[f64]>) -> f64 {
        let of_row = |row: usize| match self {
            Self::SquaredError(targets) => 0.5 * (scores[0][row] - targets[row]) * (scores[0][row] - targets[row]),
            Self::Binomial(labels) => {
                let score = scores[0][row];
                libm::log1p(exp(-score.abs())) + score.max(0.0) - f64::from(labels[row]) * score
            }
            Self::Multinomial(labels, _) => {
                let largest = scores.iter().map(|scores| scores[row]).fold(f64::NEG_INFINITY, f64::max);
                let sum: f64 = scores.iter().map(|scores| exp(scores[row] - largest)).sum();
                largest + libm::log(sum) - scores[labels[row] as usize][row]
            }
        };
        let (mut sum, mut total) = (0.0, 0.0);
        for &row in rows {
            let weight = weights.map_or(1.0, |weights| weights[row as usize]);
            sum += weight * of_row(row as usize);
            total += weight;
        }
        if total > 0.0 { sum / total } else { 0.0 }
    }

    /// Writes the derivatives of the loss by the scores, one vector per class; returns their units.
    pub(super) fn derivatives(&self, scores: &[Vec<f64>], weights: Option<&[f64]>, out: &mut [Vec<Entry>]) -> Units {
        let n_rows = scores[0].len();
        let heaviest = weights.map(|weights| weights.iter().copied().fold(0.0, f64::max));
        let units = match self {
            Self::SquaredError(targets) => {
                let differences = scores[0].iter().zip(*targets).map(|(score, target)| (score - target).abs());
                let largest = differences.fold(0.0, f64::max);
                Units::new(n_rows, largest * heaviest.unwrap_or(1.0), heaviest)
            }
            _ => Units::new(n_rows, heaviest.unwrap_or(1.0), Some(0.25 * heaviest.unwrap_or(1.0))),
        };
        let encode = units.encoder();
        let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
        match self {
            Self::SquaredError(targets) => {
                for (row, ((out, score), target)) in out[0].iter_mut().zip(&scores[0]).zip(*targets).enumerate() {
                    *out = encode((score - target) * weight(row), weight(row));
                }
            }
            Self::Binomial(labels) => {
                for (row, ((out, score), &label)) in out[0].iter_mut().zip(&scores[0]).zip(*labels).enumerate() {
                    let prob = 1.0 / (1.0 + exp(-score));
                    *out = encode((prob - f64::from(label)) * weight(row), prob * (1.0 - prob) * weight(row));
                }
            }
            Self::Multinomial(labels, n_classes) => {
                let mut probs = vec![[0.0; BLOCK]; *n_classes];
                for first in (0..n_rows).step_by(BLOCK) {
                    let rows = first..(first + BLOCK).min(n_rows);
                    softmax(scores, rows.clone(), &mut probs);
                    for (class, (out, probs)) in out.iter_mut().zip(&probs).enumerate() {
                        for ((row, out), prob) in rows.clone().zip(&mut out[rows.clone()]).zip(probs) {
                            let is_label = f64::from(u8::from(labels[row] as usize == class));
                            *out = encode((prob - is_label) * weight(row), prob * (1.0 - prob) * weight(row));
                        }
                    }
                }
            }
        }
        units
    }
}

/// The probabilities of a block of rows, class by class.
fn softmax(scores: &[Vec<f64>], rows: std::ops::Range<usize>, probs: &mut [[f64; BLOCK]]) {
    let mut largest = [f64::NEG_INFINITY; BLOCK];
    for scores in scores {
        for (largest, &score) in largest.iter_mut().zip(&scores[rows.clone()]) {
            *largest = if score > *largest { score } else { *largest };
        }
    }
    let mut sum = [0.0; BLOCK];
    for (scores, probs) in scores.iter().zip(&mut *probs) {
        for (((prob, &score), largest), sum) in probs.iter_mut().zip(&scores[rows.clone()]).zip(&largest).zip(&mut sum)
        {
            *prob = exp(score - largest);
            *sum += *prob;
        }
    }
    sum.iter_mut().for_each(|sum| *sum = 1.0 / *sum);
    for probs in probs {
        probs.iter_mut().zip(&sum).for_each(|(prob, factor)| *prob *= factor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Derivatives by finite differences of the loss of one row.
    fn check(loss: Loss<'_>, scores: &[f64]) {
        let scores: Vec<Vec<f64>> = scores.iter().map(|&score| vec![score]).collect();
        let mut entries = vec![vec![[0, 0]]; scores.len()];
        let units = loss.derivatives(&scores, Some(&[2.0]), &mut entries);
        for class in 0..scores.len() {
            let at = |step: f64| {
                let mut moved = scores.clone();
                moved[class][0] += step;
                2.0 * loss.mean(&[0], &moved, None)
            };
            let step = 1e-4;
            let (below, here, above) = (at(-step), at(0.0), at(step));
            let entry = entries[class][0];
            assert!((units.gradient(entry) - (above - below) / (2.0 * step)).abs() < 1e-6);
            assert!((units.hessian(entry) - (above - 2.0 * here + below) / (step * step)).abs() < 1e-5);
        }
    }

    #[test]
    fn derivatives_are_those_of_the_loss() {
        check(Loss::SquaredError(&[1.5]), &[0.25]);
        check(Loss::Binomial(&[1]), &[-0.7]);
        check(Loss::Binomial(&[0]), &[2.2]);
        check(Loss::Multinomial(&[2], 3), &[0.3, -1.0, 0.8]);
    }

    #[test]
    fn the_baseline_has_no_gradient() {
        let labels = [0, 1, 2, 2, 1, 2, 0, 2];
        let weights = [1.0, 2.0, 1.0, 0.5, 1.0, 1.0, 3.0, 1.0];
        let rows: Vec<u32> = (0..8).collect();
        for loss in [Loss::Multinomial(&labels, 3), Loss::Binomial(&[0, 1, 1, 1, 0, 0, 1, 1])] {
            let baseline = loss.baseline(&rows, Some(&weights));
            let scores: Vec<Vec<f64>> = baseline.iter().map(|&score| vec![score; 8]).collect();
            let mut entries = vec![vec![[0, 0]; 8]; scores.len()];
            let units = loss.derivatives(&scores, Some(&weights), &mut entries);
            for entries in entries {
                let sum: f64 = entries.iter().map(|&entry| units.gradient(entry)).sum();
                assert!(sum.abs() < 1e-9, "{sum}");
            }
        }
    }
}
