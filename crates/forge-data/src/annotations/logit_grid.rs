//! What a segmentation model says of a picture: a coarse grid of log odds, expanded to pixels when they are wanted.
//!
//! A grid of 33 × 25 numbers stands for all pixels of a picture, so the predictions for thousands of pictures stay in memory
//! and only the picture at hand is expanded.

use serde::{Deserialize, Serialize};

use crate::DataError;

/// Log odds, over a grid whose corners are the corners of a picture, that what is there belongs to the class.
///
/// *Invariant*: at least one row and one column, and as many finite values as rows × columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct LogitGrid {
    rows: usize,
    cols: usize,
    values: Vec<f32>,
}

/// What is read before it is checked.
#[derive(Deserialize)]
struct Parts {
    rows: usize,
    cols: usize,
    values: Vec<f32>,
}

impl TryFrom<Parts> for LogitGrid {
    type Error = DataError;

    fn try_from(parts: Parts) -> Result<Self, DataError> {
        Self::new(parts.rows, parts.cols, parts.values)
    }
}

impl LogitGrid {
    /// A grid of `rows` × `cols` log odds, row by row from the top.
    ///
    /// # Errors
    /// [`DataError::LogitGrid`] for a grid without cells, another number of values than rows × columns, or a value that is
    /// not finite.
    pub fn new(rows: usize, cols: usize, values: Vec<f32>) -> Result<Self, DataError> {
        let refused = |reason| Err(DataError::LogitGrid { rows, cols, reason });
        if rows == 0 || cols == 0 {
            return refused("it has no cells".to_owned());
        }
        if rows.checked_mul(cols) != Some(values.len()) {
            return refused(format!("it has {} values", values.len()));
        }
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            return refused(format!("the value in row {}, column {} is {}", at / cols, at % cols, values[at]));
        }
        Ok(Self { rows, cols, values })
    }

    /// Rows of the grid, at least 1.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns of the grid, at least 1.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// The log odds, row by row from the top.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The log odds of every pixel of a picture of `width` × `height`, row by row from the top: the grid is stretched so that
    /// its corners are the middles of the picture's corner pixels, and interpolated between, first down, then across.
    ///
    /// OpenCV and PyTorch call this bilinear with aligned corners.
    pub fn logits(&self, width: usize, height: usize) -> Vec<f32> {
        let across = stops(self.cols, width);
        let mut pixels = Vec::with_capacity(width.saturating_mul(height));
        let mut line = vec![0.0_f32; self.cols];
        for down in stops(self.rows, height) {
            let (upper, lower) = (self.row(down.low), self.row(down.high));
            for ((value, &upper), &lower) in line.iter_mut().zip(upper).zip(lower) {
                *value = upper + (lower - upper) * down.share;
            }
            pixels.extend(across.iter().map(|stop| {
                let (left, right) = (line[stop.low], line[stop.high]);
                left + (right - left) * stop.share
            }));
        }
        pixels
    }

    /// The probability at every pixel of a picture of `width` × `height`, row by row from the top: the logistic function of
    /// [`logits`](Self::logits).
    pub fn probabilities(&self, width: usize, height: usize) -> Vec<f32> {
        let mut pixels = self.logits(width, height);
        pixels.iter_mut().for_each(|value| *value = 1.0 / (1.0 + libm::expf(-*value)));
        pixels
    }

    fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.cols..(row + 1) * self.cols]
    }
}

/// Between which cells a pixel lies, and how far it is from the first on the way to the second.
struct Stop {
    low: usize,
    high: usize,
    share: f32,
}

/// Where `n_pixels` pixels lie among `n_cells` cells.
fn stops(n_cells: usize, n_pixels: usize) -> Vec<Stop> {
    let last = n_cells - 1;
    let step = if n_pixels > 1 { last as f64 / (n_pixels - 1) as f64 } else { 0.0 };
    (0..n_pixels)
        .map(|pixel| {
            let place = pixel as f64 * step;
            let low = (place as usize).min(last);
            Stop { low, high: (low + 1).min(last), share: (place - low as f64) as f32 }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_of_the_grid_are_corners_of_the_picture() {
        let grid = LogitGrid::new(2, 3, vec![0.0, 2.0, 4.0, 10.0, 12.0, 14.0]).unwrap();
        let rows: [[f32; 5]; 3] =
            [[0.0, 1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0, 9.0], [10.0, 11.0, 12.0, 13.0, 14.0]];
        assert_eq!(grid.logits(5, 3), rows.concat());
    }

    #[test]
    fn a_single_pixel_is_the_upper_left_cell_and_a_single_cell_fills_the_picture() {
        let grid = LogitGrid::new(2, 2, vec![1.0, 2.0, 3.0, 4.0]).unwrap();
        assert_eq!(grid.logits(1, 1), [1.0]);
        assert!(grid.logits(0, 7).is_empty());
        assert_eq!(LogitGrid::new(1, 1, vec![0.5]).unwrap().logits(2, 2), [0.5; 4]);
    }

    #[test]
    fn probabilities_stay_within_0_and_1_at_the_extremes() {
        let grid = LogitGrid::new(1, 3, vec![-f32::MAX / 4.0, 0.0, f32::MAX / 4.0]).unwrap();
        assert_eq!(grid.probabilities(3, 1), [0.0, 0.5, 1.0]);
    }

    #[test]
    fn a_grid_that_cannot_be_is_refused_by_name() {
        for (rows, cols, values, part) in [
            (0, 3, vec![], "no cells"),
            (2, 2, vec![0.0; 3], "3 values"),
            (usize::MAX, 2, vec![], "0 values"),
            (1, 2, vec![0.0, f32::NAN], "row 0, column 1 is NaN"),
        ] {
            let error = LogitGrid::new(rows, cols, values).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        let text = r#"{"rows":2,"cols":2,"values":[1,2,3]}"#;
        assert!(serde_json::from_str::<LogitGrid>(text).unwrap_err().to_string().contains("2 × 2"));
    }

    #[test]
    fn a_grid_survives_json() {
        let grid = LogitGrid::new(1, 3, vec![0.1, -7.25e-8, 3.0]).unwrap();
        let text = serde_json::to_string(&grid).unwrap();
        assert_eq!(serde_json::from_str::<LogitGrid>(&text).unwrap(), grid);
    }
}
