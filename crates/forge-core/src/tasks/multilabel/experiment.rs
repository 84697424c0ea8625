//! The course of multi-label classification over the rows of a table.

use std::sync::atomic::{AtomicUsize, Ordering};

use forge_data::{Table, read_multilabels};
use forge_learn::{
    Classifier, Encoder, EncoderConfig, FoldModel, FoldRows, FoldUnit, Host, ModelSpec, Muted, Progress,
    WeightedLabels, f1_macro_labels, f1_micro_labels, fold_units, hamming_loss, run_fold, share_units,
    stratified_k_fold, subset_accuracy,
};
use ndarray::{Array2, ArrayView1, Axis, concatenate};

use super::MultilabelConfig;
use crate::multilabel::MultilabelData;
use crate::multilabel::filter::{MultilabelFilterOptions, find_label_issues, find_multilabel_issues_per_class};
use crate::multilabel::rank::{Aggregator, Scoring, get_label_quality_scores};
use crate::noise::flip_bits;
use crate::tasks::experiment::{Experiment, Found, PREDICT};
use crate::tasks::metrics::Metrics;
use crate::tasks::tabular::{draw, enough_rows, names, note, pick, quoted, some_features, split, targets};
use crate::{CoreError, PredProbs};

/// A class is predicted from this probability on.
pub(super) const PREDICTED: f64 = 0.5;

/// Rows of the table and whether each has each class, rows × classes.
pub(super) struct Labelled {
    pub(super) rows: Vec<u32>,
    pub(super) bits: Array2<bool>,
}

impl Labelled {
    /// Whether each of the rows at `kept` has the class, as class numbers 0 and 1.
    fn class(&self, class: usize, kept: &[usize]) -> Vec<u32> {
        kept.iter().map(|&place| u32::from(self.bits[[place, class]])).collect()
    }
}

/// What is known of the rows: the training rows first, then those held out.
#[derive(Default)]
pub(super) struct Checked {
    pub(super) found: Found,
    /// Whether each class (k) of each row (n) is an issue.
    pub(super) masks: Vec<Vec<bool>>,
    pub(super) pred_probs: Array2<f64>,
}

/// The training and held-out rows of a table with any number of classes each.
pub(super) struct Sets<'a> {
    pub(super) config: &'a MultilabelConfig,
    pub(super) table: &'a Table,
    pub(super) targets: Vec<usize>,
    pub(super) columns: Vec<usize>,
    pub(super) names: Vec<String>,
    pub(super) train: Labelled,
    pub(super) test: Labelled,
    pub(super) model: ModelSpec,
    classifier: Box<dyn Classifier>,
    out_of_fold: Array2<f64>,
    /// Probabilities of the held-out rows by each model that was measured.
    pub(super) held_out: Vec<Array2<f64>>,
    pub(super) checked: Checked,
    pub(super) warnings: Vec<String>,
}

impl<'a> Sets<'a> {
    /// Chooses targets, rows and columns, and splits the rows.
    pub(super) fn prepare(config: &'a MultilabelConfig, table: &'a Table) -> Result<Self, CoreError> {
        let model = config.model.with(&config.parameters);
        let classifier = model.classifier()?;
        if table.n_rows() == 0 {
            return Err(CoreError::Unusable("The table has no rows.".to_owned()));
        }
        let named: Vec<&str> = config.target.iter().map(String::as_str).collect();
        let targets = targets(table, &named, &config.roles)?;
        let target_names = names(table, &targets);
        let named: Vec<&str> = target_names.iter().map(String::as_str).collect();
        let (labels, _) = read_multilabels(table, &named)?;
        let mut warnings = Vec::new();
        let rows = draw((table, &targets), |_| true, (None, config.seed), &mut warnings);
        enough_rows(rows.len(), config.cv_folds)?;
        let columns = some_features(table, &targets, &config.roles, &mut warnings)?;
        let kept = learnable(&labels.classes, &labels.sets, config.cv_folds, &mut warnings)?;
        let [train, test] = split(rows.len(), None, config.test_size, config.seed)?;
        let labelled = |positions: &[usize]| Labelled {
            rows: pick(&rows, positions),
            bits: Array2::from_shape_fn((positions.len(), kept.len()), |(place, class)| {
                labels.sets[positions[place]].contains(&(kept[class] as u32))
            }),
        };
        Ok(Self {
            train: labelled(&train),
            test: labelled(&test),
            names: kept.iter().map(|&class| labels.classes[class].clone()).collect(),
            out_of_fold: Array2::default((0, 0)),
            held_out: Vec::new(),
            checked: Checked::default(),
            config,
            table,
            targets,
            columns,
            model,
            classifier,
            warnings,
        })
    }
}

