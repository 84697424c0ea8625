//! The audit of a table: every check that its columns allow, with out-of-sample predictions made on the way.
//!
//! Rows with a label → (out-of-sample predictions by cross-validation) → features as numbers, for distances → the checks
//! of [`crate::datalab`] → a report that lists the worst rows of each with the reason.

mod config;
pub(super) mod html;
mod report;

use forge_data::{Table, TableFile, Values};
use forge_learn::{
    Beside, FoldRows, Host, LabelledRows, ModelSpec, Progress, cross_val_predict, cross_val_predict_numbers, errand,
    r2_score, share_work,
};
use ndarray::{Array2, Axis};

use super::clock::Clock;
use super::columns::{features, position};
use super::rows::{of_rows, row_by_row};
use super::table_checks::{CHECK, MEASURE, TableChecks, audit_column, measures_distances, numbers, with_distances};
use super::target::{self, Target};
use crate::datalab::{AuditData, Datalab, LabelKind, SavedAudit};
use crate::{CoreError, VERSION, by_number};
pub use config::AuditConfig;
pub use html::audit_html;
pub(super) use report::checks;
pub use report::{AuditReport, CheckReport, IssueRow};

/// Share of the variance from which on a prediction is suspiciously good.
const LEAK: f64 = 0.999;

const PREPARE: &str = "Preparing columns";

/// What an audit of a table gives back.
#[derive(Clone, Debug)]
pub struct AuditOutcome {
    /// What is shown: the worst rows of each check, with reasons.
    pub report: AuditReport,
    /// Everything that was found, to be saved and compared; its rows are those of [`AuditOutcome::rows`].
    pub saved: SavedAudit,
    /// The rows of the table that were checked.
    pub rows: Vec<u32>,
}

/// What the user has from elsewhere, one row per row of the table, instead of what an audit would work out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuditInputs {
    /// Out-of-sample class probabilities, rows × classes in the order of the class names, or rows × 1 predicted numbers.
    pub pred_probs: Option<Array2<f64>>,
    /// Features to measure distances between, such as embeddings, rows × columns.
    pub features: Option<Array2<f64>>,
}

/// Audits a file that was read; what reading found becomes part of the warnings.
///
/// # Errors
/// As [`audit`].
pub fn audit_file(
    config: &AuditConfig,
    file: &TableFile,
    inputs: AuditInputs,
    host: &dyn Host,
) -> Result<AuditOutcome, CoreError> {
    let notes = crate::job::reading_notes(file);
    let mut outcome = audit(config, &file.table, inputs, host)?;
    outcome.report.warnings.splice(0..0, notes);
    outcome.saved.row_keys = outcome.rows.iter().map(|&row| row_key(&file.cells(row as usize))).collect();
    Ok(outcome)
}

/// A short text that is the same for rows of the same cells: FNV-1a, 64 bits.
pub(crate) fn row_key(cells: &[String]) -> String {
    let bytes = cells.iter().flat_map(|cell| cell.bytes().chain([0x1f]));
    let hash = bytes
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}

