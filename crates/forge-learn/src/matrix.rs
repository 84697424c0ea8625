//! The encoded table: a dense block of numbers and, per category column, the one column that is 1.
//!
//! A one-hot block of `m` columns holds a single 1 per row, so it is kept as one column index per row: the 108 features
//! of the Adult data take 6 numbers and 8 indices. Models work on this form without ever unfolding it.

use ndarray::Array2;

use crate::LearnError;
use crate::sparse_texts::SparseTexts;

/// The one-hot index of a row whose level is none of the known ones.
pub const NONE: u32 = u32::MAX;

/// Features of rows, `n_rows × n_features`: first the dense columns, then the one-hot columns.
///
/// *Invariant*: dense values are finite, or NaN where a value is missing and the matrix was built to allow it; one-hot indices are distinct within a row and lie between the number of dense
/// columns and the number of features, which itself stands for "none".
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    dense: Vec<f64>,
    one_hot: Vec<u32>,
    n_rows: usize,
    n_dense: usize,
    n_slots: usize,
    n_features: usize,
    /// Texts behind some of the dense columns, for models that read them whole.
    texts: Option<SparseTexts>,
}

impl Matrix {
    /// Builds a matrix from `dense` (n × p) and `one_hot` (n × slots).
    ///
    /// `one_hot` holds feature numbers from `p` to `n_features - 1`, or [`NONE`].
    ///
    /// # Errors
    /// [`LearnError::Matrix`] when the blocks differ in rows, a number is not finite, or an index is out of range or
    /// occurs twice in a row.
    pub fn new(dense: &Array2<f64>, one_hot: &Array2<u32>, n_features: usize) -> Result<Self, LearnError> {
        Self::checked(dense, one_hot, n_features, f64::is_finite)
    }

    /// Builds a matrix as [`Matrix::new`] does, in which NaN stands for a missing number.
    ///
    /// Only models that say so read missing values; the others refuse them.
    ///
    /// # Errors
    /// As [`Matrix::new`], but a number may be NaN.
    pub fn allowing_missing(dense: &Array2<f64>, one_hot: &Array2<u32>, n_features: usize) -> Result<Self, LearnError> {
        Self::checked(dense, one_hot, n_features, |value| !value.is_infinite())
    }

    fn checked(
        dense: &Array2<f64>,
        one_hot: &Array2<u32>,
        n_features: usize,
        can_be_read: impl Fn(f64) -> bool,
    ) -> Result<Self, LearnError> {
        let (n_rows, n_dense) = dense.dim();
        let n_slots = one_hot.ncols();
        let broken = |row, rule| Err(LearnError::Matrix { row, rule });
        if one_hot.nrows() != n_rows {
            return broken(n_rows.min(one_hot.nrows()), "the dense and the one-hot block differ in rows");
        }
        if n_features < n_dense || n_features >= (u32::MAX - 2) as usize {
            return broken(0, "the number of features does not fit");
        }
        for (row, (values, slots)) in dense.outer_iter().zip(one_hot.outer_iter()).enumerate() {
            if values.iter().any(|&value| !can_be_read(value)) {
                return broken(row, "a value is not finite");
            }
            for (i, &slot) in slots.iter().enumerate() {
                if slot != NONE && !(n_dense..n_features).contains(&(slot as usize)) {
                    return broken(row, "a one-hot index is out of range");
                }
                if slot != NONE && slots.iter().take(i).any(|&other| other == slot) {
                    return broken(row, "a one-hot index occurs twice");
                }
            }
        }
        let stored = |&slot: &u32| if slot == NONE { n_features as u32 } else { slot };
        Ok(Self {
            dense: dense.as_standard_layout().iter().copied().collect(),
            one_hot: one_hot.iter().map(stored).collect(),
            n_rows,
            n_dense,
            n_slots,
            n_features,
            texts: None,
        })
    }

    /// Builds a matrix from numbers alone, n × p.
    ///
    /// # Errors
    /// [`LearnError::Matrix`] when a number is not finite.
    pub fn from_dense(dense: &Array2<f64>) -> Result<Self, LearnError> {
        let (n, p) = dense.dim();
        Self::new(dense, &Array2::zeros((n, 0)), p)
    }

    /// Takes blocks that keep the invariant by construction; `one_hot` holds `n_features` for "none".
    pub(crate) fn from_parts(
        dense: Vec<f64>,
        one_hot: Vec<u32>,
        n_rows: usize,
        (n_dense, n_slots, n_features): (usize, usize, usize),
    ) -> Self {
        debug_assert_eq!(dense.len(), n_rows * n_dense);
        debug_assert_eq!(one_hot.len(), n_rows * n_slots);
        Self { dense, one_hot, n_rows, n_dense, n_slots, n_features, texts: None }
    }

    /// The chosen rows in the given order; a row may be chosen more than once.
    ///
    /// # Errors
    /// [`LearnError::Row`] for a row the matrix does not have.
    pub fn select(&self, rows: &[u32]) -> Result<Self, LearnError> {
        if let Some(&row) = rows.iter().find(|&&row| row as usize >= self.n_rows) {
            return Err(LearnError::Row { row, n_rows: self.n_rows });
        }
        let mut dense = Vec::with_capacity(rows.len() * self.n_dense);
        let mut one_hot = Vec::with_capacity(rows.len() * self.n_slots);
        for &row in rows {
            dense.extend_from_slice(self.dense_row(row as usize));
            one_hot.extend_from_slice(self.slot_row(row as usize));
        }
        let texts = self.texts.as_ref().map(|texts| texts.select(rows));
        let shape = (self.n_dense, self.n_slots, self.n_features);
        Ok(Self::from_parts(dense, one_hot, rows.len(), shape).with_texts(texts))
    }

