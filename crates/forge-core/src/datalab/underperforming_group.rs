//! A cluster of similar rows on which predictions are poor. cleanlab's check `underperforming_group`.

mod dbscan;

use std::collections::BTreeMap;

use forge_learn::{Host, Metric};
use serde::Deserialize;
use serde_json::json;

use super::data::AuditData;
use super::found::{Found, RowFacts, info};
use super::graph::{GraphRequest, SharedGraph};
use crate::CoreError;
pub use dbscan::Dbscan;

/// The group of rows in no cluster.
const NO_CLUSTER: i64 = -1;
/// Stands for "no cluster is poor enough", cleanlab's `NO_UNDERPERFORMING_CLUSTER_ID`.
const NO_POOR_CLUSTER: i64 = -2;

/// Settings of the check.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UnderperformingGroupSettings {
    /// Distance between rows; by default cosine beyond 3 columns.
    pub metric: Option<Metric>,
    /// A cluster whose mean self-confidence is below this part of the mean over all clusters is an issue [0.1; below 0
    /// means 0].
    pub threshold: f64,
    /// Neighbours that clusters are made of [default 10].
    pub k: usize,
    /// How rows are clustered.
    pub clustering_kwargs: Dbscan,
    /// Smaller clusters are left out [default 5].
    pub min_cluster_samples: usize,
    /// The group of each row, −1 for none, instead of clusters.
    pub cluster_ids: Option<Vec<i64>>,
}

impl Default for UnderperformingGroupSettings {
    fn default() -> Self {
        Self {
            metric: None,
            threshold: 0.1,
            k: 10,
            clustering_kwargs: Dbscan::default(),
            min_cluster_samples: 5,
            cluster_ids: None,
        }
    }
}

/// Flags the rows of the worst cluster where it is bad enough. The score of a row is the mean probability of the given
/// label in its cluster over the mean of all clusters where that is below 1, and 1 otherwise.
///
/// As in cleanlab, a cluster's mean is compared with the worst *ratio* so far, so that the cluster named worst need not be
/// the one of the lowest mean; which clusters have issues at all does not depend on it.
pub(super) fn find(
    data: &AuditData,
    shared: &mut SharedGraph,
    settings: &UnderperformingGroupSettings,
    host: &dyn Host,
) -> Result<Found, CoreError> {
    let (labels, _) = data.classes()?;
    let probs = data.pred_probs()?;
    probs.matches(labels)?;
    let (groups, used) = if let Some(groups) = &settings.cluster_ids {
        (groups.clone(), None)
    } else {
        let request = GraphRequest { k: settings.k, metric: settings.metric };
        let used = shared.get(data, data.features(), request, host)?;
        (settings.clustering_kwargs.cluster(&used.graph)?, Some(used))
    };
    if groups.len() != labels.len() {
        return Err(CoreError::Length {
            argument: "cluster_ids",
            length: groups.len(),
            reference: "labels",
            expected: labels.len(),
        });
    }
    let confidence = |row: usize, label: u32| probs.row(row).get(label as usize).copied().unwrap_or(0.0);
    let mut clusters: BTreeMap<i64, (f64, usize)> = BTreeMap::new();
    for (row, (&group, &label)) in groups.iter().zip(labels.as_slice()).enumerate() {
        if group != NO_CLUSTER {
            let (sum, count) = clusters.entry(group).or_default();
            *sum += confidence(row, label);
            *count += 1;
        }
    }
    clusters.retain(|_, (_, count)| *count >= settings.min_cluster_samples);
    let Some((&lowest_id, _)) = clusters.first_key_value() else {
        return Err(CoreError::Unusable(format!(
            "no cluster of at least {} rows was found, so no group can be compared with the rest",
            settings.min_cluster_samples
        )));
    };
    let (sum, count) = clusters.values().fold((0.0, 0), |(sum, count), (s, c)| (sum + s, count + c));
    let overall = sum / count as f64;
    let (mut worst, mut worst_ratio) = (lowest_id - 1, 1.0);
    let mut ratios: BTreeMap<i64, f64> = BTreeMap::new();
    for (&id, (sum, count)) in &clusters {
        let performance = sum / *count as f64;
        if performance < overall {
            ratios.insert(id, performance / overall);
            if performance < worst_ratio {
                (worst, worst_ratio) = (id, performance / overall);
            }
        }
    }
    if worst_ratio >= settings.threshold.max(0.0) {
        worst = NO_POOR_CLUSTER;
    }
    if let Some(used) = &used {
        shared.keep(used);
    }
    Ok(Found {
        is_issue: groups.iter().map(|&group| group == worst).collect(),
        scores: groups.iter().map(|group| ratios.get(group).copied().unwrap_or(1.0)).collect(),
        score: worst_ratio,
        info: info! {
            "k": settings.k,
            "metric": used.as_ref().and_then(|used| used.metric).or(settings.metric),
            "threshold": settings.threshold.max(0.0),
            "clustering": json!({
                "algorithm": used.as_ref().map(|_| "DBSCAN"),
                "params": if used.is_some() { json!({ "metric": "precomputed" }) } else { json!({}) },
                "stats": { "n_clusters": clusters.len(), "underperforming_cluster_id": worst },
            }),
        },
        facts: vec![("cluster_ids", RowFacts::Groups(groups))],
        graph: used.map(|used| used.graph),
    })
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::super::data::Targets;
    use super::*;
    use crate::{Labels, Quiet};

    #[test]
    fn the_group_that_is_predicted_worst_is_flagged() {
        let labels = Labels::new(vec![0; 12]).unwrap();
        let names = vec!["a".to_owned(), "b".to_owned()];
        let confidence = |row: usize| if row < 6 { 0.95 } else { 0.02 };
        let probs = Array2::from_shape_fn(
            (12, 2),
            |(row, class)| {
                if class == 0 { confidence(row) } else { 1.0 - confidence(row) }
            },
        );
        let data = AuditData::of(Targets::Classes(labels, names)).with_pred_probs(probs);
        let settings = UnderperformingGroupSettings {
            cluster_ids: Some((0..12).map(|row| row / 6).collect()),
            ..Default::default()
        };
        let found = find(&data, &mut SharedGraph::default(), &settings, &Quiet).unwrap();
        assert_eq!(found.is_issue, [[false; 6], [true; 6]].concat());
        let alone = UnderperformingGroupSettings { cluster_ids: Some(vec![-1; 12]), ..Default::default() };
        assert!(
            find(&data, &mut SharedGraph::default(), &alone, &Quiet).unwrap_err().to_string().contains("no cluster")
        );
    }
}
