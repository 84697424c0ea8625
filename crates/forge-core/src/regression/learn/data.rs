//! Features with the number to be predicted, known to belong together.

use forge_learn::Matrix;

use crate::CoreError;

/// Features and targets of regression, n rows.
///
/// *Invariant*: at least one row, as many targets as rows of features, every number finite.
#[derive(Clone, Debug, PartialEq)]
pub struct RegressionData {
    features: Matrix,
    targets: Vec<f64>,
}

impl RegressionData {
    /// Takes features, n rows, and n targets.
    ///
    /// # Errors
    /// [`CoreError::Empty`], [`CoreError::Length`], or [`CoreError::Setting`] naming the first target that is not finite.
    pub fn new(features: Matrix, targets: Vec<f64>) -> Result<Self, CoreError> {
        if targets.is_empty() {
            return Err(CoreError::Empty { argument: "y" });
        }
        if features.n_rows() != targets.len() {
            return Err(CoreError::Length {
                argument: "X",
                length: features.n_rows(),
                reference: "y",
                expected: targets.len(),
            });
        }
        if let Some(row) = targets.iter().position(|target| !target.is_finite()) {
            return Err(CoreError::setting(&format!("y[{row}]"), targets[row], "a finite number"));
        }
        Ok(Self { features, targets })
    }

    /// Number of rows.
    #[expect(clippy::len_without_is_empty, reason = "data are never empty")]
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// The features, n rows.
    pub fn features(&self) -> &Matrix {
        &self.features
    }

    /// The targets, n values.
    pub fn targets(&self) -> &[f64] {
        &self.targets
    }

    /// The rows that are not flagged.
    ///
    /// # Errors
    /// [`CoreError::Length`] for a mask of another length, [`CoreError::Empty`] where every row is flagged.
    pub fn without(&self, mask: &[bool]) -> Result<Self, CoreError> {
        if mask.len() != self.len() {
            return Err(CoreError::Length {
                argument: "label_issues",
                length: mask.len(),
                reference: "y",
                expected: self.len(),
            });
        }
        let kept: Vec<u32> = (0..).zip(mask).filter(|(_, issue)| !**issue).map(|(row, _)| row).collect();
        let targets = kept.iter().map(|&row| self.targets[row as usize]).collect();
        Self::new(self.features.select(&kept)?, targets)
    }
}
