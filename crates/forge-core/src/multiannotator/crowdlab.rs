//! CROWDLAB: how far the model and each annotator can be trusted, and what they say together (Goh, Tkachenko and
//! Mueller, 2022, section 3; several models as in its appendix on ensembles).

use libm::sqrt;
use ndarray::Array2;

use super::AnnotatorLabels;
use super::label_table::Tally;
use super::majority_vote::fill_unknown;
use crate::classification::argmax;
use crate::{CoreError, PredProbs};

/// Smallest weight and smallest error rate, cleanlab's `CLIPPING_LOWER_BOUND`.
const CLIP: f64 = 1e-6;

/// How much a model or an annotator counts in the average that makes a label's quality.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// One per model.
    pub models: Vec<f64>,
    /// One per annotator.
    pub annotators: Vec<f64>,
}

/// How often annotators agree with one another, which does not depend on any consensus.
pub(super) struct PeerAgreement {
    /// Per annotator, the share of others' labels on the same examples that are the same.
    agreement: Vec<f64>,
    /// Annotators who share no example with another; they count as the mean of the rest.
    pub(super) alone: Vec<usize>,
    /// Whether two annotators gave any example the same label.
    pub(super) any: bool,
}

impl PeerAgreement {
    pub(super) fn new(labels: &AnnotatorLabels) -> Self {
        let table = labels.table();
        let mut pairs = vec![(0u64, 0u64); table.n_annotators()];
        let mut tally = Tally::new(table.n_classes());
        let mut any = false;
        for row in table.rows().filter(|row| row.len() > 1) {
            let counts = tally.of(row.labels);
            let others = row.len() as u64 - 1;
            any |= counts.iter().any(|&(_, count)| count > 1);
            for (annotator, label) in row.iter() {
                let same = counts.iter().find(|&&(class, _)| class == label).map_or(1, |&(_, count)| count);
                pairs[annotator].0 += u64::from(same) - 1;
                pairs[annotator].1 += others;
            }
        }
        let mut agreement: Vec<f64> = pairs.iter().map(|&(same, all)| same as f64 / all as f64).collect();
        let alone = fill_unknown(&mut agreement);
        Self { agreement, alone, any }
    }
}

/// The share of each example's labels that are its consensus label.
pub(super) fn agreement_with_consensus(labels: &AnnotatorLabels, consensus: &[u32]) -> Vec<f64> {
    let agreement = |(row, consensus): (super::label_table::Row<'_>, &u32)| {
        row.labels.iter().filter(|&label| label == consensus).count() as f64 / row.len() as f64
    };
    labels.table().rows().zip(consensus).map(agreement).collect()
}

/// What is weighed: the labels, the models' probabilities, how annotators agree.
pub(super) struct Crowd<'a> {
    pub(super) labels: &'a AnnotatorLabels,
    pub(super) models: &'a [PredProbs],
    pub(super) peers: &'a PeerAgreement,
}

