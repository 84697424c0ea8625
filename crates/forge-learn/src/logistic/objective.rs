//! The penalised loss of a logistic regression and its gradient, in one pass over the rows.
//!
//! Weights lie in the order dense columns, intercept, one-hot columns, so that a row is a short dense vector that ends in
//! 1 plus a few indices. One cell more takes what rows without a level would add. Weights of four classes lie side by
//! side, so that the inner loops become vector instructions. The sum of logarithms is taken as the logarithm of products.

use std::ops::Range;

use crate::{Host, LearnError, Matrix, map_units};

/// Classes worked on side by side.
const LANES: usize = 4;
/// Rows per block, whose scores stay in the first cache.
const BLOCK: usize = 128;
/// Multiplications between two questions whether to stop; some milliseconds in the slowest browser.
const WORK_PER_QUESTION: u64 = 2_000_000;
/// Probabilities remembered at most (128 MB); beyond that only every second row's, every third row's and so on.
const LARGEST_SAMPLE: u64 = 1 << 24;
/// Multiplications that are worth handing to a thread.
const WORK_PER_PART: u64 = 1 << 18;
/// Parts of the rows at most.
const MOST_PARTS: usize = 16;
/// Slopes of all parts together at most (32 MB).
const LARGEST_SLOPES: usize = 1 << 22;
/// A product of sums is turned into a logarithm before it can overflow.
const LARGE_PRODUCT: f64 = 1e200;

/// Weights and intercept of each score: one score for two classes, else one per class.
#[derive(Clone, Debug)]
pub(super) struct Parameters {
    pub(super) values: Vec<f64>,
    per_score: usize,
}

impl Parameters {
    pub(super) fn n_scores(&self) -> usize {
        self.values.len() / self.per_score
    }

    /// Weights of the dense columns, intercept, weights of the one-hot columns.
    pub(super) fn of_score(&self, score: usize) -> &[f64] {
        &self.values[score * self.per_score..(score + 1) * self.per_score]
    }
}

/// What some of the rows add to the loss and its slopes, and the probabilities of those in the sample.
struct Part {
    loss: f64,
    slopes: Vec<f64>,
    sampled: Vec<f64>,
}

/// The objective on fixed rows; remembers the probabilities of the sampled rows at its last evaluation.
pub(super) struct Objective<'a> {
    pub(super) features: &'a Matrix,
    targets: &'a [u32],
    /// How much each row counts; without, each counts once.
    weights: Option<&'a [f64]>,
    pub(super) n_scores: usize,
    pub(super) c: f64,
    /// Every `step`-th row is in the sample.
    pub(super) step: usize,
    /// Sampled rows × scores.
    pub(super) sampled_probs: Vec<f64>,
}

impl<'a> Objective<'a> {
    pub(super) fn new(features: &'a Matrix, targets: &'a [u32], n_classes: usize, c: f64) -> Self {
        let n_scores = if n_classes == 2 { 1 } else { n_classes };
        let mut objective = Self { features, targets, weights: None, n_scores, c, step: 1, sampled_probs: Vec::new() };
        objective.step = (features.n_rows() as u64 * n_scores as u64).div_ceil(LARGEST_SAMPLE).max(1) as usize;
        objective.sampled_probs = vec![0.0; features.n_rows().div_ceil(objective.step) * n_scores];
        objective
    }

    /// The same objective with the loss of each row times its weight.
    pub(super) fn weighted(mut self, weights: Option<&'a [f64]>) -> Self {
        self.weights = weights;
        self
    }

