//! The checked inputs of every algorithm: labels and predicted probabilities that are known to be sound.

use ndarray::{Array2, ArrayView2};

use crate::CoreError;

/// How far outside [0, 1] a probability may lie, cleanlab's `FLOATING_POINT_COMPARISON`.
pub(crate) const TOLERANCE: f64 = 1e-6;

/// Where only labels say how many classes there are, they must be below this: what is learned has a column for each.
#[cfg(feature = "tasks")]
const CLASS_LIMIT: u32 = 1 << 14;

/// Given labels as class numbers, one per row.
///
/// *Invariant*: at least one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    values: Vec<u32>,
}

impl Labels {
    /// Takes class numbers.
    ///
    /// # Errors
    /// [`CoreError::Empty`] without a label.
    pub fn new(values: Vec<u32>) -> Result<Self, CoreError> {
        if values.is_empty() {
            return Err(CoreError::Empty { argument: "labels" });
        }
        Ok(Self { values })
    }

    /// Takes class numbers that are stored as floating-point numbers.
    ///
    /// # Errors
    /// [`CoreError::Label`] naming the first value that is negative, fractional or not finite.
    pub fn from_f64(values: &[f64]) -> Result<Self, CoreError> {
        let whole = |(row, &value): (usize, &f64)| {
            if value >= 0.0 && value < f64::from(u32::MAX) && value.fract() == 0.0 {
                Ok(value as u32)
            } else {
                Err(CoreError::Label { row, value: value.to_string() })
            }
        };
        Self::new(values.iter().enumerate().map(whole).collect::<Result<_, _>>()?)
    }

    /// The class numbers.
    pub fn as_slice(&self) -> &[u32] {
        &self.values
    }

    /// Number of rows.
    #[expect(clippy::len_without_is_empty, reason = "labels are never empty")]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// How often each of `n_classes` classes occurs.
    ///
    /// # Errors
    /// [`CoreError::LabelOutOfRange`] where a label is not below `n_classes`.
    pub fn counts(&self, n_classes: usize) -> Result<Vec<usize>, CoreError> {
        let mut counts = vec![0; n_classes];
        for (row, &label) in self.values.iter().enumerate() {
            match counts.get_mut(label as usize) {
                Some(count) => *count += 1,
                None => {
                    return Err(CoreError::LabelOutOfRange { row, label, n_classes });
                }
            }
        }
        Ok(counts)
    }

    /// The number of classes by the largest label.
    ///
    /// # Errors
    /// [`CoreError::Setting`] naming the first label of 2¹⁴ or more, which would make a table of empty classes.
    #[cfg(feature = "tasks")]
    pub(crate) fn n_classes(&self) -> Result<usize, CoreError> {
        if let Some(row) = self.values.iter().position(|&label| label >= CLASS_LIMIT) {
            let rule = format!("a class number below {CLASS_LIMIT}");
            return Err(CoreError::setting(&format!("labels[{row}]"), self.values[row], rule));
        }
        Ok(self.values.iter().max().map_or(0, |&label| label as usize + 1))
    }

    /// The class all labels share, where they do.
    pub(crate) fn only_class(&self) -> Option<u32> {
        let first = self.values[0];
        self.values.iter().all(|&label| label == first).then_some(first)
    }

    /// Refuses labels of a single class.
    pub(crate) fn require_two_classes(&self) -> Result<(), CoreError> {
        self.only_class().map_or(Ok(()), |label| Err(CoreError::OneClass { label }))
    }
}

/// Predicted class probabilities, n rows × k classes.
///
/// *Invariant*: at least one row and one column, every value in [0, 1] (to 1e-6, as cleanlab allows), stored row by row;
/// NaN only where [`PredProbs::allowing_nan`] let it in. Rows need not sum to one: nothing here depends on it.
#[derive(Clone, Debug, PartialEq)]
pub struct PredProbs {
    values: Array2<f64>,
    has_nan: bool,
}

/// What becomes of a probability that is NaN.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unknown {
    Allowed,
    Refused,
}

impl PredProbs {
    /// Takes an n × k matrix.
    ///
    /// # Errors
    /// [`CoreError::Shape`] for an empty matrix, [`CoreError::Probability`] naming the first value outside [0, 1].
    pub fn new(values: Array2<f64>) -> Result<Self, CoreError> {
        Self::checked(values, Unknown::Refused)
    }

    /// Takes an n × k matrix in which NaN stands for a probability that is not known, as cleanlab silently does.
    ///
    /// Such a probability is never confident and never agrees with another class; a score made from it is NaN.
    ///
    /// # Errors
    /// As [`PredProbs::new`], but for NaN.
    pub fn allowing_nan(values: Array2<f64>) -> Result<Self, CoreError> {
        Self::checked(values, Unknown::Allowed)
    }

