//! Temperature scaling: makes a model as sure as the annotators' labels warrant (Guo et al., 2017, "On Calibration of
//! Modern Neural Networks", section 4.2; here against the labels' shares, cleanlab's `find_best_temp_scaler`).

use libm::{exp, log};

use super::{AnnotatorLabels, LabelShares};
use crate::{CoreError, PredProbs};

/// Smallest probability whose logarithm is taken, cleanlab's `SMALL_CONST`.
const SMALLEST: f64 = 1e-30;

/// Smallest temperature, cleanlab's `EPSILON`.
const COLDEST: f64 = 1e-6;

/// The temperatures tried first.
const COARSE: [f64; 9] = [0.1, 0.2, 0.5, 0.8, 1.0, 2.0, 3.0, 5.0, 8.0];

/// Steps between the best of the first and each of its neighbours.
const FINE_STEPS: usize = 4;

/// The temperature at which the probabilities match the annotators' labels best: of nine from 0.1 to 8 the one with the
/// lowest mean soft cross-entropy, then of four steps to either side.
///
/// # Errors
/// Probabilities that do not fit the labels.
pub fn find_best_temperature(
    labels: &AnnotatorLabels,
    pred_probs: &PredProbs,
    shares: LabelShares,
) -> Result<f64, CoreError> {
    labels.table().matches(pred_probs)?;
    let coarse = mean_entropies(labels, pred_probs, shares, &COARSE);
    let best = argmin(&coarse);
    let steps = |from: f64, to: f64| {
        let step = (to - from) / FINE_STEPS as f64;
        (0..FINE_STEPS).map(move |i| i as f64 * step + from)
    };
    let mut fine = Vec::with_capacity(2 * FINE_STEPS + 1);
    if best > 0 {
        fine.extend(steps(COARSE[best - 1], COARSE[best]));
    }
    if let Some(&next) = COARSE.get(best + 1) {
        fine.extend(steps(COARSE[best], next));
        fine.push(next);
    }
    Ok(fine[argmin(&mean_entropies(labels, pred_probs, shares, &fine))])
}

/// The place of the first smallest value, NumPy's `argmin`: NaN counts as smallest.
fn argmin(values: &[f64]) -> usize {
    let mut best = 0;
    for (i, &value) in values.iter().enumerate() {
        if value < values[best] || (value.is_nan() && !values[best].is_nan()) {
            best = i;
        }
    }
    best
}

/// The mean over the examples of the soft cross-entropy at each temperature.
fn mean_entropies(labels: &AnnotatorLabels, pred_probs: &PredProbs, shares: LabelShares, at: &[f64]) -> Vec<f64> {
    let n_classes = pred_probs.n_classes();
    let smallest = log(SMALLEST);
    let mut sums = vec![0.0; at.len()];
    let mut logs = vec![0.0; n_classes];
    let probs = pred_probs.view();
    shares.for_each(labels.table(), n_classes, |i, shares| {
        let row = probs.row(i);
        logs.iter_mut().zip(row).for_each(|(l, &p)| *l = if p > 0.0 { log(p) } else { f64::NEG_INFINITY });
        for (sum, &temperature) in sums.iter_mut().zip(at) {
            // The logarithm of the softmax without the softmax: one logarithm per row instead of one per class.
            let total: f64 = logs.iter().map(|&l| exp(l / temperature)).sum();
            let log_total = if total == 0.0 { f64::NAN } else { log(total) };
            let expected: f64 = shares
                .iter()
                .map(|&(column, share)| {
                    let scaled = logs[column] / temperature - log_total;
                    share * if scaled < smallest { smallest } else { scaled }
                })
                .sum();
            *sum -= expected;
        }
    });
    let scale = log(n_classes as f64) * labels.table().n_examples() as f64;
    sums.iter_mut().for_each(|sum| *sum /= scale);
    sums
}

