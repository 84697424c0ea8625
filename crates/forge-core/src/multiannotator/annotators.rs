//! The quality of each annotator's labels, one by one and as a whole.

use ndarray::{Array2, ArrayView2};

use super::quality::{Consensus, QualityMethod};
use super::{AnnotatorLabels, Weights};
use crate::classification::rank::{Adjustment, Score, get_adjusted_label_quality_scores};
use crate::{CoreError, Labels, PredProbs};

/// What is known of one annotator, cleanlab's `annotator_stats`.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnotatorStats {
    /// Column of the annotator.
    pub annotator: usize,
    /// Overall quality of the annotator's labels, in [0, 1]; NaN where no example was also labelled by another.
    pub annotator_quality: f64,
    /// Share of the annotator's labels that are the consensus.
    pub agreement_with_consensus: f64,
    /// The class in which the annotator's labels are most often not the consensus.
    pub worst_class: u32,
    /// Number of labels the annotator gave.
    pub num_examples_labeled: usize,
}

/// The score of every single label by the probabilities of all together, n × m; NaN where there is no label.
pub(super) fn detailed_label_quality(
    labels: &AnnotatorLabels,
    posterior: &PredProbs,
    (score, adjustment): (Score, Adjustment),
) -> Result<Array2<f64>, CoreError> {
    let table = labels.table();
    let mut scores = Array2::from_elem((table.n_examples(), table.n_annotators()), f64::NAN);
    let probs = posterior.view();
    if score == Score::SelfConfidence && adjustment == Adjustment::None {
        for (i, row) in table.rows().enumerate() {
            row.iter().for_each(|(annotator, label)| scores[[i, annotator]] = probs[[i, label as usize]]);
        }
        return Ok(scores);
    }
    let mut by_annotator: Vec<(Vec<usize>, Vec<u32>)> = vec![Default::default(); table.n_annotators()];
    for (i, row) in table.rows().enumerate() {
        for (annotator, label) in row.iter() {
            by_annotator[annotator].0.push(i);
            by_annotator[annotator].1.push(label);
        }
    }
    for (annotator, (examples, given)) in by_annotator.into_iter().enumerate() {
        let own_probs = PredProbs::allowing_nan(probs.select(ndarray::Axis(0), &examples))?;
        let own_scores = get_adjusted_label_quality_scores(&Labels::new(given)?, &own_probs, score, adjustment)?;
        examples.iter().zip(own_scores).for_each(|(&i, score)| scores[[i, annotator]] = score);
    }
    Ok(scores)
}

/// What an annotator's quality is made from.
pub(super) struct Judged<'a> {
    pub(super) labels: &'a AnnotatorLabels,
    pub(super) posterior: &'a PredProbs,
    pub(super) consensus: &'a Consensus,
    pub(super) detailed: Option<&'a Array2<f64>>,
    pub(super) weights: Option<&'a Weights>,
    pub(super) method: QualityMethod,
}

/// Counts of one annotator.
#[derive(Clone, Default)]
struct Record {
    labelled: usize,
    agreed: usize,
    /// As above, on examples that others labelled too.
    labelled_shared: usize,
    agreed_shared: usize,
    /// Sum and number of the scores of the annotator's labels.
    scored: f64,
    scores: usize,
}

