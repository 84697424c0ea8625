//! The course that every task that learns has in common: noise → out-of-sample predictions → baseline → issues → prune →
//! retrain → compare.
//!
//! A *unit* is what can carry a wrong label and be left out: a row, or a token. Units are training units only, numbered
//! from 0; what is held out to measure models is the task's own affair.

use forge_learn::{Host, Progress};

use super::clock::Clock;
use super::metrics::Metrics;
use super::table_checks::CHECK;
use crate::CoreError;
use crate::classification::rank::find_top_issues;
use crate::report::{NoiseReport, StageTiming, Variant};

pub(super) const PREPARE: &str = "Preparing the data";
pub(super) const PREDICT: &str = "Predicting out of sample";
pub(super) const BASELINE: &str = "Training the baseline";
pub(super) const FIND: &str = "Finding issues";
pub(super) const RETRAIN: &str = "Retraining without the worst";

/// What a task brings to the course.
pub(super) trait Experiment {
    /// Number of training units.
    fn n_train(&self) -> usize;

    /// Makes labels wrong on purpose, each training unit with the chance `fraction` or exactly that share of them;
    /// returns the units, ascending.
    fn inject(&mut self, fraction: f64, seed: u64) -> Vec<usize>;

    /// Predicts every training unit by a model that never saw it, and keeps the predictions.
    fn predict(&mut self, host: &dyn Host) -> Result<(), CoreError>;

    /// Trains on the units `kept` (ascending) and measures on what was held out.
    fn measure(&mut self, kept: &[usize], host: &dyn Host) -> Result<Metrics, CoreError>;

    /// Looks for what else is wrong with the data, before labels are judged; tells whether it looked. By default it does
    /// not.
    ///
    /// # Errors
    /// [`CoreError::Cancelled`].
    fn check(&mut self, _host: &dyn Host) -> Result<bool, CoreError> {
        Ok(false)
    }

    /// Finds issues from the predictions.
    fn find(&mut self, host: &dyn Host) -> Result<Found, CoreError>;

    /// What is pruned where no unit was found to be an issue; by default nothing.
    fn instead(&self) -> Option<Found> {
        None
    }
}

/// The issues among the training units.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// Whether each unit is an issue.
    pub(super) flagged: Vec<bool>,
    /// How good the label of each is, in [0, 1]; lower is worse.
    pub(super) scores: Vec<f64>,
}

/// What is to be done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// Share of the training units whose label is made wrong.
    pub(super) noise: f64,
    /// Share of the training units that is pruned at most.
    pub(super) prune: f64,
    /// Units pruned at most.
    pub(super) prune_max: usize,
    pub(super) seed: u64,
}

/// How an experiment went.
#[derive(Clone, Debug)]
pub(super) struct Conducted {
    /// `baseline` and, where units were pruned, `pruned_retrain`.
    pub(super) variants: Vec<Variant>,
    pub(super) found: Found,
    /// Units whose label was made wrong, ascending.
    pub(super) wrong: Vec<usize>,
    /// Units left out of the retraining, ascending.
    pub(super) pruned: Vec<usize>,
    /// What became of the noise; absent where none was injected.
    pub(super) noise: Option<NoiseReport>,
    /// Trouble that did not stop the work.
    pub(super) warnings: Vec<String>,
    pub(super) timings: Vec<StageTiming>,
}

