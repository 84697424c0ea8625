//! A run as the course of [`super::super::experiment`]: training rows are the units.

use forge_data::Table;
use forge_learn::{Beside, CrossValidation, Host, Progress, errand, share_work};
use ndarray::{Array2, Axis};

use super::config::RunConfig;
use super::labels::{LabelFindings, judge};
use super::model::{Model, measure};
use super::problem::{Given, Problem, chosen};
use crate::CoreError;
use crate::classification::clean_learning::{CleanLearning, Evidence, NoiseKnowledge, weights_by_noise};
use crate::classification::filter::FilterOptions;
use crate::datalab::{AuditData, Datalab, IssueType, Targets};
use crate::noise::{add_noise, flip_labels};
use crate::report::Variant;
use crate::tasks::experiment::{Experiment, Found};
use crate::tasks::metrics::Metrics;
use crate::tasks::rows::{of_rows, row_by_row};
use crate::tasks::table_checks::{DEFAULT_METRIC, MEASURE, TableChecks, audit_column, numbers, with_distances};
use crate::{Labels, PredProbs};

/// Spread of the noise added to numbers, in their standard deviations.
const NOISE_SCALE: f64 = 5.0;
/// The checks that take little time.
const FAST: [IssueType; 4] = [IssueType::Label, IssueType::Outlier, IssueType::NearDuplicate, IssueType::NonIid];

/// A run on its way.
pub(super) struct Course<'a> {
    pub(super) config: &'a RunConfig,
    pub(super) table: &'a Table,
    pub(super) problem: Problem,
    model: Model,
    validation: CrossValidation,
    /// Out-of-sample predictions of all rows.
    pub(super) predicted: Array2<f64>,
    /// Classes that no training row of a fold has, with the fold.
    pub(super) absent: Vec<(u32, u32)>,
    /// What the checks found, where they were wanted.
    pub(super) lab: Option<Datalab>,
    /// The label issues of all rows.
    pub(super) labels: LabelFindings,
    /// What a user should know; each sentence occurs once.
    pub(super) warnings: Vec<String>,
    baseline: Baseline,
    ahead: Ahead,
}

/// What was worked out beside the folds, for later.
#[derive(Default)]
struct Ahead {
    /// What the baseline predicts of the held-out rows.
    held_out: Option<HeldOut>,
    /// The columns as numbers for distances.
    features: Option<Distances>,
}

/// Predictions of the held-out rows, row by row, and what a user should know.
type HeldOut = (Vec<f64>, Vec<String>);
/// Columns as numbers, row by row, and what a user should know.
type Distances = (Vec<f64>, Vec<String>);

/// Whether the model that predicts the held-out rows out of sample has been trained.
#[derive(PartialEq, Eq)]
enum Baseline {
    Missing,
    Measured,
}

impl<'a> Course<'a> {
    pub(super) fn new(config: &'a RunConfig, table: &'a Table, mut problem: Problem) -> Result<Self, CoreError> {
        let task = problem.given.task();
        let width = match &problem.given {
            Given::Classes(_, names) => names.len(),
            Given::Numbers(_) => 1,
        };
        Ok(Self {
            model: Model::new(&config.model_for(task), task, config.seed)?,
            validation: config.cross_validation(),
            predicted: Array2::zeros((problem.rows.len(), width)),
            absent: Vec::new(),
            lab: None,
            labels: LabelFindings::default(),
            warnings: std::mem::take(&mut problem.warnings),
            baseline: Baseline::Missing,
            ahead: Ahead::default(),
            config,
            table,
            problem,
        })
    }