/// Statistics of every annotator, worst first. cleanlab: `multiannotator._get_annotator_stats`.
pub(super) fn annotator_stats(judged: &Judged<'_>) -> Vec<AnnotatorStats> {
    let n_annotators = judged.labels.table().n_annotators();
    let n_classes = judged.posterior.n_classes();
    let mut records = vec![Record::default(); n_annotators];
    let mut classes = vec![ClassRecord::default(); n_annotators * n_classes];
    let probs: ArrayView2<'_, f64> = judged.posterior.view();
    for (i, row) in judged.labels.table().rows().enumerate() {
        let (consensus, quality) = (judged.consensus.labels[i], judged.consensus.quality[i]);
        let shared = usize::from(row.len() > 1);
        for (annotator, label) in row.iter() {
            let agrees = usize::from(label == consensus);
            let score = judged.detailed.map_or_else(|| probs[[i, label as usize]], |scores| scores[[i, annotator]]);
            let record = &mut records[annotator];
            record.labelled += 1;
            record.agreed += agrees;
            record.labelled_shared += shared;
            record.agreed_shared += shared * agrees;
            // cleanlab leaves unknown scores out of the mean of a detailed table, and only there.
            if judged.detailed.is_none() || !score.is_nan() {
                record.scored += score;
                record.scores += 1;
            }
            classes[annotator * n_classes + label as usize].add(agrees, quality);
        }
    }
    let model_share = judged.weights.map(|weights| model_share(judged.labels, weights));
    let stats = |(annotator, (record, classes)): (usize, (&Record, &[ClassRecord]))| {
        let shared_agreement = record.agreed_shared as f64 / record.labelled_shared as f64;
        let annotator_quality = match (judged.method, model_share) {
            (QualityMethod::Crowdlab, Some(share)) => {
                share * (record.scored / record.scores as f64) + (1.0 - share) * shared_agreement
            }
            _ => shared_agreement,
        };
        AnnotatorStats {
            annotator,
            annotator_quality,
            agreement_with_consensus: record.agreed as f64 / record.labelled as f64,
            worst_class: worst_class(classes),
            num_examples_labeled: record.labelled,
        }
    };
    let mut all: Vec<AnnotatorStats> = records.iter().zip(classes.chunks(n_classes)).enumerate().map(stats).collect();
    let last_if_unknown = |quality: f64| if quality.is_nan() { f64::INFINITY } else { quality };
    all.sort_by(|a, b| {
        let quality = last_if_unknown(a.annotator_quality).total_cmp(&last_if_unknown(b.annotator_quality));
        quality.then(a.agreement_with_consensus.total_cmp(&b.agreement_with_consensus))
    });
    all
}

/// How much of an annotator's quality is the score of the labels rather than the agreement with the consensus.
fn model_share(labels: &AnnotatorLabels, weights: &Weights) -> f64 {
    let model = weights.models.iter().sum::<f64>() / weights.models.len() as f64;
    let present = labels.mean_annotations() / weights.annotators.len() as f64;
    model / (model + weights.annotators.iter().sum::<f64>() * present)
}

/// What became of an annotator's labels of one class.
#[derive(Clone, Default)]
struct ClassRecord {
    labelled: usize,
    agreed: usize,
    /// Sum of the consensus' quality, with the rounding error so far: pandas sums groups this way.
    quality: f64,
    lost: f64,
}

impl ClassRecord {
    fn add(&mut self, agrees: usize, quality: f64) {
        self.labelled += 1;
        self.agreed += agrees;
        let corrected = quality - self.lost;
        let sum = self.quality + corrected;
        self.lost = sum - self.quality - corrected;
        self.quality = sum;
    }

    fn accuracy(&self) -> f64 {
        self.agreed as f64 / self.labelled as f64
    }

    fn mean_quality(&self) -> f64 {
        self.quality / self.labelled as f64
    }
}

/// The class with the lowest accuracy; among such the one labelled most often; among such the one with the best
/// consensus on average; among such the first.
fn worst_class(classes: &[ClassRecord]) -> u32 {
    let worse = |a: &ClassRecord, b: &ClassRecord| {
        let by_accuracy = a.accuracy().total_cmp(&b.accuracy());
        by_accuracy.then(b.labelled.cmp(&a.labelled)).then(b.mean_quality().total_cmp(&a.mean_quality()))
    };
    let labelled = classes.iter().enumerate().filter(|(_, class)| class.labelled > 0);
    labelled.min_by(|(_, a), (_, b)| worse(a, b)).map_or(0, |(class, _)| class as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(agreements: &[usize], quality: f64) -> ClassRecord {
        let mut record = ClassRecord::default();
        agreements.iter().for_each(|&agrees| record.add(agrees, quality));
        record
    }

    #[test]
    fn the_worst_class_has_the_lowest_accuracy_then_most_labels_then_best_consensus() {
        let none = ClassRecord::default();
        assert_eq!(worst_class(&[none.clone(), class(&[1], 0.5), class(&[0, 1], 0.5)]), 2);
        assert_eq!(worst_class(&[class(&[0, 1], 0.5), class(&[0, 1, 0, 1], 0.5)]), 1);
        assert_eq!(worst_class(&[class(&[0], 0.5), class(&[0], 0.6), class(&[0], 0.6)]), 1);
        assert_eq!(worst_class(&[none.clone(), none]), 0);
    }
}
