//! Out-of-sample predictions, and the share of rows whose leaving out makes them best.

use std::sync::atomic::{AtomicUsize, Ordering};

use forge_learn::{Host, Muted, Progress, Regressor, k_fold, r2_score, share_units};

use super::RegressionData;
use crate::{CoreError, by_number};

/// Steps of the fine search at most; each costs a cross-validation.
const LARGEST_FINE_SIZE: usize = 1_000;
/// What the progress of the rounds is called.
const STAGE: &str = "Predicting out of sample";

/// The shares of issues that are tried: first a coarse grid, then finer steps on both sides of its best.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// Shares tried first [0.01, 0.05, 0.1, 0.15, 0.2; each 0–1, at least one], cleanlab's `coarse_search_range`.
    pub coarse: Vec<f64>,
    /// Steps between the best of them and each neighbour [3; 0–1,000, 0 leaves them out], cleanlab's `fine_search_size`.
    pub fine_size: usize,
}

impl Default for Search {
    fn default() -> Self {
        Self { coarse: vec![0.01, 0.05, 0.1, 0.15, 0.2], fine_size: 3 }
    }
}

impl Search {
    /// Checks every field against its range.
    ///
    /// # Errors
    /// The setting, its value and its range.
    pub fn validate(&self) -> Result<(), CoreError> {
        if self.coarse.is_empty() {
            return Err(CoreError::setting("coarse_search_range", "empty", "at least one share of issues to try"));
        }
        if self.fine_size > LARGEST_FINE_SIZE {
            return Err(CoreError::setting("fine_search_size", self.fine_size, format!("at most {LARGEST_FINE_SIZE}")));
        }
        match self.coarse.iter().position(|share| !(0.0..=1.0).contains(share)) {
            Some(i) => {
                let name = format!("coarse_search_range[{i}]");
                Err(CoreError::setting(&name, self.coarse[i], "a share between 0 and 1"))
            }
            None => Ok(()),
        }
    }

    /// Rounds of cross-validation at most.
    pub(super) fn n_rounds(&self) -> usize {
        2 + self.coarse.len() + if self.coarse.len() > 1 { 2 * self.fine_size } else { 0 }
    }

    /// The best share, 0 where leaving nothing out is best, and the predictions of a last round with it.
    pub(super) fn run(&self, validator: &mut CrossValidator<'_>, n_folds: usize) -> Result<(f64, Vec<f64>), CoreError> {
        let targets = validator.data.targets();
        let initial = validator.predict_all(n_folds)?;
        let residuals: Vec<f64> = initial.iter().zip(targets).map(|(p, y)| (p - y).abs()).collect();
        let order: Vec<u32> = by_number::ascending(&residuals).into_iter().map(|row| row as u32).collect();

        let best = self.best(validator, &order, n_folds)?;
        let share = if r2_score(targets, &initial, None)? >= best.r2 { 0.0 } else { best.share };
        let predictions = validator.predict(&order, share, n_folds)?;
        Ok((share, predictions))
    }

    fn best(&self, validator: &mut CrossValidator<'_>, order: &[u32], n_folds: usize) -> Result<Trial, CoreError> {
        let mut shares = self.coarse.clone();
        shares.sort_by(f64::total_cmp);
        let only = shares.len() == 1;
        let coarse = validator.trials(&shares, order, n_folds)?;
        let place = best_place(&coarse);
        let best = coarse[place];
        if only && best.r2.is_infinite() {
            return Err(too_few_rows(order.len(), n_folds));
        }
        if only || self.fine_size == 0 {
            return Ok(best);
        }
        let between = |from: f64, to: f64| {
            let step = (to - from) / (self.fine_size as f64 + 1.0);
            (1..=self.fine_size).map(move |i| i as f64 * step + from)
        };
        let mut finer = Vec::with_capacity(2 * self.fine_size);
        if let Some(before) = place.checked_sub(1).and_then(|place| shares.get(place)) {
            finer.extend(between(*before, best.share));
        }
        if let Some(after) = shares.get(place + 1) {
            finer.extend(between(best.share, *after));
        }
        let fine = validator.trials(&finer, order, n_folds)?;
        let best_fine = fine[best_place(&fine)];
        Ok(if best.r2 > best_fine.r2 { best } else { best_fine })
    }
}

/// A share of rows to leave out and how well all rows are then predicted.
#[derive(Clone, Copy, Debug)]
struct Trial {
    share: f64,
    /// Coefficient of determination; minus infinity where too few rows were left to try.
    r2: f64,
}

/// The first of the best.
fn best_place(trials: &[Trial]) -> usize {
    let mut best = 0;
    for (place, trial) in trials.iter().enumerate() {
        if trial.r2 > trials[best].r2 {
            best = place;
        }
    }
    best
}

