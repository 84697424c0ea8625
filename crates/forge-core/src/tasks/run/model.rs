//! The model of a run, for classes or for numbers, with predictions in one form: rows × classes, or rows × 1.

use forge_data::Table;
use forge_learn::{
    Classifier, CrossValidation, Encoder, FoldRows, Host, LabelledRows, ModelSpec, Regressor, Task, WeightedLabels,
    classification_metrics, cross_val_predict, cross_val_predict_numbers, regression_metrics,
};
use ndarray::Array2;

use super::problem::{Given, Problem, chosen};
use crate::CoreError;
use crate::tasks::metrics::Metrics;

/// A model that can be fitted.
pub(super) enum Model {
    /// Of classes.
    Classes(Box<dyn Classifier>),
    /// Of numbers.
    Numbers(Box<dyn Regressor>),
}

/// Predictions of some rows.
pub(super) struct Predicted {
    /// Class probabilities, rows × classes, or numbers, rows × 1.
    pub(super) values: Array2<f64>,
    /// Classes that no training row of a fold has, with the fold.
    pub(super) absent: Vec<(u32, u32)>,
    /// What a user should know.
    pub(super) warnings: Vec<String>,
}

impl Model {
    /// The model of `spec`, whose random choices follow `seed` unless it has a `random_state` of its own.
    pub(super) fn new(spec: &ModelSpec, task: Task, seed: u64) -> Result<Self, CoreError> {
        let mut seeded = spec.clone();
        seeded.parameters.entry("random_state").or_insert_with(|| seed.into());
        Ok(match task {
            Task::Classification => Self::Classes(seeded.classifier()?),
            Task::Regression => Self::Numbers(seeded.regressor()?),
        })
    }

    /// Predicts every training row by a model that never saw it.
    pub(super) fn out_of_sample(
        &self,
        table: &Table,
        problem: &Problem,
        validation: &CrossValidation,
        host: &dyn Host,
    ) -> Result<Predicted, CoreError> {
        let Problem { columns, train, .. } = problem;
        let rows = chosen(&problem.rows, train);
        match (self, &problem.given) {
            (Self::Classes(classifier), Given::Classes(labels, names)) => {
                let labels = chosen(labels, train);
                let data = LabelledRows { table, columns, rows: &rows, labels: &labels, n_classes: names.len() };
                let found = cross_val_predict(data, validation, classifier.as_ref(), host)?;
                Ok(Predicted { values: found.pred_probs, absent: found.absent, warnings: found.warnings })
            }
            (Self::Numbers(regressor), Given::Numbers(numbers)) => {
                let data = FoldRows { table, columns, rows: &rows };
                let model = (regressor.as_ref(), host);
                let found = cross_val_predict_numbers(data, &chosen(numbers, train), validation, model)?;
                Ok(Predicted { values: column(found.predictions)?, absent: Vec::new(), warnings: found.warnings })
            }
            _ => Err(other_labels()),
        }
    }

    /// Fits the rows at `kept`, which count `weights` where given, and predicts the held-out rows.
    pub(super) fn held_out(
        &self,
        table: &Table,
        problem: &Problem,
        (kept, weights, validation): (&[usize], Option<&[f64]>, &CrossValidation),
        host: &dyn Host,
    ) -> Result<Predicted, CoreError> {
        let rows = chosen(&problem.rows, kept);
        let encoder = Encoder::fit_asking(table, (&problem.columns, &rows), &validation.encoder, host)?;
        let mut warnings = encoder.warnings().to_vec();
        let features = encoder.transform(table, &rows);
        let test = || encoder.transform(table, &chosen(&problem.rows, &problem.test));
        let values = match (self, &problem.given) {
            (Self::Classes(classifier), Given::Classes(labels, names)) => {
                let labels = WeightedLabels { labels: &chosen(labels, kept), n_classes: names.len(), weights };
                let fitted = classifier.fit(&features, labels, host)?;
                drop(features);
                warnings.extend(fitted.warnings());
                fitted.try_predict_proba(&test(), host)?
            }
            (Self::Numbers(regressor), Given::Numbers(numbers)) => {
                let fitted = regressor.fit(&features, &chosen(numbers, kept), weights, host)?;
                drop(features);
                warnings.extend(fitted.warnings());
                column(fitted.try_predict(&test(), host)?)?
            }
            _ => return Err(other_labels()),
        };
        Ok(Predicted { values, absent: Vec::new(), warnings })
    }
}

/// Metrics of predictions of the held-out rows.
pub(super) fn measure(problem: &Problem, predicted: &Array2<f64>) -> Result<Metrics, CoreError> {
    Ok(match &problem.given {
        Given::Classes(labels, _) => classification_metrics(&chosen(labels, &problem.test), predicted)?.into(),
        Given::Numbers(numbers) => {
            let predicted: Vec<f64> = predicted.iter().copied().collect();
            regression_metrics(&chosen(numbers, &problem.test), &predicted)?.into()
        }
    })
}

/// Numbers as rows × 1.
fn column(numbers: Vec<f64>) -> Result<Array2<f64>, CoreError> {
    let n = numbers.len();
    Array2::from_shape_vec((n, 1), numbers).map_err(|_| other_labels())
}

fn other_labels() -> CoreError {
    CoreError::Conflict("the model predicts other labels than those of the rows".to_owned())
}
