//! The Hessian of the objective, factored: what turns a gradient into a step.
//!
//! Small problems use the joint Hessian of all classes, larger ones its diagonal blocks, one per class, and the largest
//! only the diagonal. It is summed over all rows, or over a sample where the probabilities of all rows would not fit; what
//! the sample lacks of a feature's sum of squares, as of a level no sampled row has, is then made up for on the diagonal.

use super::cholesky::Cholesky;
use super::gram::{Precision, Sample};
use super::objective::Objective;
use crate::{Host, LearnError};

/// Parameters up to which the joint Hessian is factored.
const LARGEST_JOINT: usize = 800;
/// Parameters per class up to which the blocks of the classes are factored.
const LARGEST_BLOCK: usize = 1_200;
/// Share of the penalty's curvature, which is 1, that rounding may amount to.
const ROUNDING_SHARE: f64 = 0.1;

/// An approximation of the inverse Hessian.
pub(super) enum Curvature {
    /// Cholesky factors of equal diagonal blocks; a single one is the whole Hessian.
    Blocks(Vec<Cholesky>),
    /// Reciprocals of the diagonal.
    Diagonal(Vec<f64>),
}

impl Curvature {
    /// Replaces a gradient by the step that would lead to its zero.
    pub(super) fn solve(&self, vector: &mut [f64]) {
        match self {
            Self::Blocks(blocks) => {
                let size = vector.len() / blocks.len();
                for (block, part) in blocks.iter().zip(vector.chunks_exact_mut(size)) {
                    block.solve(part);
                }
            }
            Self::Diagonal(inverse) => vector.iter_mut().zip(inverse).for_each(|(value, factor)| *value *= factor),
        }
    }
}

/// Makes [`Curvature`]s from the probabilities an objective remembers.
pub(super) struct CurvatureBuilder<'a> {
    sample: Sample<'a>,
    /// Sum of squares per column over all rows, in the order dense, intercept, one-hot.
    squares: Vec<f64>,
    /// Per column, what the sum of squares in the sample, scaled up to all rows, falls short of `squares`.
    missing: Vec<f64>,
    /// All rows over sampled rows.
    ratio: f64,
}

impl<'a> CurvatureBuilder<'a> {
    pub(super) fn new(objective: &Objective<'a>) -> Self {
        let features = objective.features;
        let n = objective.per_score();
        let mut squares = vec![0.0; n + 1];
        let mut sampled = vec![0.0; n + 1];
        for row in 0..features.n_rows() {
            add_squares(&mut squares, features.dense_row(row), features.slot_row(row));
            if row % objective.step == 0 {
                add_squares(&mut sampled, features.dense_row(row), features.slot_row(row));
            }
        }
        // A second derivative is at most a quarter of the weighted sum of squares.
        let heaviest = (0..features.n_rows()).map(|row| objective.weight(row)).fold(0.0, f64::max);
        let largest = 0.25 * objective.c * heaviest * squares.iter().copied().fold(0.0, f64::max);
        let rounding = largest * f64::from(f32::EPSILON);
        let precision = if rounding <= ROUNDING_SHARE { Precision::Single } else { Precision::Double };
        let sample = Sample::new(features, objective.step, precision);
        let ratio = features.n_rows() as f64 / sample.n_rows().max(1) as f64;
        // Less than half is more than chance: made up for elsewhere, too, it would hide directions that only the penalty
        // holds, as along the columns of a one-hot block.
        let lacks = |(all, part): (&f64, &f64)| if ratio * part < 0.5 * all { all - ratio * part } else { 0.0 };
        let missing = squares.iter().zip(&sampled).map(lacks).collect();
        Self { sample, squares, missing, ratio }
    }

    /// How many evaluations of the objective one curvature is worth: its cost, roughly, and for an approximation at least
    /// as many steps as the curvature pairs need to make up for what it leaves out.
    pub(super) fn evaluations(&self, objective: &Objective<'_>) -> usize {
        let (n, k) = (objective.per_score() as u64, objective.n_scores as u64);
        let (grams, factor, least) = if n * k <= LARGEST_JOINT as u64 {
            (k * (k + 1) / 2, (n * k).pow(3) / 12, 1)
        } else if n <= LARGEST_BLOCK as u64 {
            (k, k * n.pow(3) / 12, 40)
        } else {
            (0, 0, 160)
        };
        ((self.sample.work() * grams + factor) / objective.work().max(1)).max(least) as usize
    }

