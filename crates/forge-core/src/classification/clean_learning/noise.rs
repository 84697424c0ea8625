//! What is known of the label noise before and after looking at the predictions.

use ndarray::{Array1, Array2};

use super::{CleanLearning, PerfectClass};
use crate::classification::count::{
    Calibration, Convergence, LatentEstimates, PyMethod, compute_confident_joint, estimate_latent,
};
use crate::classification::latent;
use crate::inputs::TOLERANCE;
use crate::{CoreError, Labels, PredProbs};

/// What the caller knows of the noise; what is left out is estimated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NoiseKnowledge {
    /// Probability from which a row confidently belongs to a class, k values; they shape the noise estimates.
    pub thresholds: Option<Vec<f64>>,
    /// p(given = row | true = column), k × k, trace above 1.
    pub noise_matrix: Option<Array2<f64>>,
    /// p(true = row | given = column), k × k, trace above 1.
    pub inverse_noise_matrix: Option<Array2<f64>>,
}

/// The noise of the labels, as given or estimated.
#[derive(Clone, Debug, PartialEq)]
pub struct NoiseEstimates {
    /// p(true = k), k values; none where only an inverse noise matrix, or both matrices, were given.
    pub py: Option<Array1<f64>>,
    /// p(given = row | true = column), k × k.
    pub noise_matrix: Array2<f64>,
    /// p(true = row | given = column), k × k.
    pub inverse_noise_matrix: Array2<f64>,
    /// Counts of given (row) and confidently predicted (column) class, k × k.
    pub confident_joint: Array2<f64>,
}

impl NoiseKnowledge {
    fn matrices(&self) -> impl Iterator<Item = (&'static str, &Array2<f64>)> {
        let noise = self.noise_matrix.as_ref().map(|matrix| ("noise_matrix", matrix));
        noise.into_iter().chain(self.inverse_noise_matrix.as_ref().map(|matrix| ("inverse_noise_matrix", matrix)))
    }

    /// Checks that the matrices hold probabilities and carry more signal than chance.
    ///
    /// # Errors
    /// A value outside [0, 1] or a trace that is not above 1.
    pub fn validate(&self) -> Result<(), CoreError> {
        for (name, matrix) in self.matrices() {
            let allowed = -TOLERANCE..=1.0 + TOLERANCE;
            if let Some(((row, column), value)) = matrix.indexed_iter().find(|(_, value)| !allowed.contains(*value)) {
                return Err(CoreError::setting(&format!("{name}[{row}, {column}]"), value, "a probability, 0 to 1"));
            }
            let trace: f64 = matrix.diag().sum();
            if trace <= 1.0 {
                let rule = "more, or labels say nothing of the true class";
                return Err(CoreError::setting(name, format!("of trace {trace}"), format!("a trace above 1: {rule}")));
            }
        }
        Ok(())
    }

    pub(super) fn require_classes(&self, k: usize) -> Result<(), CoreError> {
        self.matrices().try_for_each(|(argument, matrix)| require_square(argument, matrix, k))
    }
}

impl NoiseEstimates {
    /// Sets the noise rates out of a class that has no label errors to 0.
    pub(super) fn without_errors_in(&mut self, class: PerfectClass) {
        let (perfect, other) = match class {
            PerfectClass::Zero => (0, 1),
            PerfectClass::One => (1, 0),
        };
        self.noise_matrix[[perfect, other]] = 0.0;
        self.noise_matrix[[other, other]] = 1.0;
        self.inverse_noise_matrix[[other, perfect]] = 0.0;
        self.inverse_noise_matrix[[perfect, perfect]] = 1.0;
        self.confident_joint[[perfect, other]] = 0.0;
        // A count of 1, not a probability; cleanlab sets it and the prune rules follow it.
        self.confident_joint[[other, other]] = 1.0;
    }
}

impl CleanLearning {
    /// Combines what is given with what follows from it and with estimates.
    pub(super) fn estimate_noise(
        &self,
        labels: &Labels,
        pred_probs: &PredProbs,
        knowledge: &NoiseKnowledge,
    ) -> Result<NoiseEstimates, CoreError> {
        let k = pred_probs.n_classes();
        let ps: Array1<f64> = labels.counts(k)?.into_iter().map(|count| count as f64 / labels.len() as f64).collect();
        let estimated_joint = || -> Result<Array2<f64>, CoreError> {
            let thresholds = knowledge.thresholds.as_deref();
            Ok(compute_confident_joint(labels, pred_probs, thresholds, Calibration::Calibrated)?.counts)
        };
        // A given joint overrules a given noise matrix.
        let (confident_joint, given_noise) = match &self.filter.confident_joint {
            Some(joint) => {
                require_square("confident_joint", joint, k)?;
                let estimates = estimate_latent(joint, labels, PyMethod::Cnt, Convergence::Direct)?;
                (joint.clone(), Some(estimates.noise_matrix))
            }
            None => (estimated_joint()?, knowledge.noise_matrix.clone()),
        };
        let (py, noise_matrix, inverse_noise_matrix) = match (given_noise, knowledge.inverse_noise_matrix.clone()) {
            (Some(noise), Some(inverse)) => (None, noise, inverse),
            (Some(noise), None) => {
                let py = latent::compute_py(&ps, &noise, &noise, PyMethod::Eqn, None)?;
                let inverse = latent::inverse_noise_matrix(&py, &noise, &ps);
                (Some(py), noise, inverse)
            }
            (None, Some(inverse)) => (None, latent::noise_matrix(&ps, &inverse, &inverse.dot(&ps)), inverse),
            (None, None) => {
                let LatentEstimates { py, noise_matrix, inverse_noise_matrix } =
                    estimate_latent(&confident_joint, labels, PyMethod::Cnt, self.convergence)?;
                (Some(py), noise_matrix, inverse_noise_matrix)
            }
        };
        Ok(NoiseEstimates { py, noise_matrix, inverse_noise_matrix, confident_joint })
    }
}

fn require_square(argument: &'static str, matrix: &Array2<f64>, k: usize) -> Result<(), CoreError> {
    if matrix.dim() == (k, k) {
        return Ok(());
    }
    Err(CoreError::Shape {
        argument,
        shape: format!("{} × {}", matrix.nrows(), matrix.ncols()),
        expected: format!("{k} × {k}, as there are {k} classes"),
    })
}
