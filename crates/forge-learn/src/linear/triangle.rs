//! The triangular factor of a least-squares problem, which takes rows in blocks, and its solution.

use crate::logistic::dot;

/// Diagonal elements spread wider than this are looked at by singular values.
const SAFE_SPREAD: f64 = 1e-8;
/// Sweeps of rotations at most; ten are plenty in practice.
const SWEEPS: usize = 60;
/// Cosine of two columns below which they count as orthogonal.
const ORTHOGONAL: f64 = 1e-15;

/// `R` and `Qᵀy` of the rows absorbed so far: p × (p + 1), row by row, zero below the diagonal.
pub(super) struct Triangle {
    p: usize,
    values: Vec<f64>,
}

impl Triangle {
    pub(super) fn new(p: usize) -> Self {
        Self { p, values: vec![0.0; p * (p + 1)] }
    }

    /// Takes `height` rows, stored column by column with the target last; overwrites them.
    pub(super) fn absorb(&mut self, block: &mut [f64], height: usize) {
        let width = self.p + 1;
        for j in 0..self.p {
            let (head, tail) = block.split_at_mut((j + 1) * height);
            let below = &head[j * height..];
            let row = &mut self.values[j * width..(j + 1) * width];
            let square = dot(below, below);
            if square == 0.0 {
                continue;
            }
            // The reflection of (row[j], below) onto the diagonal, signed so that nothing cancels.
            let norm = (row[j] * row[j] + square).sqrt();
            let diagonal = if row[j] > 0.0 { -norm } else { norm };
            let top = row[j] - diagonal;
            let scale = 2.0 / (top * top + square);
            row[j] = diagonal;
            for (cell, column) in row[j + 1..].iter_mut().zip(tail.chunks_exact_mut(height)) {
                let along = scale * (top * *cell + dot(below, column));
                *cell -= along * top;
                for (value, direction) in column.iter_mut().zip(below) {
                    *value -= along * direction;
                }
            }
        }
    }

    /// Takes p rows with `value` on the diagonal and target 0, the rows of an L2 penalty.
    pub(super) fn absorb_diagonal(&mut self, value: f64) {
        let mut rows = vec![0.0; self.p * (self.p + 1)];
        rows.iter_mut().step_by(self.p + 1).take(self.p).for_each(|cell| *cell = value);
        self.absorb(&mut rows, self.p);
    }

    /// The shortest weights with the smallest sum of squared residuals. `size` is the larger of rows and columns: singular
    /// values below `size` roundings of the largest count as 0, as in scikit-learn. NaN where sums of squares
    /// overflowed.
    pub(super) fn solve(&self, size: usize) -> Vec<f64> {
        if !self.values.iter().all(|value| value.is_finite()) {
            return vec![f64::NAN; self.p];
        }
        let width = self.p + 1;
        let diagonal = || (0..self.p).map(|j| self.values[j * width + j].abs());
        let largest = diagonal().fold(0.0, f64::max);
        if diagonal().all(|value| value > SAFE_SPREAD * largest) {
            return self.substitute();
        }
        self.solve_by_singular_values(size)
    }

    fn substitute(&self) -> Vec<f64> {
        let width = self.p + 1;
        let mut weights = vec![0.0; self.p];
        for j in (0..self.p).rev() {
            let row = &self.values[j * width..(j + 1) * width];
            let known = dot(&row[j + 1..self.p], &weights[j + 1..]);
            weights[j] = (row[self.p] - known) / row[j];
        }
        weights
    }

    /// One-sided Jacobi (Golub and Van Loan, 2013, section 8.6.3): columns are rotated in pairs until all are orthogonal.
    fn solve_by_singular_values(&self, size: usize) -> Vec<f64> {
        let (p, width) = (self.p, self.p + 1);
        // Columns of R, which become those of U Σ, each followed by the column of V.
        let mut columns: Vec<Vec<f64>> = (0..p)
            .map(|j| {
                let of_factor = (0..p).map(|i| self.values[i * width + j]);
                of_factor.chain((0..p).map(|i| f64::from(u8::from(i == j)))).collect()
            })
            .collect();
        for _ in 0..SWEEPS {
            let mut rotated = false;
            for b in 1..p {
                let (before, from_b) = columns.split_at_mut(b);
                for column in before {
                    rotated |= rotate(column, &mut from_b[0], p);
                }
            }
            if !rotated {
                break;
            }
        }
        let squares: Vec<f64> = columns.iter().map(|column| dot(&column[..p], &column[..p])).collect();
        let largest = squares.iter().copied().fold(0.0, f64::max).sqrt();
        let smallest = largest * f64::EPSILON * size as f64;
        let target: Vec<f64> = (0..p).map(|i| self.values[i * width + p]).collect();
        let mut weights = vec![0.0; p];
        for (column, square) in columns.iter().zip(squares) {
            if square.sqrt() > smallest {
                let along = dot(&column[..p], &target) / square;
                weights.iter_mut().zip(&column[p..]).for_each(|(weight, v)| *weight += along * v);
            }
        }
        weights
    }
}

/// Makes the first `p` values of two columns orthogonal by a rotation of both; false where they are already.
fn rotate(a: &mut [f64], b: &mut [f64], p: usize) -> bool {
    let (aa, bb, ab) = (dot(&a[..p], &a[..p]), dot(&b[..p], &b[..p]), dot(&a[..p], &b[..p]));
    if ab.abs() <= ORTHOGONAL * (aa * bb).sqrt() || ab.abs() < f64::MIN_POSITIVE {
        return false;
    }
    let ratio = (bb - aa) / (2.0 * ab);
    let tangent = ratio.signum() / (ratio.abs() + (1.0 + ratio * ratio).sqrt());
    let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
    let sine = cosine * tangent;
    for (x, y) in a.iter_mut().zip(b) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
    true
}