impl Crowd<'_> {
    /// Weights by how well models and annotators match this consensus, and the probabilities that all of them together
    /// give, n × k.
    pub(super) fn posterior(&self, consensus: &[u32], agreement: &[f64]) -> Result<(PredProbs, Weights), CoreError> {
        let n_classes = self.models.first().map_or(0, PredProbs::n_classes);
        let shared = self.shared_examples(consensus, agreement, n_classes);
        let weight = |error: f64| (1.0 - error / shared.baseline_error).max(CLIP);
        let scale = sqrt(self.labels.mean_annotations());
        let weights = Weights {
            models: shared.model_errors.iter().map(|&error| weight(error) * scale).collect(),
            annotators: self.peers.agreement.iter().map(|agreement| weight(1.0 - agreement)).collect(),
        };
        let likelihood = shared.likelihood;
        let other_likelihood = (1.0 - likelihood) / (n_classes as f64 - 1.0);
        Ok((self.average(&weights, (likelihood, other_likelihood), n_classes)?, weights))
    }

    /// What the examples with more than one label say.
    fn shared_examples(&self, consensus: &[u32], agreement: &[f64], n_classes: usize) -> Shared {
        let mut class_counts = vec![0usize; n_classes];
        let mut wrong = vec![0usize; self.models.len()];
        let (mut n_shared, mut agreed) = (0, 0.0);
        for (i, _) in self.labels.table().rows().enumerate().filter(|(_, row)| row.len() > 1) {
            n_shared += 1;
            agreed += agreement[i];
            class_counts[consensus[i] as usize] += 1;
            for (wrong, model) in wrong.iter_mut().zip(self.models) {
                let predicted = model.view().row(i).to_slice().map_or(0, argmax);
                *wrong += usize::from(predicted != consensus[i] as usize);
            }
        }
        let n = n_shared as f64;
        let most = class_counts.into_iter().max().unwrap_or(0);
        Shared {
            likelihood: agreed / n,
            baseline_error: ((n_shared - most) as f64 / n).max(CLIP),
            model_errors: wrong.iter().map(|&wrong| wrong as f64 / n).collect(),
        }
    }

    /// The weighted mean of the models' probabilities and the annotators' likelihoods of each class.
    fn average(
        &self,
        weights: &Weights,
        (likelihood, other_likelihood): (f64, f64),
        n_classes: usize,
    ) -> Result<PredProbs, CoreError> {
        let spoken: Vec<(f64, f64)> =
            weights.annotators.iter().map(|w| (w * likelihood, w * other_likelihood)).collect();
        let models_weight: f64 = weights.models.iter().sum();
        let views: Vec<_> = self.models.iter().map(PredProbs::view).collect();
        let mut posterior = Array2::zeros((self.labels.table().n_examples(), n_classes));
        for (i, (mut out, row)) in posterior.outer_iter_mut().zip(self.labels.table().rows()).enumerate() {
            let Some(out) = out.as_slice_mut() else { continue };
            for (view, weight) in views.iter().zip(&weights.models) {
                out.iter_mut().zip(view.row(i)).for_each(|(sum, p)| *sum += p * weight);
            }
            let mut annotators_weight = 0.0;
            // In the annotators' order, class by class, so that classes that draw in cleanlab also draw here.
            for (annotator, label) in row.iter() {
                let (same, other) = spoken[annotator];
                annotators_weight += weights.annotators[annotator];
                let kept = out[label as usize] + same;
                out.iter_mut().for_each(|sum| *sum += other);
                out[label as usize] = kept;
            }
            let total = annotators_weight + models_weight;
            out.iter_mut().for_each(|sum| *sum /= total);
        }
        PredProbs::allowing_nan(posterior)
    }
}

struct Shared {
    /// Mean share of an example's labels that are its consensus.
    likelihood: f64,
    /// How often the most frequent consensus class is wrong.
    baseline_error: f64,
    /// How often each model's prediction is not the consensus.
    model_errors: Vec<f64>,
}

#[cfg(test)]
mod tests {
    use super::super::LabelTable;
    use super::*;

    #[test]
    fn an_annotator_who_shares_no_example_counts_as_the_mean_of_the_rest() {
        let cells = [Some(0), Some(0), None, Some(1), Some(0), None, None, None, Some(1)];
        let labels = AnnotatorLabels::new(LabelTable::from_cells(3, &cells).unwrap()).unwrap();
        let peers = PeerAgreement::new(&labels);
        assert_eq!((peers.agreement, peers.alone, peers.any), (vec![0.5, 0.5, 0.5], vec![2], true));
    }

    #[test]
    fn the_share_of_labels_that_are_the_consensus() {
        let cells = [Some(0), Some(0), Some(1), Some(1), None, None];
        let labels = AnnotatorLabels::new(LabelTable::from_cells(3, &cells).unwrap()).unwrap();
        assert_eq!(agreement_with_consensus(&labels, &[0, 0]), [2.0 / 3.0, 0.0]);
    }
}
