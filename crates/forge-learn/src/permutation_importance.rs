//! How much a fitted model loses when one column is shuffled: Breiman, "Random forests" (2001), section 10, as
//! scikit-learn's `inspection.permutation_importance`.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::{Host, LearnError, Matrix, Progress, map_units};

/// How columns are shuffled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PermutationImportance {
    /// How often each column is shuffled, scikit-learn's `n_repeats` [5; at least 1].
    pub n_repeats: usize,
    /// Seed of the shuffling, scikit-learn's `random_state` [default 42].
    pub seed: u64,
}

impl Default for PermutationImportance {
    fn default() -> Self {
        Self { n_repeats: 5, seed: 42 }
    }
}

/// The loss of score by shuffling a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Importance {
    /// Mean loss over the repeats.
    pub mean: f64,
    /// Standard deviation over the repeats.
    pub deviation: f64,
}

impl PermutationImportance {
    /// The importance of each dense column, then of each category: all one-hot columns of a category move together.
    ///
    /// `score` says how good a model's predictions on a matrix are, higher being better.
    ///
    /// # Errors
    /// No repeats, fewer than two rows, whatever `score` reports, or [`LearnError::Cancelled`].
    pub fn of(
        &self,
        features: &Matrix,
        score: &(dyn Fn(&Matrix) -> Result<f64, LearnError> + Sync),
        host: &dyn Host,
    ) -> Result<Vec<Importance>, LearnError> {
        if self.n_repeats == 0 {
            return Err(LearnError::Setting { setting: "n_repeats", value: "0".to_owned(), range: "at least 1" });
        }
        let n_rows = features.n_rows();
        if n_rows < 2 {
            return Err(LearnError::TooFewRows { n_rows, least: 2 });
        }
        let before = score(features)?;
        let total = features.n_dense() + features.n_slots();
        map_units(host, total, |column| {
            let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
            rng.set_stream(column as u64);
            let mut losses = Vec::with_capacity(self.n_repeats);
            for _ in 0..self.n_repeats {
                if host.cancelled() {
                    return Err(LearnError::Cancelled);
                }
                losses.push(before - score(&shuffled(features, column, &mut rng))?);
            }
            host.progress(Progress { stage: "shuffling columns", done: column + 1, total });
            let n = losses.len() as f64;
            let mean = losses.iter().sum::<f64>() / n;
            let variance = losses.iter().map(|loss| (loss - mean) * (loss - mean)).sum::<f64>() / n;
            Ok(Importance { mean, deviation: variance.sqrt() })
        })
    }
}

/// The matrix with one column, or one category, dealt to the rows anew.
fn shuffled(features: &Matrix, column: usize, rng: &mut ChaCha8Rng) -> Matrix {
    let mut order: Vec<usize> = (0..features.n_rows()).collect();
    order.shuffle(rng);
    let (mut dense, mut slots) = (Vec::new(), Vec::new());
    for (row, &other) in order.iter().enumerate() {
        let from = |place| if place == column { other } else { row };
        dense.extend((0..features.n_dense()).map(|j| features.dense_row(from(j))[j]));
        slots.extend((0..features.n_slots()).map(|s| features.slot_row(from(features.n_dense() + s))[s]));
    }
    let shape = (features.n_dense(), features.n_slots(), features.n_features());
    Matrix::from_parts(dense, slots, features.n_rows(), shape)
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::{Quiet, Ridge, r2_score};

    #[test]
    fn a_column_matters_as_much_as_the_target_follows_it() {
        let dense = Array2::from_shape_fn((80, 2), |(i, j)| ((i * (7 + 4 * j) + j) % 13) as f64);
        let one_hot = Array2::from_shape_fn((80, 1), |(i, _)| 2 + (i % 3) as u32);
        let matrix = Matrix::new(&dense, &one_hot, 5).unwrap();
        let targets: Vec<f64> = (0..80).map(|i| 5.0 * dense[[i, 0]] + (i % 3) as f64).collect();
        let model = Ridge::default().fit(&matrix, &targets, None, &Quiet).unwrap();
        let score = |matrix: &Matrix| r2_score(&targets, &model.predict(matrix), None);
        let found = PermutationImportance::default().of(&matrix, &score, &Quiet).unwrap();
        assert!(found[0].mean > 1.0 && found[1].mean.abs() < 1e-3 && found[2].mean > 1e-4, "{found:?}");
        assert_eq!(found, PermutationImportance::default().of(&matrix, &score, &Quiet).unwrap());
    }
}
