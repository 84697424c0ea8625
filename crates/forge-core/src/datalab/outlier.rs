//! Rows unlike all others. cleanlab's check `outlier`.

use forge_learn::{Host, Metric};
use serde::Deserialize;

use super::data::AuditData;
use super::found::{Found, info};
use super::graph::{GraphRequest, SharedGraph};
use super::stats::{mean, quantile, sorted};
use crate::CoreError;
use crate::median::median;
use crate::outlier::{PredictionOod, PredictionOodOptions, scores_of_distances, typical_distance};

/// cleanlab's `DEFAULT_THRESHOLDS["features"]`.
const DISTANCE_THRESHOLD: f64 = 0.37037;
/// cleanlab's `DEFAULT_THRESHOLDS["pred_probs"]`.
const PREDICTION_THRESHOLD: f64 = 0.13;

/// Settings of the check.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutlierSettings {
    /// Neighbours whose distance is averaged [default 10].
    pub k: usize,
    /// How fast scores fall with distance [1; above 0].
    pub t: f64,
    /// Distance between rows; by default cosine beyond 3 columns.
    pub metric: Option<Metric>,
    /// The distance that scores exp(−t); by default the median.
    pub scaling_factor: Option<f64>,
    /// By distances [0.37037; 0–1]: a row is an issue beyond Q3 + (1/threshold − 1)·IQR of the mean distances. By
    /// predictions [0.13; at least 0]: below threshold times the median score.
    pub threshold: Option<f64>,
}

impl Default for OutlierSettings {
    fn default() -> Self {
        Self { k: 10, t: 1.0, metric: None, scaling_factor: None, threshold: None }
    }
}

/// Scores rows by the distance to their neighbours, or, without features or graph, by how unsure predictions are.
pub(super) fn find(
    data: &AuditData,
    shared: &mut SharedGraph,
    settings: OutlierSettings,
    host: &dyn Host,
) -> Result<Found, CoreError> {
    if data.has_features() || shared.serves(data, settings.k) {
        by_distance(data, shared, settings, host)
    } else {
        by_predictions(data, settings)
    }
}

fn by_distance(
    data: &AuditData,
    shared: &mut SharedGraph,
    settings: OutlierSettings,
    host: &dyn Host,
) -> Result<Found, CoreError> {
    if !(settings.t > 0.0 && settings.t.is_finite()) {
        return Err(CoreError::setting("t", settings.t, "a number above 0"));
    }
    let used = shared.get(data, data.features(), GraphRequest { k: settings.k, metric: settings.metric }, host)?;
    let threshold = settings.threshold.unwrap_or(DISTANCE_THRESHOLD);
    if !(0.0..=1.0).contains(&threshold) {
        return Err(CoreError::setting("threshold", threshold, "a number from 0 to 1"));
    }
    let mut distances = used.graph.mean_distances();
    let ordered = sorted(&distances);
    let third_quarter = quantile(&ordered, 0.75);
    let spread = third_quarter - quantile(&ordered, 0.25);
    let issue_threshold =
        if threshold == 0.0 { f64::INFINITY } else { third_quarter + (1.0 / threshold - 1.0) * spread };
    let is_issue: Vec<bool> = distances.iter().map(|&distance| distance > issue_threshold).collect();
    let scale = settings.scaling_factor.unwrap_or_else(|| typical_distance(&distances));
    scores_of_distances(&mut distances, used.metric, settings.t, scale);
    let score = mean(&distances);
    shared.keep(&used);
    Ok(Found {
        is_issue,
        score,
        facts: Vec::new(),
        info: info! {
            "average_ood_score": score,
            "threshold": threshold,
            "issue_threshold": issue_threshold,
            "k": settings.k,
            "t": settings.t,
            "scaling_factor": scale,
            "metric": used.metric,
        },
        scores: distances,
        graph: Some(used.graph),
    })
}

fn by_predictions(data: &AuditData, settings: OutlierSettings) -> Result<Found, CoreError> {
    let (labels, _) = data.classes()?;
    let probs = data.pred_probs()?;
    probs.matches(labels)?;
    let threshold = settings.threshold.unwrap_or(PREDICTION_THRESHOLD);
    if threshold.is_nan() || threshold < 0.0 {
        return Err(CoreError::setting("threshold", threshold, "a number of at least 0"));
    }
    let ood = PredictionOod::fit(Some(labels), probs, PredictionOodOptions::default())?;
    let scores = ood.score(probs)?;
    let issue_threshold = threshold * median(&scores);
    let score = mean(&scores);
    Ok(Found {
        is_issue: scores.iter().map(|&score| score < issue_threshold).collect(),
        scores,
        score,
        facts: Vec::new(),
        graph: None,
        info: info! {
            "average_ood_score": score,
            "threshold": threshold,
            "issue_threshold": issue_threshold,
            "confident_thresholds": ood.confident_thresholds(),
        },
    })
}
