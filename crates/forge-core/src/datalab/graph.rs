//! The graph of nearest neighbours that the checks of one audit share.

use std::sync::Arc;

use forge_learn::{Host, Metric, NeighborGraph};

use super::data::AuditData;
use crate::CoreError;
use crate::outlier::{Features, neighbor_graph};

/// The graph of an audit: computed by the first check that needs one, and again only when a check asks for more
/// neighbours or another distance. cleanlab: `info["statistics"]["weighted_knn_graph"]`.
#[derive(Clone, Debug, Default)]
pub(super) struct SharedGraph {
    pub(super) graph: Option<Arc<NeighborGraph>>,
    /// The distance that was measured, where it is known.
    pub(super) metric: Option<Metric>,
}

/// A graph for one check.
#[derive(Clone, Debug)]
pub(super) struct UsedGraph {
    pub(super) graph: Arc<NeighborGraph>,
    /// The distance asked for, or, where the graph was computed for this check, the one measured.
    pub(super) metric: Option<Metric>,
}

/// The graph a check asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct GraphRequest {
    /// Neighbours of each row at least, unless the user gave a graph.
    pub(super) k: usize,
    /// Distance; by default the graph at hand, or cosine beyond 3 columns.
    pub(super) metric: Option<Metric>,
}

impl SharedGraph {
    /// Whether a graph is at hand that serves the request.
    pub(super) fn serves(&self, data: &AuditData, k: usize) -> bool {
        data.graph().is_some() || self.graph.as_ref().is_some_and(|graph| graph.k() >= k)
    }

    /// The graph at hand where it serves the request, or else one of `features`. cleanlab: `set_knn_graph`.
    pub(super) fn get(
        &self,
        data: &AuditData,
        features: Result<&Features, CoreError>,
        request: GraphRequest,
        host: &dyn Host,
    ) -> Result<UsedGraph, CoreError> {
        let at_hand = data.graph().or_else(|| self.graph.as_ref().filter(|graph| graph.k() >= request.k));
        let same_metric = request.metric.is_none() || request.metric == self.metric.or(request.metric);
        if let Some(graph) = at_hand.filter(|_| same_metric) {
            return Ok(UsedGraph { graph: Arc::clone(graph), metric: request.metric });
        }
        let (graph, index) = neighbor_graph(features?, Some(request.k), request.metric, host)?;
        Ok(UsedGraph { graph: Arc::new(graph), metric: Some(index.metric()) })
    }

    /// Keeps a graph for the checks that follow, unless the one at hand is as good.
    pub(super) fn keep(&mut self, used: &UsedGraph) {
        let better = self.graph.as_ref().is_none_or(|graph| used.graph.k() > graph.k()) || used.metric != self.metric;
        if better {
            self.graph = Some(Arc::clone(&used.graph));
            self.metric = used.metric.or(self.metric);
        }
    }
}
