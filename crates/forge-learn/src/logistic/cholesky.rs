//! The Cholesky factor of a symmetric positive definite matrix, and solving with it.

use crate::{Host, LearnError};

/// A lower triangular factor `L` with `L Lᵀ` equal to the factored matrix.
#[derive(Clone, Debug)]
pub(super) struct Cholesky {
    n: usize,
    /// Row-major square; only the lower triangle is read.
    lower: Vec<f64>,
    /// Reciprocals of the diagonal.
    inverse: Vec<f64>,
}

/// A pivot below this share of its diagonal element is rounding, and is replaced by that element.
const SMALLEST_PIVOT: f64 = 1e-13;
/// Rows between two questions whether to stop.
const ROWS_PER_QUESTION: usize = 32;

impl Cholesky {
    /// Factors the lower triangle of the row-major `n × n` matrix in place.
    ///
    /// Where rounding leaves the matrix short of definite the factor is that of a slightly larger one: enough for a
    /// preconditioner.
    pub(super) fn factor(mut lower: Vec<f64>, n: usize, host: &dyn Host) -> Result<Self, LearnError> {
        let mut inverse = vec![0.0; n];
        for i in 0..n {
            if i % ROWS_PER_QUESTION == 0 && host.cancelled() {
                return Err(LearnError::Cancelled);
            }
            let (above, rest) = lower.split_at_mut(i * n);
            let row = &mut rest[..=i];
            for j in 0..i {
                let of_j = &above[j * n..j * n + j];
                row[j] = (row[j] - dot(&row[..j], of_j)) * inverse[j];
            }
            let diagonal = row[i];
            let mut pivot = diagonal - dot(&row[..i], &row[..i]);
            if !pivot.is_finite() {
                return Err(LearnError::Diverged);
            }
            if pivot <= SMALLEST_PIVOT * diagonal.abs() {
                pivot = diagonal.abs().max(f64::MIN_POSITIVE);
            }
            row[i] = pivot.sqrt();
            inverse[i] = 1.0 / row[i];
        }
        Ok(Self { n, lower, inverse })
    }

    /// Replaces `vector` by the solution of `L Lᵀ x = vector`.
    pub(super) fn solve(&self, vector: &mut [f64]) {
        for i in 0..self.n {
            let row = &self.lower[i * self.n..i * self.n + i];
            vector[i] = (vector[i] - dot(row, &vector[..i])) * self.inverse[i];
        }
        for i in (0..self.n).rev() {
            let value = vector[i] * self.inverse[i];
            vector[i] = value;
            let row = &self.lower[i * self.n..i * self.n + i];
            for (entry, l) in vector[..i].iter_mut().zip(row) {
                *entry -= value * l;
            }
        }
    }
}

/// The inner product, as eight running sums that become vector instructions.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (wide_a, rest_a) = a.as_chunks::<8>();
    let (wide_b, rest_b) = b.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in wide_a.iter().zip(wide_b) {
        for k in 0..8 {
            sums[k] += a[k] * b[k];
        }
    }
    let rest: f64 = rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum();
    ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7])) + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quiet;

    #[test]
    fn solving_undoes_the_product() {
        let n = 21;
        let root = |i: usize, j: usize| ((i * 5 + j * 11) % 13) as f64 / 13.0 + if i == j { 3.0 } else { 0.0 };
        let mut matrix = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..n {
                matrix[i * n + j] = (0..n).map(|k| root(i, k) * root(j, k)).sum();
            }
        }
        let solution: Vec<f64> = (0..n).map(|i| i as f64 - 7.5).collect();
        let mut vector: Vec<f64> = (0..n).map(|i| dot(&matrix[i * n..(i + 1) * n], &solution)).collect();
        Cholesky::factor(matrix, n, &Quiet).unwrap().solve(&mut vector);
        for (found, expected) in vector.iter().zip(&solution) {
            assert!((found - expected).abs() < 1e-9);
        }
    }

    #[test]
    fn a_singular_matrix_still_gives_a_finite_solution() {
        let factor = Cholesky::factor(vec![1.0, 0.0, 1.0, 1.0], 2, &Quiet).unwrap();
        let mut vector = [1.0, 1.0];
        factor.solve(&mut vector);
        assert!(vector.iter().all(|value| value.is_finite()));
    }
}
