//! What a search for a consensus has to show.

use serde::{Deserialize, Serialize};

use super::source::Source;
use super::{Crowd, MultiannotatorConfig};
use crate::classification::rank::find_top_issues;
use crate::multiannotator::{ActiveLearningScores, Consensus, LabelQuality, Note};
use crate::tasks::task::TaskIssue;

/// A consensus of lower quality is more likely wrong than right.
const DOUBTFUL: f64 = 0.5;

/// What a search for a consensus has to say of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MultiannotatorDetail {
    /// Annotators that gave a label.
    pub n_annotators: usize,
    /// Labels in all.
    pub n_labels: usize,
    /// Examples without a label.
    pub n_unlabelled: usize,
    /// Share of the cells, examples × annotators, that hold a label.
    pub coverage: f64,
    /// Labels per example, those without included.
    pub mean_labels_per_example: f64,
    /// Classes that were given but are no example's consensus.
    pub classes_missing: Vec<String>,
    /// Mean quality of the consensus over the labelled examples, in [0, 1].
    pub mean_quality: f64,
    /// Weight of the model among all weights of CROWDLAB, in [0, 1]; absent where there are none.
    pub model_share: Option<f64>,
    /// Examples whose consensus is least certain, worst first.
    pub worst_examples: Vec<ConsensusRow>,
    /// Examples that are most worth another label, first of all first.
    pub next_to_label: Vec<NextRow>,
    /// Annotators, worst first.
    pub worst_annotators: Vec<AnnotatorRow>,
    /// The consensus of every example, as a class number; absent where an example has no label.
    pub consensus: Vec<Option<u32>>,
    /// The quality of each consensus, in [0, 1].
    pub quality: Vec<Option<f64>>,
}

/// An example and its consensus.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ConsensusRow {
    /// Number of the example, counted from 0.
    pub example: u32,
    /// Its name.
    pub name: String,
    /// The label most annotators chose.
    pub majority: String,
    /// The label chosen by CROWDLAB.
    pub consensus: String,
    /// How likely the consensus is right, in [0, 1].
    pub quality: f64,
    /// Share of its annotators who chose the consensus.
    pub agreement: f64,
    /// Number of its labels.
    pub n_labels: usize,
}

/// An example that is worth another label.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NextRow {
    /// Number of the example, counted from 0.
    pub example: u32,
    /// Its name.
    pub name: String,
    /// The `ActiveLab` score in [0, 1]; the lowest are worth a label first.
    pub score: f64,
    /// Number of its labels so far.
    pub n_labels: usize,
}

/// An annotator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AnnotatorRow {
    /// The name.
    pub annotator: String,
    /// Overall quality of the labels, in [0, 1]; absent where no example was also labelled by another.
    pub quality: Option<f64>,
    /// Share of the labels that are the consensus.
    pub agreement_with_consensus: f64,
    /// The class in which the labels are most often not the consensus.
    pub worst_class: String,
    /// Number of labels.
    pub n_labels: usize,
}

