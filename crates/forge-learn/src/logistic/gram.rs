//! Weighted sums of products of features over rows, `Xᵀ diag(w) X`, without unfolding the one-hot columns.
//!
//! A row with p numbers and s categories touches (p + s)² cells instead of `n_features²`: dense × dense as a matrix product
//! over blocks of rows, one-hot × dense as a dense row added to the row of the level, one-hot × one-hot as one addition per
//! pair. Dense products are taken in single precision where the caller can bear its rounding; blocks are summed in double.

use std::ops::Range;

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2, LinalgScalar, s};

use crate::{Host, LearnError, Matrix, map_units};

/// Additions between two questions whether to stop.
const WORK_PER_QUESTION: u64 = 2_000_000;
/// Rows of a matrix product, which stay in the cache.
const BLOCK: usize = 256;

/// Columns that a matrix product takes side by side.
const LANES: usize = 8;

/// What the products of numbers are rounded to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precision {
    Single,
    Double,
}

/// The dense columns and the intercept of the chosen rows, and zeros up to a multiple of [`LANES`].
enum Plain {
    Single(Array2<f32>),
    Double(Array2<f64>),
}

/// Additions that are worth handing to a thread.
const WORK_PER_PART: u64 = 1 << 20;
/// Parts of the rows at most.
const MOST_PARTS: usize = 16;
/// Sums of all parts together at most (32 MB).
const LARGEST_SUMS: usize = 1 << 22;

/// Sums of products over some of the rows: dense by dense, one-hot by dense, one-hot by one-hot.
struct Products {
    plain_plain: Array2<f64>,
    hot_plain: Vec<f64>,
    hot_hot: Vec<f64>,
}

impl Products {
    /// Zeros for `q` dense columns, the intercept among them. One level more takes what rows without a level would add.
    fn new(q: usize, n_hot: usize) -> Self {
        let width = q.next_multiple_of(LANES);
        Self {
            plain_plain: Array2::zeros((width, width)),
            hot_plain: vec![0.0; (n_hot + 1) * q],
            hot_hot: vec![0.0; (n_hot + 1) * (n_hot + 1)],
        }
    }

    fn add(&mut self, other: &Self) {
        self.plain_plain += &other.plain_plain;
        self.hot_plain.iter_mut().zip(&other.hot_plain).for_each(|(sum, value)| *sum += value);
        self.hot_hot.iter_mut().zip(&other.hot_hot).for_each(|(sum, value)| *sum += value);
    }
}

/// Rows chosen from a matrix, ready to be multiplied.
pub(super) struct Sample<'a> {
    features: &'a Matrix,
    /// Every `step`-th row.
    step: usize,
    n_rows: usize,
    plain: Plain,
}

impl<'a> Sample<'a> {
    pub(super) fn new(features: &'a Matrix, step: usize, precision: Precision) -> Self {
        let n_rows = features.n_rows().div_ceil(step);
        let p = features.n_dense();
        let shape = (n_rows, (p + 1).next_multiple_of(LANES));
        let at = |(i, j)| if j == p { 1.0 } else { features.dense_row(i * step).get(j).copied().unwrap_or(0.0) };
        let plain = match precision {
            Precision::Single => Plain::Single(Array2::from_shape_fn(shape, |place| at(place) as f32)),
            Precision::Double => Plain::Double(Array2::from_shape_fn(shape, at)),
        };
        Self { features, step, n_rows, plain }
    }

    pub(super) fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Additions of one [`Sample::weighted_gram`], roughly.
    pub(super) fn work(&self) -> u64 {
        let (slots, plain) = (self.features.n_slots(), self.features.n_dense() + 1);
        self.n_rows as u64 * (plain * plain / 2 + slots * plain + slots * slots) as u64
    }

    /// The sums over some of the rows.
    fn products(&self, weights: &[f64], rows: Range<usize>, host: &dyn Host) -> Result<Products, LearnError> {
        let (q, first_hot) = (self.features.n_dense() + 1, self.features.n_dense());
        let n_hot = self.features.n_features() - first_hot;
        let mut sums = Products::new(q, n_hot);
        let Products { plain_plain, hot_plain, hot_hot } = &mut sums;
        let work_per_row = (self.work() / self.n_rows.max(1) as u64).max(1);
        let rows_per_question = ((WORK_PER_QUESTION / work_per_row) as usize).max(64).next_multiple_of(BLOCK);
        let mut scaled = vec![0.0; q];
        for start in rows.clone().step_by(rows_per_question) {
            if host.cancelled() {
                return Err(LearnError::Cancelled);
            }
            let end = (start + rows_per_question).min(rows.end);
            let chosen = s![start..end, ..];
            match &self.plain {
                Plain::Single(plain) => {
                    add_products(plain_plain, plain.slice(chosen), &weights[start..end], |value| value as f32);
                }
                Plain::Double(plain) => {
                    add_products(plain_plain, plain.slice(chosen), &weights[start..end], |value| value);
                }
            }
            if self.features.n_slots() == 0 {
                continue;
            }
            for (i, &weight) in weights.iter().enumerate().take(end).skip(start) {
                for (scaled, x) in scaled.iter_mut().zip(self.features.dense_row(i * self.step)) {
                    *scaled = weight * x;
                }
                scaled[q - 1] = weight;
                let slots = self.features.slot_row(i * self.step);
                for (b, &slot) in slots.iter().enumerate() {
                    let level = slot as usize - first_hot;
                    let sums = &mut hot_plain[level * q..(level + 1) * q];
                    sums.iter_mut().zip(&scaled).for_each(|(sum, value)| *sum += value);
                    let pairs = &mut hot_hot[level * (n_hot + 1)..(level + 1) * (n_hot + 1)];
                    for &other in &slots[..=b] {
                        pairs[other as usize - first_hot] += weight;
                    }
                }
            }
        }
        Ok(sums)
    }

