//! The algebra between the joint distribution, the priors and the noise matrices, cleanlab's `internal.latent_algebra`.

use ndarray::{Array1, Array2, ArrayView1, Axis};

use super::count::{LatentEstimates, PyMethod};
use crate::CoreError;

/// Smallest divisor, cleanlab's `TINY_VALUE`.
pub(crate) const TINY: f64 = 1e-100;
const LOWEST_PRIOR: f64 = 1e-6;
const LOWEST_CONVERGED_PRIOR: f64 = 1e-5;
const HIGHEST_NOISE_RATE: f64 = 0.9999;

/// p(true) by `method`; k values, at least 1e-6, sum 1.
pub(crate) fn compute_py(
    ps: &Array1<f64>,
    noise_matrix: &Array2<f64>,
    inverse_noise_matrix: &Array2<f64>,
    method: PyMethod,
    true_totals: Option<&Array1<f64>>,
) -> Result<Array1<f64>, CoreError> {
    let py = match method {
        PyMethod::Cnt => &inverse_noise_matrix.diag() / &noise_matrix.diag().mapv(|v| v.max(TINY)) * ps,
        PyMethod::Eqn => solve(noise_matrix, ps)?,
        PyMethod::MarginalPs => inverse_noise_matrix.dot(ps),
        PyMethod::Marginal => match true_totals {
            Some(totals) => totals / totals.sum().max(TINY),
            None => {
                return Err(CoreError::Missing {
                    argument: "true_labels_class_counts",
                    rule: "`py_method` \"marginal\" divides these counts by their sum",
                });
            }
        },
    };
    Ok(clip_to_distribution(py, LOWEST_PRIOR))
}

/// Clips to [`low`, 1] and scales to sum 1.
fn clip_to_distribution(values: Array1<f64>, low: f64) -> Array1<f64> {
    let clipped = values.mapv(|v| v.clamp(low, 1.0));
    let total = clipped.sum().max(TINY);
    clipped / total
}

/// Clips off-diagonal rates to [0, 0.9999] and scales columns to sum 1.
pub(crate) fn clip_noise_rates(mut matrix: Array2<f64>) -> Array2<f64> {
    for ((row, column), value) in matrix.indexed_iter_mut() {
        if row != column {
            *value = value.clamp(0.0, HIGHEST_NOISE_RATE);
        }
    }
    let totals = matrix.sum_axis(Axis(0)).mapv(|total| total.max(TINY));
    matrix / &totals
}

/// p(true | given) from p(given | true) and p(true).
pub(crate) fn inverse_noise_matrix(py: &Array1<f64>, noise_matrix: &Array2<f64>, ps: &Array1<f64>) -> Array2<f64> {
    let joint = noise_matrix * py;
    clip_noise_rates(&joint.t() / &ps.mapv(|v| v.max(TINY)))
}

/// p(given | true) from p(true | given) and p(given).
pub(crate) fn noise_matrix(ps: &Array1<f64>, inverse_noise_matrix: &Array2<f64>, py: &Array1<f64>) -> Array2<f64> {
    let joint = inverse_noise_matrix * ps;
    clip_noise_rates(&joint.t() / &py.mapv(|v| v.max(TINY)))
}

/// Makes priors and noise matrices agree with each other: three rounds of five updates.
pub(crate) fn converge(ps: &Array1<f64>, estimates: LatentEstimates) -> Result<LatentEstimates, CoreError> {
    let LatentEstimates { mut py, noise_matrix: mut noise, inverse_noise_matrix: mut inverse } = estimates;
    for _ in 0..3 {
        for _ in 0..5 {
            inverse = inverse_noise_matrix(&py, &noise, ps);
            py = compute_py(ps, &noise, &inverse, PyMethod::Cnt, None)?;
        }
        noise = noise_matrix(ps, &inverse, &py);
    }
    Ok(LatentEstimates {
        py: clip_to_distribution(py, LOWEST_CONVERGED_PRIOR),
        noise_matrix: clip_noise_rates(noise),
        inverse_noise_matrix: clip_noise_rates(inverse),
    })
}

/// Solves `matrix` · x = `right` by Gaussian elimination with partial pivoting.
fn solve(matrix: &Array2<f64>, right: &Array1<f64>) -> Result<Array1<f64>, CoreError> {
    let k = right.len();
    let mut a = matrix.clone();
    let mut x = right.clone();
    for pivot in 0..k {
        let best = (pivot..k).max_by(|&i, &j| a[[i, pivot]].abs().total_cmp(&a[[j, pivot]].abs())).unwrap_or(pivot);
        if a[[best, pivot]] == 0.0 {
            return Err(CoreError::Singular { argument: "noise_matrix" });
        }
        if best != pivot {
            for column in 0..k {
                a.swap([best, column], [pivot, column]);
            }
            x.swap(best, pivot);
        }
        for row in pivot + 1..k {
            let factor = a[[row, pivot]] / a[[pivot, pivot]];
            if factor != 0.0 {
                for column in pivot..k {
                    a[[row, column]] -= factor * a[[pivot, column]];
                }
                x[row] -= factor * x[pivot];
            }
        }
    }
    for row in (0..k).rev() {
        let known: ArrayView1<'_, f64> = a.row(row);
        let sum: f64 = (row + 1..k).map(|column| known[column] * x[column]).sum();
        x[row] = (x[row] - sum) / known[row];
    }
    Ok(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{arr1, arr2};

    #[test]
    fn a_linear_system_is_solved_and_a_singular_one_refused() {
        let x = solve(&arr2(&[[0.0, 2.0], [1.0, 1.0]]), &arr1(&[4.0, 3.0])).unwrap();
        assert_eq!(x, arr1(&[1.0, 2.0]));
        assert!(solve(&arr2(&[[1.0, 1.0], [1.0, 1.0]]), &arr1(&[1.0, 2.0])).is_err());
    }
}