/// The doubtful examples as issues, worst first, with their number, and the tables.
pub(super) fn describe(
    config: &MultiannotatorConfig,
    (source, crowd): (&Source<'_>, &Crowd),
    (quality, scores): (&LabelQuality, &ActiveLearningScores),
    with_model: bool,
) -> (Vec<TaskIssue>, usize, MultiannotatorDetail) {
    let annotations = &source.annotations;
    let name = |class: u32| annotations.classes.get(class as usize).cloned().unwrap_or_default();
    let nothing = Consensus { method: Default::default(), labels: vec![], quality: vec![], agreement: vec![] };
    let found = quality.consensus.first().unwrap_or(&nothing);
    let row = |place: usize| {
        let example = crowd.labelled[place];
        ConsensusRow {
            example: example as u32,
            name: annotations.examples[example].clone(),
            majority: name(crowd.majority[place]),
            consensus: name(found.labels[place]),
            quality: found.quality[place],
            agreement: found.agreement[place],
            n_labels: quality.num_annotations[place],
        }
    };
    let worst: Vec<ConsensusRow> =
        find_top_issues(&found.quality, config.top_k).into_iter().map(|place| row(place as usize)).collect();
    let issues = worst.iter().filter(|row| row.quality < DOUBTFUL).map(issue).collect();
    let n_issues = found.quality.iter().filter(|&&quality| quality < DOUBTFUL).count();

    let labelled = scores.labeled.iter().zip(&crowd.labelled).zip(&quality.num_annotations);
    let labelled = labelled.map(|((&score, &example), &n_labels)| (score, example, n_labels));
    let unlabelled = scores.unlabeled.iter().zip(&crowd.unlabelled).map(|(&score, &example)| (score, example, 0));
    let pool: Vec<(f64, usize, usize)> = labelled.chain(unlabelled).collect();
    let pool_scores: Vec<f64> = pool.iter().map(|&(score, ..)| score).collect();
    let next = find_top_issues(&pool_scores, config.top_k).into_iter().map(|place| {
        let (score, example, n_labels) = pool[place as usize];
        NextRow { example: example as u32, name: annotations.examples[example].clone(), score, n_labels }
    });
    let annotators = quality.annotators.iter().flatten().take(config.top_k).map(|stats| AnnotatorRow {
        annotator: annotations.annotators[crowd.annotators[stats.annotator]].clone(),
        quality: Some(stats.annotator_quality).filter(|quality| quality.is_finite()),
        agreement_with_consensus: stats.agreement_with_consensus,
        worst_class: name(stats.worst_class),
        n_labels: stats.num_examples_labeled,
    });
    let n = annotations.examples.len();
    let (mut consensus, mut qualities) = (vec![None; n], vec![None; n]);
    for (place, &example) in crowd.labelled.iter().enumerate() {
        (consensus[example], qualities[example]) = (Some(found.labels[place]), Some(found.quality[place]));
    }
    let n_labels = annotations.n_labels();
    let cells = n * crowd.annotators.len();
    let share = quality.weights.as_ref().filter(|_| with_model).map(|weights| {
        let model: f64 = weights.models.iter().sum();
        model / (model + weights.annotators.iter().sum::<f64>())
    });
    let detail = MultiannotatorDetail {
        n_annotators: crowd.annotators.len(),
        n_labels,
        n_unlabelled: crowd.unlabelled.len(),
        coverage: n_labels as f64 / cells.max(1) as f64,
        mean_labels_per_example: n_labels as f64 / n.max(1) as f64,
        classes_missing: lost(quality).into_iter().map(name).collect(),
        mean_quality: found.quality.iter().sum::<f64>() / found.quality.len().max(1) as f64,
        model_share: share.filter(|share| share.is_finite()),
        worst_examples: worst,
        next_to_label: next.collect(),
        worst_annotators: annotators.collect(),
        consensus,
        quality: qualities,
    };
    (issues, n_issues, detail)
}

fn issue(row: &ConsensusRow) -> TaskIssue {
    let ConsensusRow { majority, consensus, agreement, n_labels, .. } = row;
    let share = (agreement * *n_labels as f64).round();
    let more = if majority == consensus { String::new() } else { format!("; most votes went to {majority}") };
    TaskIssue {
        kind: "consensus".to_owned(),
        row: row.example,
        given: majority.clone(),
        suggested: consensus.clone(),
        score: row.quality,
        reason: format!("{share} of {n_labels} annotators chose {consensus}{more}: more labels are needed."),
        ..TaskIssue::default()
    }
}

/// Classes that were given but are no example's consensus.
fn lost(quality: &LabelQuality) -> Vec<u32> {
    let lost = quality.notes.iter().find_map(|note| match note {
        Note::ClassesLost(_, classes) => Some(classes.clone()),
        _ => None,
    });
    lost.unwrap_or_default()
}

/// What a user should know of the labels.
pub(super) fn notes(source: &Source<'_>, crowd: &Crowd, quality: &LabelQuality) -> Vec<String> {
    let annotations = &source.annotations;
    let mut notes: Vec<String> = quality
        .notes
        .iter()
        .map(|note| match note {
            Note::NoAgreement => "No two annotators gave any example the same label.".to_owned(),
            Note::WithoutOverlap(alone) => {
                let names: Vec<&str> = alone
                    .iter()
                    .take(5)
                    .filter_map(|&column| annotations.annotators.get(*crowd.annotators.get(column)?))
                    .map(String::as_str)
                    .collect();
                let more = if alone.len() > names.len() { ", …" } else { "" };
                format!(
                    "{} annotators share no example with another and count as the mean of the rest: {}{more}.",
                    alone.len(),
                    names.join(", ")
                )
            }
            Note::ClassesLost(_, classes) => {
                let names: Vec<&str> = classes
                    .iter()
                    .filter_map(|&class| annotations.classes.get(class as usize))
                    .map(String::as_str)
                    .collect();
                format!("No example's consensus is {}, though some annotators say so.", names.join(" or "))
            }
        })
        .collect();
    let silent = annotations.annotators.len() - crowd.annotators.len();
    if silent > 0 {
        notes.push(format!("{silent} annotators gave no label and are left out."));
    }
    notes
}
