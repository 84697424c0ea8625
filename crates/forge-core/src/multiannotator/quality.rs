//! Consensus labels with their quality, and the quality of each label and annotator: the frame around majority vote and
//! CROWDLAB.

use serde::{Deserialize, Serialize};

use ndarray::Array2;

use super::annotators::{Judged, annotator_stats, detailed_label_quality};
use super::crowdlab::{Crowd, PeerAgreement, agreement_with_consensus};
use super::{
    AnnotatorLabels, AnnotatorStats, LabelShares, Weights, find_best_temperature, get_majority_vote_label,
    temperature_scaled,
};
use crate::classification::rank::{Adjustment, Score, get_adjusted_label_quality_scores};
use crate::{CoreError, Labels, PredProbs};

/// How several labels of an example become one, cleanlab's `consensus_method`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsensusMethod {
    /// The label of the highest quality, judged by the majority vote; the majority's where several are best.
    #[default]
    BestQuality,
    /// The label most annotators chose, [`get_majority_vote_label`].
    MajorityVote,
}

/// How the quality of a label is judged, cleanlab's `quality_method`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QualityMethod {
    /// By the annotators and the model, each weighted by how far it can be trusted.
    #[default]
    Crowdlab,
    /// By the share of an example's annotators who chose it; the model only decides draws.
    Agreement,
}

/// Whether the probabilities are fitted to the labels before they are used, cleanlab's `calibrate_probs`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Calibration {
    /// As they are.
    #[default]
    None,
    /// Scaled by the temperature at which they match the annotators' labels best.
    Temperature,
}

/// Whether a part of the result is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Made.
    #[default]
    Wanted,
    /// Left out.
    Skipped,
}

/// Settings of [`get_label_quality_multiannotator`]; the default is cleanlab's.
#[derive(Clone, Debug, PartialEq)]
pub struct QualityOptions {
    /// One consensus for each; all else in the result goes by the first. cleanlab: `consensus_method`, best quality.
    pub consensus_methods: Vec<ConsensusMethod>,
    /// cleanlab: `quality_method`, CROWDLAB.
    pub quality_method: QualityMethod,
    /// cleanlab: `calibrate_probs`, none.
    pub calibration: Calibration,
    /// How a label is scored by probabilities. cleanlab: `label_quality_score_kwargs["method"]`, self-confidence.
    pub score: Score,
    /// cleanlab: `label_quality_score_kwargs["adjust_pred_probs"]`, none.
    pub adjustment: Adjustment,
    /// How an example's labels are spread over the classes: cleanlab's way, or the way it is meant.
    pub label_shares: LabelShares,
    /// The score of every single label. cleanlab: `return_detailed_quality`, wanted. Without it the annotators' quality
    /// rests on self-confidence whatever the score is, as in cleanlab.
    pub detailed: Part,
    /// cleanlab: `return_annotator_stats`, wanted.
    pub annotator_stats: Part,
}

impl Default for QualityOptions {
    fn default() -> Self {
        Self {
            consensus_methods: vec![ConsensusMethod::default()],
            quality_method: QualityMethod::default(),
            calibration: Calibration::default(),
            score: Score::default(),
            adjustment: Adjustment::default(),
            label_shares: LabelShares::default(),
            detailed: Part::default(),
            annotator_stats: Part::default(),
        }
    }
}

impl QualityOptions {
    /// Refuses settings that give nothing.
    ///
    /// # Errors
    /// [`CoreError::Setting`] without a consensus method.
    pub fn validate(&self) -> Result<(), CoreError> {
        if self.consensus_methods.is_empty() {
            return Err(CoreError::setting("consensus_method", "an empty list", "best_quality or majority_vote"));
        }
        Ok(())
    }
}

/// One label per example.
#[derive(Clone, Debug, PartialEq)]
pub struct Consensus {
    /// How it was found.
    pub method: ConsensusMethod,
    /// The label of each example.
    pub labels: Vec<u32>,
    /// How likely each is right, in [0, 1]. cleanlab: `consensus_quality_score`.
    pub quality: Vec<f64>,
    /// The share of each example's annotators who chose it. cleanlab: `annotator_agreement`.
    pub agreement: Vec<f64>,
}

/// Something to know about the labels that does not stand in the way of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// No two annotators gave any example the same label.
    NoAgreement,
    /// These annotators share no example with another; they count as the mean of the rest.
    WithoutOverlap(Vec<usize>),
    /// These classes were annotated but are no example's consensus: a model trained on it never sees them.
    ClassesLost(ConsensusMethod, Vec<u32>),
}

