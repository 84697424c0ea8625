//! Eigenvalues of a small symmetric matrix by Jacobi's rotations (Golub and Van Loan, 2013, section 8.5).

use ndarray::Array2;

/// Sweeps at most; ten are plenty in practice.
const SWEEPS: usize = 60;

/// Eigenvalues, largest first, and the vectors as columns.
pub(super) fn symmetric_eigen(mut matrix: Array2<f64>) -> (Vec<f64>, Array2<f64>) {
    let n = matrix.nrows();
    let mut vectors = Array2::eye(n);
    for _ in 0..SWEEPS {
        let mut rotated = false;
        for p in 0..n {
            for q in p + 1..n {
                let off = matrix[[p, q]];
                if off.abs() <= f64::EPSILON * (matrix[[p, p]] * matrix[[q, q]]).abs().sqrt() || off == 0.0 {
                    continue;
                }
                rotated = true;
                let theta = (matrix[[q, q]] - matrix[[p, p]]) / (2.0 * off);
                let tangent = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
                let sine = tangent * cosine;
                for k in 0..n {
                    let (a, b) = (matrix[[k, p]], matrix[[k, q]]);
                    (matrix[[k, p]], matrix[[k, q]]) = (cosine * a - sine * b, sine * a + cosine * b);
                }
                for k in 0..n {
                    let (a, b) = (matrix[[p, k]], matrix[[q, k]]);
                    (matrix[[p, k]], matrix[[q, k]]) = (cosine * a - sine * b, sine * a + cosine * b);
                    let (a, b) = (vectors[[k, p]], vectors[[k, q]]);
                    (vectors[[k, p]], vectors[[k, q]]) = (cosine * a - sine * b, sine * a + cosine * b);
                }
            }
        }
        if !rotated {
            break;
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| matrix[[b, b]].total_cmp(&matrix[[a, a]]));
    let values = order.iter().map(|&i| matrix[[i, i]]).collect();
    (values, Array2::from_shape_fn((n, n), |(i, j)| vectors[[i, order[j]]]))
}