/// The classes that some rows have and others have not, at least two. The others are a warning.
fn learnable(
    names: &[String],
    sets: &[Vec<u32>],
    n_folds: usize,
    warnings: &mut Vec<String>,
) -> Result<Vec<usize>, CoreError> {
    let mut counts = vec![0_usize; names.len()];
    sets.iter().flatten().for_each(|&class| counts[class as usize] += 1);
    let named = |wanted: &dyn Fn(usize) -> bool| -> Vec<String> {
        names.iter().zip(&counts).filter(|(_, count)| wanted(**count)).map(|(name, _)| name.clone()).collect()
    };
    for (wanted, who) in [(0, "No row has"), (sets.len(), "Every row has")] {
        let constant = named(&|count| count == wanted);
        if !constant.is_empty() {
            let classes = if constant.len() == 1 { "class" } else { "classes" };
            warnings.push(format!("{who} the {classes} {}, which is therefore not checked.", quoted(&constant)));
        }
    }
    let rare = named(&|count| count > 0 && count.min(sets.len() - count) < n_folds && count < sets.len());
    if !rare.is_empty() {
        warnings.push(format!(
            "Fewer rows than the {n_folds} folds have, or lack, the class {}: its scores are unreliable.",
            quoted(&rare)
        ));
    }
    let kept: Vec<usize> = (0..names.len()).filter(|&class| (1..sets.len()).contains(&counts[class])).collect();
    if kept.len() < 2 {
        return Err(CoreError::Unusable(
            "Finding label errors among sets of classes needs at least two classes that some rows have and others have not."
                .to_owned(),
        ));
    }
    Ok(kept)
}

