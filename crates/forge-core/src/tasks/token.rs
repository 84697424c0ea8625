//! Token classification: label errors among the tokens of sentences.
//!
//! Sentences are drawn for training and for measuring. A token is described by its word, shape, ends and neighbours
//! (`features.rs`) and its tag predicted by logistic regression, out of sample by folds of whole sentences. Tokens
//! without a tag are neither learned from nor checked, but stand beside the others.

mod detail;
mod features;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicUsize, Ordering};

use forge_data::{Corpus, CorpusFile, MISSING};
use forge_learn::{
    Host, LearnError, Progress, SparseLogisticModel, SparseLogisticRegression, accuracy, f1_macro, k_fold,
    predicted_labels, share_units, share_work,
};
use ndarray::{Array2, ArrayView1};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde_json::Map;

use super::clock::Clock;
use super::experiment::{Experiment, Found, PREDICT, PREPARE, Plan, conduct};
use super::metrics::Metrics;
use super::model_name::ModelName;
use super::rows::row_by_row;
use super::setting::{Settings, settings};
use super::task::{TaskConfig, TaskData, TaskDetail, TaskReport};
use crate::classification::filter::{FilterOptions, find_label_issues};
use crate::classification::rank::{Score, get_label_quality_scores};
use crate::noise::flip_labels;
use crate::token::TokenPlace;
use crate::{CoreError, FilterBy, Labels, PredProbs, VERSION};
pub use detail::{ShownSentence, TokenDetail};
use features::TokenFeatures;

settings! {
    /// The settings of token classification.
    pub struct TokenConfig {
        /// Sentences trained on at most.
        max_train_sentences "Sentences trained on": usize = 2_000, 50 to 50_000;
        /// Sentences held out to measure the models at most.
        max_dev_sentences "Sentences held out": usize = 500, 10 to 50_000;
        /// Share of all training tokens whose tag is changed on purpose, to see how many are found again.
        noise_frac "Tags made wrong": f64 = 0.0, 0 to 0.5;
        /// Folds of the cross-validation; no sentence is cut.
        cv_folds "Folds": usize = 3, 2 to 20;
        /// Share of the training tokens pruned at most.
        prune_frac "Pruned": f64 = 0.03, 0 to 0.5;
        /// Passes of the solver over the tokens at most.
        max_iter "Iterations": usize = 500, 1 to 100_000;
        /// What makes a token a likely label error.
        filter_by "Rule": FilterBy = FilterBy::default();
        /// Issues listed at most.
        max_issues "Issues listed": usize = 200, 0 to 1_000_000;
        /// Seed of every random choice.
        seed "Seed": u64 = 42;
    }
}

/// Runs the task.
///
/// # Errors
/// A setting outside its range, data that are no corpus, fewer sentences than folds, tags of one kind, or
/// [`CoreError::Cancelled`].
pub(super) fn run(config: &TokenConfig, data: TaskData<'_>, host: &dyn Host) -> Result<TaskReport, CoreError> {
    config.check_ranges()?;
    let file = data.corpus("token")?;
    let mut clock = Clock::new(host);
    let mut tagging = Tagging::of(config, &file.corpus)?;
    clock.lap(PREPARE);

    let plan = Plan { noise: config.noise_frac, prune: config.prune_frac, prune_max: usize::MAX, seed: config.seed };
    let conducted = conduct(&mut tagging, &plan, clock, host)?;

    let mut warnings = notes(file);
    warnings.append(&mut tagging.warnings);
    warnings.extend(conducted.warnings.iter().cloned());
    let n_issues = conducted.found.flagged.iter().filter(|&&flagged| flagged).count();
    let (issues, detail) = detail::describe(config, &tagging, &conducted);
    Ok(TaskReport {
        task: "token".to_owned(),
        model: Some(ModelName::LogisticRegression.with(&Map::new())),
        target: vec!["tag".to_owned()],
        classes: file.corpus.tags.clone(),
        features: FEATURES.map(str::to_owned).to_vec(),
        n_rows: tagging.train.len() + tagging.dev.len(),
        n_train: tagging.units.len(),
        n_test: tagging.held_out.len(),
        primary_metric: Some("token_accuracy".to_owned()),
        variants: conducted.variants,
        n_issues,
        issues,
        detail: TaskDetail::Token(detail),
        noise: conducted.noise,
        warnings,
        timings: conducted.timings,
        config: TaskConfig::Token(config.clone()),
        seed: config.seed,
        version: VERSION.to_owned(),
    })
}

