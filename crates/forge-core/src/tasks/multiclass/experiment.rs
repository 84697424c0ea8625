//! The course of multi-class classification over the rows of a table.

use forge_data::{MISSING, Table};
use forge_learn::{
    Classifier, CrossValidation, Encoder, EncoderConfig, Host, LabelledRows, LearnError, ModelSpec, WeightedLabels,
    accuracy, cross_val_predict, f1_macro, log_loss, predicted_labels, share_work,
};
use ndarray::{Array2, Axis, concatenate};

use super::MulticlassConfig;
use crate::classification::filter::{FilterOptions, find_label_issues};
use crate::classification::rank::{Score, get_label_quality_scores};
use crate::classification::summary::{Evidence, overall_label_health_score};
use crate::noise::flip_labels;
use crate::tasks::experiment::{Experiment, Found};
use crate::tasks::metrics::Metrics;
use crate::tasks::rows::{of_rows, row_by_row};
use crate::tasks::tabular::{
    draw, enough_rows, note, notes_on_rare_classes, pick, quoted, some_features, split, target,
};
use crate::{CoreError, Labels, PredProbs};

/// Rows of the table and their class numbers.
pub(super) struct Labelled {
    pub(super) rows: Vec<u32>,
    pub(super) labels: Vec<u32>,
}

/// What is known of the rows: the training rows first, then those held out.
#[derive(Default)]
pub(super) struct Checked {
    pub(super) found: Found,
    pub(super) pred_probs: Array2<f64>,
    pub(super) health_score: f64,
}

/// The training and held-out rows of a table with a class each.
pub(super) struct Classes<'a> {
    pub(super) config: &'a MulticlassConfig,
    pub(super) table: &'a Table,
    pub(super) target: usize,
    pub(super) columns: Vec<usize>,
    pub(super) names: Vec<String>,
    pub(super) train: Labelled,
    pub(super) test: Labelled,
    pub(super) model: ModelSpec,
    classifier: Box<dyn Classifier>,
    out_of_fold: Array2<f64>,
    held_out: Option<Array2<f64>>,
    pub(super) checked: Checked,
    pub(super) warnings: Vec<String>,
}

impl<'a> Classes<'a> {
    /// Chooses target, rows and columns, and splits the rows.
    pub(super) fn prepare(config: &'a MulticlassConfig, table: &'a Table) -> Result<Self, CoreError> {
        let model = config.spec();
        let classifier = model.classifier()?;
        let target = target(table, &config.target, &config.roles)?;
        let mut warnings = Vec::new();
        let given = table.columns()[target].class_labels()?;
        let has_label = |row: u32| given.codes[row as usize] != MISSING;
        let rows = draw((table, &[target]), has_label, (Some(config.max_rows), config.seed), &mut warnings);
        let labels: Vec<u32> = rows.iter().map(|&row| given.codes[row as usize]).collect();
        check_classes(table.columns()[target].name(), (&given.names, &labels), config.cv_folds, &mut warnings)?;
        let columns = some_features(table, &[target], &config.roles, &mut warnings)?;
        let [train, test] = split(rows.len(), Some(&labels), config.test_size, config.seed)?;
        let labelled =
            |positions: &[usize]| Labelled { rows: pick(&rows, positions), labels: pick(&labels, positions) };
        Ok(Self {
            train: labelled(&train),
            test: labelled(&test),
            names: given.names,
            out_of_fold: Array2::default((0, 0)),
            held_out: None,
            checked: Checked::default(),
            config,
            table,
            target,
            columns,
            model,
            classifier,
            warnings,
        })
    }

    /// Probabilities of the held-out rows by a model that learned the training rows `kept`.
    fn fit(&mut self, kept: &[usize], host: &dyn Host) -> Result<Array2<f64>, CoreError> {
        let (rows, labels) = (pick(&self.train.rows, kept), pick(&self.train.labels, kept));
        let fit = || -> Result<(Vec<f64>, Vec<String>), LearnError> {
            let encoder = Encoder::fit_asking(self.table, (&self.columns, &rows), &EncoderConfig::default(), host)?;
            let features = encoder.transform(self.table, &rows);
            let model = self.classifier.fit(&features, WeightedLabels::unweighted(&labels, self.names.len()), host)?;
            drop(features);
            let warnings = encoder.warnings().iter().cloned().chain(model.warnings()).collect();
            let pred_probs = model.try_predict_proba(&encoder.transform(self.table, &self.test.rows), host)?;
            Ok((row_by_row(pred_probs), warnings))
        };
        let (pred_probs, warnings) = share_work(host, fit)?;
        note(&mut self.warnings, warnings);
        of_rows(pred_probs, self.test.rows.len())
    }
}

