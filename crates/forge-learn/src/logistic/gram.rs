//! Weighted sums of products of features over rows, `Xᵀ diag(w) X`, without unfolding the one-hot columns.
//!
//! A row with p numbers and s categories touches (p + s)² cells instead of `n_features²`: dense × dense as a rank-four
//! update, one-hot × dense as a dense row added to the row of the level, one-hot × one-hot as one addition per pair.

use crate::{Host, LearnError, Matrix};

/// Additions between two questions whether to stop.
const WORK_PER_QUESTION: u64 = 2_000_000;
/// Values worked on side by side; blocks are padded to a multiple.
const LANES: usize = 4;

/// Rows chosen from a matrix, with the dense part and the intercept padded for the inner loops.
pub(super) struct Sample<'a> {
    features: &'a Matrix,
    /// Every `step`-th row.
    step: usize,
    /// Dense columns and the intercept.
    n_plain: usize,
    /// The same, padded with zeros.
    width: usize,
    plain: Vec<f64>,
}

impl<'a> Sample<'a> {
    pub(super) fn new(features: &'a Matrix, step: usize) -> Self {
        let n_plain = features.n_dense() + 1;
        let width = n_plain.next_multiple_of(LANES);
        let mut plain = vec![0.0; features.n_rows().div_ceil(step) * width];
        for (cells, row) in plain.chunks_exact_mut(width).zip((0..features.n_rows()).step_by(step)) {
            cells[..n_plain - 1].copy_from_slice(features.dense_row(row));
            cells[n_plain - 1] = 1.0;
        }
        Self { features, step, n_plain, width, plain }
    }

    pub(super) fn n_rows(&self) -> usize {
        self.plain.len() / self.width
    }

    /// Additions of one [`Sample::weighted_gram`], roughly.
    pub(super) fn work(&self) -> u64 {
        let slots = self.features.n_slots();
        self.n_rows() as u64 * (self.n_plain * self.width / 2 + slots * self.width + slots * slots) as u64
    }

    /// `Xᵀ diag(weights) X`, lower triangle of a row-major square in the order dense, intercept, one-hot.
    pub(super) fn weighted_gram(&self, weights: &[f64], host: &dyn Host) -> Result<Vec<f64>, LearnError> {
        let (q, width) = (self.n_plain, self.width);
        let n_hot = self.features.n_features() - self.features.n_dense();
        let first_hot = self.features.n_dense();
        // One level more takes what rows without a level would add.
        let mut plain_plain = vec![0.0; q * width];
        let mut hot_plain = vec![0.0; (n_hot + 1) * width];
        let mut hot_hot = vec![0.0; (n_hot + 1) * (n_hot + 1)];
        let work_per_row = (self.work() / self.n_rows().max(1) as u64).max(1);
        let rows_per_question = ((WORK_PER_QUESTION / work_per_row) as usize).max(64).next_multiple_of(4);
        let mut scaled = vec![0.0; width];
        for start in (0..self.n_rows()).step_by(rows_per_question) {
            if host.cancelled() {
                return Err(LearnError::Cancelled);
            }
            let end = (start + rows_per_question).min(self.n_rows());
            add_plain(&mut plain_plain, &self.plain[start * width..end * width], &weights[start..end], width);
            if self.features.n_slots() == 0 {
                continue;
            }
            for (i, &weight) in weights.iter().enumerate().take(end).skip(start) {
                let plain = &self.plain[i * width..(i + 1) * width];
                for (scaled, x) in scaled.iter_mut().zip(plain) {
                    *scaled = weight * x;
                }
                let slots = self.features.slot_row(i * self.step);
                for (b, &slot) in slots.iter().enumerate() {
                    let level = slot as usize - first_hot;
                    add(&mut hot_plain[level * width..(level + 1) * width], &scaled);
                    let pairs = &mut hot_hot[level * (n_hot + 1)..(level + 1) * (n_hot + 1)];
                    for &other in &slots[..=b] {
                        pairs[other as usize - first_hot] += weight;
                    }
                }
            }
        }

        let n = q + n_hot;
        let mut out = vec![0.0; n * n];
        for i in 0..q {
            for j in 0..=i {
                out[i * n + j] = plain_plain[j * width + i];
            }
        }
        for level in 0..n_hot {
            let row = &mut out[(q + level) * n..(q + level + 1) * n];
            row[..q].copy_from_slice(&hot_plain[level * width..level * width + q]);
            for other in 0..level {
                // A pair lies on the side of whichever slot comes later in the row.
                row[q + other] = hot_hot[level * (n_hot + 1) + other] + hot_hot[other * (n_hot + 1) + level];
            }
            row[q + level] = hot_hot[level * (n_hot + 1) + level];
        }
        Ok(out)
    }
}