    /// Adds warnings that are not there yet.
    pub(super) fn note(&mut self, warnings: impl IntoIterator<Item = String>) {
        for warning in warnings {
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
    }

    /// Trains on the rows at `kept`, which count `weights` where given, and predicts the held-out rows.
    fn held_out(&mut self, kept: &[usize], weights: Option<&[f64]>, host: &dyn Host) -> Result<Array2<f64>, CoreError> {
        let found = share_work(host, || self.fit_held_out(kept, weights, host))?;
        self.take_held_out(found)
    }

    fn fit_held_out(&self, kept: &[usize], weights: Option<&[f64]>, host: &dyn Host) -> Result<HeldOut, CoreError> {
        let found = self.model.held_out(self.table, &self.problem, (kept, weights, &self.validation), host)?;
        Ok((row_by_row(found.values), found.warnings))
    }

    fn take_held_out(&mut self, (values, warnings): HeldOut) -> Result<Array2<f64>, CoreError> {
        self.note(warnings);
        of_rows(values, self.problem.test.len())
    }

    /// The columns as numbers for distances.
    fn distances(&self, host: &dyn Host) -> Result<Distances, CoreError> {
        let Problem { rows, columns, .. } = &self.problem;
        let mut warnings = Vec::new();
        let encoder = self.config.encoder();
        let features = numbers((self.table, columns, rows), (&encoder, self.config.seed), &mut warnings, host)?;
        Ok((row_by_row(features), warnings))
    }

    /// The labels and what is predicted of them, as the checks take them.
    fn data(&self) -> Result<AuditData, CoreError> {
        Ok(match &self.problem.given {
            Given::Classes(labels, names) => {
                AuditData::of(Targets::Classes(Labels::new(labels.clone())?, names.clone()))
                    .with_pred_probs(self.predicted.clone())
            }
            Given::Numbers(numbers) => AuditData::of(Targets::Numbers(numbers.clone()))
                .with_predictions(self.predicted.iter().copied().collect()),
        })
    }

    fn label_filter(&self) -> FilterOptions {
        FilterOptions { filter_by: self.config.filter_by, ..FilterOptions::default() }
    }

    /// What the check of labels says of numbers; it runs alone where the others were not wanted.
    fn judge_numbers(&self, host: &dyn Host) -> Result<LabelFindings, CoreError> {
        if let Some(found) = self.lab.as_ref().and_then(|lab| lab.result(IssueType::Label)) {
            return Ok(LabelFindings::of_check(found));
        }
        let mut lab = Datalab::new(self.data()?);
        TableChecks { wanted: Some(vec![IssueType::Label]), ..TableChecks::default() }.run(&mut lab, host)?;
        match (lab.result(IssueType::Label), lab.failures().next()) {
            (Some(found), _) => Ok(LabelFindings::of_check(found)),
            (None, Some((_, error))) => Err(error.clone()),
            (None, None) => Err(CoreError::Unusable("The labels could not be judged.".to_owned())),
        }
    }

    /// Trains without the training rows whose labels are likely wrong, by confident learning on the out-of-sample
    /// probabilities at hand; classes that lost rows count more. cleanlab: `CleanLearning.fit`.
    pub(super) fn clean_learning(&mut self, baseline: &Metrics, host: &dyn Host) -> Result<Variant, CoreError> {
        let Given::Classes(labels, _) = &self.problem.given else {
            return Err(CoreError::setting("train_cleanlearning", true, "false where numbers are predicted"));
        };
        let train = self.problem.train.clone();
        let labels = Labels::new(chosen(labels, &train))?;
        let probs = PredProbs::new(self.predicted.select(Axis(0), &train))?;
        let default = CleanLearning::default();
        let filter = FilterOptions { filter_by: self.config.filter_by, ..default.filter.clone() };
        let learning = CleanLearning { filter, seed: self.config.seed, cv_n_folds: self.config.cv_folds, ..default };
        let found = learning.find_label_issues(&labels, Evidence::PredProbs(&probs), &NoiseKnowledge::default())?;
        let units: Vec<usize> = (0..train.len()).filter(|&unit| !found.is_label_issue[unit]).collect();
        let takes_weights = matches!(&self.model, Model::Classes(classifier) if classifier.takes_weights());
        let weights = found.noise.filter(|_| takes_weights).map(|noise| weights_by_noise(&noise, &labels));
        let weights = weights.map(|weights| chosen(&weights, &units));
        let predicted = self.held_out(&chosen(&train, &units), weights.as_deref(), host)?;
        let metrics = measure(&self.problem, &predicted)?;
        Ok(Variant {
            name: "cleanlearning".to_owned(),
            n_train: units.len(),
            delta: Some(metrics.minus(baseline)),
            metrics,
        })
    }
}

impl Experiment for Course<'_> {
    fn n_train(&self) -> usize {
        self.problem.train.len()
    }

