//! Rows that help or harm a nearest-neighbour classifier. cleanlab's check `data_valuation`.

use forge_learn::{Host, Metric, sort_rows};
use serde::Deserialize;

use super::data::{AuditData, Targets};
use super::found::{Found, info};
use super::graph::{GraphRequest, SharedGraph};
use super::stats::mean;
use crate::valuation::{NeighborRows, data_shapley_knn};
use crate::{CoreError, Labels};

/// Settings of the check.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataValuationSettings {
    /// Distance between rows; by default cosine beyond 3 columns.
    pub metric: Option<Metric>,
    /// Rows of a lower value are issues [default 0.5].
    pub threshold: f64,
    /// Neighbours that classify a row [default 10].
    pub k: usize,
}

impl Default for DataValuationSettings {
    fn default() -> Self {
        Self { metric: None, threshold: 0.5, k: 10 }
    }
}

/// Scores every row by its Shapley value and flags those that do harm.
pub(super) fn find(
    data: &AuditData,
    shared: &mut SharedGraph,
    settings: DataValuationSettings,
    host: &dyn Host,
) -> Result<Found, CoreError> {
    let labels = match data.targets() {
        Some(Targets::Classes(labels, _)) => labels.clone(),
        Some(Targets::Numbers(numbers)) => ranks(numbers)?,
        _ => {
            let rule = "a value is by agreement of single labels: one class or number per row";
            return Err(CoreError::Missing { argument: "labels", rule });
        }
    };
    let request = GraphRequest { k: settings.k, metric: settings.metric };
    let used = shared.get(data, data.features(), request, host)?;
    if settings.k > used.graph.k() {
        let expected = format!("at most {}, the neighbours in `knn_graph`", used.graph.k());
        return Err(CoreError::setting("k", settings.k, expected));
    }
    let scores = data_shapley_knn(&labels, &NeighborRows::new(used.graph.neighbors(), settings.k)?)?;
    shared.keep(&used);
    let is_issue: Vec<bool> = scores.iter().map(|&score| score < settings.threshold).collect();
    let score = mean(&scores);
    Ok(Found {
        info: info! {
            "num_low_valuation_issues": is_issue.iter().filter(|&&issue| issue).count(),
            "average_data_valuation": score,
            "metric": used.metric,
            "k": settings.k,
            "threshold": settings.threshold,
        },
        is_issue,
        scores,
        score,
        facts: Vec::new(),
        graph: Some(used.graph),
    })
}

/// Numbers as classes: equal numbers are the same class.
fn ranks(numbers: &[f64]) -> Result<Labels, CoreError> {
    let mut order: Vec<u32> = (0..numbers.len() as u32).collect();
    let number = |row: u32| numbers.get(row as usize).copied().unwrap_or_default();
    sort_rows(&mut order, &|a, b| number(a).total_cmp(&number(b)));
    let mut classes = vec![0; numbers.len()];
    for (class, rows) in order.chunk_by(|&a, &b| number(a) == number(b)).enumerate() {
        rows.iter().for_each(|&row| classes[row as usize] = class as u32);
    }
    Labels::new(classes)
}
