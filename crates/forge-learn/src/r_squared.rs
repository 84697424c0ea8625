//! How much of the variance of numbers their predictions explain.

use crate::LearnError;
use crate::weights::check_weights;

/// The coefficient of determination: 1 for exact predictions, 0 for the mean, below 0 for worse.
///
/// Where all targets are equal it is 1 for exact predictions and 0 for others, as in scikit-learn's `r2_score`.
///
/// # Errors
/// Predictions or weights that are not one per target, fewer than two targets.
pub fn r2_score(targets: &[f64], predictions: &[f64], weights: Option<&[f64]>) -> Result<f64, LearnError> {
    if targets.len() != predictions.len() {
        return Err(LearnError::LabelCount { n_labels: predictions.len(), n_rows: targets.len() });
    }
    if targets.len() < 2 {
        return Err(LearnError::TooFewRows { n_rows: targets.len(), least: 2 });
    }
    check_weights(targets.len(), weights)?;
    let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
    let weighted = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        targets.iter().zip(predictions).enumerate().map(|(row, (&y, &p))| weight(row) * of(y, p)).sum()
    };
    let total = weighted(&|_, _| 1.0);
    let mean = weighted(&|y, _| y) / total;
    let unexplained = weighted(&|y, p| (y - p) * (y - p));
    let variance = weighted(&|y, _| (y - mean) * (y - mean));
    Ok(match (unexplained == 0.0, variance == 0.0) {
        (true, _) => 1.0,
        (false, true) => 0.0,
        (false, false) => 1.0 - unexplained / variance,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_predictions_score_one_and_the_mean_scores_zero() {
        assert_eq!(r2_score(&[1.0, 2.0, 6.0], &[1.0, 2.0, 6.0], None), Ok(1.0));
        assert_eq!(r2_score(&[1.0, 2.0, 6.0], &[3.0, 3.0, 3.0], None), Ok(0.0));
        assert_eq!(r2_score(&[2.0, 2.0], &[3.0, 2.0], None), Ok(0.0));
        assert!(r2_score(&[2.0], &[3.0], None).is_err());
    }

    #[test]
    fn a_row_of_weight_two_counts_like_two_rows() {
        let weighted = r2_score(&[1.0, 2.0, 6.0], &[1.5, 2.0, 5.0], Some(&[1.0, 2.0, 1.0])).unwrap();
        let repeated = r2_score(&[1.0, 2.0, 2.0, 6.0], &[1.5, 2.0, 2.0, 5.0], None).unwrap();
        assert!((weighted - repeated).abs() < 1e-15);
    }
}
