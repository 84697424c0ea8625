//! One fold as a unit of work that another thread, worker or process can run.
//!
//! A [`FoldUnit`] says which rows to learn from and which to predict; [`run_fold`] does so and knows nothing of the other
//! folds. Both the unit and what comes of it can be written as JSON, so a caller with workers of its own deals units out
//! and collects the [`FoldResult`]s in any order.

use forge_data::Table;
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::only_class;
use crate::host::Muted;
use crate::{Classifier, Encoder, EncoderConfig, Host, LearnError, Regressor, WeightedLabels};

/// The rows of one fold and how they are encoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoldUnit {
    /// Number of the fold, from 0.
    pub fold: u32,
    /// Positions among the rows of the rows to learn from.
    pub train: Vec<u32>,
    /// Positions among the rows of the rows to predict.
    pub test: Vec<u32>,
    /// How columns are encoded, learned from the rows to learn from.
    pub encoder: EncoderConfig,
}

/// Cuts rows into units by the fold of each.
pub fn fold_units(folds: &[u32], n_folds: usize, encoder: &EncoderConfig) -> Vec<FoldUnit> {
    let unit = |fold| {
        let (test, train) = (0..folds.len() as u32).partition(|&i| folds.get(i as usize) == Some(&fold));
        FoldUnit { fold, train, test, encoder: encoder.clone() }
    };
    (0..n_folds as u32).map(unit).collect()
}

/// What the rows of a fold have to be predicted.
#[derive(Clone, Copy)]
pub enum FoldModel<'a> {
    /// Classes: one number below `n_classes` per row.
    Classes {
        /// The model.
        classifier: &'a dyn Classifier,
        /// One class number per row.
        labels: &'a [u32],
        /// Number of classes.
        n_classes: usize,
    },
    /// Numbers: one per row.
    Numbers {
        /// The model.
        regressor: &'a dyn Regressor,
        /// One finite number per row.
        targets: &'a [f64],
    },
}

/// Rows of a table and the columns that models read.
#[derive(Clone, Copy, Debug)]
pub struct FoldRows<'a> {
    /// The table.
    pub table: &'a Table,
    /// Columns that models read.
    pub columns: &'a [usize],
    /// Rows that take part.
    pub rows: &'a [u32],
}

/// What a fold gives back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoldResult {
    /// Number of the fold, from 0.
    pub fold: u32,
    /// Predictions of the rows to predict, row by row: a probability per class, or one number.
    pub predictions: Vec<f64>,
    /// Predictions per row.
    pub width: usize,
    /// Classes that occur, but in no row the model learned from.
    pub absent: Vec<u32>,
    /// What a user should know, in sentences.
    pub warnings: Vec<String>,
}

/// Learns the encoding and the model of one fold and predicts its rows.
///
/// The fold is a step of its caller's work, so the steps of its model are not reported.
///
/// # Errors
/// Positions outside the rows, whatever the encoding or the model reports, or [`LearnError::Cancelled`].
pub fn run_fold(
    data: FoldRows<'_>,
    unit: &FoldUnit,
    model: FoldModel<'_>,
    host: &dyn Host,
) -> Result<FoldResult, LearnError> {
    let (train, test) = (chosen(data.rows, &unit.train)?, chosen(data.rows, &unit.test)?);
    let encoder = Encoder::fit_asking(data.table, (data.columns, &train), &unit.encoder, host)?;
    let mut warnings = encoder.warnings().to_vec();
    let features = encoder.transform(data.table, &train);
    let queries = encoder.transform(data.table, &test);
    let host = &Muted(host);
    let (predictions, width, absent) = match model {
        FoldModel::Classes { classifier, labels, n_classes } => {
            let kept = chosen(labels, &unit.train)?;
            let pred_probs = if let Some(&only) = only_class(&kept) {
                Array2::from_shape_fn((test.len(), n_classes), |(_, k)| f64::from(u8::from(k == only as usize)))
            } else {
                let model = classifier.fit(&features, WeightedLabels::unweighted(&kept, n_classes), host)?;
                warnings.extend(model.warnings());
                model.try_predict_proba(&queries, host)?
            };
            let is_absent = |class: &u32| labels.contains(class) && !kept.contains(class);
            let absent = (0..n_classes as u32).filter(is_absent).collect();
            (pred_probs.iter().copied().collect(), n_classes, absent)
        }
        FoldModel::Numbers { regressor, targets } => {
            let model = regressor.fit(&features, &chosen(targets, &unit.train)?, None, host)?;
            warnings.extend(model.warnings());
            (model.try_predict(&queries, host)?, 1, Vec::new())
        }
    };
    Ok(FoldResult { fold: unit.fold, predictions, width, absent, warnings })
}

fn chosen<T: Copy>(values: &[T], positions: &[u32]) -> Result<Vec<T>, LearnError> {
    let value = |&i: &u32| values.get(i as usize).copied().ok_or(LearnError::Row { row: i, n_rows: values.len() });
    positions.iter().map(value).collect()
}
