//! The same for several models: each is weighted on its own.

use ndarray::Array2;

use super::quality::assess;
use super::{
    AnnotatorLabels, Calibration, ConsensusMethod, LabelQuality, LabelShares, QualityMethod, QualityOptions,
    find_best_temperature, temperature_scaled,
};
use crate::{CoreError, PredProbs};

/// Predicted probabilities of p models for the same examples and classes, p × n × k.
///
/// *Invariant*: at least one model, all of the same shape.
#[derive(Clone, Debug, PartialEq)]
pub struct EnsembleProbs(Vec<PredProbs>);

impl EnsembleProbs {
    /// Takes each model's n × k probabilities.
    ///
    /// # Errors
    /// [`CoreError::Empty`] without a model, [`CoreError::Shape`] naming the first model of another shape.
    pub fn new(models: Vec<PredProbs>) -> Result<Self, CoreError> {
        let first = models.first().ok_or(CoreError::Empty { argument: "pred_probs" })?;
        let (n_rows, n_classes) = (first.n_rows(), first.n_classes());
        match models.iter().enumerate().find(|(_, model)| (model.n_rows(), model.n_classes()) != (n_rows, n_classes)) {
            Some((i, model)) => Err(CoreError::Shape {
                argument: "pred_probs",
                shape: format!("{} × {} for model {i}", model.n_rows(), model.n_classes()),
                expected: format!("{n_rows} × {n_classes} as for model 0"),
            }),
            None => Ok(Self(models)),
        }
    }

    /// The models' probabilities.
    pub fn models(&self) -> &[PredProbs] {
        &self.0
    }

    /// Number of classes, k.
    pub fn n_classes(&self) -> usize {
        self.0[0].n_classes()
    }

    /// The mean over the models, n × k.
    pub(super) fn mean(&self) -> Result<PredProbs, CoreError> {
        let mut sum: Array2<f64> = self.0[0].view().to_owned();
        self.0[1..].iter().for_each(|model| sum += &model.view());
        let n_models = self.0.len() as f64;
        sum.mapv_inplace(|total| total / n_models);
        PredProbs::allowing_nan(sum)
    }

    /// Each model scaled by its own best temperature, and those temperatures.
    pub(super) fn calibrated(
        &self,
        labels: &AnnotatorLabels,
        shares: LabelShares,
    ) -> Result<(Self, Vec<f64>), CoreError> {
        let temperatures: Vec<f64> =
            self.0.iter().map(|model| find_best_temperature(labels, model, shares)).collect::<Result<_, _>>()?;
        Ok((self.scaled(&temperatures)?, temperatures))
    }

    /// Each model scaled by the temperature of its place.
    pub(super) fn scaled(&self, temperatures: &[f64]) -> Result<Self, CoreError> {
        let scaled =
            self.0.iter().zip(temperatures).map(|(model, &temperature)| temperature_scaled(model, temperature));
        Ok(Self(scaled.collect::<Result<_, _>>()?))
    }
}

/// Consensus labels and the quality of labels and annotators by several models. cleanlab:
/// `multiannotator.get_label_quality_multiannotator_ensemble`.
///
/// The consensus is always that of best quality by CROWDLAB. The caller's probabilities are left as they are, and the
/// score settings are used, where cleanlab overwrites the one and fails on the other.
///
/// # Errors
/// As [`get_label_quality_multiannotator`](super::get_label_quality_multiannotator); another consensus or quality method
/// in the options.
pub fn get_label_quality_multiannotator_ensemble(
    labels: &AnnotatorLabels,
    pred_probs: &EnsembleProbs,
    options: &QualityOptions,
) -> Result<LabelQuality, CoreError> {
    if options.quality_method != QualityMethod::Crowdlab || options.consensus_methods != [ConsensusMethod::BestQuality]
    {
        return Err(CoreError::Conflict(
            "`quality_method` and `consensus_method` are \"crowdlab\" and \"best_quality\" for an ensemble".to_owned(),
        ));
    }
    pred_probs.models().iter().try_for_each(|model| labels.table().matches(model))?;
    labels.require_overlap()?;
    let calibrated = match options.calibration {
        Calibration::None => None,
        Calibration::Temperature => Some(pred_probs.calibrated(labels, options.label_shares)?.0),
    };
    let pred_probs = calibrated.as_ref().unwrap_or(pred_probs);
    assess(labels, (pred_probs.models(), &pred_probs.mean()?), options)
}

#[cfg(test)]
mod tests {
    use super::super::{LabelTable, get_label_quality_multiannotator};
    use super::*;

    #[test]
    fn models_of_different_shape_are_refused() {
        let (two, three) = (PredProbs::from_rows(&[[0.5, 0.5]]), PredProbs::from_rows(&[[0.5, 0.3, 0.2]]));
        let error = EnsembleProbs::new(vec![two.unwrap(), three.unwrap()]).unwrap_err().to_string();
        assert!(error.contains("1 × 3 for model 1"), "{error}");
        assert!(EnsembleProbs::new(vec![]).is_err());
    }

    #[test]
    fn an_ensemble_of_one_is_that_model() {
        let table = LabelTable::from_cells(2, &[Some(0), Some(0), Some(1), None, Some(0), Some(1)]).unwrap();
        let labels = AnnotatorLabels::new(table).unwrap();
        let probs = PredProbs::from_rows(&[[0.9, 0.1], [0.4, 0.6], [0.3, 0.7]]).unwrap();
        let options = QualityOptions::default();
        let alone = get_label_quality_multiannotator(&labels, &probs, &options).unwrap();
        let ensemble = EnsembleProbs::new(vec![probs]).unwrap();
        let one = get_label_quality_multiannotator_ensemble(&labels, &ensemble, &options).unwrap();
        assert_eq!(format!("{one:?}"), format!("{alone:?}"));
    }
}