    fn checked(values: Array2<f64>, unknown: Unknown) -> Result<Self, CoreError> {
        if values.is_empty() {
            return Err(CoreError::Shape {
                argument: "pred_probs",
                shape: format!("{} × {}", values.nrows(), values.ncols()),
                expected: "at least one row and one column (examples × classes)".to_owned(),
            });
        }
        let values = if values.is_standard_layout() { values } else { values.as_standard_layout().into_owned() };
        // One pass without a branch per value; the place is looked up only when something is wrong.
        let is_share = |value: f64| (-TOLERANCE..=1.0 + TOLERANCE).contains(&value);
        let all_known = values.iter().fold(true, |ok, &value| ok & is_share(value));
        let refused = |value: f64| !is_share(value) && (unknown == Unknown::Refused || !value.is_nan());
        if !all_known && let Some(((row, column), &value)) = values.indexed_iter().find(|&(_, &v)| refused(v)) {
            return Err(CoreError::Probability { row, column, value });
        }
        Ok(Self { values, has_nan: !all_known })
    }

    /// Copies rows of equal length.
    ///
    /// # Errors
    /// As [`PredProbs::new`].
    pub fn from_rows<const K: usize>(rows: &[[f64; K]]) -> Result<Self, CoreError> {
        Self::new(Array2::from(rows.to_vec()))
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.values.nrows()
    }

    /// Number of classes.
    pub fn n_classes(&self) -> usize {
        self.values.ncols()
    }

    /// Whether a probability is not known, which only [`PredProbs::allowing_nan`] lets in.
    pub(crate) fn has_nan(&self) -> bool {
        self.has_nan
    }

    /// The matrix, n × k.
    pub fn view(&self) -> ArrayView2<'_, f64> {
        self.values.view()
    }

    /// One row; empty past the end.
    #[inline]
    pub(crate) fn row(&self, row: usize) -> &[f64] {
        let k = self.n_classes();
        self.values.as_slice().and_then(|values| values.get(row * k..(row + 1) * k)).unwrap_or_default()
    }

    /// All values, row by row.
    #[inline]
    pub(crate) fn values(&self) -> &[f64] {
        self.values.as_slice().unwrap_or_default()
    }

    /// The rows, in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.values().chunks_exact(self.n_classes())
    }

    /// The matrix itself.
    pub fn into_inner(self) -> Array2<f64> {
        self.values
    }

    /// Two columns per row for the binary problem "class or not": 1 − p and p, cleanlab's `stack_complement`.
    pub(crate) fn complement(column: impl ExactSizeIterator<Item = f64>) -> Self {
        let n = column.len();
        let mut values = Array2::zeros((n, 2));
        let mut has_nan = false;
        if let Some(flat) = values.as_slice_mut() {
            for (row, p) in flat.as_chunks_mut::<2>().0.iter_mut().zip(column) {
                *row = [1.0 - p, p];
                has_nan |= p.is_nan();
            }
        }
        Self { values, has_nan }
    }

    /// Checks that `labels` and these probabilities belong together.
    ///
    /// # Errors
    /// [`CoreError::Length`] or [`CoreError::LabelOutOfRange`].
    pub(crate) fn matches(&self, labels: &Labels) -> Result<(), CoreError> {
        if labels.len() != self.n_rows() {
            return Err(CoreError::Length {
                argument: "pred_probs",
                length: self.n_rows(),
                reference: "labels",
                expected: labels.len(),
            });
        }
        let n_classes = self.n_classes();
        // One pass without a branch per label; the place is looked up only when something is wrong.
        let highest = labels.as_slice().iter().fold(0, |highest, &label| highest.max(label));
        let place = || labels.as_slice().iter().position(|&label| label as usize >= n_classes);
        match if (highest as usize) < n_classes { None } else { place() } {
            Some(row) => Err(CoreError::LabelOutOfRange { row, label: labels.as_slice()[row], n_classes }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_outside_the_unit_interval_is_named() {
        let error = PredProbs::from_rows(&[[0.5, 0.5], [1.5, 0.0]]).unwrap_err();
        assert_eq!(error.to_string(), "`pred_probs`[1, 0] is 1.5: a probability must lie between 0 and 1");
        assert!(PredProbs::from_rows(&[[f64::NAN, 0.5]]).is_err());
        assert!(PredProbs::allowing_nan(Array2::from(vec![[f64::NAN, 0.5]])).is_ok());
        assert!(PredProbs::from_rows(&[[-1e-7, 1.0 + 1e-7]]).is_ok());
    }

    #[test]
    fn a_fractional_or_negative_label_is_named() {
        assert_eq!(Labels::from_f64(&[0.0, 1.5]).unwrap_err(), CoreError::Label { row: 1, value: "1.5".to_owned() });
        assert!(Labels::from_f64(&[-1.0]).is_err());
        assert!(Labels::new(vec![]).is_err());
    }

    #[test]
    fn a_class_number_too_large_for_a_table_of_classes_is_named() {
        assert_eq!(Labels::new(vec![0, 3]).unwrap().n_classes(), Ok(4));
        let error = Labels::new(vec![0, 1 << 14]).unwrap().n_classes().unwrap_err();
        assert_eq!(error.to_string(), "`labels[1]` is 16384, expected a class number below 16384");
    }

    #[test]
    fn labels_and_probabilities_must_belong_together() {
        let probs = PredProbs::from_rows(&[[0.5, 0.5], [0.1, 0.9]]).unwrap();
        assert!(matches!(probs.matches(&Labels::new(vec![0]).unwrap()), Err(CoreError::Length { .. })));
        assert!(matches!(
            probs.matches(&Labels::new(vec![0, 2]).unwrap()),
            Err(CoreError::LabelOutOfRange { row: 1, label: 2, n_classes: 2 })
        ));
    }
}