    fn inject(&mut self, fraction: f64, seed: u64) -> Vec<usize> {
        let train = &self.problem.train;
        match &mut self.problem.given {
            Given::Classes(labels, names) => {
                let mut given = chosen(labels, train);
                let wrong = flip_labels(&mut given, names.len(), fraction, seed);
                wrong.iter().for_each(|&unit| labels[train[unit]] = given[unit]);
                wrong
            }
            Given::Numbers(numbers) => {
                let mut given = chosen(numbers, train);
                let wrong = add_noise(&mut given, fraction, NOISE_SCALE, seed);
                wrong.iter().for_each(|&unit| numbers[train[unit]] = given[unit]);
                wrong
            }
        }
    }

    fn predict(&mut self, host: &dyn Host) -> Result<(), CoreError> {
        // Who shares the job would wait for one of them to do these later.
        let mut errands = vec![errand(|| self.fit_held_out(&self.problem.train, None, host))];
        if self.config.use_datalab {
            errands.push(errand(|| self.distances(host)));
        }
        let beside = Beside::new(host, errands);
        let found = self.model.out_of_sample(self.table, &self.problem, &self.validation, &beside)?;
        let ahead = Ahead { held_out: beside.found(0), features: beside.found(1) };
        drop(beside);
        self.ahead = ahead;
        assign(&mut self.predicted, &self.problem.train, &found.values);
        self.absent = found.absent;
        self.note(found.warnings);
        Ok(())
    }

    fn measure(&mut self, kept: &[usize], host: &dyn Host) -> Result<Metrics, CoreError> {
        let kept = chosen(&self.problem.train, kept);
        let predicted = match self.ahead.held_out.take() {
            Some(found) => self.take_held_out(found)?,
            None => self.held_out(&kept, None, host)?,
        };
        if self.baseline == Baseline::Missing {
            assign(&mut self.predicted, &self.problem.test, &predicted);
            self.baseline = Baseline::Measured;
        }
        measure(&self.problem, &predicted)
    }

    fn check(&mut self, host: &dyn Host) -> Result<bool, CoreError> {
        if !self.config.use_datalab {
            return Ok(false);
        }
        host.progress(Progress { stage: MEASURE, done: 0, total: 1 });
        let (values, mut warnings) = match self.ahead.features.take() {
            Some(features) => features,
            None => share_work(host, || self.distances(host))?,
        };
        let Problem { rows, columns, .. } = &self.problem;
        let features = of_rows(values, rows.len())?;
        let columns = columns.iter().map(|&column| audit_column(self.table, column, rows)).collect();
        let data = self.data()?.with_columns(columns);
        let measure = (DEFAULT_METRIC, self.config.seed);
        let mut lab = Datalab::new(with_distances(data, features, measure, &mut warnings, host)?);
        host.progress(Progress { stage: MEASURE, done: 1, total: 1 });
        let wanted = self.config.datalab_fast.then(|| FAST.to_vec());
        let label_filter = Some(self.label_filter());
        TableChecks { wanted, label_filter, ..TableChecks::default() }.run(&mut lab, host)?;
        self.lab = Some(lab);
        self.note(warnings);
        Ok(true)
    }

    fn find(&mut self, host: &dyn Host) -> Result<Found, CoreError> {
        let limit = self.config.issue_score_threshold;
        self.labels = match &self.problem.given {
            Given::Classes(labels, _) => {
                let probs = PredProbs::new(self.predicted.clone())?;
                judge(&Labels::new(labels.clone())?, &probs, &self.label_filter())?
            }
            Given::Numbers(_) => self.judge_numbers(host)?,
        };
        if let Some(limit) = limit {
            self.labels
                .flagged
                .iter_mut()
                .zip(&self.labels.scores)
                .for_each(|(issue, &score)| *issue &= score <= limit);
        }
        Ok(Found {
            flagged: chosen(&self.labels.flagged, &self.problem.train),
            scores: chosen(&self.labels.scores, &self.problem.train),
        })
    }

    /// The outliers, where numbers are predicted.
    fn instead(&self) -> Option<Found> {
        let outliers = match self.problem.given {
            Given::Numbers(_) => self.lab.as_ref()?.result(IssueType::Outlier)?,
            Given::Classes(..) => return None,
        };
        Some(Found {
            flagged: chosen(&outliers.is_issue, &self.problem.train),
            scores: chosen(&outliers.scores, &self.problem.train),
        })
    }
}

/// Writes predictions to the rows they are of.
fn assign(all: &mut Array2<f64>, positions: &[usize], predicted: &Array2<f64>) {
    positions.iter().zip(predicted.outer_iter()).for_each(|(&i, row)| all.row_mut(i).assign(&row));
}
