//! L-BFGS with a factored Hessian in place of the usual multiple of the identity.
//!
//! Nocedal and Wright, Numerical Optimization (2006), algorithm 7.4, with the matrix H₀ of [`Curvature`]. The curvature is
//! made anew while it pays: after a step that left more than a tenth of the gradient, but not before the steps since the last
//! have cost a fair share of it. Where it is cheap, every step is a Newton step. Steps are accepted by sufficient decrease, or, where decrease drowns in rounding, by the
//! slope (Hager and Zhang 2005, equation 4.1).

use std::collections::VecDeque;

use super::cholesky::dot;
use super::curvature::CurvatureBuilder;
use super::objective::{Objective, Parameters};
use crate::{Host, LearnError};

/// Curvature pairs remembered.
const MEMORY: usize = 10;
/// A step that leaves more of the gradient than this asks for a new curvature.
const POOR_STEP: f64 = 0.1;
/// A new curvature waits until the steps since the last have cost one part in this many of it.
const SHARE_OF_COST: usize = 4;
/// Halvings of a step before the search gives up.
const HALVINGS: usize = 40;
/// Share of the decrease a linear model promises that a step must bring.
const DECREASE: f64 = 1e-4;
/// Relative rounding of the objective.
const ROUNDING: f64 = 1e-11;

/// Where the search ended.
pub(super) struct Minimum {
    pub(super) parameters: Parameters,
    pub(super) n_iter: usize,
    pub(super) converged: bool,
}

/// A step and the change of the gradient along it.
struct Pair {
    step: Vec<f64>,
    change: Vec<f64>,
    inverse_product: f64,
}

/// Goes from `parameters` to where no component of the gradient is above `tolerance`.
pub(super) fn minimise(
    objective: &mut Objective<'_>,
    mut parameters: Parameters,
    max_iter: usize,
    tolerance: f64,
    host: &dyn Host,
) -> Result<Minimum, LearnError> {
    let n = parameters.values.len();
    let mut gradient = vec![0.0; n];
    let mut value = objective.evaluate(&parameters.values, &mut gradient, host)?;
    let builder = CurvatureBuilder::new(objective);
    let patience = (builder.evaluations(objective) / SHARE_OF_COST).max(1);
    let mut curvature = builder.build(objective, host)?;
    let mut pairs: VecDeque<Pair> = VecDeque::new();
    let (mut trial, mut trial_gradient) = (vec![0.0; n], vec![0.0; n]);
    let mut steps_since_curvature = 0;

    let mut n_iter = 0;
    while n_iter < max_iter && largest(&gradient) > tolerance {
        n_iter += 1;
        let mut direction = gradient.clone();
        apply(&pairs, &mut direction, |vector| curvature.solve(vector));
        for value in &mut direction {
            *value = -*value;
        }
        let slope = dot(&gradient, &direction);

        let mut length = 1.0;
        let mut accepted = false;
        for _ in 0..HALVINGS {
            for ((trial, start), step) in trial.iter_mut().zip(&parameters.values).zip(&direction) {
                *trial = start + length * step;
            }
            let trial_value = objective.evaluate(&trial, &mut trial_gradient, host)?;
            let trial_slope = dot(&trial_gradient, &direction);
            let decreases = trial_value <= value + DECREASE * length * slope;
            let flattens = trial_value <= value + ROUNDING * value.abs()
                && trial_slope <= (2.0 * DECREASE - 1.0) * slope
                && trial_slope >= 0.9 * slope;
            if decreases || flattens {
                value = trial_value;
                accepted = true;
                break;
            }
            length *= 0.5;
        }
        if !accepted {
            break;
        }
        let before = largest(&gradient);
        let step: Vec<f64> = direction.iter().map(|step| length * step).collect();
        let change: Vec<f64> = trial_gradient.iter().zip(&gradient).map(|(new, old)| new - old).collect();
        std::mem::swap(&mut parameters.values, &mut trial);
        std::mem::swap(&mut gradient, &mut trial_gradient);
        steps_since_curvature += 1;

        let is_poor = largest(&gradient) > POOR_STEP * before || length < 1.0;
        if is_poor && steps_since_curvature >= patience && largest(&gradient) > tolerance {
            curvature = builder.build(objective, host)?;
            pairs.clear();
            steps_since_curvature = 0;
            continue;
        }
        let product = dot(&step, &change);
        if product > 0.0 {
            if pairs.len() == MEMORY {
                pairs.pop_front();
            }
            pairs.push_back(Pair { step, change, inverse_product: 1.0 / product });
        }
    }
    let converged = largest(&gradient) <= tolerance;
    Ok(Minimum { parameters, n_iter, converged })
}

/// The two-loop recursion: multiplies `vector` by the inverse Hessian that `pairs` and `initial` describe.
fn apply(pairs: &VecDeque<Pair>, vector: &mut [f64], initial: impl Fn(&mut [f64])) {
    let mut factors = Vec::with_capacity(pairs.len());
    for pair in pairs.iter().rev() {
        let factor = pair.inverse_product * dot(&pair.step, vector);
        vector.iter_mut().zip(&pair.change).for_each(|(value, change)| *value -= factor * change);
        factors.push(factor);
    }
    initial(vector);
    for (pair, factor) in pairs.iter().zip(factors.into_iter().rev()) {
        let correction = factor - pair.inverse_product * dot(&pair.change, vector);
        vector.iter_mut().zip(&pair.step).for_each(|(value, step)| *value += correction * step);
    }
}

fn largest(gradient: &[f64]) -> f64 {
    gradient.iter().fold(0.0, |most, value| value.abs().max(most))
}