    /// The curvature at the objective's last evaluation.
    pub(super) fn build(&self, objective: &Objective<'_>, host: &dyn Host) -> Result<Curvature, LearnError> {
        let (n, k) = (objective.per_score(), objective.n_scores);
        if n > LARGEST_BLOCK {
            return Ok(self.diagonal(objective));
        }
        if n * k > LARGEST_JOINT {
            let block = |a| {
                let mut block = self.block(objective, &loss_weights(objective, (a, a)), host)?;
                self.add_missing(objective, a, &mut block);
                add_penalty(objective, &mut block, n);
                Cholesky::factor(block, n, host)
            };
            return (0..k).map(block).collect::<Result<_, _>>().map(Curvature::Blocks);
        }
        let size = n * k;
        let mut hessian = vec![0.0; size * size];
        // Probabilities sum to 1, so the block of a score is what all its blocks with others lack to 0: one sum of
        // products less per score. Where all rows count alike, as at the start, one sum serves every pair.
        let mut own = vec![vec![0.0; n * n]; k];
        let mut unit: Option<Vec<f64>> = None;
        for a in 0..k {
            for b in 0..a {
                let weights = loss_weights(objective, (a, b));
                let first = weights.first().copied().unwrap_or_default();
                let block = if weights.iter().any(|weight| *weight != first) {
                    self.block(objective, &weights, host)?
                } else {
                    if unit.is_none() {
                        unit = Some(self.block(objective, &vec![1.0; weights.len()], host)?);
                    }
                    unit.iter().flatten().map(|value| value * first).collect()
                };
                for score in [a, b] {
                    own[score].iter_mut().zip(&block).for_each(|(sum, value)| *sum -= value);
                }
                place(&mut hessian, size, (a * n, b * n), &block);
            }
        }
        for (a, block) in own.iter_mut().enumerate() {
            if k == 1 {
                *block = self.block(objective, &loss_weights(objective, (0, 0)), host)?;
            }
            self.add_missing(objective, a, block);
            place(&mut hessian, size, (a * n, a * n), block);
        }
        add_penalty(objective, &mut hessian, size);
        if k > 1 {
            // Moving all intercepts together changes nothing, so the Hessian is singular there and no gradient points
            // there: curvature added in this direction makes it definite and alters no step.
            let intercepts = || (objective.features.n_dense()..size).step_by(n);
            let typical = intercepts().map(|i| hessian[i * size + i]).fold(0.0, f64::max);
            for i in intercepts() {
                for j in intercepts() {
                    hessian[i * size + j] += typical / k as f64;
                }
            }
        }
        Ok(Curvature::Blocks(vec![Cholesky::factor(hessian, size, host)?]))
    }

    /// The second derivatives of the loss between the parameters of two scores, of which `weights` are the rows'.
    fn block(&self, objective: &Objective<'_>, weights: &[f64], host: &dyn Host) -> Result<Vec<f64>, LearnError> {
        let mut block = self.sample.weighted_gram(weights, host)?;
        for value in &mut block {
            *value *= objective.c * self.ratio;
        }
        Ok(block)
    }

    /// Makes up on the diagonal for what the sample lacks.
    fn add_missing(&self, objective: &Objective<'_>, score: usize, block: &mut [f64]) {
        let weights = loss_weights(objective, (score, score));
        let mean = weights.iter().sum::<f64>() / weights.len().max(1) as f64;
        let diagonal = block.iter_mut().step_by(objective.per_score() + 1);
        diagonal.zip(&self.missing).for_each(|(value, missing)| *value += objective.c * missing * mean);
    }

    fn diagonal(&self, objective: &Objective<'_>) -> Curvature {
        let mut inverse = Vec::with_capacity(objective.n_parameters());
        for a in 0..objective.n_scores {
            let weights = loss_weights(objective, (a, a));
            let mean = weights.iter().sum::<f64>() / weights.len().max(1) as f64;
            inverse.extend(self.squares[..objective.per_score()].iter().map(|square| objective.c * square * mean));
        }
        for (parameter, value) in inverse.iter_mut().enumerate() {
            let penalty = if objective.is_intercept(parameter) { f64::MIN_POSITIVE } else { 1.0 };
            *value = 1.0 / (*value + penalty);
        }
        Curvature::Diagonal(inverse)
    }
}

/// Writes a symmetric block, of which the lower triangle is given, from a row and column of a square on.
fn place(square: &mut [f64], size: usize, (row, column): (usize, usize), block: &[f64]) {
    let n = block.len().isqrt();
    for i in 0..n {
        for j in 0..n {
            let (low, high) = (i.min(j), i.max(j));
            square[(row + i) * size + column + j] = block[high * n + low];
        }
    }
}

fn add_squares(sums: &mut [f64], dense: &[f64], slots: &[u32]) {
    for (sum, x) in sums.iter_mut().zip(dense) {
        *sum += x * x;
    }
    sums[dense.len()] += 1.0;
    for &slot in slots {
        sums[slot as usize + 1] += 1.0;
    }
}

/// The second derivative of a row's loss by two scores, times its weight: p(1 − p) on the diagonal, −p q beside it.
fn loss_weights(objective: &Objective<'_>, (a, b): (usize, usize)) -> Vec<f64> {
    let probs = objective.sampled_probs.chunks_exact(objective.n_scores);
    let second = |probs: &[f64]| if a == b { probs[a] * (1.0 - probs[a]) } else { -probs[a] * probs[b] };
    probs.enumerate().map(|(i, probs)| objective.weight(i * objective.step) * second(probs)).collect()
}

fn add_penalty(objective: &Objective<'_>, hessian: &mut [f64], size: usize) {
    for parameter in (0..size).filter(|&parameter| !objective.is_intercept(parameter)) {
        hessian[parameter * size + parameter] += 1.0;
    }
}
