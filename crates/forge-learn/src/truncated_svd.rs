//! The leading singular vectors of a sparse matrix, by a random projection and power iterations.
//!
//! Halko, Martinsson and Tropp, "Finding structure with randomness" (2011), algorithms 4.4 and 5.1; scikit-learn's
//! `TruncatedSVD(algorithm="randomized")`. Nothing is centred, so zeros stay unwritten.

mod eigen;

use ndarray::{Array1, Array2, ArrayView2};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::logistic::dot;
use crate::{Host, LearnError, Matrix};
use eigen::symmetric_eigen;

/// A column whose length falls below this share by taking the others out is rounding.
const DEPENDENT: f64 = 1e-12;

/// Rows of which only the values that are not 0 are visited.
pub(crate) trait SparseRows {
    /// Rows and columns.
    fn shape(&self) -> (usize, usize);
    /// Calls `visit` with column and value of each value of a row that may differ from 0.
    fn visit(&self, row: usize, visit: &mut dyn FnMut(usize, f64));
}

impl SparseRows for Matrix {
    fn shape(&self) -> (usize, usize) {
        (self.n_rows(), self.n_features())
    }

    fn visit(&self, row: usize, visit: &mut dyn FnMut(usize, f64)) {
        self.dense_row(row).iter().enumerate().for_each(|(column, &value)| visit(column, value));
        let known = self.slot_row(row).iter().filter(|&&slot| (slot as usize) < self.n_features());
        known.for_each(|&slot| visit(slot as usize, 1.0));
    }
}

/// The parameters of a truncated singular value decomposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TruncatedSvd {
    /// Dimensions kept, scikit-learn's `n_components` [50; at least 1]; fewer where the matrix has fewer.
    pub n_components: usize,
    /// Power iterations, scikit-learn's `n_iter` [7; 0–100].
    pub n_iter: usize,
    /// Dimensions drawn beyond those kept, scikit-learn's `n_oversamples` [default 10].
    pub n_oversamples: usize,
    /// Seed of the projection, scikit-learn's `random_state` [default 42].
    pub seed: u64,
}

impl Default for TruncatedSvd {
    fn default() -> Self {
        Self { n_components: 50, n_iter: 7, n_oversamples: 10, seed: 42 }
    }
}

/// A fitted decomposition.
#[derive(Clone, Debug, PartialEq)]
pub struct TruncatedSvdModel {
    /// Columns × kept dimensions.
    components: Array2<f64>,
    singular_values: Array1<f64>,
}

impl TruncatedSvd {
    /// Learns the leading right singular vectors of `features`.
    ///
    /// # Errors
    /// A parameter outside its range, an empty matrix, numbers that overflow, or [`LearnError::Cancelled`].
    pub fn fit(&self, features: &Matrix, host: &dyn Host) -> Result<TruncatedSvdModel, LearnError> {
        self.fit_rows(features, host)
    }

    pub(crate) fn fit_rows(&self, rows: &dyn SparseRows, host: &dyn Host) -> Result<TruncatedSvdModel, LearnError> {
        let refuse =
            |setting, value: usize, range| Err(LearnError::Setting { setting, value: value.to_string(), range });
        let (n, f) = rows.shape();
        if self.n_components == 0 {
            return refuse("n_components", 0, "at least 1");
        }
        if self.n_iter > 100 {
            return refuse("n_iter", self.n_iter, "a number from 0 to 100");
        }
        if n == 0 {
            return Err(LearnError::TooFewRows { n_rows: 0, least: 1 });
        }
        if f == 0 {
            return Err(LearnError::NoFeatures);
        }
        let kept = self.n_components.min(n).min(f);
        let width = (kept + self.n_oversamples).min(n).min(f);
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let mut right = Array2::from_shape_fn((f, width), |_| normal(&mut rng));
        let mut left = Array2::zeros((n, width));
        for pass in 0..=self.n_iter {
            if pass > 0 {
                right = orthonormal(right);
            }
            multiply(rows, &right, &mut left, host)?;
            left = orthonormal(left);
            multiply_transposed(rows, &left, &mut right, host)?;
        }
        // With left orthonormal, `right` holds B transposed, and B Bᵀ = V Λ Vᵀ has the squared singular values.
        let gram = right.t().dot(&right);
        if gram.iter().any(|value| !value.is_finite()) {
            return Err(LearnError::Diverged);
        }
        let (values, vectors) = symmetric_eigen(gram);
        let singular_values: Array1<f64> = values.iter().take(kept).map(|value| value.max(0.0).sqrt()).collect();
        let mut components = right.dot(&vectors.slice(ndarray::s![.., ..kept]));
        for (mut component, &singular) in components.columns_mut().into_iter().zip(&singular_values) {
            // The largest weight of each component is positive, as scikit-learn has it.
            let largest = component.iter().fold(0.0_f64, |most, &w| if w.abs() > most.abs() { w } else { most });
            let scale = if singular > 0.0 { largest.signum() / singular } else { 0.0 };
            component.mapv_inplace(|weight| weight * scale);
        }
        Ok(TruncatedSvdModel { components, singular_values })
    }
}

