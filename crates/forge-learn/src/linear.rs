//! Linear regression: least squares with an intercept, and with an L2 penalty on the weights where one is asked for.
//!
//! The solution is that of scikit-learn's `LinearRegression` (penalty 0) and `Ridge`: features and targets are centred, so
//! that the intercept is free of penalty, and of all weights that fit equally well the shortest are taken. Rows go
//! through a QR factorisation by Householder reflections (Golub and Van Loan, Matrix Computations, 2013, section 5.2) in
//! blocks, which keeps the accuracy that the normal equations lose and needs memory for one block only.

mod ridge;
mod triangle;

use ndarray::{Array1, ArrayView1, Axis};

use crate::weights::check_weights;
use crate::{Host, LearnError, LinearTerms, Matrix, Regressor, RegressorModel};
pub use ridge::Ridge;
use triangle::Triangle;

/// Rows factored together.
const BLOCK: usize = 256;

/// The parameters of a linear regression.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LinearRegression {
    /// Strength of the L2 penalty, the `alpha` of scikit-learn's `Ridge` [0, ordinary least squares; at least 0].
    pub alpha: f64,
}

impl LinearRegression {
    /// Checks every field against its range.
    ///
    /// # Errors
    /// [`LearnError::Setting`] naming the field.
    pub fn validate(&self) -> Result<(), LearnError> {
        if self.alpha >= 0.0 && self.alpha.is_finite() {
            return Ok(());
        }
        Err(LearnError::Setting { setting: "alpha", value: self.alpha.to_string(), range: "a number of at least 0" })
    }

    /// Learns from `features` and one target per row; `weights` say how much each row counts, scikit-learn's
    /// `sample_weight`.
    ///
    /// # Errors
    /// A parameter, target or weight outside its range, no row, numbers that overflow, or [`LearnError::Cancelled`].
    pub fn fit(
        &self,
        features: &Matrix,
        targets: &[f64],
        weights: Option<&[f64]>,
        host: &dyn Host,
    ) -> Result<LinearModel, LearnError> {
        self.validate()?;
        let n = features.n_rows();
        if targets.len() != n {
            return Err(LearnError::LabelCount { n_labels: targets.len(), n_rows: n });
        }
        if n == 0 {
            return Err(LearnError::TooFewRows { n_rows: 0, least: 1 });
        }
        if let Some(row) = targets.iter().position(|target| !target.is_finite()) {
            return Err(LearnError::Matrix { row, rule: "its target is not finite" });
        }
        features.refuse_missing()?;
        check_weights(n, weights)?;

        let p = features.n_features();
        let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
        let total: f64 = (0..n).map(weight).sum();
        // Means of the features, then of the target.
        let mut means = vec![0.0; p + 1];
        for (row, &target) in targets.iter().enumerate() {
            let weight = weight(row);
            for_each_value(features, row, |feature, x| means[feature] += weight * x);
            means[p] += weight * target;
        }
        means.iter_mut().for_each(|mean| *mean /= total);

        let mut triangle = Triangle::new(p);
        let mut block = vec![0.0; (p + 1) * BLOCK.min(n)];
        for first in (0..n).step_by(BLOCK) {
            if host.cancelled() {
                return Err(LearnError::Cancelled);
            }
            let rows = first..(first + BLOCK).min(n);
            let height = rows.len();
            let block = &mut block[..(p + 1) * height];
            for (column, mean) in block.chunks_exact_mut(height).zip(&means) {
                column.fill(-mean);
            }
            for (i, row) in rows.enumerate() {
                for_each_value(features, row, |feature, x| block[feature * height + i] += x);
                block[p * height + i] += targets[row];
                if weights.is_some() {
                    let root = weight(row).sqrt();
                    block.iter_mut().skip(i).step_by(height).for_each(|value| *value *= root);
                }
            }
            triangle.absorb(block, height);
        }
        if self.alpha > 0.0 {
            triangle.absorb_diagonal(self.alpha.sqrt());
        }
        let coefficients = triangle.solve(n.max(p));
        let intercept = means[p] - coefficients.iter().zip(&means).map(|(w, mean)| w * mean).sum::<f64>();
        if !intercept.is_finite() || coefficients.iter().any(|weight| !weight.is_finite()) {
            return Err(LearnError::Diverged);
        }
        Ok(LinearModel { coefficients: coefficients.into(), intercept })
    }
}

impl Regressor for LinearRegression {
    fn fit(
        &self,
        features: &Matrix,
        targets: &[f64],
        weights: Option<&[f64]>,
        host: &dyn Host,
    ) -> Result<Box<dyn RegressorModel>, LearnError> {
        Ok(Box::new(self.fit(features, targets, weights, host)?))
    }
}

/// A fitted linear regression.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearModel {
    coefficients: Array1<f64>,
    intercept: f64,
}

impl LinearModel {
    /// Weights, one per feature.
    pub fn coefficients(&self) -> ArrayView1<'_, f64> {
        self.coefficients.view()
    }

    /// The prediction where every feature is 0.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }

    /// The predicted number of each row.
    ///
    /// Features beyond those of the fit are left out, missing ones are read as 0.
    pub fn predict(&self, features: &Matrix) -> Vec<f64> {
        let predict = |row| {
            let mut sum = self.intercept;
            for_each_value(features, row, |feature, x| sum += self.coefficients.get(feature).map_or(0.0, |w| w * x));
            sum
        };
        (0..features.n_rows()).map(predict).collect()
    }
}