/// What is known of labels by several annotators.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelQuality {
    /// One consensus per method, in the order they were asked for.
    pub consensus: Vec<Consensus>,
    /// Number of labels of each example.
    pub num_annotations: Vec<usize>,
    /// The score of each label, n × m; NaN where there is none.
    pub detailed: Option<Array2<f64>>,
    /// Statistics of the annotators, worst first.
    pub annotators: Option<Vec<AnnotatorStats>>,
    /// Weights of models and annotators, by the last consensus; CROWDLAB only.
    pub weights: Option<Weights>,
    /// What to know beside it.
    pub notes: Vec<Note>,
}

/// Consensus labels and the quality of labels and annotators. cleanlab:
/// `multiannotator.get_label_quality_multiannotator`.
///
/// `pred_probs` are n × k and should be out-of-sample.
///
/// # Errors
/// Probabilities that do not fit the labels; labels of a single annotator, or one per example; settings that exclude
/// each other.
pub fn get_label_quality_multiannotator(
    labels: &AnnotatorLabels,
    pred_probs: &PredProbs,
    options: &QualityOptions,
) -> Result<LabelQuality, CoreError> {
    labels.table().matches(pred_probs)?;
    labels.require_overlap()?;
    options.validate()?;
    let calibrated = match options.calibration {
        Calibration::None => None,
        Calibration::Temperature => {
            let temperature = find_best_temperature(labels, pred_probs, options.label_shares)?;
            Some(temperature_scaled(pred_probs, temperature)?)
        }
    };
    let pred_probs = calibrated.as_ref().unwrap_or(pred_probs);
    assess(labels, (std::slice::from_ref(pred_probs), pred_probs), options)
}

/// Everything but calibration and checks, for models and their mean.
pub(super) fn assess(
    labels: &AnnotatorLabels,
    (models, mean): (&[PredProbs], &PredProbs),
    options: &QualityOptions,
) -> Result<LabelQuality, CoreError> {
    let peers = PeerAgreement::new(labels);
    let judge = Judge { crowd: Crowd { labels, models, peers: &peers }, options };
    let majority = judge.judged(ConsensusMethod::MajorityVote, get_majority_vote_label(labels.table(), Some(mean))?)?;
    let mut found = Vec::with_capacity(options.consensus_methods.len());
    for &method in &options.consensus_methods {
        found.push(match method {
            ConsensusMethod::MajorityVote => majority.clone(),
            ConsensusMethod::BestQuality => judge.best(&majority)?,
        });
    }
    let main = found.first().unwrap_or(&majority);
    let detailed = match options.detailed {
        Part::Wanted => Some(detailed_label_quality(labels, &main.posterior, (options.score, options.adjustment))?),
        Part::Skipped => None,
    };
    let annotators = (options.annotator_stats == Part::Wanted).then(|| {
        annotator_stats(&Judged {
            labels,
            posterior: &main.posterior,
            consensus: &main.consensus,
            detailed: detailed.as_ref(),
            weights: main.weights.as_ref(),
            method: options.quality_method,
        })
    });
    let notes = notes(labels, &peers, &found);
    Ok(LabelQuality {
        weights: found.last().and_then(|last| last.weights.clone()),
        consensus: found.into_iter().map(|verdict| verdict.consensus).collect(),
        num_annotations: labels.table().rows().map(|row| row.len()).collect(),
        detailed,
        annotators,
        notes,
    })
}

/// A consensus with the probabilities that judge it.
#[derive(Clone)]
struct Verdict {
    consensus: Consensus,
    posterior: PredProbs,
    weights: Option<Weights>,
}

struct Judge<'a> {
    crowd: Crowd<'a>,
    options: &'a QualityOptions,
}

impl Judge<'_> {
    /// The labels of best quality, judged anew unless they are the majority's.
    fn best(&self, majority: &Verdict) -> Result<Verdict, CoreError> {
        let labels = best_labels(majority);
        if labels != majority.consensus.labels {
            return self.judged(ConsensusMethod::BestQuality, labels);
        }
        let mut best = majority.clone();
        best.consensus.method = ConsensusMethod::BestQuality;
        Ok(best)
    }

    fn judged(&self, method: ConsensusMethod, labels: Vec<u32>) -> Result<Verdict, CoreError> {
        let agreement = agreement_with_consensus(self.crowd.labels, &labels);
        let (posterior, weights, quality) = match self.options.quality_method {
            QualityMethod::Crowdlab => {
                let (posterior, weights) = self.crowd.posterior(&labels, &agreement)?;
                let (score, adjustment) = (self.options.score, self.options.adjustment);
                let checked = Labels::new(labels.clone())?;
                let quality = get_adjusted_label_quality_scores(&checked, &posterior, score, adjustment)?;
                (posterior, Some(weights), quality)
            }
            QualityMethod::Agreement => {
                let n_classes = self.crowd.models.first().map_or(0, PredProbs::n_classes);
                let shares = self.options.label_shares.matrix(self.crowd.labels, n_classes);
                (PredProbs::new(shares)?, None, agreement.clone())
            }
        };
        Ok(Verdict { consensus: Consensus { method, labels, quality, agreement }, posterior, weights })
    }
}