/// Audits a table.
///
/// # Errors
/// A setting outside its range, a column that is not there, a table without rows or features, [`CoreError::Cancelled`]. A
/// check that fails is no error: the report says which and why.
pub fn audit(
    config: &AuditConfig,
    table: &Table,
    inputs: AuditInputs,
    host: &dyn Host,
) -> Result<AuditOutcome, CoreError> {
    config.validate()?;
    let mut clock = Clock::new(host);
    let mut warnings = Vec::new();
    let targets =
        config.target.iter().map(|name| position(table, "target", name)).collect::<Result<Vec<_>, CoreError>>()?;
    let (rows, target) = target::read(config.task, table, &targets, &mut warnings)?;
    let columns = features(table, &targets, &config.roles, &mut warnings)?;
    if columns.is_empty() {
        return Err(CoreError::Unusable("No feature column is left to look at.".to_owned()));
    }
    clock.lap(PREPARE);

    // Who shares the job would wait for one of them to do this later.
    let encoder = config.cross_validation().encoder;
    let measured = || -> Result<_, CoreError> {
        let mut warnings = Vec::new();
        let features = numbers((table, &columns, &rows), (&encoder, config.seed), &mut warnings, host)?;
        Ok((row_by_row(features), warnings))
    };
    let errands = if inputs.features.is_none() { vec![errand(measured)] } else { Vec::new() };
    let beside = Beside::new(host, errands);
    let (mut data, model) = match inputs.pred_probs {
        Some(given) => (with_given(target.data(), chosen_rows("pred_probs", &given, table, &rows)?)?, None),
        None => predicted(config, (table, &columns, &rows), &target, &mut warnings, &beside)?,
    };
    let ahead: Option<(Vec<f64>, Vec<String>)> = beside.found(0);
    drop(beside);
    if model.is_some() {
        clock.lap("Predicting out of sample");
    }
    host.progress(Progress { stage: MEASURE, done: 0, total: 1 });
    data = data.with_columns(columns.iter().map(|&column| audit_column(table, column, &rows)).collect());
    let features = if let Some(given) = inputs.features {
        chosen_rows("features", &given, table, &rows)?
    } else {
        let (values, more) = match ahead {
            Some(found) => found,
            None => share_work(host, measured)?,
        };
        let new: Vec<String> = more.into_iter().filter(|warning| !warnings.contains(warning)).collect();
        warnings.extend(new);
        of_rows(values, rows.len())?
    };
    data = if measures_distances(config.checks.as_deref()) {
        with_distances(data, features, (config.metric, config.seed), &mut warnings, host)?
    } else {
        data.with_features(features)
    };
    let mut lab = Datalab::new(data);
    let wanted = config.checks.clone();
    TableChecks { wanted, metric: config.metric, ..TableChecks::default() }.run(&mut lab, host)?;
    clock.lap(CHECK);

    let saved = SavedAudit::of(&lab, Vec::new());
    let checks = report::checks(config.max_issues, &lab, &rows);
    let report = AuditReport {
        task: lab.data().kind(),
        target: config.target.clone(),
        features: columns.iter().map(|&column| table.columns()[column].name().to_owned()).collect(),
        model,
        n_rows: rows.len(),
        health_score: saved.health_score,
        checks,
        not_checked: saved.not_checked.clone(),
        warnings,
        timings: clock.laps,
        config: config.clone(),
        seed: config.seed,
        version: VERSION.to_owned(),
    };
    Ok(AuditOutcome { report, saved, rows })
}

/// The rows that are checked, of an input for the whole table.
fn chosen_rows(
    argument: &'static str,
    given: &Array2<f64>,
    table: &Table,
    rows: &[u32],
) -> Result<Array2<f64>, CoreError> {
    if given.nrows() != table.n_rows() {
        let (length, expected) = (given.nrows(), table.n_rows());
        return Err(CoreError::Length { argument, length, reference: "data", expected });
    }
    let rows: Vec<usize> = rows.iter().map(|&row| row as usize).collect();
    Ok(given.select(Axis(0), &rows))
}

/// Labels with predictions the user has.
fn with_given(data: AuditData, given: Array2<f64>) -> Result<AuditData, CoreError> {
    if data.kind() != LabelKind::Regression {
        return Ok(data.with_pred_probs(given));
    }
    if given.ncols() != 1 {
        return Err(CoreError::Shape {
            argument: "pred_probs",
            shape: format!("{} × {}", given.nrows(), given.ncols()),
            expected: "one column, the predicted number of each row".to_owned(),
        });
    }
    Ok(data.with_predictions(given.column(0).to_vec()))
}

