//! Matrices as they travel between those who share a job: their values row by row.

use ndarray::Array2;

use crate::CoreError;

/// The values of a matrix, row by row; they are not copied where they stand like that.
pub(super) fn row_by_row(matrix: Array2<f64>) -> Vec<f64> {
    if !matrix.is_standard_layout() {
        return matrix.iter().copied().collect();
    }
    let n = matrix.len();
    let (mut values, offset) = matrix.into_raw_vec_and_offset();
    values.truncate(offset.unwrap_or(0) + n);
    values.drain(..offset.unwrap_or(0));
    values
}

/// Values row by row as a matrix of `n_rows`, or an error where there are not as many.
pub(super) fn of_rows(values: Vec<f64>, n_rows: usize) -> Result<Array2<f64>, CoreError> {
    let width = values.len() / n_rows.max(1);
    let unfit = |_| CoreError::Unusable("The values of the rows do not fit together.".to_owned());
    Array2::from_shape_vec((n_rows, width), values).map_err(unfit)
}

#[cfg(test)]
mod tests {
    use ndarray::s;

    use super::*;

    #[test]
    fn a_matrix_goes_there_and_back_whatever_its_layout() {
        let matrix = Array2::from_shape_fn((4, 3), |(row, column)| (10 * row + column) as f64);
        for seen in [matrix.clone(), matrix.clone().reversed_axes(), matrix.slice_move(s![1..3, ..])] {
            let rows = seen.nrows();
            assert_eq!(of_rows(row_by_row(seen.clone()), rows).unwrap(), seen);
        }
        assert!(of_rows(vec![1.0; 5], 2).is_err());
    }
}