impl TruncatedSvdModel {
    /// The singular values, largest first. scikit-learn: `singular_values_`.
    pub fn singular_values(&self) -> &[f64] {
        self.singular_values.as_slice().unwrap_or_default()
    }

    /// The right singular vectors, columns × dimensions; scikit-learn's `components_`, transposed.
    pub fn components(&self) -> ArrayView2<'_, f64> {
        self.components.view()
    }

    /// Rows in the kept dimensions, rows × dimensions; columns beyond those of the fit are left out.
    pub fn transform(&self, features: &Matrix) -> Array2<f64> {
        self.transform_rows(features)
    }

    pub(crate) fn transform_rows(&self, rows: &dyn SparseRows) -> Array2<f64> {
        let mut out = Array2::zeros((rows.shape().0, self.components.ncols()));
        for (row, mut sums) in out.outer_iter_mut().enumerate() {
            rows.visit(row, &mut |column, value| {
                if column < self.components.nrows() {
                    sums.scaled_add(value, &self.components.row(column));
                }
            });
        }
        out
    }
}

fn multiply(
    rows: &dyn SparseRows,
    right: &Array2<f64>,
    out: &mut Array2<f64>,
    host: &dyn Host,
) -> Result<(), LearnError> {
    for (row, mut sums) in out.outer_iter_mut().enumerate() {
        ask(row, host)?;
        sums.fill(0.0);
        rows.visit(row, &mut |column, value| sums.scaled_add(value, &right.row(column)));
    }
    Ok(())
}

fn multiply_transposed(
    rows: &dyn SparseRows,
    left: &Array2<f64>,
    out: &mut Array2<f64>,
    host: &dyn Host,
) -> Result<(), LearnError> {
    out.fill(0.0);
    for (row, weights) in left.outer_iter().enumerate() {
        ask(row, host)?;
        rows.visit(row, &mut |column, value| out.row_mut(column).scaled_add(value, &weights));
    }
    Ok(())
}

fn ask(row: usize, host: &dyn Host) -> Result<(), LearnError> {
    if row.is_multiple_of(1024) && host.cancelled() { Err(LearnError::Cancelled) } else { Ok(()) }
}

/// The columns made orthonormal by taking earlier ones out of each, twice (Giraud, Langou and Rozložník, 2005); dependent
/// ones become 0.
fn orthonormal(matrix: Array2<f64>) -> Array2<f64> {
    let (n, width) = matrix.dim();
    let mut columns: Vec<f64> = matrix.t().iter().copied().collect();
    for j in 0..width {
        let (before, rest) = columns.split_at_mut(j * n);
        let column = &mut rest[..n];
        let length = dot(column, column).sqrt();
        for _ in 0..2 {
            for other in before.chunks_exact(n) {
                let along = dot(other, column);
                column.iter_mut().zip(other).for_each(|(value, o)| *value -= along * o);
            }
        }
        let left = dot(column, column).sqrt();
        let scale = if left > DEPENDENT * length { 1.0 / left } else { 0.0 };
        column.iter_mut().for_each(|value| *value *= scale);
    }
    Array2::from_shape_fn((n, width), |(i, j)| columns[j * n + i])
}

/// A standard normal number (Box and Muller, 1958).
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let (u, v): (f64, f64) = (rng.random(), rng.random());
    (-2.0 * libm::log(1.0 - u)).sqrt() * libm::cos(std::f64::consts::TAU * v)
}