    /// `Xᵀ diag(weights) X`, lower triangle of a row-major square in the order dense, intercept, one-hot.
    pub(super) fn weighted_gram(&self, weights: &[f64], host: &dyn Host) -> Result<Vec<f64>, LearnError> {
        let q = self.features.n_dense() + 1;
        let n_hot = self.features.n_features() - self.features.n_dense();
        let by_memory = LARGEST_SUMS / (q + n_hot).pow(2);
        let n_parts = ((self.work() / WORK_PER_PART) as usize).min(MOST_PARTS).min(by_memory).max(1);
        let rows_per_part = self.n_rows.div_ceil(n_parts).next_multiple_of(BLOCK);
        let mut parts = map_units(host, self.n_rows.div_ceil(rows_per_part), |part| {
            let rows = part * rows_per_part..((part + 1) * rows_per_part).min(self.n_rows);
            self.products(weights, rows, host)
        })?
        .into_iter();
        let mut sums = parts.next().unwrap_or_else(|| Products::new(q, n_hot));
        parts.for_each(|part| sums.add(&part));
        let Products { plain_plain, hot_plain, hot_hot } = sums;

        let n = q + n_hot;
        let mut out = vec![0.0; n * n];
        for i in 0..q {
            for j in 0..=i {
                out[i * n + j] = plain_plain[[i, j]];
            }
        }
        for level in 0..n_hot {
            let row = &mut out[(q + level) * n..(q + level + 1) * n];
            row[..q].copy_from_slice(&hot_plain[level * q..(level + 1) * q]);
            for other in 0..level {
                // A pair lies on the side of whichever slot comes later in the row.
                row[q + other] = hot_hot[level * (n_hot + 1) + other] + hot_hot[other * (n_hot + 1) + level];
            }
            row[q + level] = hot_hot[level * (n_hot + 1) + level];
        }
        Ok(out)
    }
}

/// Adds `plainᵀ diag(weights) plain`, block by block.
fn add_products<T: LinalgScalar + Into<f64>>(
    sums: &mut Array2<f64>,
    plain: ArrayView2<'_, T>,
    weights: &[f64],
    rounded: impl Fn(f64) -> T,
) {
    let width = plain.ncols();
    let mut scaled = Array2::from_elem((BLOCK, width), T::zero());
    let mut products = Array2::from_elem((width, width), T::zero());
    for (start, weights) in (0..plain.nrows()).step_by(BLOCK).zip(weights.chunks(BLOCK)) {
        let rows = plain.slice(s![start..start + weights.len(), ..]);
        let mut scaled = scaled.slice_mut(s![..weights.len(), ..]);
        let cells = scaled.as_slice_mut().unwrap_or_default().chunks_exact_mut(width);
        let given = rows.as_slice().unwrap_or_default().chunks_exact(width);
        for ((scaled, row), &weight) in cells.zip(given).zip(weights) {
            let weight = rounded(weight);
            scaled.iter_mut().zip(row).for_each(|(value, &x)| *value = weight * x);
        }
        general_mat_mul(T::one(), &scaled.t(), &rows, T::zero(), &mut products);
        sums.iter_mut().zip(&products).for_each(|(sum, &product)| *sum += product.into());
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::{NONE, Quiet};

    #[test]
    fn the_sparse_sum_equals_the_unfolded_product() {
        let n = 11;
        let dense = Array2::from_shape_fn((n, 5), |(i, j)| ((i * 7 + j * 3) % 11) as f64 - 4.0);
        let one_hot = Array2::from_shape_fn((n, 2), |(i, s)| match (i % 4, s) {
            (3, 0) => NONE,
            (r, 0) => 5 + r as u32,
            (r, _) => 8 + (r as u32 + i as u32) % 2,
        });
        let matrix = Matrix::new(&dense, &one_hot, 10).unwrap();
        let weights: Vec<f64> = (0..n).map(|i| 0.1 * i as f64 - 0.3).collect();
        let double = Sample::new(&matrix, 1, Precision::Double).weighted_gram(&weights, &Quiet).unwrap();
        let single = Sample::new(&matrix, 1, Precision::Single).weighted_gram(&weights, &Quiet).unwrap();

        let unfolded = matrix.to_dense();
        let with_intercept = Array2::from_shape_fn((n, 11), |(i, j)| match j {
            5 => 1.0,
            j => unfolded[[i, j - usize::from(j > 5)]],
        });
        for i in 0..11 {
            for j in 0..=i {
                let expected: f64 = (0..n).map(|r| weights[r] * with_intercept[[r, i]] * with_intercept[[r, j]]).sum();
                assert!((double[i * 11 + j] - expected).abs() < 1e-12, "{i} {j}");
                assert!((single[i * 11 + j] - expected).abs() < 1e-4, "{i} {j}");
            }
        }
    }

    #[test]
    fn a_sample_takes_every_step_th_row() {
        let matrix = Matrix::from_dense(&array![[1.0], [2.0], [3.0], [4.0], [5.0]]).unwrap();
        let gram = Sample::new(&matrix, 2, Precision::Double).weighted_gram(&[1.0, 1.0, 1.0], &Quiet).unwrap();
        assert_eq!(gram[0], 1.0 + 9.0 + 25.0);
    }
}
