//! Labels of several annotators: their consensus, how good each is, and what to label next.
//!
//! Majority vote → out-of-sample probabilities of a model trained on it → CROWDLAB (Goh, Tkachenko and Mueller, 2022): a
//! consensus and its quality, by annotators and model, each weighted by how far it can be trusted → `ActiveLab` (Goh and
//! Mueller, 2023): what is worth another label.
//!
//! Where nothing is known about the examples but their labels, every example is given the share of each class among all
//! labels. CROWDLAB then finds such a model to be of next to no use, and the annotators decide.

mod detail;
mod source;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use forge_data::{AnnotatorOptions, CsvOptions, MISSING, Role};
use forge_learn::{
    CrossValidation, Encoder, Host, LabelledRows, LearnError, WeightedLabels, accuracy, cross_val_predict, share_work,
};
use ndarray::Array2;
use serde_json::{Map, Value};

use super::clock::Clock;
use super::experiment::{BASELINE, FIND, PREDICT, PREPARE, stage};
use super::metrics::Metrics;
use super::model_name::ModelName;
use super::rows::{of_rows, row_by_row};
use super::setting::{SettingKind, SettingType, Settings, settings};
use super::task::{TaskConfig, TaskData, TaskDetail, TaskReport};
use crate::multiannotator::{
    AnnotatorLabels, LabelQuality, LabelShares, LabelTable, Pools, QualityOptions, get_active_learning_scores,
    get_label_quality_multiannotator, get_majority_vote_label,
};
use crate::report::Variant;
use crate::{CoreError, PredProbs, VERSION};
pub use detail::{AnnotatorRow, ConsensusRow, MultiannotatorDetail, NextRow};
use source::Source;

impl SettingType for AnnotatorOptions {
    fn kind() -> SettingKind {
        SettingKind::Structure
    }
}

settings! {
    /// The settings of the search for a consensus.
    pub struct MultiannotatorConfig {
        /// How the file is read.
        csv "Reading": CsvOptions = CsvOptions::default();
        /// Which columns hold examples, annotators and labels.
        annotations "Columns": AnnotatorOptions = AnnotatorOptions::default();
        /// The column with the true label, where it is known; it only measures the consensus.
        truth "True labels": Option<String> = None;
        /// Roles chosen by the user of columns that hold no labels; all others are inferred.
        roles "Roles": BTreeMap<String, Role> = BTreeMap::new();
        /// The model that predicts the consensus where there are features; any classifier by name.
        model "Model": ModelName = ModelName::LogisticRegression;
        /// Parameters of the model by scikit-learn's names.
        parameters "Model parameters": Map<String, Value> = Map::new();
        /// Examples of a set of ratings used at most.
        max_movies "Examples at most": usize = 800, 10 to 1_000_000;
        /// Annotators of a set of ratings used at most.
        max_annotators "Annotators at most": usize = 50, 2 to 100_000;
        /// Ratings an example of a set of ratings has at least.
        min_ratings_per_movie "Ratings per example": usize = 10, 1 to 1_000_000;
        /// Ratings an annotator of a set of ratings gave at least.
        min_ratings_per_annotator "Ratings per annotator": usize = 100, 1 to 1_000_000;
        /// Folds of the cross-validation.
        cv_folds "Folds": usize = 5, 2 to 20;
        /// Examples and annotators listed at most.
        top_k "Listed": usize = 20, 1 to 1_000_000;
        /// Seed of every random choice.
        seed "Seed": u64 = 42;
    }
}

/// The labels that were given, and by whom.
struct Crowd {
    labels: AnnotatorLabels,
    /// The example behind each row of the labels.
    labelled: Vec<usize>,
    unlabelled: Vec<usize>,
    /// The annotator behind each column of the labels.
    annotators: Vec<usize>,
    majority: Vec<u32>,
}

/// Class probabilities, rows × classes.
struct Predicted {
    /// Of the examples with labels, out of sample.
    labelled: Array2<f64>,
    /// Of those without.
    unlabelled: Array2<f64>,
}

