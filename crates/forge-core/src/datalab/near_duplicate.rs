//! Rows that are almost or exactly the same. cleanlab's check `near_duplicate`.

use forge_learn::{Host, Metric, NeighborGraph};
use libm::exp;
use serde::Deserialize;

use super::data::AuditData;
use super::found::{Found, RowFacts, RowLists, info};
use super::graph::{GraphRequest, SharedGraph};
use super::stats::mean;
use crate::CoreError;
use crate::median::median;

/// Smallest median distance, cleanlab's `EPSILON`.
const SMALLEST_MEDIAN: f64 = 1e-6;
/// Distances up to this are none, NumPy's `isclose`.
const NO_DISTANCE: f64 = 1e-8;

/// Settings of the check.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NearDuplicateSettings {
    /// Distance between rows; by default cosine beyond 3 columns.
    pub metric: Option<Metric>,
    /// Rows closer than this part of the median nearest-neighbour distance are near duplicates [0.13; below 0 means 0].
    pub threshold: f64,
    /// Neighbours that are looked at [default 10].
    pub k: usize,
}

impl Default for NearDuplicateSettings {
    fn default() -> Self {
        Self { metric: None, threshold: 0.13, k: 10 }
    }
}

/// Flags rows with a neighbour that is close by the measure of the median row; the score is 1 − exp(−distance/median).
pub(super) fn find(
    data: &AuditData,
    shared: &mut SharedGraph,
    settings: NearDuplicateSettings,
    host: &dyn Host,
) -> Result<Found, CoreError> {
    let request = GraphRequest { k: settings.k, metric: settings.metric };
    let used = shared.get(data, data.features(), request, host)?;
    let threshold = settings.threshold.max(0.0);
    let nearest: Vec<f64> = used.graph.distances().map(|row| row.first().copied().unwrap_or(0.0)).collect();
    let median = median(&nearest).max(SMALLEST_MEDIAN);
    let sets = sets_within(&used.graph, threshold * median);
    let temperature = 1.0 / median;
    let value = |&d: &f64| if d.abs() <= NO_DISTANCE { 0.0 } else { 1.0 - exp(-temperature * d) };
    let scores: Vec<f64> = nearest.iter().map(value).collect();
    let score = mean(&scores);
    let mut is_issue = vec![false; scores.len()];
    sets.iter().flatten().for_each(|&row| is_issue[row as usize] = true);
    shared.keep(&used);
    Ok(Found {
        is_issue,
        scores,
        score,
        facts: vec![("near_duplicate_sets", RowFacts::Lists(sets.into_iter().collect::<RowLists>()))],
        info: info! {
            "average_near_duplicate_score": score,
            "metric": used.metric,
            "k": settings.k,
            "threshold": threshold,
            "median_distance_to_nearest_neighbor": median,
        },
        graph: Some(used.graph),
    })
}

/// The neighbours of each row closer than `radius`; where one row has the other, so has the other it.
fn sets_within(graph: &NeighborGraph, radius: f64) -> Vec<Vec<u32>> {
    let close = |(rows, distances): (&[u32], &[f64])| -> Vec<u32> {
        rows.iter().zip(distances).filter(|&(_, &distance)| distance < radius).map(|(&row, _)| row).collect()
    };
    let mut sets: Vec<Vec<u32>> = graph.neighbors().zip(graph.distances()).map(close).collect();
    for row in 0..sets.len() {
        // A row that is added to another set was in its own before, so a copy of the set as it is now is enough.
        for other in std::mem::take(&mut sets[row]) {
            sets[row].push(other);
            if let Some(set) = sets.get_mut(other as usize)
                && other as usize != row
                && !set.contains(&(row as u32))
            {
                set.push(row as u32);
            }
        }
    }
    sets
}