/// The kinds of features.
const FEATURES: [&str; 6] = ["word", "shape", "prefixes", "suffixes", "word before", "word after"];

/// What reading found, as warnings.
fn notes(file: &CorpusFile) -> Vec<String> {
    let mut notes = file.warnings.clone();
    if let Some(first) = file.rejected.first() {
        notes.push(match file.n_rejected() {
            1 => format!("A line that could not be read is left out: {first}."),
            n => format!("{n} lines that could not be read are left out, the first: {first}."),
        });
    }
    notes
}

/// A token with a tag among the features of the chosen sentences.
#[derive(Clone, Copy, Debug)]
struct Unit {
    place: TokenPlace,
    /// Row of [`TokenFeatures`].
    row: usize,
}

/// The sentences of a task, and what is predicted of them.
struct Tagging<'a> {
    config: &'a TokenConfig,
    corpus: &'a Corpus,
    /// Sentences trained on and held out, ascending.
    train: Vec<u32>,
    dev: Vec<u32>,
    features: TokenFeatures,
    /// Training tokens with a tag, and their tags as the models see them.
    units: Vec<Unit>,
    labels: Vec<u32>,
    /// Tokens held out with their tags.
    held_out: Vec<Unit>,
    held_out_labels: Vec<u32>,
    pred_probs: Option<PredProbs>,
    warnings: Vec<String>,
}

impl<'a> Tagging<'a> {
    fn of(config: &'a TokenConfig, corpus: &'a Corpus) -> Result<Self, CoreError> {
        let (train, dev) = draw(config, corpus)?;
        let both: Vec<u32> = train.iter().chain(&dev).copied().collect();
        let features = TokenFeatures::of(corpus, &both);
        let mut row = 0;
        let mut units_of = |sentences: &[u32]| {
            let (mut units, mut labels) = (Vec::new(), Vec::new());
            for &sentence in sentences {
                for (token, at) in corpus.sentences[sentence as usize].tokens.iter().zip(0..) {
                    if token.tag != MISSING {
                        units.push(Unit { place: TokenPlace { sentence, token: at }, row });
                        labels.push(token.tag);
                    }
                    row += 1;
                }
            }
            (units, labels)
        };
        let (units, labels) = units_of(&train);
        let (held_out, held_out_labels) = units_of(&dev);
        if let [only] = distinct(&labels)[..] {
            return Err(CoreError::Unusable(format!(
                "All tokens have the tag \"{}\": finding label errors needs at least two tags.",
                corpus.tags[only as usize]
            )));
        }
        let mut warnings = Vec::new();
        if corpus.n_missing() > 0 {
            warnings.push(format!("{} tokens have no tag and are not checked.", corpus.n_missing()));
        }
        let left = corpus.sentences.len() - both.len();
        if left > 0 {
            let of = corpus.sentences.len();
            warnings.push(format!(
                "{left} of {of} sentences take no part: raise max_train_sentences and max_dev_sentences to use more."
            ));
        }
        let pred_probs = None;
        Ok(Self {
            config,
            corpus,
            train,
            dev,
            features,
            units,
            labels,
            held_out,
            held_out_labels,
            pred_probs,
            warnings,
        })
    }

    fn model(&self) -> SparseLogisticRegression {
        let SparseLogisticRegression { c, tol, .. } = SparseLogisticRegression::default();
        SparseLogisticRegression { c, max_iter: self.config.max_iter, tol, seed: self.config.seed }
    }

    /// Learns from the units `learned`, and gives the probabilities of the tokens in `asked`.
    fn fit_predict(
        &self,
        learned: &[usize],
        asked: &[usize],
        host: &dyn Host,
    ) -> Result<(Array2<f64>, SparseLogisticModel), LearnError> {
        let rows: Vec<usize> = learned.iter().map(|&unit| self.units[unit].row).collect();
        let labels: Vec<u32> = learned.iter().map(|&unit| self.labels[unit]).collect();
        let vocabulary = self.features.vocabulary(rows.iter().copied());
        let matrix = vocabulary.matrix(&self.features, &rows)?;
        let model = self.model().fit(&matrix, &labels, self.corpus.tags.len(), host)?;
        Ok((model.predict_proba(&vocabulary.matrix(&self.features, asked)?), model))
    }

    fn note(&mut self, warnings: Vec<String>) {
        for warning in warnings {
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
    }
}

impl Experiment for Tagging<'_> {
    fn n_train(&self) -> usize {
        self.units.len()
    }

