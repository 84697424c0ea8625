//! The three strategies together: the weighted mean of what they find, each in its own standard deviations.
//!
//! What a member says of a row is its anomaly less the mean over the rows, divided by the standard deviation. Weights and
//! normalisation were chosen by mean ROC AUC and mean average precision of scikit-learn's members over the seven sets of
//! `cargo xtask bench anomaly --kdd`, where isolation forest alone, the best member, has 0.893 and 0.609:
//!
//! | combination (distance : density : isolation) | standardised | ranks | normal distribution |
//! |---|---|---|---|
//! | mean, 1 : 1 : 1 | 0.876, 0.526 | 0.698, 0.310 | 0.859, 0.447 |
//! | mean, 1 : 1 : 4 | 0.889, 0.573 | 0.822, 0.373 | 0.880, 0.492 |
//! | **mean, 1 : 1 : 8** | **0.891, 0.588** | 0.853, 0.421 | 0.885, 0.514 |
//! | maximum | 0.881, 0.545 | 0.859, 0.458 | 0.881, 0.542 |
//!
//! Equal weights fail where anomalies come in dense groups (KDD Cup 99, digits): there rows have near neighbours of their
//! own kind, and the two strategies that look at neighbours rank them last. In ranks that verdict counts in full; in
//! standard deviations a row can be only a little more usual than the usual one, but much more unusual.

use forge_learn::Host;

use super::isolation_forest::Isolation;
use super::knn::DatalabKnn;
use super::local_outlier_factor::LocalDensity;
use super::rows::Rows;
use super::strategy::Strategy;
use crate::CoreError;

/// Weights of distance, density and isolation.
const WEIGHTS: [f64; 3] = [0.1, 0.1, 0.8];

/// The weighted mean of the three strategies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ensemble {
    /// The member with parameters of its own.
    pub(super) isolation: Isolation,
}

impl Strategy for Ensemble {
    fn anomaly(&self, rows: &Rows, host: &dyn Host) -> Result<Vec<f64>, CoreError> {
        let members: [&dyn Strategy; 3] = [&DatalabKnn, &LocalDensity, &self.isolation];
        let mut mean = vec![0.0; rows.matrix().n_rows()];
        for (member, weight) in members.into_iter().zip(WEIGHTS) {
            let found = standardised(&member.anomaly(rows, host)?);
            mean.iter_mut().zip(found).for_each(|(mean, found)| *mean += weight * found);
        }
        Ok(mean)
    }

    /// The logistic function of the negated mean: a row that members find as usual as the mean row scores one half.
    fn normalised(&self, anomaly: &[f64]) -> Vec<f64> {
        anomaly.iter().map(|deviations| 1.0 / (1.0 + libm::exp(*deviations))).collect()
    }
}

/// Values less their mean in standard deviations; all 0 where they do not differ.
fn standardised(values: &[f64]) -> Vec<f64> {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max((value - mean).abs()));
    // Divided by the largest before squaring, so that no square overflows; differences in the last digits are rounding.
    if largest <= mean.abs() * 1e-12 {
        return vec![0.0; values.len()];
    }
    let squares: f64 = values.iter().map(|value| ((value - mean) / largest) * ((value - mean) / largest)).sum();
    let deviation = largest * (squares / n).sqrt();
    values.iter().map(|value| (value - mean) / deviation).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standardised_values_have_mean_0_and_deviation_1_or_say_nothing() {
        assert_eq!(standardised(&[1.0, 3.0]), [-1.0, 1.0]);
        assert_eq!(standardised(&[0.1; 3]), [0.0; 3]);
        assert!(standardised(&[0.0, 1e300, 1e150]).iter().all(|value| value.is_finite()));
    }
}
