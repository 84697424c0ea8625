//! `ActiveLab`: which examples are worth another label (Goh and Mueller, 2023).

use super::ensemble::get_label_quality_multiannotator_ensemble;
use super::{
    AnnotatorLabels, EnsembleProbs, LabelQuality, LabelShares, LabelTable, Part, QualityOptions, Weights,
    find_best_temperature, get_label_quality_multiannotator, get_majority_vote_label, temperature_scaled,
};
use crate::classification::argmax;
use crate::{CoreError, PredProbs};

/// Scores of both pools, in [0, 1]; the lowest are worth a label first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ActiveLearningScores {
    /// One per labelled example; empty without labels.
    pub labeled: Vec<f64>,
    /// One per unlabelled example; empty without such.
    pub unlabeled: Vec<f64>,
}

/// The examples that have labels and those that have none yet, with the probabilities `P` of each.
#[derive(Clone, Copy, Debug)]
pub enum Pools<'a, P> {
    /// Only labelled examples.
    Labeled(&'a AnnotatorLabels, &'a P),
    /// Only unlabelled examples.
    Unlabeled(&'a P),
    /// Labelled examples, their probabilities, and those of the unlabelled.
    Both(&'a AnnotatorLabels, &'a P, &'a P),
}

impl<'a, P> Pools<'a, P> {
    fn labeled(&self) -> Option<(&'a AnnotatorLabels, &'a P)> {
        match *self {
            Self::Labeled(labels, probs) | Self::Both(labels, probs, _) => Some((labels, probs)),
            Self::Unlabeled(_) => None,
        }
    }

    fn unlabeled(&self) -> Option<&'a P> {
        match *self {
            Self::Unlabeled(probs) | Self::Both(_, _, probs) => Some(probs),
            Self::Labeled(..) => None,
        }
    }
}

/// `ActiveLab` scores. cleanlab: `multiannotator.get_active_learning_scores`.
///
/// Where every labelled example has a single label, models and annotators count alike and the probabilities are taken
/// as they are; otherwise they are calibrated first. `shares` says how an example's labels are spread over the classes.
///
/// # Errors
/// Probabilities that do not fit the labels or each other.
pub fn get_active_learning_scores(
    pools: &Pools<'_, PredProbs>,
    shares: LabelShares,
) -> Result<ActiveLearningScores, CoreError> {
    if let (Some((_, labeled)), Some(unlabeled)) = (pools.labeled(), pools.unlabeled()) {
        require_same_classes(labeled.n_classes(), unlabeled.n_classes())?;
    }
    let mut temperature = 1.0;
    let mut judged = None;
    if let Some((labels, pred_probs)) = pools.labeled() {
        labels.table().matches(pred_probs)?;
        judged = Some(if labels.is_single() {
            single(labels, pred_probs, 1)?
        } else {
            temperature = find_best_temperature(labels, pred_probs, shares)?;
            let scaled = temperature_scaled(pred_probs, temperature)?;
            Judged::new(
                labels,
                get_label_quality_multiannotator(labels, &scaled, &consensus_only())?,
                scaled.n_classes(),
            )
        });
    }
    let unlabeled = match pools.unlabeled() {
        None => Vec::new(),
        Some(pred_probs) => {
            let (model, annotator) =
                judged.as_ref().map_or((1.0, 1.0), |j| (j.weights.models.iter().sum(), j.mean_annotator()));
            let unknown = 1.0 / pred_probs.n_classes() as f64;
            let scaled = temperature_scaled(pred_probs, temperature)?;
            let highest = scaled.rows().map(|row| row[argmax(row)]);
            highest.map(|highest| (highest * model + unknown * annotator) / (model + annotator)).collect()
        }
    };
    Ok(ActiveLearningScores { labeled: judged.map_or_else(Vec::new, |judged| judged.scores()), unlabeled })
}