    fn inject(&mut self, fraction: f64, seed: u64) -> Vec<usize> {
        flip_labels(&mut self.labels, self.corpus.tags.len(), fraction, seed)
    }

    fn predict(&mut self, host: &dyn Host) -> Result<(), CoreError> {
        let total = self.config.cv_folds;
        let folds = k_fold(self.train.len(), total, self.config.seed);
        let fold_of = |unit: &Unit| {
            let sentence = self.train.binary_search(&unit.place.sentence).unwrap_or_default();
            folds[sentence] as usize
        };
        let of_units: Vec<usize> = self.units.iter().map(fold_of).collect();
        let chosen = |keep: &dyn Fn(usize) -> bool| -> Vec<usize> {
            (0..self.units.len()).filter(|&unit| keep(of_units[unit])).collect()
        };
        let done = AtomicUsize::new(0);
        host.progress(Progress { stage: PREDICT, done: 0, total });
        let results = share_units(host, total, |fold| {
            let (learned, asked) = (chosen(&|other| other != fold), chosen(&|other| other == fold));
            let rows: Vec<usize> = asked.iter().map(|&unit| self.units[unit].row).collect();
            let (probs, model) = self.fit_predict(&learned, &rows, host)?;
            host.progress(Progress { stage: PREDICT, done: done.fetch_add(1, Ordering::Relaxed) + 1, total });
            Ok((row_by_row(probs), model.warnings()))
        })?;
        let n_tags = self.corpus.tags.len();
        let mut pred_probs = Array2::zeros((self.units.len(), n_tags));
        let mut warnings = Vec::new();
        for (fold, (probs, more)) in results.into_iter().enumerate() {
            for (unit, probs) in chosen(&|other| other == fold).into_iter().zip(probs.chunks_exact(n_tags)) {
                pred_probs.row_mut(unit).assign(&ArrayView1::from(probs));
            }
            warnings.extend(more);
        }
        self.note(warnings);
        self.pred_probs = Some(PredProbs::new(pred_probs)?);
        Ok(())
    }

    fn measure(&mut self, kept: &[usize], host: &dyn Host) -> Result<Metrics, CoreError> {
        let rows: Vec<usize> = self.held_out.iter().map(|unit| unit.row).collect();
        let (predicted, warnings) = share_work(host, || {
            let (probs, model) = self.fit_predict(kept, &rows, host)?;
            Ok::<_, LearnError>((predicted_labels(&probs), model.warnings()))
        })?;
        self.note(warnings);
        Ok(Metrics::new([
            ("token_accuracy", Some(accuracy(&self.held_out_labels, &predicted))),
            ("f1_macro", Some(f1_macro(&self.held_out_labels, &predicted))),
        ]))
    }

    fn find(&mut self, _host: &dyn Host) -> Result<Found, CoreError> {
        let Some(pred_probs) = &self.pred_probs else { return Ok(Found::default()) };
        let labels = Labels::new(self.labels.clone())?;
        let options = FilterOptions { filter_by: self.config.filter_by, ..FilterOptions::default() };
        let flagged = find_label_issues(&labels, pred_probs, &options)?.mask;
        Ok(Found { flagged, scores: get_label_quality_scores(&labels, pred_probs, Score::SelfConfidence)? })
    }
}

/// The sentences trained on and those held out, ascending; where there are fewer than both limits allow, a fifth is held
/// out at most.
fn draw(config: &TokenConfig, corpus: &Corpus) -> Result<(Vec<u32>, Vec<u32>), CoreError> {
    let is_tagged =
        |sentence: &u32| corpus.sentences[*sentence as usize].tokens.iter().any(|token| token.tag != MISSING);
    let mut sentences: Vec<u32> = (0..corpus.sentences.len() as u32).filter(is_tagged).collect();
    let n = sentences.len();
    let least = 2 * config.cv_folds;
    if n < least {
        return Err(CoreError::Unusable(format!(
            "{n} sentences with tags are too few for {} folds: at least {least} are needed.",
            config.cv_folds
        )));
    }
    sentences.shuffle(&mut ChaCha8Rng::seed_from_u64(config.seed));
    let spare = n.saturating_sub(config.max_train_sentences);
    let n_dev = config.max_dev_sentences.min(spare.max(n / 5).max(1));
    let mut train = sentences.split_off(n_dev);
    train.truncate(config.max_train_sentences);
    let mut dev = sentences;
    train.sort_unstable();
    dev.sort_unstable();
    Ok((train, dev))
}

fn distinct(labels: &[u32]) -> Vec<u32> {
    let mut distinct = labels.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}