impl Experiment for Sets<'_> {
    fn n_train(&self) -> usize {
        self.train.rows.len()
    }

    fn inject(&mut self, fraction: f64, seed: u64) -> Vec<usize> {
        flip_bits(&mut self.train.bits, fraction, seed)
    }

    /// Classes × folds are independent units; each class deals its own folds, so that all have rows with and without it.
    fn predict(&mut self, host: &dyn Host) -> Result<(), CoreError> {
        let (n_classes, n_folds) = (self.names.len(), self.config.cv_folds);
        let all: Vec<usize> = (0..self.n_train()).collect();
        let labels: Vec<Vec<u32>> = (0..n_classes).map(|class| self.train.class(class, &all)).collect();
        let units: Vec<Vec<FoldUnit>> = labels
            .iter()
            .map(|labels| {
                fold_units(&stratified_k_fold(labels, n_folds, self.config.seed), n_folds, &EncoderConfig::default())
            })
            .collect();
        let data = FoldRows { table: self.table, columns: &self.columns, rows: &self.train.rows };
        let classifier = self.classifier.as_ref();
        let (done, total) = (AtomicUsize::new(0), n_classes * n_folds);
        host.progress(Progress { stage: PREDICT, done: 0, total });
        let results = share_units(host, total, |unit| {
            let (class, fold) = (unit / n_folds, unit % n_folds);
            let model = FoldModel::Classes { classifier, labels: &labels[class], n_classes: 2 };
            let result = run_fold(data, &units[class][fold], model, host)?;
            host.progress(Progress { stage: PREDICT, done: done.fetch_add(1, Ordering::Relaxed) + 1, total });
            Ok(result)
        })?;
        self.out_of_fold = Array2::zeros((self.n_train(), n_classes));
        for (place, result) in results.into_iter().enumerate() {
            let (class, fold) = (place / n_folds, place % n_folds);
            let probs = result.predictions.chunks_exact(2).map(|pair| pair[1]);
            for (&row, prob) in units[class][fold].test.iter().zip(probs) {
                self.out_of_fold[[row as usize, class]] = prob;
            }
            note(&mut self.warnings, result.warnings);
        }
        Ok(())
    }

    fn measure(&mut self, kept: &[usize], host: &dyn Host) -> Result<Metrics, CoreError> {
        let rows = pick(&self.train.rows, kept);
        let encoder = Encoder::fit_asking(self.table, (&self.columns, &rows), &EncoderConfig::default(), host)?;
        let features = encoder.transform(self.table, &rows);
        let queries = encoder.transform(self.table, &self.test.rows);
        let fitted = share_units(host, self.names.len(), |class| {
            let labels = self.train.class(class, kept);
            if let Some(&only) = labels.first().filter(|first| labels.iter().all(|label| label == *first)) {
                return Ok((vec![f64::from(only); queries.n_rows()], Vec::new()));
            }
            let host = &Muted(host);
            let model = self.classifier.fit(&features, WeightedLabels::unweighted(&labels, 2), host)?;
            Ok((model.try_predict_proba(&queries, host)?.column(1).to_vec(), model.warnings()))
        })?;
        note(&mut self.warnings, encoder.warnings().iter().cloned());
        let mut pred_probs = Array2::zeros((self.test.rows.len(), self.names.len()));
        for (class, (probs, warnings)) in fitted.into_iter().enumerate() {
            pred_probs.column_mut(class).assign(&ArrayView1::from(&probs));
            note(&mut self.warnings, warnings);
        }
        let (given, predicted) = (self.test.bits.view(), predicted_bits(&pred_probs));
        self.held_out.push(pred_probs);
        Ok(Metrics::new([
            ("f1_micro", Some(f1_micro_labels(given, predicted.view()))),
            ("f1_macro", Some(f1_macro_labels(given, predicted.view()))),
            ("subset_accuracy", Some(subset_accuracy(given, predicted.view()))),
            ("hamming_loss", Some(hamming_loss(given, predicted.view()))),
        ]))
    }

    fn find(&mut self, _host: &dyn Host) -> Result<Found, CoreError> {
        let n_train = self.n_train();
        let out_of_fold = std::mem::take(&mut self.out_of_fold);
        let views: Vec<_> =
            std::iter::once(out_of_fold.view()).chain(self.held_out.first().map(|probs| probs.view())).collect();
        let rows_fit = |_| CoreError::Unusable("The predictions of the rows do not fit together.".to_owned());
        let pred_probs = concatenate(Axis(0), &views).map_err(rows_fit)?;
        let bits = self.train.bits.outer_iter().chain(self.test.bits.outer_iter());
        let sets: Vec<Vec<u32>> =
            bits.map(|row| (0..).zip(row).filter(|(_, has)| **has).map(|(k, _)| k).collect()).collect();
        let data = MultilabelData::new(&sets, PredProbs::new(pred_probs.clone())?)?;
        let options =
            MultilabelFilterOptions { filter_by: self.config.filter_by, ..MultilabelFilterOptions::default() };
        let per_class = find_multilabel_issues_per_class(&data, &options)?;
        note(&mut self.warnings, per_class.warnings);
        let found = Found {
            flagged: find_label_issues(&data, &options)?,
            scores: get_label_quality_scores(&data, Scoring::default(), Aggregator::default())?,
        };
        let of_training =
            Found { flagged: found.flagged[..n_train].to_vec(), scores: found.scores[..n_train].to_vec() };
        self.checked = Checked { found, masks: per_class.masks, pred_probs };
        Ok(of_training)
    }
}

/// Which classes are predicted, rows × classes.
pub(super) fn predicted_bits(pred_probs: &Array2<f64>) -> Array2<bool> {
    pred_probs.mapv(|prob| prob >= PREDICTED)
}