/// `ActiveLab` scores by several models. cleanlab: `multiannotator.get_active_learning_scores_ensemble`.
///
/// The label of an unlabelled example is the models' majority vote.
///
/// # Errors
/// As [`get_active_learning_scores`]; pools with another number of models.
pub fn get_active_learning_scores_ensemble(
    pools: &Pools<'_, EnsembleProbs>,
    shares: LabelShares,
) -> Result<ActiveLearningScores, CoreError> {
    if let (Some((_, labeled)), Some(unlabeled)) = (pools.labeled(), pools.unlabeled()) {
        require_same_classes(labeled.n_classes(), unlabeled.n_classes())?;
        if labeled.models().len() != unlabeled.models().len() {
            return Err(CoreError::Shape {
                argument: "pred_probs_unlabeled",
                shape: format!("{} models", unlabeled.models().len()),
                expected: format!("the {} models of `pred_probs`", labeled.models().len()),
            });
        }
    }
    let mut temperatures = None;
    let mut judged = None;
    if let Some((labels, pred_probs)) = pools.labeled() {
        pred_probs.models().iter().try_for_each(|model| labels.table().matches(model))?;
        judged = Some(if labels.is_single() {
            single(labels, &pred_probs.mean()?, pred_probs.models().len())?
        } else {
            let (scaled, best) = pred_probs.calibrated(labels, shares)?;
            temperatures = Some(best);
            let found = get_label_quality_multiannotator_ensemble(labels, &scaled, &consensus_only())?;
            Judged::new(labels, found, scaled.n_classes())
        });
    }
    let unlabeled = match pools.unlabeled() {
        None => Vec::new(),
        Some(pred_probs) => {
            let n_models = pred_probs.models().len();
            let scaled = pred_probs.scaled(&temperatures.unwrap_or_else(|| vec![1.0; n_models]))?;
            let (models, annotator) =
                judged.as_ref().map_or((vec![1.0; n_models], 1.0), |j| (j.weights.models.clone(), j.mean_annotator()));
            unlabeled_by_ensemble(&scaled, &models, annotator)?
        }
    };
    Ok(ActiveLearningScores { labeled: judged.map_or_else(Vec::new, |judged| judged.scores()), unlabeled })
}

/// The probability of the models' majority vote in the mean of the models and a guess that has the annotator's weight.
fn unlabeled_by_ensemble(probs: &EnsembleProbs, models: &[f64], annotator: f64) -> Result<Vec<f64>, CoreError> {
    let predicted = |model: &PredProbs| model.rows().map(|row| argmax(row) as u32).collect();
    let votes: Vec<Vec<u32>> = probs.models().iter().map(predicted).collect();
    let mean = probs.mean()?;
    let consensus = get_majority_vote_label(&LabelTable::from_predictions(mean.n_rows(), &votes)?, Some(&mean))?;
    let guess = annotator / probs.n_classes() as f64;
    let total = models.iter().sum::<f64>() + annotator;
    let score = |(i, &label): (usize, &u32)| {
        let of_models =
            probs.models().iter().zip(models).map(|(model, weight)| model.view()[[i, label as usize]] * weight);
        (of_models.sum::<f64>() + guess) / total
    };
    Ok(consensus.iter().enumerate().map(score).collect())
}

fn require_same_classes(labeled: usize, unlabeled: usize) -> Result<(), CoreError> {
    if labeled == unlabeled {
        return Ok(());
    }
    Err(CoreError::Shape {
        argument: "pred_probs_unlabeled",
        shape: format!("{unlabeled} classes"),
        expected: format!("the {labeled} classes of `pred_probs`"),
    })
}

fn consensus_only() -> QualityOptions {
    QualityOptions { detailed: Part::Skipped, annotator_stats: Part::Skipped, ..QualityOptions::default() }
}

/// Labelled examples with the quality of their consensus and the weights of those who made it.
struct Judged<'a> {
    labels: &'a AnnotatorLabels,
    quality: Vec<f64>,
    weights: Weights,
    n_classes: usize,
}

