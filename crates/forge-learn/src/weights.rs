//! How much each row counts in a fit, scikit-learn's `sample_weight`.

use crate::LearnError;

/// Refuses weights that are not one finite number of at least 0 per row, or that are all 0.
pub(crate) fn check_weights(n_rows: usize, weights: Option<&[f64]>) -> Result<(), LearnError> {
    let Some(weights) = weights else { return Ok(()) };
    let refuse = |value: String, range| Err(LearnError::Setting { setting: "sample_weight", value, range });
    if weights.len() != n_rows {
        return refuse(format!("{} weights for {n_rows} rows", weights.len()), "one weight per row");
    }
    if let Some(position) = weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0)) {
        return refuse(format!("{} at position {position}", weights[position]), "a finite number of at least 0");
    }
    if weights.iter().all(|&weight| weight == 0.0) {
        return refuse("0 in every row".to_owned(), "above 0 in at least one row");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_that_cannot_be_used_is_named() {
        let refused = |weights: &[f64]| check_weights(2, Some(weights)).unwrap_err().to_string();
        assert!(refused(&[1.0]).starts_with("sample_weight is 1 weights for 2 rows"));
        assert!(refused(&[1.0, -0.5]).starts_with("sample_weight is -0.5 at position 1"));
        assert!(refused(&[f64::NAN, 1.0]).contains("NaN at position 0"));
        assert!(refused(&[0.0, 0.0]).contains("above 0 in at least one row"));
        assert_eq!(check_weights(2, Some(&[0.0, 3.0])), Ok(()));
        assert_eq!(check_weights(2, None), Ok(()));
    }
}
