//! Wrong class labels, by confident learning on the given probabilities or on those of a nearest-neighbour classifier.

use forge_learn::{Host, Metric, NearestNeighbors, TieOrder};
use ndarray::Array2;
use serde_json::json;

use super::super::data::AuditData;
use super::super::found::{Found, RowFacts, info};
use super::super::stats::mean;
use crate::classification::clean_learning::{CleanLearning, Evidence, NoiseKnowledge};
use crate::classification::count::get_confident_thresholds;
use crate::classification::summary::{self, Overlap, health_summary};
use crate::{CoreError, Labels, PredProbs};

/// Settings of the check.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassLabelSettings {
    /// Neighbours that predict a row where only features are given [default 10].
    pub k: usize,
    /// How labels are judged, cleanlab's `clean_learning_kwargs`.
    pub clean_learning: CleanLearning,
    /// What is known of the noise.
    pub knowledge: NoiseKnowledge,
}

impl Default for ClassLabelSettings {
    fn default() -> Self {
        Self { k: 10, clean_learning: CleanLearning::default(), knowledge: NoiseKnowledge::default() }
    }
}

/// Flags and scores labels; the score of the data set is its overall label health.
pub(in super::super) fn find(
    data: &AuditData,
    settings: &ClassLabelSettings,
    host: &dyn Host,
) -> Result<Found, CoreError> {
    let (labels, names) = data.classes()?;
    let predicted;
    let probs = if data.has_pred_probs() {
        data.pred_probs()?
    } else {
        predicted = neighbor_probs(data, (labels, names.len()), settings.k, host)?;
        &predicted
    };
    let found = settings.clean_learning.find_label_issues(labels, Evidence::PredProbs(probs), &settings.knowledge)?;
    let health = health_summary(&summary::Evidence::predictions(labels, probs), Overlap::default())?;
    let noise = found.noise.as_ref();
    let nested = |matrix: &Array2<f64>| matrix.outer_iter().map(|row| row.to_vec()).collect::<Vec<_>>();
    Ok(Found {
        score: health.overall_label_health_score,
        graph: None,
        info: info! {
            "num_label_issues": found.is_label_issue.iter().filter(|&&issue| issue).count(),
            "average_label_quality": mean(&found.label_quality),
            "confident_joint": noise.map(|noise| nested(&noise.confident_joint)),
            "classes_by_label_quality": health.classes_by_label_quality,
            "overlapping_classes": health.overlapping_classes,
            "py": noise.and_then(|noise| noise.py.as_ref()).map(|py| py.to_vec()),
            "noise_matrix": noise.map(|noise| nested(&noise.noise_matrix)),
            "inverse_noise_matrix": noise.map(|noise| nested(&noise.inverse_noise_matrix)),
            "confident_thresholds": get_confident_thresholds(labels, probs)?,
            "find_issues_inputs": json!({ "features": !data.has_pred_probs(), "pred_probs": data.has_pred_probs() }),
        },
        facts: vec![
            ("given_label", RowFacts::Classes(labels.as_slice().to_vec())),
            ("predicted_label", RowFacts::Classes(found.predicted_label)),
        ],
        is_issue: found.is_label_issue,
        scores: found.label_quality,
    })
}

/// The share of each class among the `k` nearest other rows.
fn neighbor_probs(
    data: &AuditData,
    (labels, n_classes): (&Labels, usize),
    k: usize,
    host: &dyn Host,
) -> Result<PredProbs, CoreError> {
    let features = data.features()?;
    if features.n_rows() != labels.len() {
        let (length, expected) = (features.n_rows(), labels.len());
        return Err(CoreError::Length { argument: "features", length, reference: "labels", expected });
    }
    let index = NearestNeighbors::new(features.view(), Metric::Euclidean)?.with_ties(TieOrder::ScikitLearn);
    let graph = index.among_themselves(k, host)?;
    let mut probs = Array2::zeros((labels.len(), n_classes));
    let (labels, with_own) = (labels.as_slice(), (k + 1) as f64);
    for ((mut probs, neighbors), &own) in probs.outer_iter_mut().zip(graph.neighbors()).zip(labels) {
        let mut votes = vec![0_u32; n_classes];
        let own = own as usize;
        votes[own] += 1;
        neighbors.iter().for_each(|&neighbor| votes[labels[neighbor as usize] as usize] += 1);
        for (class, (prob, &votes)) in probs.iter_mut().zip(&votes).enumerate() {
            let share = f64::from(votes) / with_own;
            // As cleanlab computes it: the row's own vote is taken out of the share afterwards.
            *prob = (share - if class == own { 1.0 / with_own } else { 0.0 }) * with_own / k as f64;
        }
    }
    PredProbs::new(probs)
}