/// One label per example: it is the consensus, and all weights are one.
fn single<'a>(labels: &'a AnnotatorLabels, probs: &PredProbs, n_models: usize) -> Result<Judged<'a>, CoreError> {
    let consensus = get_majority_vote_label(labels.table(), Some(probs))?;
    Ok(Judged {
        labels,
        quality: probs.rows().zip(consensus).map(|(row, label)| row[label as usize]).collect(),
        weights: Weights { models: vec![1.0; n_models], annotators: vec![1.0; labels.table().n_annotators()] },
        n_classes: probs.n_classes(),
    })
}

impl<'a> Judged<'a> {
    fn new(labels: &'a AnnotatorLabels, found: LabelQuality, n_classes: usize) -> Self {
        Self {
            labels,
            quality: found.consensus.into_iter().next().map_or_else(Vec::new, |consensus| consensus.quality),
            weights: found.weights.unwrap_or(Weights { models: vec![], annotators: vec![] }),
            n_classes,
        }
    }

    fn mean_annotator(&self) -> f64 {
        self.weights.annotators.iter().sum::<f64>() / self.weights.annotators.len() as f64
    }

    /// The quality of the consensus, drawn towards a guess the less is known.
    fn scores(&self) -> Vec<f64> {
        let (models, one_more) = (self.weights.models.iter().sum::<f64>(), self.mean_annotator());
        let guess = 1.0 / self.n_classes as f64;
        let score = |(row, quality): (super::label_table::Row<'_>, &f64)| {
            let known = row.iter().map(|(annotator, _)| self.weights.annotators[annotator]).sum::<f64>() + models;
            (quality * known + guess * one_more) / (known + one_more)
        };
        self.labels.table().rows().zip(&self.quality).map(score).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(n_annotators: usize, labels: &[i32]) -> AnnotatorLabels {
        let cells: Vec<Option<u32>> = labels.iter().map(|&label| u32::try_from(label).ok()).collect();
        AnnotatorLabels::new(LabelTable::from_cells(n_annotators, &cells).unwrap()).unwrap()
    }

    #[test]
    fn what_few_have_labelled_or_they_dispute_comes_first() {
        let table = labels(3, &[0, 0, 0, 1, 1, 1, 0, 1, -1, 1, -1, -1, 0, 0, 1]);
        let probs = PredProbs::from_rows(&[[0.8, 0.2], [0.2, 0.8], [0.5, 0.5], [0.2, 0.8], [0.8, 0.2]]).unwrap();
        let scores = get_active_learning_scores(&Pools::Labeled(&table, &probs), LabelShares::ByClass).unwrap().labeled;
        assert!(scores[2] < scores[3] && scores[2] < scores[1], "{scores:?}");
        assert!(scores[4] < scores[0], "{scores:?}");
    }

    #[test]
    fn an_unlabelled_example_scores_its_highest_probability_and_a_guess() {
        let probs = PredProbs::from_rows(&[[0.8, 0.2], [0.5, 0.5]]).unwrap();
        let scores = get_active_learning_scores(&Pools::Unlabeled(&probs), LabelShares::default()).unwrap();
        assert!(scores.labeled.is_empty());
        assert!((scores.unlabeled[0] - 0.65).abs() < 1e-12 && (scores.unlabeled[1] - 0.5).abs() < 1e-12);
    }

    #[test]
    fn pools_of_different_classes_are_refused() {
        let table = labels(2, &[0, 1]);
        let two = PredProbs::from_rows(&[[0.8, 0.2]]).unwrap();
        let three = PredProbs::from_rows(&[[0.8, 0.1, 0.1]]).unwrap();
        let error = get_active_learning_scores(&Pools::Both(&table, &two, &three), LabelShares::default()).unwrap_err();
        assert!(error.to_string().contains("`pred_probs_unlabeled` has shape 3 classes"), "{error}");
    }
}