/// Runs the task.
///
/// # Errors
/// A setting outside its range, data without labels by several annotators that overlap, or [`CoreError::Cancelled`].
pub(super) fn run(config: &MultiannotatorConfig, data: TaskData<'_>, host: &dyn Host) -> Result<TaskReport, CoreError> {
    config.check_ranges()?;
    let mut clock = Clock::new(host);
    let mut source = Source::of(config, data)?;
    let crowd = Crowd::of(&source)?;
    clock.lap(PREPARE);

    let predicted = if source.columns.is_empty() {
        None
    } else {
        let predicted = predict(config, &mut source, &crowd, host)?;
        clock.lap(PREDICT);
        predicted
    };
    let with_model = predicted.is_some();
    let Predicted { labelled, unlabelled } = predicted.unwrap_or_else(|| frequencies(&source, &crowd));
    let labelled = PredProbs::new(labelled)?;
    let (quality, scores) = stage(FIND, host, || {
        let quality = get_label_quality_multiannotator(&crowd.labels, &labelled, &QualityOptions::default())?;
        let unlabelled = (!crowd.unlabelled.is_empty()).then(|| PredProbs::new(unlabelled)).transpose()?;
        let pools = match &unlabelled {
            Some(unlabelled) => Pools::Both(&crowd.labels, &labelled, unlabelled),
            None => Pools::Labeled(&crowd.labels, &labelled),
        };
        Ok((quality, get_active_learning_scores(&pools, LabelShares::ByClass)?))
    })?;
    clock.lap(FIND);

    let variants = measured(&source, &crowd, &quality);
    let (issues, n_issues, detail) = detail::describe(config, (&source, &crowd), (&quality, &scores), with_model);
    let annotations = &source.annotations;
    let mut warnings = source.warnings.clone();
    warnings.extend(detail::notes(&source, &crowd, &quality));
    if !with_model {
        warnings.push(
            "No column tells the examples apart but their labels: the consensus is the annotators' alone.".to_owned(),
        );
    }
    Ok(TaskReport {
        task: "multiannotator".to_owned(),
        model: with_model.then(|| config.model.with(&config.parameters)),
        target: source.target.clone(),
        classes: annotations.classes.clone(),
        features: source.feature_names(),
        n_rows: annotations.examples.len(),
        n_train: crowd.labelled.len(),
        n_test: 0,
        primary_metric: (!variants.is_empty()).then(|| "accuracy".to_owned()),
        variants,
        n_issues,
        issues,
        detail: TaskDetail::Multiannotator(detail),
        noise: None,
        warnings,
        timings: clock.laps,
        config: TaskConfig::Multiannotator(config.clone()),
        seed: config.seed,
        version: VERSION.to_owned(),
    })
}

impl Crowd {
    fn of(source: &Source<'_>) -> Result<Self, CoreError> {
        let annotations = &source.annotations;
        let (n, m) = (annotations.examples.len(), annotations.annotators.len());
        let has_label = |example: &usize| annotations.row(*example).iter().any(|&label| label != MISSING);
        let (labelled, unlabelled): (Vec<usize>, Vec<usize>) = (0..n).partition(has_label);
        let mut active = vec![false; m];
        for &example in &labelled {
            active.iter_mut().zip(annotations.row(example)).for_each(|(active, &label)| *active |= label != MISSING);
        }
        let annotators: Vec<usize> = (0..m).filter(|&annotator| active[annotator]).collect();
        if annotators.len() < 2 {
            return Err(CoreError::Unusable(format!(
                "A consensus needs labels of at least two annotators, but {} gave any: is this a table with a column per annotator, or with a row per label?",
                if annotators.is_empty() { "none".to_owned() } else { "only one".to_owned() }
            )));
        }
        let cells: Vec<Option<u32>> = labelled
            .iter()
            .flat_map(|&example| {
                let row = annotations.row(example);
                annotators.iter().map(|&annotator| Some(row[annotator]).filter(|&label| label != MISSING))
            })
            .collect();
        let labels = AnnotatorLabels::new(LabelTable::from_cells(annotators.len(), &cells)?)?;
        let majority = get_majority_vote_label(labels.table(), None)?;
        Ok(Self { labels, labelled, unlabelled, annotators, majority })
    }
}