fn too_few_rows(n_rows: usize, n_folds: usize) -> CoreError {
    CoreError::setting("cv_n_folds", n_folds, format!("at most the {n_rows} rows that are left to learn from"))
}

/// Predicts each row by models that were fitted without it; each round deals the folds anew.
pub(super) struct CrossValidator<'a> {
    model: &'a dyn Regressor,
    data: &'a RegressionData,
    next_seed: u64,
    /// Rounds begun and rounds there will be at most, for the progress.
    rounds: (usize, usize),
    host: &'a dyn Host,
}

impl<'a> CrossValidator<'a> {
    /// Deals folds from `seed` on, in `n_rounds` rounds at most.
    pub(super) fn new(
        model: &'a dyn Regressor,
        data: &'a RegressionData,
        (seed, n_rounds): (u64, usize),
        host: &'a dyn Host,
    ) -> Self {
        Self { model, data, next_seed: seed, rounds: (0, n_rounds), host }
    }

    /// Predictions with no row left out of every training.
    pub(super) fn predict_all(&mut self, n_folds: usize) -> Result<Vec<f64>, CoreError> {
        let order: Vec<u32> = (0..self.data.len() as u32).collect();
        self.predict(&order, 0.0, n_folds)
    }

    /// Out-of-sample predictions of `residuals` in place of the targets.
    pub(super) fn predict_residuals(&mut self, residuals: &[f64], n_folds: usize) -> Result<Vec<f64>, CoreError> {
        let order: Vec<u32> = (0..self.data.len() as u32).collect();
        self.predict_targets(residuals, (&order, order.len()), n_folds)
    }

    fn trials(&mut self, shares: &[f64], order: &[u32], n_folds: usize) -> Result<Vec<Trial>, CoreError> {
        let mut trials = Vec::with_capacity(shares.len());
        for &share in shares {
            let kept = (order.len() as f64 * (1.0 - share)).floor() as usize;
            let r2 = if kept < n_folds {
                f64::NEG_INFINITY
            } else {
                r2_score(self.data.targets(), &self.predict(order, share, n_folds)?, None)?
            };
            trials.push(Trial { share, r2 });
        }
        Ok(trials)
    }

    /// Predictions where the last `share` of `order` is never trained on; those rows get the mean over all folds.
    fn predict(&mut self, order: &[u32], share: f64, n_folds: usize) -> Result<Vec<f64>, CoreError> {
        let dropped = (order.len() as f64 * share).ceil() as usize;
        self.predict_targets(self.data.targets(), (order, order.len().saturating_sub(dropped)), n_folds)
    }

    fn predict_targets(
        &mut self,
        targets: &[f64],
        (order, n_kept): (&[u32], usize),
        n_folds: usize,
    ) -> Result<Vec<f64>, CoreError> {
        if n_kept < n_folds {
            return Err(too_few_rows(n_kept, n_folds));
        }
        let (kept, dropped) = order.split_at(n_kept);
        let folds = k_fold(n_kept, n_folds, self.next_seed);
        self.next_seed = self.next_seed.wrapping_add(1);
        let features = self.data.features();
        let of_dropped = features.select(dropped)?;
        let (before, finished) = (self.rounds.0 * n_folds, AtomicUsize::new(0));
        let total = self.rounds.1 * n_folds;
        self.host.progress(Progress { stage: STAGE, done: before.min(total), total });
        let fold_results = share_units(self.host, n_folds, |fold| {
            let (held_out, train): (Vec<_>, Vec<_>) =
                kept.iter().zip(&folds).partition(|(_, of_row)| **of_row as usize == fold);
            let rows = |pairs: Vec<(&u32, &u32)>| pairs.into_iter().map(|(&row, _)| row).collect::<Vec<u32>>();
            let (held_out, train) = (rows(held_out), rows(train));
            let train_targets: Vec<f64> = train.iter().map(|&row| targets[row as usize]).collect();
            let host = &Muted(self.host);
            let model = self.model.fit(&features.select(&train)?, &train_targets, None, host)?;
            let of_held_out = model.try_predict(&features.select(&held_out)?, host)?;
            let of_dropped = if dropped.is_empty() { Vec::new() } else { model.try_predict(&of_dropped, host)? };
            let done = before + finished.fetch_add(1, Ordering::Relaxed) + 1;
            self.host.progress(Progress { stage: STAGE, done: done.min(total), total });
            Ok((held_out, of_held_out, of_dropped))
        })?;
        self.rounds.0 += 1;
        let mut predictions = vec![0.0; order.len()];
        for (held_out, of_held_out, of_dropped) in fold_results {
            for (row, prediction) in held_out.into_iter().zip(of_held_out) {
                predictions[row as usize] = prediction;
            }
            for (&row, prediction) in dropped.iter().zip(of_dropped) {
                predictions[row as usize] += prediction / n_folds as f64;
            }
        }
        Ok(predictions)
    }
}
