//! The search itself: provide → encode → score → flag → measure → explain.

use forge_learn::{Encoder, EncoderConfig, Host};

use super::AnomalySettings;
use super::provider::{Provided, Provider};
use super::reasons::Reasons;
use super::report::{Anomaly, AnomalyOutcome, AnomalyReport, Measured};
use super::rows::Rows;
use crate::{CoreError, VERSION, by_number};

/// Finds the rows of `provider` that are unlike the others.
///
/// Numbers are imputed and standardised, categories one-hot encoded. As in scikit-learn the threshold is the quantile of
/// the scores at the contamination, and rows below it are flagged; where many rows score alike fewer are.
///
/// # Errors
/// A setting outside its range, what [`Provider::provide`] refuses, rows no strategy can work on, or
/// [`CoreError::Cancelled`].
pub fn detect(
    provider: &dyn Provider,
    settings: &AnomalySettings,
    host: &dyn Host,
) -> Result<AnomalyOutcome, CoreError> {
    settings.validate()?;
    let provided = provider.provide(settings.seed)?;
    if provided.columns.is_empty() {
        return Err(CoreError::Unusable(
            "No column is left to compare rows by: the table needs at least one feature beside the target.".to_owned(),
        ));
    }
    let config = EncoderConfig { scale_numeric: settings.scale_features, ..EncoderConfig::default() };
    let encoder = Encoder::fit(&provided.table, &provided.columns, &provided.rows, &config)?;
    let mut warnings = provided.warnings.clone();
    warnings.extend_from_slice(encoder.warnings());
    let rows = Rows::new(encoder.transform(&provided.table, &provided.rows), settings.n_neighbors)?;
    if settings.n_neighbors >= provided.rows.len() {
        let others = provided.rows.len() - 1;
        warnings.push(format!("There are fewer than n_neighbors other rows: {others} neighbours are used."));
    }
    let n_known = provided.truth.iter().flatten().filter(|&&anomaly| anomaly).count();
    if 2 * n_known > provided.rows.len() {
        let n_rows = provided.rows.len();
        warnings.push(format!(
            "{n_known} of {n_rows} rows are known to be anomalies: what most rows are cannot be found to be unusual."
        ));
    }

    let start = host.seconds();
    let strategy = settings.strategy.build(settings);
    let scores = strategy.normalised(&strategy.anomaly(&rows, host)?);
    let seconds = host.seconds() - start;

    let order = by_number::ascending(&scores);
    let contamination = settings.share(provided.share);
    let threshold = quantile(&scores, &order, contamination);
    let flagged: Vec<bool> = scores.iter().map(|&score| score < threshold).collect();
    let n_flagged = flagged.iter().filter(|&&flagged| flagged).count();
    if n_flagged == 0 {
        warnings.push("The lowest scores are all equal, so that no row is flagged.".to_owned());
    }
    let measured = provided.truth.as_ref().map(|truth| Measured::new(truth, &flagged, &scores));
    let top = order.iter().take(settings.top_k).copied().collect::<Vec<usize>>();
    let report = AnomalyReport {
        task: "anomaly".to_owned(),
        provider: provider.name().to_owned(),
        strategy: settings.strategy,
        n_rows: scores.len(),
        features: provided.columns.iter().map(|&column| provided.table.columns()[column].name().to_owned()).collect(),
        contamination,
        n_flagged,
        threshold,
        measured,
        seconds,
        top: list(&top, &provided, &scores, &flagged),
        warnings,
        settings: settings.clone(),
        version: VERSION.to_owned(),
    };
    Ok(AnomalyOutcome { report, rows: provided.rows, scores, flagged })
}

fn list(top: &[usize], provided: &Provided<'_>, scores: &[f64], flagged: &[bool]) -> Vec<Anomaly> {
    let reasons = Reasons::new(provided);
    let anomaly = |&i: &usize| {
        let row = *provided.rows.get(i)?;
        let standing_out = reasons.standing_out(row as usize);
        Some(Anomaly {
            row,
            score: *scores.get(i)?,
            flagged: *flagged.get(i)?,
            known: provided.truth.as_ref().and_then(|truth| truth.get(i).copied()),
            reason: Reasons::sentence(&standing_out),
            standing_out,
        })
    };
    top.iter().filter_map(anomaly).collect()
}

/// Linear interpolation between order statistics, `numpy.percentile`.
fn quantile(scores: &[f64], order: &[usize], share: f64) -> f64 {
    let place = share * order.len().saturating_sub(1) as f64;
    let at = |i: usize| order.get(i).and_then(|&row| scores.get(row)).copied().unwrap_or_default();
    let (low, high) = (at(place.floor() as usize), at(place.ceil() as usize));
    low + (high - low) * place.fract()
}