/// Probabilities of the examples with labels, out of sample, and of those without, by a model of the majority vote; none
/// where the majority votes for one class alone.
fn predict(
    config: &MultiannotatorConfig,
    source: &mut Source<'_>,
    crowd: &Crowd,
    host: &dyn Host,
) -> Result<Option<Predicted>, CoreError> {
    let Some(table) = source.table else { return Ok(None) };
    let n_classes = source.annotations.classes.len();
    let rows_of = |examples: &[usize]| examples.iter().map(|&example| source.rows[example]).collect::<Vec<u32>>();
    let (rows, others) = (rows_of(&crowd.labelled), rows_of(&crowd.unlabelled));
    if crowd.majority.iter().all(|label| Some(label) == crowd.majority.first()) {
        source.warnings.push("The majority votes for one class alone, so that there is nothing to learn.".to_owned());
        source.columns.clear();
        return Ok(None);
    }
    let mut validation = CrossValidation { n_folds: config.cv_folds, seed: config.seed, ..CrossValidation::default() };
    validation.stage = PREDICT;
    let classifier = config.model.with(&config.parameters).classifier()?;
    let labels = &crowd.majority;
    let data = LabelledRows { table, columns: &source.columns, rows: &rows, labels, n_classes };
    let found = cross_val_predict(data, &validation, classifier.as_ref(), host)?;
    let mut warnings = found.warnings;
    let mut unlabelled = Array2::zeros((0, n_classes));
    if !others.is_empty() {
        unlabelled = stage(BASELINE, host, || {
            let probs = share_work(host, || {
                let encoder = Encoder::fit_asking(table, (&source.columns, &rows), &validation.encoder, host)?;
                let labels = WeightedLabels::unweighted(labels, n_classes);
                let model = classifier.fit(&encoder.transform(table, &rows), labels, host)?;
                let probs = model.try_predict_proba(&encoder.transform(table, &others), host)?;
                Ok::<_, LearnError>(row_by_row(probs))
            })?;
            of_rows(probs, others.len())
        })?;
    }
    source.warnings.append(&mut warnings);
    Ok(Some(Predicted { labelled: found.pred_probs, unlabelled }))
}

/// The share of each class among all labels, for every example.
fn frequencies(source: &Source<'_>, crowd: &Crowd) -> Predicted {
    let n_classes = source.annotations.classes.len();
    let mut counts = vec![0.0_f64; n_classes];
    for &label in source.annotations.labels.iter().filter(|&&label| label != MISSING) {
        counts[label as usize] += 1.0;
    }
    let all: f64 = counts.iter().sum::<f64>().max(1.0);
    let probs = |n: usize| Array2::from_shape_fn((n, n_classes), |(_, class)| counts[class] / all);
    Predicted { labelled: probs(crowd.labelled.len()), unlabelled: probs(crowd.unlabelled.len()) }
}

/// How often majority vote and consensus are the true label, where that is known.
fn measured(source: &Source<'_>, crowd: &Crowd, quality: &LabelQuality) -> Vec<Variant> {
    let Some(truth) = &source.truth else { return Vec::new() };
    let consensus = quality.consensus.first().map_or(&[][..], |consensus| consensus.labels.as_slice());
    let known: Vec<usize> = (0..crowd.labelled.len()).filter(|&place| truth[crowd.labelled[place]].is_some()).collect();
    if known.is_empty() {
        return Vec::new();
    }
    let truth: Vec<u32> = known.iter().filter_map(|&place| truth[crowd.labelled[place]]).collect();
    let metrics = |labels: &[u32]| {
        let labels: Vec<u32> = known.iter().map(|&place| labels[place]).collect();
        Metrics::new([("accuracy", Some(accuracy(&truth, &labels)))])
    };
    let (majority, crowdlab) = (metrics(&crowd.majority), metrics(consensus));
    let n_train = crowd.labelled.len();
    let delta = Some(crowdlab.minus(&majority));
    vec![
        Variant { name: "majority_vote".to_owned(), n_train, metrics: majority, delta: None },
        Variant { name: "crowdlab".to_owned(), n_train, metrics: crowdlab, delta },
    ]
}
