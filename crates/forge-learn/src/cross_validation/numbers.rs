//! Predicts the number of every row by a model that never saw it: `cross_val_predict(model, cv=KFold(shuffle=True))`.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::fold::{FoldModel, FoldRows, fold_units, run_fold};
use super::{CrossValidation, add_new};
use crate::folds::k_fold;
use crate::{Host, LearnError, Progress, Regressor, share_units};

/// Numbers predicted out of sample.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossValidatedNumbers {
    /// The prediction of each row.
    pub predictions: Vec<f64>,
    /// The fold that predicted each row.
    pub folds: Vec<u32>,
    /// What a user should know, in sentences; each occurs once.
    pub warnings: Vec<String>,
}

/// Predicts the target of each row by a model fitted without its fold.
///
/// The result does not depend on how many threads the host uses.
///
/// # Errors
/// Settings, rows or columns out of range, targets that are not one finite number per row, fewer rows than folds,
/// whatever the regressor reports, or [`LearnError::Cancelled`].
pub fn cross_val_predict_numbers(
    data: FoldRows<'_>,
    targets: &[f64],
    settings: &CrossValidation,
    (regressor, host): (&dyn Regressor, &dyn Host),
) -> Result<CrossValidatedNumbers, LearnError> {
    settings.validate()?;
    let (n_rows, total, stage) = (data.rows.len(), settings.n_folds, settings.stage);
    if targets.len() != n_rows {
        return Err(LearnError::LabelCount { n_labels: targets.len(), n_rows });
    }
    if n_rows < total {
        return Err(LearnError::TooFewRows { n_rows, least: total });
    }
    let folds = k_fold(n_rows, total, settings.seed);
    let units = fold_units(&folds, total, &settings.encoder);
    let done = AtomicUsize::new(0);
    host.progress(Progress { stage, done: 0, total });
    let results = share_units(host, total, |fold| {
        let result = run_fold(data, &units[fold], FoldModel::Numbers { regressor, targets }, host)?;
        host.progress(Progress { stage, done: done.fetch_add(1, Ordering::Relaxed) + 1, total });
        Ok(result)
    })?;
    let mut predictions = vec![0.0; n_rows];
    let mut warnings = Vec::new();
    for (unit, result) in units.iter().zip(results) {
        for (&row, prediction) in unit.test.iter().zip(result.predictions) {
            predictions[row as usize] = prediction;
        }
        add_new(&mut warnings, result.warnings);
    }
    Ok(CrossValidatedNumbers { predictions, folds, warnings })
}

#[cfg(test)]
mod tests {
    use forge_data::{Column, Table, Values};

    use super::*;
    use crate::cross_validation::fold::FoldUnit;
    use crate::{KNeighbors, Quiet, Ridge, r2_score};

    #[test]
    fn numbers_are_predicted_from_the_other_rows_alone() {
        let x: Vec<f64> = (0..60).map(|i| f64::from(i * 37 % 61)).collect();
        let targets: Vec<f64> = x.iter().map(|x| 3.0 * x - 1.0).collect();
        let table = Table::new(vec![Column::new("x", Values::Number(x))]).unwrap();
        let rows: Vec<u32> = (0..60).collect();
        let data = FoldRows { table: &table, columns: &[0], rows: &rows };
        let settings = CrossValidation::default();
        let ridge = Ridge { alpha: 1e-9 };
        let result = cross_val_predict_numbers(data, &targets, &settings, (&ridge, &Quiet)).unwrap();
        assert!(r2_score(&targets, &result.predictions, None).unwrap() > 0.999_999);
        let units = fold_units(&result.folds, 5, &settings.encoder);
        let sent: FoldUnit = serde_json::from_str(&serde_json::to_string(&units[2]).unwrap()).unwrap();
        let model = FoldModel::Numbers { regressor: &ridge, targets: &targets };
        let alone = run_fold(data, &sent, model, &Quiet).unwrap();
        let together: Vec<f64> = sent.test.iter().map(|&row| result.predictions[row as usize]).collect();
        assert_eq!(alone.predictions, together);
        let few = cross_val_predict_numbers(
            data,
            &targets,
            &settings,
            (&KNeighbors { n_neighbors: 49, ..KNeighbors::default() }, &Quiet),
        );
        assert!(few.unwrap_err().to_string().starts_with("n_neighbors is 49"));
    }
}