fn add(sums: &mut [f64], values: &[f64]) {
    let (sums, _) = sums.as_chunks_mut::<LANES>();
    let (values, _) = values.as_chunks::<LANES>();
    for (sums, values) in sums.iter_mut().zip(values) {
        for k in 0..LANES {
            sums[k] += values[k];
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn add_plain(sums: &mut [f64], plain: &[f64], weights: &[f64], width: usize) {
    if !(std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")) {
        return add_upper::<false>(sums, plain, weights, width);
    }
    #[expect(unsafe_code, reason = "calls a function compiled for AVX2 and FMA, which takes less than half the time")]
    // SAFETY: the processor has just been found to have both.
    unsafe {
        add_plain_with_avx2(sums, plain, weights, width);
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn add_plain(sums: &mut [f64], plain: &[f64], weights: &[f64], width: usize) {
    add_upper::<false>(sums, plain, weights, width);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn add_plain_with_avx2(sums: &mut [f64], plain: &[f64], weights: &[f64], width: usize) {
    add_upper::<true>(sums, plain, weights, width);
}

/// Adds the upper triangle of `plainᵀ diag(weights) plain`; rows past the last multiple of four one by one.
#[expect(clippy::inline_always, reason = "it must be compiled for the vector unit of its caller")]
#[inline(always)]
fn add_upper<const FUSED: bool>(sums: &mut [f64], plain: &[f64], weights: &[f64], width: usize) {
    for (rows, weights) in plain.chunks(4 * width).zip(weights.chunks(4)) {
        let zeros = &rows[..0];
        let row = |i: usize| rows.get(i * width..(i + 1) * width).unwrap_or(zeros);
        let weight = |i: usize| weights.get(i).copied().unwrap_or(0.0);
        if weights.len() == 4 {
            for (j, sums) in sums.chunks_exact_mut(width).enumerate() {
                // Whole lanes from the one that holds the diagonal on.
                let from = j - j % LANES;
                let c = [0, 1, 2, 3].map(|i| weight(i) * row(i)[j]);
                let (sums, _) = sums[from..].as_chunks_mut::<LANES>();
                let [x0, x1, x2, x3] = [0, 1, 2, 3].map(|i| row(i)[from..].as_chunks::<LANES>().0);
                for ((((s, x0), x1), x2), x3) in sums.iter_mut().zip(x0).zip(x1).zip(x2).zip(x3) {
                    for k in 0..LANES {
                        s[k] = if FUSED {
                            let pair = c[0].mul_add(x0[k], s[k]);
                            c[1].mul_add(x1[k], pair) + c[2].mul_add(x2[k], c[3] * x3[k])
                        } else {
                            s[k] + ((c[0] * x0[k] + c[1] * x1[k]) + (c[2] * x2[k] + c[3] * x3[k]))
                        };
                    }
                }
            }
        } else {
            for i in 0..weights.len() {
                for (j, sums) in sums.chunks_exact_mut(width).enumerate() {
                    let c = weight(i) * row(i)[j];
                    for (s, x) in sums.iter_mut().zip(row(i)) {
                        *s += c * x;
                    }
                }
            }
        }
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
        let gram = Sample::new(&matrix, 1).weighted_gram(&weights, &Quiet).unwrap();

        let unfolded = matrix.to_dense();
        let with_intercept = Array2::from_shape_fn((n, 11), |(i, j)| match j {
            5 => 1.0,
            j => unfolded[[i, j - usize::from(j > 5)]],
        });
        for i in 0..11 {
            for j in 0..=i {
                let expected: f64 = (0..n).map(|r| weights[r] * with_intercept[[r, i]] * with_intercept[[r, j]]).sum();
                assert!((gram[i * 11 + j] - expected).abs() < 1e-12, "{i} {j}");
            }
        }
    }

    #[test]
    fn a_sample_takes_every_step_th_row() {
        let matrix = Matrix::from_dense(&array![[1.0], [2.0], [3.0], [4.0], [5.0]]).unwrap();
        let gram = Sample::new(&matrix, 2).weighted_gram(&[1.0, 1.0, 1.0], &Quiet).unwrap();
        assert_eq!(gram[0], 1.0 + 9.0 + 25.0);
    }
}