    /// How much a row counts.
    pub(super) fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }

    /// Weights and intercept of one score.
    pub(super) fn per_score(&self) -> usize {
        self.features.n_features() + 1
    }

    pub(super) fn n_parameters(&self) -> usize {
        self.per_score() * self.n_scores
    }

    /// Whether a parameter is an intercept, which has no penalty.
    pub(super) fn is_intercept(&self, parameter: usize) -> bool {
        parameter % self.per_score() == self.features.n_dense()
    }

    /// All zeros: equal probabilities, where the curvature is largest and no early step overshoots.
    pub(super) fn start(&self) -> Parameters {
        Parameters { values: vec![0.0; self.n_parameters()], per_score: self.per_score() }
    }

    /// Multiplications of one evaluation, roughly.
    pub(super) fn work(&self) -> u64 {
        self.features.n_rows() as u64 * self.work_per_row()
    }

    fn work_per_row(&self) -> u64 {
        let width = (self.features.n_dense() + self.features.n_slots() + 10) as u64;
        2 * width * if self.n_scores == 1 { 1 } else { self.n_scores.next_multiple_of(LANES) as u64 }
    }

    /// The objective at `values`; writes its gradient.
    pub(super) fn evaluate(
        &mut self,
        values: &[f64],
        gradient: &mut [f64],
        host: &dyn Host,
    ) -> Result<f64, LearnError> {
        let rows_per_part = self.features.n_rows().div_ceil(self.n_parts()).next_multiple_of(BLOCK);
        let n_parts = self.features.n_rows().div_ceil(rows_per_part.max(1));
        let parts = map_units(host, n_parts, |part| {
            let rows = part * rows_per_part..((part + 1) * rows_per_part).min(self.features.n_rows());
            if self.n_scores == 1 { self.binomial(values, rows, host) } else { self.multinomial(values, rows, host) }
        })?;
        gradient.fill(0.0);
        self.sampled_probs.clear();
        let mut loss = 0.0;
        for part in parts {
            loss += part.loss;
            gradient.iter_mut().zip(part.slopes).for_each(|(sum, slope)| *sum += slope);
            self.sampled_probs.extend(part.sampled);
        }
        let mut penalty = 0.0;
        for (parameter, (slope, &value)) in gradient.iter_mut().zip(values).enumerate() {
            *slope *= self.c;
            if !self.is_intercept(parameter) {
                *slope += value;
                penalty += value * value;
            }
        }
        let total = self.c * loss + 0.5 * penalty;
        let finite = total.is_finite() && gradient.iter().all(|slope| slope.is_finite());
        if finite { Ok(total) } else { Err(LearnError::Diverged) }
    }

    /// Parts that rows are cut into: as many as are worth a thread's while and whose slopes need little memory.
    fn n_parts(&self) -> usize {
        let by_memory = LARGEST_SLOPES / self.n_parameters().max(1);
        ((self.work() / WORK_PER_PART) as usize).min(MOST_PARTS).min(by_memory).max(1)
    }

    /// The first and last row of each block of `rows`, asking the host in between.
    fn blocks(&self, rows: Range<usize>, host: &dyn Host) -> impl Iterator<Item = Result<(usize, usize), LearnError>> {
        let blocks_per_question = (WORK_PER_QUESTION / (self.work_per_row() * BLOCK as u64)).max(1) as usize;
        (0..rows.len().div_ceil(BLOCK)).map(move |block| {
            if block % blocks_per_question == 0 && host.cancelled() {
                return Err(LearnError::Cancelled);
            }
            let first = rows.start + block * BLOCK;
            Ok((first, (first + BLOCK).min(rows.end)))
        })
    }

    fn binomial(&self, values: &[f64], rows: Range<usize>, host: &dyn Host) -> Result<Part, LearnError> {
        let p = self.features.n_dense();
        let mut weights = values.to_vec();
        weights.push(0.0);
        let mut slopes = vec![0.0; weights.len()];
        let mut scores = [0.0; BLOCK];
        let mut sampled = Vec::with_capacity(rows.len().div_ceil(self.step) * self.n_scores);
        let mut loss = 0.0;
        for block in self.blocks(rows, host) {
            let (first, last) = block?;
            let (dense_weights, intercept) = (&weights[..p], weights[p]);
            for (score, row) in scores.iter_mut().zip(first..last) {
                let dense: f64 = dense_weights.iter().zip(self.features.dense_row(row)).map(|(w, x)| w * x).sum();
                let slots: f64 = self.features.slot_row(row).iter().map(|&slot| weights[slot as usize + 1]).sum();
                *score = intercept + dense + slots;
            }
            let mut product = 1.0;
            for (score, row) in scores.iter_mut().zip(first..last) {
                let (prob, tail) = logistic(*score);
                let is_second = f64::from(self.targets[row]);
                // ln(1 + e^|s|) − [s if the label is the likelier side]; the logarithms are gathered in the product.
                let linear = score.max(0.0) - is_second * *score;
                let weight = self.weight(row);
                if self.weights.is_none() {
                    product *= 1.0 + tail;
                    loss += linear;
                } else {
                    loss += weight * (libm::log1p(tail) + linear);
                }
                if row % self.step == 0 {
                    sampled.push(prob);
                }
                *score = weight * (prob - is_second);
            }
            // At most 2^128: far from overflow.
            loss += libm::log(product);
            let mut free = 0.0;
            for (&residual, row) in scores.iter().zip(first..last) {
                for (slope, x) in slopes[..p].iter_mut().zip(self.features.dense_row(row)) {
                    *slope += residual * x;
                }
                free += residual;
                for &slot in self.features.slot_row(row) {
                    slopes[slot as usize + 1] += residual;
                }
            }
            slopes[p] += free;
        }
        slopes.truncate(values.len());
        Ok(Part { loss, slopes, sampled })
    }

    #[cfg(target_arch = "x86_64")]
    fn multinomial(&self, values: &[f64], rows: Range<usize>, host: &dyn Host) -> Result<Part, LearnError> {
        if !std::arch::is_x86_feature_detected!("avx2") {
            return self.multinomial_pass(values, rows, host);
        }
        #[expect(unsafe_code, reason = "calls a function compiled for AVX2, which changes no bit")]
        // SAFETY: the processor has just been found to have it.
        unsafe {
            self.multinomial_with_avx2(values, rows, host)
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn multinomial(&self, values: &[f64], rows: Range<usize>, host: &dyn Host) -> Result<Part, LearnError> {
        self.multinomial_pass(values, rows, host)
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn multinomial_with_avx2(&self, values: &[f64], rows: Range<usize>, host: &dyn Host) -> Result<Part, LearnError> {
        self.multinomial_pass(values, rows, host)
    }

    #[expect(clippy::inline_always, reason = "it must be compiled for the vector unit of its caller")]
    #[inline(always)]
    fn multinomial_pass(&self, values: &[f64], rows: Range<usize>, host: &dyn Host) -> Result<Part, LearnError> {
        let (p, per_score, n_scores) = (self.features.n_dense(), self.per_score(), self.n_scores);
        let n_groups = n_scores.div_ceil(LANES);
        let mut weights = vec![vec![[0.0; LANES]; per_score + 1]; n_groups];
        for (score, of_score) in values.chunks_exact(per_score).enumerate() {
            for (lanes, &value) in weights[score / LANES].iter_mut().zip(of_score) {
                lanes[score % LANES] = value;
            }
        }
        let mut slopes = vec![vec![[0.0; LANES]; per_score + 1]; n_groups];
        // Scores, then residuals, of a block: group by group, row by row.
        let mut scores = vec![[[0.0; LANES]; BLOCK]; n_groups];
        let mut sampled = Vec::with_capacity(rows.len().div_ceil(self.step) * self.n_scores);
        let mut row_scores = vec![0.0; n_scores];
        let mut loss = 0.0;
        for block in self.blocks(rows, host) {
            let (first, last) = block?;
            for (weights, scores) in weights.iter().zip(&mut scores) {
                for (score, row) in scores.iter_mut().zip(first..last) {
                    *score = score_lanes(weights, self.features, row, p);
                }
            }
            let mut product = 1.0;
            for row in first..last {
                let target = self.targets[row] as usize;
                for (score, value) in row_scores.iter_mut().enumerate() {
                    *value = scores[score / LANES][row - first][score % LANES];
                }
                let of_target = row_scores[target];
                let (largest, sum) = softmax(&mut row_scores);
                let weight = self.weight(row);
                if self.weights.is_none() {
                    product *= sum;
                    if product > LARGE_PRODUCT {
                        loss += libm::log(product);
                        product = 1.0;
                    }
                    loss += largest - of_target;
                } else {
                    loss += weight * (libm::log(sum) + largest - of_target);
                }
                if row % self.step == 0 {
                    sampled.extend_from_slice(&row_scores);
                }
                row_scores[target] -= 1.0;
                for (score, &value) in row_scores.iter().enumerate() {
                    scores[score / LANES][row - first][score % LANES] = weight * value;
                }
            }
            loss += libm::log(product);
            for (slopes, residuals) in slopes.iter_mut().zip(&scores) {
                add_slopes(slopes, &residuals[..last - first], self.features, first);
            }
        }
        let slopes = (0..n_scores)
            .flat_map(|score| slopes[score / LANES][..per_score].iter().map(move |lanes| lanes[score % LANES]));
        Ok(Part { loss, slopes: slopes.collect(), sampled })
    }
}

#[expect(clippy::inline_always, reason = "it must be compiled for the vector unit of its caller")]
#[inline(always)]
fn score_lanes(weights: &[[f64; LANES]], features: &Matrix, row: usize, p: usize) -> [f64; LANES] {
    let mut sum = weights[p];
    for (x, w) in features.dense_row(row).iter().zip(&weights[..p]) {
        for (sum, w) in sum.iter_mut().zip(w) {
            *sum += x * w;
        }
    }
    for &slot in features.slot_row(row) {
        for (sum, w) in sum.iter_mut().zip(&weights[slot as usize + 1]) {
            *sum += w;
        }
    }
    sum
}

/// Adds features × residuals of rows from `first` on; four rows at a time share one pass over the slopes.
#[expect(clippy::inline_always, reason = "it must be compiled for the vector unit of its caller")]
#[inline(always)]
fn add_slopes(slopes: &mut [[f64; LANES]], residuals: &[[f64; LANES]], features: &Matrix, first: usize) {
    let p = features.n_dense();
    let mut rows = first;
    let mut quads = residuals.chunks_exact(4);
    for quad in &mut quads {
        let [x0, x1, x2, x3] = [0, 1, 2, 3].map(|i| features.dense_row(rows + i));
        let [r0, r1, r2, r3] = [quad[0], quad[1], quad[2], quad[3]];
        for ((((slope, x0), x1), x2), x3) in slopes[..p].iter_mut().zip(x0).zip(x1).zip(x2).zip(x3) {
            for k in 0..LANES {
                slope[k] += (x0 * r0[k] + x1 * r1[k]) + (x2 * r2[k] + x3 * r3[k]);
            }
        }
        rows += 4;
    }
    for residual in quads.remainder() {
        for (slope, x) in slopes[..p].iter_mut().zip(features.dense_row(rows)) {
            for k in 0..LANES {
                slope[k] += x * residual[k];
            }
        }
        rows += 1;
    }
    for (residual, row) in residuals.iter().zip(first..) {
        for k in 0..LANES {
            slopes[p][k] += residual[k];
        }
        for &slot in features.slot_row(row) {
            for (slope, r) in slopes[slot as usize + 1].iter_mut().zip(residual) {
                *slope += r;
            }
        }
    }
}

/// The logistic function of a score, and e^−|score|.
pub(super) fn logistic(score: f64) -> (f64, f64) {
    let tail = libm::exp(-score.abs());
    let likelier = 1.0 / (1.0 + tail);
    (if score >= 0.0 { likelier } else { tail * likelier }, tail)
}

/// Turns scores into probabilities; returns the largest score and the sum of exponentials relative to it.
pub(crate) fn softmax(scores: &mut [f64]) -> (f64, f64) {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = libm::exp(*score - largest);
        sum += *score;
    }
    for score in scores.iter_mut() {
        *score /= sum;
    }
    (largest, sum)
}