impl RegressorModel for LinearModel {
    fn predict(&self, features: &Matrix) -> Vec<f64> {
        self.predict(features)
    }

    fn linear_terms(&self) -> Option<LinearTerms> {
        let coefficients = self.coefficients.clone().insert_axis(Axis(0));
        Some(LinearTerms { coefficients, intercepts: Array1::from_elem(1, self.intercept) })
    }
}

/// Calls `use_value` with each feature of a row that is not a 0 of a one-hot block.
fn for_each_value(features: &Matrix, row: usize, mut use_value: impl FnMut(usize, f64)) {
    for (feature, &x) in features.dense_row(row).iter().enumerate() {
        use_value(feature, x);
    }
    for &slot in features.slot_row(row).iter().filter(|&&slot| (slot as usize) < features.n_features()) {
        use_value(slot as usize, 1.0);
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::Quiet;

    fn fit(features: &Array2<f64>, targets: &[f64], weights: Option<&[f64]>) -> LinearModel {
        let features = Matrix::from_dense(features).unwrap();
        LinearRegression::default().fit(&features, targets, weights, &Quiet).unwrap()
    }

    #[test]
    fn a_line_is_recovered_however_many_blocks_it_takes() {
        let features = Array2::from_shape_fn((1_000, 2), |(i, j)| ((i * (7 + j * 6)) % 101) as f64);
        let targets: Vec<f64> = features.outer_iter().map(|x| 3.0 * x[0] - 0.5 * x[1] + 4.0).collect();
        let model = fit(&features, &targets, None);
        assert!((model.coefficients()[0] - 3.0).abs() < 1e-12 && (model.coefficients()[1] + 0.5).abs() < 1e-12);
        assert!((model.intercept() - 4.0).abs() < 1e-10);
    }

    #[test]
    fn of_equal_columns_each_takes_half_the_weight() {
        let model = fit(&array![[1.0, 1.0, 5.0], [2.0, 2.0, 5.0], [4.0, 4.0, 5.0]], &[2.0, 4.0, 8.0], None);
        for (weight, expected) in model.coefficients().iter().zip([1.0, 1.0, 0.0]) {
            assert!((weight - expected).abs() < 1e-12, "{:?}", model.coefficients());
        }
    }

    #[test]
    fn a_row_of_weight_two_counts_like_two_rows() {
        let features = array![[1.0], [2.0], [4.0]];
        let weighted = fit(&features, &[1.0, 3.0, 2.0], Some(&[1.0, 2.0, 1.0]));
        let repeated = fit(&array![[1.0], [2.0], [2.0], [4.0]], &[1.0, 3.0, 3.0, 2.0], None);
        assert!((weighted.coefficients()[0] - repeated.coefficients()[0]).abs() < 1e-14);
        assert!((weighted.intercept() - repeated.intercept()).abs() < 1e-14);
    }

    #[test]
    fn fewer_rows_than_features_are_fitted_exactly() {
        let features = array![[1.0, 2.0, 3.0], [0.0, 1.0, -1.0]];
        let model = fit(&features, &[5.0, -2.0], None);
        let predicted = model.predict(&Matrix::from_dense(&features).unwrap());
        assert!((predicted[0] - 5.0).abs() < 1e-12 && (predicted[1] + 2.0).abs() < 1e-12);
        assert_eq!(fit(&array![[1.0]], &[7.0], None).predict(&Matrix::from_dense(&array![[3.0]]).unwrap()), [7.0]);
    }

    #[test]
    fn one_hot_columns_count_as_zeros_and_ones() {
        let sparse =
            Matrix::new(&array![[0.5], [1.5], [0.0], [2.0]], &array![[1], [2], [1], [crate::NONE]], 3).unwrap();
        let targets = [1.0, 0.0, 2.0, 5.0];
        let regression = LinearRegression { alpha: 0.7 };
        let model = regression.fit(&sparse, &targets, None, &Quiet).unwrap();
        let unfolded =
            regression.fit(&Matrix::from_dense(&sparse.to_dense()).unwrap(), &targets, None, &Quiet).unwrap();
        for (a, b) in model.coefficients().iter().zip(unfolded.coefficients()) {
            assert!((a - b).abs() < 1e-14);
        }
        assert!((model.predict(&sparse)[1] - unfolded.predict(&sparse)[1]).abs() < 1e-14);
    }

    #[test]
    fn what_cannot_be_fitted_is_refused() {
        let features = Matrix::from_dense(&array![[1.0], [2.0]]).unwrap();
        let refused = |alpha, targets: &[f64]| {
            LinearRegression { alpha }.fit(&features, targets, None, &Quiet).unwrap_err().to_string()
        };
        assert!(refused(-1.0, &[0.0, 1.0]).starts_with("alpha is -1"));
        assert!(refused(0.0, &[0.0]).contains("1 labels were given for 2 rows"));
        assert!(refused(0.0, &[0.0, f64::NAN]).contains("row 1"));
        let huge = Matrix::from_dense(&array![[1e300], [-1e300]]).unwrap();
        let result = LinearRegression::default().fit(&huge, &[1.0, 2.0], None, &Quiet);
        assert_eq!(result.unwrap_err(), LearnError::Diverged);
    }
}