/// The class of the highest probability; the majority's where there are several, or where one is not known.
fn best_labels(majority: &Verdict) -> Vec<u32> {
    let best = |(row, &fallback): (&[f64], &u32)| {
        let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut best = row.iter().enumerate().filter(|&(_, &p)| p == most).map(|(class, _)| class as u32);
        match (best.next(), best.next()) {
            (Some(class), None) if !row.iter().any(|p| p.is_nan()) => class,
            _ => fallback,
        }
    };
    majority.posterior.rows().zip(&majority.consensus.labels).map(best).collect()
}

fn notes(labels: &AnnotatorLabels, peers: &PeerAgreement, found: &[Verdict]) -> Vec<Note> {
    let mut notes = Vec::new();
    if !peers.any {
        notes.push(Note::NoAgreement);
    }
    if !peers.alone.is_empty() {
        notes.push(Note::WithoutOverlap(peers.alone.clone()));
    }
    for Verdict { consensus, posterior, .. } in found {
        let mut lost = vec![false; posterior.n_classes()];
        labels.table().labels().iter().for_each(|&label| lost[label as usize] = true);
        consensus.labels.iter().for_each(|&label| lost[label as usize] = false);
        let lost: Vec<u32> = (0..).zip(lost).filter(|&(_, lost)| lost).map(|(class, _)| class).collect();
        if !lost.is_empty() {
            notes.push(Note::ClassesLost(consensus.method, lost));
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::super::LabelTable;
    use super::*;

    fn labels(n_annotators: usize, labels: &[i32]) -> AnnotatorLabels {
        let cells: Vec<Option<u32>> = labels.iter().map(|&label| u32::try_from(label).ok()).collect();
        AnnotatorLabels::new(LabelTable::from_cells(n_annotators, &cells).unwrap()).unwrap()
    }

    #[test]
    fn a_confident_model_outvotes_a_draw_and_a_lone_annotator_is_noted() {
        let table = labels(3, &[0, 0, -1, 1, 1, -1, 0, 1, -1, 1, 1, -1, 0, 0, -1, -1, -1, 2]);
        let probs = PredProbs::from_rows(&[
            [0.9, 0.1, 0.0],
            [0.1, 0.9, 0.0],
            [0.2, 0.8, 0.0],
            [0.1, 0.9, 0.0],
            [0.9, 0.1, 0.0],
            [0.9, 0.1, 0.0],
        ])
        .unwrap();
        let found = get_label_quality_multiannotator(&table, &probs, &QualityOptions::default()).unwrap();
        assert_eq!(found.consensus[0].labels, [0, 1, 1, 1, 0, 0]);
        assert_eq!(found.num_annotations, [2, 2, 2, 2, 2, 1]);
        assert_eq!(
            found.notes,
            [Note::WithoutOverlap(vec![2]), Note::ClassesLost(ConsensusMethod::BestQuality, vec![2])]
        );
        assert!(found.annotators.unwrap()[2].annotator_quality.is_nan());
    }

    #[test]
    fn agreement_by_class_picks_what_annotators_said() {
        let table = labels(2, &[1, 1, 2, 2, 0, 0]);
        let probs = PredProbs::from_rows(&[[0.4, 0.3, 0.3]; 3]).unwrap();
        let mut options = QualityOptions { quality_method: QualityMethod::Agreement, ..Default::default() };
        options.label_shares = LabelShares::ByClass;
        let found = get_label_quality_multiannotator(&table, &probs, &options).unwrap();
        assert_eq!(found.consensus[0].labels, [1, 2, 0]);
        assert_eq!(found.consensus[0].quality, [1.0, 1.0, 1.0]);
    }

    #[test]
    fn labels_that_do_not_overlap_or_do_not_fit_are_refused() {
        let probs = PredProbs::from_rows(&[[0.4, 0.6], [0.3, 0.7]]).unwrap();
        let refused = |table: &AnnotatorLabels| {
            get_label_quality_multiannotator(table, &probs, &QualityOptions::default()).unwrap_err().to_string()
        };
        assert!(refused(&labels(1, &[0, 1])).contains("more than one annotator"));
        assert!(refused(&labels(2, &[0, -1, -1, 1])).contains("two labels or more"));
        assert!(refused(&labels(2, &[0, 1, 1, 2])).contains("[1, 1] is 2"));
        assert!(refused(&labels(2, &[0, 1])).contains("`pred_probs` has 2 rows"));
        let none = QualityOptions { consensus_methods: vec![], ..Default::default() };
        assert!(get_label_quality_multiannotator(&labels(2, &[0, 1, 1, 1]), &probs, &none).is_err());
    }
}