/// The labels with out-of-sample predictions of them, and the model that made those. Trouble is a warning: the checks
/// that need no predictions still run.
fn predicted(
    config: &AuditConfig,
    (table, columns, rows): (&Table, &[usize], &[u32]),
    target: &Target,
    warnings: &mut Vec<String>,
    host: &dyn Host,
) -> Result<(AuditData, Option<ModelSpec>), CoreError> {
    let settings = config.cross_validation();
    let classify = |labels: &[u32], n_classes: usize| {
        let model = config.model_or("logistic_regression").classifier()?;
        let data = LabelledRows { table, columns, rows, labels, n_classes };
        Ok::<_, CoreError>(cross_val_predict(data, &settings, model.as_ref(), host)?)
    };
    let outcome = match target {
        Target::None(_) => return Ok((target.data(), None)),
        Target::Classes(labels, names) => {
            let data = target.data();
            match classify(labels.as_slice(), names.len()) {
                Ok(found) => {
                    warnings.extend(found.warnings);
                    Ok((data.with_pred_probs(found.pred_probs), Some(config.model_or("logistic_regression"))))
                }
                Err(error) => Err((data, error)),
            }
        }
        Target::Numbers(numbers) => {
            let data = target.data();
            let fit = || -> Result<_, CoreError> {
                let model = config.model_or("ridge").regressor()?;
                let folds = FoldRows { table, columns, rows };
                Ok(cross_val_predict_numbers(folds, numbers, &settings, (model.as_ref(), host))?)
            };
            match fit() {
                Ok(found) => {
                    warnings.extend(found.warnings);
                    warnings.extend(leak(numbers, &found.predictions, (table, columns, rows))?);
                    Ok((data.with_predictions(found.predictions), Some(config.model_or("ridge"))))
                }
                Err(error) => Err((data, error)),
            }
        }
        Target::Sets(sets, names) => {
            let data = target.data();
            let mut probs = Array2::zeros((rows.len(), names.len()));
            let mut fit = || -> Result<(), CoreError> {
                for (class, mut column) in (0_u32..).zip(probs.columns_mut()) {
                    let labels: Vec<u32> = sets.iter().map(|set| u32::from(set.contains(&class))).collect();
                    column.assign(&classify(&labels, 2)?.pred_probs.column(1));
                }
                Ok(())
            };
            match fit() {
                Ok(()) => Ok((data.with_pred_probs(probs), Some(config.model_or("logistic_regression")))),
                Err(error) => Err((data, error)),
            }
        }
    };
    match outcome {
        Ok((data, model)) => Ok((data, model)),
        Err((_, CoreError::Cancelled)) => Err(CoreError::Cancelled),
        Err((data, error)) => {
            warnings.push(format!("Labels are not predicted, so checks that need predictions are left out: {error}"));
            Ok((data, None))
        }
    }
}

/// What to do where numbers are predicted all but exactly: some feature knows what is to be predicted.
fn leak(
    numbers: &[f64],
    predictions: &[f64],
    (table, columns, rows): (&Table, &[usize], &[u32]),
) -> Result<Option<String>, CoreError> {
    if r2_score(numbers, predictions, None)? < LEAK {
        return Ok(None);
    }
    let mut by_correlation: Vec<(f64, &str)> = Vec::new();
    for column in columns.iter().filter_map(|&column| table.columns().get(column)) {
        if let Values::Number(values) = column.values() {
            let values: Vec<f64> = rows.iter().map(|&row| values[row as usize]).collect();
            by_correlation.push((correlation(&values, numbers).abs(), column.name()));
        }
    }
    by_number::sort(&mut by_correlation, |column| -column.0);
    let names: Vec<String> = by_correlation.iter().take(2).map(|(_, name)| format!("\"{name}\"")).collect();
    Ok(Some(format!(
        "The labels are predicted all but exactly, so a feature may hold the answer; nearest to them are {}. If so, leave it out by its role (ignored) and audit again.",
        names.join(" and ")
    )))
}

/// Pearson's correlation over rows where both are known; 0 where one does not vary.
fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let known = || x.iter().zip(y).filter(|(x, y)| x.is_finite() && y.is_finite());
    let n = known().count().max(1) as f64;
    let (mean_x, mean_y) = known().fold((0.0, 0.0), |(a, b), (x, y)| (a + x / n, b + y / n));
    let (xx, yy, xy) = known().fold((0.0, 0.0, 0.0), |(xx, yy, xy), (x, y)| {
        let (x, y) = (x - mean_x, y - mean_y);
        (xx + x * x, yy + y * y, xy + x * y)
    });
    if xx > 0.0 && yy > 0.0 { xy / (xx.sqrt() * yy.sqrt()) } else { 0.0 }
}