/// Goes through the course; `clock` has measured the preparation.
///
/// # Errors
/// Whatever the task reports, but trouble while retraining, which is a warning; [`CoreError::Cancelled`].
pub(super) fn conduct(
    experiment: &mut dyn Experiment,
    plan: &Plan,
    mut clock: Clock<'_>,
    host: &dyn Host,
) -> Result<Conducted, CoreError> {
    let n_train = experiment.n_train();
    let wrong = if plan.noise > 0.0 { experiment.inject(plan.noise, plan.seed) } else { Vec::new() };
    experiment.predict(host)?;
    clock.lap(PREDICT);

    let all: Vec<usize> = (0..n_train).collect();
    let baseline = stage(BASELINE, host, || experiment.measure(&all, host))?;
    clock.lap(BASELINE);
    if experiment.check(host)? {
        clock.lap(CHECK);
    }
    let found = stage(FIND, host, || experiment.find(host))?;
    clock.lap(FIND);

    let limit = ((plan.prune * n_train as f64) as usize).min(plan.prune_max);
    let instead = if found.flagged.contains(&true) { None } else { experiment.instead() };
    let pruned = worst(instead.as_ref().unwrap_or(&found), limit);
    let mut warnings = Vec::new();
    let mut variants = vec![Variant { name: "baseline".to_owned(), n_train, metrics: baseline.clone(), delta: None }];
    if !pruned.is_empty() {
        let kept: Vec<usize> = all.into_iter().filter(|unit| pruned.binary_search(unit).is_err()).collect();
        match stage(RETRAIN, host, || experiment.measure(&kept, host)) {
            Ok(metrics) => variants.push(Variant {
                name: "pruned_retrain".to_owned(),
                n_train: kept.len(),
                delta: Some(metrics.minus(&baseline)),
                metrics,
            }),
            Err(CoreError::Cancelled) => return Err(CoreError::Cancelled),
            Err(error) => warnings.push(format!("Retraining without the pruned rows failed: {error}")),
        }
        clock.lap(RETRAIN);
    }
    let noise = (plan.noise > 0.0).then(|| noise_report(&wrong, &pruned, &found.flagged));
    Ok(Conducted { variants, found, wrong, pruned, noise, warnings, timings: clock.laps })
}

/// Tells of the beginning and the end of a stage of one step.
pub(super) fn stage<T>(
    stage: &str,
    host: &dyn Host,
    work: impl FnOnce() -> Result<T, CoreError>,
) -> Result<T, CoreError> {
    if host.cancelled() {
        return Err(CoreError::Cancelled);
    }
    host.progress(Progress { stage, done: 0, total: 1 });
    let done = work()?;
    host.progress(Progress { stage, done: 1, total: 1 });
    Ok(done)
}

/// The flagged units with the lowest scores, `limit` at most, ascending.
fn worst(found: &Found, limit: usize) -> Vec<usize> {
    let flagged: Vec<usize> = (0..found.flagged.len()).filter(|&unit| found.flagged[unit]).collect();
    let scores: Vec<f64> = flagged.iter().map(|&unit| found.scores[unit]).collect();
    let mut worst: Vec<usize> = find_top_issues(&scores, limit).into_iter().map(|i| flagged[i as usize]).collect();
    worst.sort_unstable();
    worst
}

/// How well the units made wrong (ascending) were found again.
pub(super) fn noise_report(wrong: &[usize], pruned: &[usize], flagged: &[bool]) -> NoiseReport {
    let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
    let is_wrong = |unit: usize| wrong.binary_search(&unit).is_ok();
    let pruned_hits = pruned.iter().filter(|&&unit| is_wrong(unit)).count();
    let n_flagged = flagged.iter().filter(|&&flagged| flagged).count();
    let flagged_hits = wrong.iter().filter(|&&unit| flagged.get(unit).copied().unwrap_or(false)).count();
    NoiseReport {
        n_flipped: wrong.len(),
        n_pruned: pruned.len(),
        precision_at_prune: share(pruned_hits, pruned.len()),
        recall_at_prune: share(pruned_hits, wrong.len()),
        precision_at_flag: share(flagged_hits, n_flagged),
        recall_at_flag: share(flagged_hits, wrong.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_the_flagged_are_pruned_and_compared_with_what_was_made_wrong() {
        let found = Found { flagged: vec![true, false, true, true], scores: vec![0.3, 0.0, 0.1, 0.2] };
        assert_eq!(worst(&found, 2), [2, 3]);
        let report = noise_report(&[0, 3], &[2, 3], &found.flagged);
        assert_eq!((report.precision_at_prune, report.recall_at_prune), (Some(0.5), Some(0.5)));
        assert_eq!((report.precision_at_flag, report.recall_at_flag), (Some(2.0 / 3.0), Some(1.0)));
        assert_eq!(noise_report(&[], &[], &[]).recall_at_prune, None);
    }
}