/// The cross-entropy between the shares of an example's labels and its probabilities, over the logarithm of the number
/// of classes; one per example. cleanlab: `internal.multiannotator_utils.compute_soft_cross_entropy`.
///
/// # Errors
/// Probabilities that do not fit the labels.
pub fn soft_cross_entropy(
    labels: &AnnotatorLabels,
    pred_probs: &PredProbs,
    shares: LabelShares,
) -> Result<Vec<f64>, CoreError> {
    labels.table().matches(pred_probs)?;
    let scale = log(pred_probs.n_classes() as f64);
    let probs = pred_probs.view();
    let mut entropies = Vec::with_capacity(pred_probs.n_rows());
    shares.for_each(labels.table(), pred_probs.n_classes(), |i, shares| {
        let expected: f64 =
            shares.iter().map(|&(column, share)| share * log(at_least_smallest(probs[[i, column]]))).sum();
        entropies.push(-expected / scale);
    });
    Ok(entropies)
}

/// Probabilities scaled by a temperature: sharper below 1, flatter above. cleanlab:
/// `internal.multiannotator_utils.temp_scale_pred_probs`.
///
/// # Errors
/// [`CoreError::Setting`] for a temperature that is not a number or not positive.
pub fn temperature_scaled(pred_probs: &PredProbs, temperature: f64) -> Result<PredProbs, CoreError> {
    if temperature.is_nan() || temperature <= 0.0 {
        return Err(CoreError::setting("temp", temperature, "a number above 0"));
    }
    let temperature = temperature.max(COLDEST);
    let mut scaled = pred_probs.view().to_owned();
    for mut row in scaled.outer_iter_mut() {
        row.mapv_inplace(at_least_smallest);
        let total = row.sum();
        row.mapv_inplace(|p| exp(log(p / total) / temperature));
        let total = row.sum();
        row.mapv_inplace(|p| p / total);
    }
    PredProbs::allowing_nan(scaled)
}

/// NaN stays NaN.
fn at_least_smallest(p: f64) -> f64 {
    if p < SMALLEST { SMALLEST } else { p }
}

#[cfg(test)]
mod tests {
    use super::super::LabelTable;
    use super::*;

    #[test]
    fn a_low_temperature_sharpens_and_one_leaves_as_is() {
        let probs = PredProbs::from_rows(&[[0.75, 0.25], [0.0, 1.0]]).unwrap();
        let sharp = temperature_scaled(&probs, 0.5).unwrap();
        assert!((sharp.view()[[0, 0]] - 0.9).abs() < 1e-12);
        assert!((temperature_scaled(&probs, 1.0).unwrap().view()[[0, 0]] - 0.75).abs() < 1e-12);
        assert!(temperature_scaled(&probs, 0.0).is_err());
        assert!(temperature_scaled(&probs, f64::NAN).is_err());
    }

    #[test]
    fn an_overconfident_model_is_cooled_down_and_a_shy_one_is_heated() {
        let cells = [Some(0), Some(1), Some(0), Some(1), Some(1), Some(1)];
        let labels = AnnotatorLabels::new(LabelTable::from_cells(2, &cells).unwrap()).unwrap();
        let sure = PredProbs::from_rows(&[[0.999, 0.001], [0.001, 0.999], [0.2, 0.8]]).unwrap();
        assert!(find_best_temperature(&labels, &sure, LabelShares::ByClass).unwrap() > 2.0);
        let cells = [Some(0), Some(0), Some(1), Some(1), Some(1), Some(1)];
        let labels = AnnotatorLabels::new(LabelTable::from_cells(2, &cells).unwrap()).unwrap();
        let shy = PredProbs::from_rows(&[[0.55, 0.45], [0.45, 0.55], [0.45, 0.55]]).unwrap();
        assert_eq!(find_best_temperature(&labels, &shy, LabelShares::ByClass).unwrap(), 0.1);
    }

    #[test]
    fn probabilities_that_are_all_zero_do_not_stop_the_search() {
        let labels = AnnotatorLabels::new(LabelTable::from_cells(2, &[Some(0), Some(1)]).unwrap()).unwrap();
        let zero = PredProbs::from_rows(&[[0.0, 0.0]]).unwrap();
        assert_eq!(find_best_temperature(&labels, &zero, LabelShares::ByRank).unwrap(), 0.1);
    }
}