impl Experiment for Classes<'_> {
    fn n_train(&self) -> usize {
        self.train.rows.len()
    }

    fn inject(&mut self, fraction: f64, seed: u64) -> Vec<usize> {
        flip_labels(&mut self.train.labels, self.names.len(), fraction, seed)
    }

    fn predict(&mut self, host: &dyn Host) -> Result<(), CoreError> {
        let settings =
            CrossValidation { n_folds: self.config.cv_folds, seed: self.config.seed, ..CrossValidation::default() };
        let data = LabelledRows {
            table: self.table,
            columns: &self.columns,
            rows: &self.train.rows,
            labels: &self.train.labels,
            n_classes: self.names.len(),
        };
        let found = cross_val_predict(data, &settings, self.classifier.as_ref(), host)?;
        self.out_of_fold = found.pred_probs;
        let absent = notes_on_rare_classes(&self.names, &found.absent, &[]);
        note(&mut self.warnings, found.warnings.into_iter().chain(absent));
        Ok(())
    }

    fn measure(&mut self, kept: &[usize], host: &dyn Host) -> Result<Metrics, CoreError> {
        let pred_probs = self.fit(kept, host)?;
        let (labels, predicted) = (&self.test.labels, predicted_labels(&pred_probs));
        let metrics = Metrics::new([
            ("accuracy", Some(accuracy(labels, &predicted))),
            ("f1_macro", Some(f1_macro(labels, &predicted))),
            ("log_loss", Some(log_loss(labels, &pred_probs))),
        ]);
        self.held_out.get_or_insert(pred_probs);
        Ok(metrics)
    }

    fn find(&mut self, _host: &dyn Host) -> Result<Found, CoreError> {
        let n_train = self.n_train();
        let out_of_fold = std::mem::take(&mut self.out_of_fold);
        let held_out = self.held_out.take().unwrap_or_else(|| Array2::default((0, self.names.len())));
        let rows_fit = |_| CoreError::Unusable("The predictions of the rows do not fit together.".to_owned());
        let pred_probs = concatenate(Axis(0), &[out_of_fold.view(), held_out.view()]).map_err(rows_fit)?;
        let labels = Labels::new([&self.train.labels[..], &self.test.labels].concat())?;
        let pred_probs = PredProbs::new(pred_probs)?;
        let options = FilterOptions { filter_by: self.config.filter_by, ..FilterOptions::default() };
        let issues = find_label_issues(&labels, &pred_probs, &options)?;
        let skipped = notes_on_rare_classes(&self.names, &[], &issues.skipped_classes);
        note(&mut self.warnings, skipped);
        let scores = get_label_quality_scores(&labels, &pred_probs, Score::SelfConfidence)?;
        let of_training = Found { flagged: issues.mask[..n_train].to_vec(), scores: scores[..n_train].to_vec() };
        self.checked = Checked {
            health_score: overall_label_health_score(&Evidence::predictions(&labels, &pred_probs))?,
            found: Found { flagged: issues.mask, scores },
            pred_probs: pred_probs.into_inner(),
        };
        Ok(of_training)
    }
}

/// Refuses labels that cannot be cross-validated and notes classes that hardly can.
fn check_classes(
    target: &str,
    (names, labels): (&[String], &[u32]),
    n_folds: usize,
    warnings: &mut Vec<String>,
) -> Result<(), CoreError> {
    let mut counts = vec![0_usize; names.len()];
    labels.iter().for_each(|&label| counts[label as usize] += 1);
    let present: Vec<usize> = (0..names.len()).filter(|&class| counts[class] > 0).collect();
    match present[..] {
        [] => return Err(CoreError::Unusable(format!("Column \"{target}\" has no value in any row."))),
        [only] => {
            return Err(CoreError::Unusable(format!(
                "Column \"{target}\" has one class only, \"{}\": finding label errors needs at least two.",
                names[only]
            )));
        }
        _ => {}
    }
    enough_rows(labels.len(), n_folds)?;
    let rare: Vec<String> =
        present.into_iter().filter(|&class| counts[class] < n_folds).map(|class| names[class].clone()).collect();
    if !rare.is_empty() {
        warnings.push(format!(
            "Fewer rows than the {n_folds} folds have the class {}: some models never see it and its scores are unreliable.",
            quoted(&rare)
        ));
    }
    Ok(())
}
