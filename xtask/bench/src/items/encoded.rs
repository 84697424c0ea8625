//! An encoded table with the folds of its rows, as `tests/reference/bench_model_inputs.py` writes it.

use anyhow::Result;
use forge_learn::{Host, LearnError, Matrix, map_units};
use ndarray::{Array2, Ix2};

use crate::Arrays;

/// Features and folds of n rows.
pub(super) struct Encoded {
    features: Matrix,
    /// The fold of each row, from 0.
    folds: Vec<u32>,
}

/// The rows to learn from or to predict.
pub(super) struct Part {
    pub(super) features: Matrix,
    pub(super) rows: Vec<u32>,
}

impl Part {
    /// The values of these rows.
    pub(super) fn of<T: Copy>(&self, values: &[T]) -> Vec<T> {
        self.rows.iter().map(|&row| values[row as usize]).collect()
    }
}

impl Encoded {
    /// Takes `dense` (n × p), where there are categories `slots` (n × s, feature numbers) and `n_features`, and `folds`.
    pub(super) fn take(given: &mut Arrays) -> Result<Self> {
        let dense = given.array::<Ix2>("dense")?;
        let folds = given.counts("folds")?;
        let features = if given.has("slots") {
            let (shape, slots) = given.count_array("slots")?;
            let n_features = given.counts("n_features")?;
            let slots = Array2::from_shape_vec([dense.nrows(), shape.get(1).copied().unwrap_or_default()], slots)?;
            Matrix::new(&dense, &slots, n_features.first().copied().unwrap_or_default() as usize)?
        } else {
            Matrix::from_dense(&dense)?
        };
        Ok(Self { features, folds })
    }

    /// Calls `predict` with the rows to learn from and those to predict of each fold; returns the predictions, `width`
    /// per row, in order of the rows. Folds and the parts of their models share the threads of `host`.
    pub(super) fn out_of_sample(
        &self,
        width: usize,
        host: &dyn Host,
        predict: impl Fn(&Part, &Part, &dyn Host) -> Result<Vec<f64>, LearnError> + Sync,
    ) -> Result<Vec<f64>, LearnError> {
        let n_folds = self.folds.iter().max().map_or(0, |&last| last + 1);
        let predicted = map_units(host, n_folds as usize, |fold| {
            let (test, train) = (0..self.folds.len() as u32).partition(|&row| self.folds[row as usize] == fold as u32);
            let part = |rows: Vec<u32>| Ok::<_, LearnError>(Part { features: self.features.select(&rows)?, rows });
            let (train, test) = (part(train)?, part(test)?);
            Ok((predict(&train, &test, host)?, test.rows))
        })?;
        let mut out = vec![0.0; self.folds.len() * width];
        for (values, rows) in predicted {
            for (&row, value) in rows.iter().zip(values.chunks_exact(width)) {
                out[row as usize * width..][..width].copy_from_slice(value);
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use forge_learn::Quiet;

    use super::*;
    use crate::{Shaped, Values};

    #[test]
    fn predictions_come_back_in_the_order_of_the_rows() {
        let mut given = Arrays::default().with_counts("folds", [1, 0, 2, 0]);
        given.insert("dense", Shaped { shape: vec![4, 1], values: Values::Floats(vec![5.0, 6.0, 7.0, 8.0]) });
        let encoded = Encoded::take(&mut given).unwrap();
        let predicted = encoded.out_of_sample(2, &Quiet, |train, test, _| {
            assert_eq!(train.rows.len() + test.rows.len(), 4);
            let values = test.features.to_dense();
            Ok(values.iter().flat_map(|&value| [value, -value]).collect())
        });
        assert_eq!(predicted.unwrap(), [5.0, -5.0, 6.0, -6.0, 7.0, -7.0, 8.0, -8.0]);
    }
}