    /// Puts the texts behind some of the dense columns beside them.
    pub(crate) fn with_texts(mut self, texts: Option<SparseTexts>) -> Self {
        self.texts = texts;
        self
    }

    /// The texts behind some of the dense columns, where there are any.
    pub(crate) fn texts(&self) -> Option<&SparseTexts> {
        self.texts.as_ref()
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Number of features: dense and one-hot columns.
    pub fn n_features(&self) -> usize {
        self.n_features
    }

    /// Number of dense columns, which come first.
    pub fn n_dense(&self) -> usize {
        self.n_dense
    }

    /// Number of one-hot indices per row.
    pub fn n_slots(&self) -> usize {
        self.n_slots
    }

    /// Whether a number is missing.
    pub fn has_missing(&self) -> bool {
        self.dense.iter().any(|value| value.is_nan())
    }

    /// For models that cannot read missing values.
    ///
    /// # Errors
    /// [`LearnError::Matrix`] naming the first row with a missing value.
    pub(crate) fn refuse_missing(&self) -> Result<(), LearnError> {
        match self.dense.iter().position(|value| value.is_nan()) {
            Some(at) => Err(LearnError::Matrix {
                row: at / self.n_dense,
                rule: "a value is missing, which this model does not read: impute it first",
            }),
            None => Ok(()),
        }
    }

    /// The matrix unfolded, n × features.
    pub fn to_dense(&self) -> Array2<f64> {
        let mut out = Array2::zeros((self.n_rows, self.n_features));
        for (row, mut values) in out.outer_iter_mut().enumerate() {
            for (value, &x) in values.iter_mut().zip(self.dense_row(row)) {
                *value = x;
            }
            for &slot in self.slot_row(row) {
                if let Some(value) = values.get_mut(slot as usize) {
                    *value = 1.0;
                }
            }
        }
        out
    }

    /// The dense values of a row.
    pub(crate) fn dense_row(&self, row: usize) -> &[f64] {
        &self.dense[row * self.n_dense..(row + 1) * self.n_dense]
    }

    /// The one-hot indices of a row, `n_features` for "none".
    pub(crate) fn slot_row(&self, row: usize) -> &[u32] {
        &self.one_hot[row * self.n_slots..(row + 1) * self.n_slots]
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn a_matrix_unfolds_to_zeros_and_ones_after_the_dense_columns() {
        let matrix = Matrix::new(&array![[0.5], [1.5]], &array![[1, 3], [2, NONE]], 4).unwrap();
        assert_eq!(matrix.to_dense(), array![[0.5, 1.0, 0.0, 1.0], [1.5, 0.0, 1.0, 0.0]]);
    }

    #[test]
    fn rows_are_selected_in_the_order_asked_for() {
        let matrix = Matrix::new(&array![[0.5], [1.5]], &array![[1, 3], [2, NONE]], 4).unwrap();
        let chosen = matrix.select(&[1, 0, 1]).unwrap().to_dense();
        assert_eq!(chosen, array![[1.5, 0.0, 1.0, 0.0], [0.5, 1.0, 0.0, 1.0], [1.5, 0.0, 1.0, 0.0]]);
        assert_eq!(matrix.select(&[2]).unwrap_err(), LearnError::Row { row: 2, n_rows: 2 });
    }

    #[test]
    fn missing_values_come_in_where_they_are_allowed_and_are_found() {
        let gap = array![[0.5, 1.0], [2.0, f64::NAN]];
        let none = Array2::zeros((2, 0));
        assert!(Matrix::new(&gap, &none, 2).is_err());
        let matrix = Matrix::allowing_missing(&gap, &none, 2).unwrap();
        assert!(matrix.has_missing());
        assert!(matrix.refuse_missing().unwrap_err().to_string().contains("row 1: a value is missing"));
        assert!(!matrix.select(&[0]).unwrap().has_missing());
        assert!(Matrix::allowing_missing(&array![[f64::INFINITY]], &Array2::zeros((1, 0)), 1).is_err());
    }

    #[test]
    fn broken_blocks_are_refused_with_their_row() {
        let refused =
            |dense: Array2<f64>, one_hot: Array2<u32>, n| Matrix::new(&dense, &one_hot, n).unwrap_err().to_string();
        assert!(refused(array![[f64::NAN]], array![[1]], 2).contains("row 0: a value is not finite"));
        assert!(refused(array![[0.0], [0.0]], array![[1], [2]], 2).contains("row 1: a one-hot index is out of range"));
        assert!(refused(array![[0.0]], array![[0]], 2).contains("out of range"));
        assert!(refused(array![[0.0]], array![[1, 1]], 2).contains("occurs twice"));
        assert!(refused(array![[0.0]], array![[1], [1]], 2).contains("differ in rows"));
    }
}
