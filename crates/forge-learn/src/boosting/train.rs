//! The boosting loop: derivatives, one tree per score, new scores, and whether to stop.

use std::sync::Mutex;

use super::gradients::Entry;
use super::grower::{Ground, Grown, Growth, Workspace};
use super::loss::Loss;
use super::{EarlyStopping, HistGradientBoosting, OneHotSplits};
use crate::binning::{Binned, BinningConfig};
use crate::{Host, LearnError, Matrix, Progress, map_units, train_test_split};

/// Rows from which early stopping is chosen by itself, scikit-learn's `early_stopping="auto"`.
const EARLY_STOPPING_FROM: usize = 10_000;

/// Trees, and what their codes mean.
pub(super) struct Trained {
    pub(super) binned: Binned,
    pub(super) baseline: Vec<f64>,
    /// Iteration by iteration, one tree per score.
    pub(super) trees: Vec<Vec<Grown>>,
    /// The validation loss before the first tree and after each iteration; empty without early stopping.
    pub(super) losses: Vec<f64>,
}

/// Grows the trees that make `loss` small.
pub(super) fn train(
    config: &HistGradientBoosting,
    features: &Matrix,
    loss: Loss<'_>,
    weights: Option<&[f64]>,
    host: &dyn Host,
) -> Result<Trained, LearnError> {
    let n_rows = features.n_rows();
    let stops_early = match config.early_stopping {
        EarlyStopping::Auto => n_rows > EARLY_STOPPING_FROM,
        EarlyStopping::On => true,
        EarlyStopping::Off => false,
    };
    let (rows, validation) = match config.validation_fraction.filter(|_| stops_early) {
        Some(share) => {
            let labels = match loss {
                Loss::SquaredError(_) => None,
                Loss::Binomial(labels) | Loss::Multinomial(labels, _) => Some(labels),
            };
            train_test_split(n_rows, labels, share, config.seed)?
        }
        None => ((0..n_rows as u32).collect(), Vec::new()),
    };
    let binning = BinningConfig {
        max_bins: config.max_bins,
        categorical: &config.categorical_features,
        slots_are_categories: config.one_hot_splits == OneHotSplits::LevelSets,
        seed: config.seed,
    };
    let binned = Binned::new(features, &rows, weights, binning, host)?;
    let baseline = loss.baseline(&rows, weights);
    let mut run = Run {
        config,
        loss,
        weights,
        ground: Ground { binned: &binned, rows: &rows, validation: &validation, host },
        scores: baseline.iter().map(|&score| vec![score; n_rows]).collect(),
        derivatives: vec![vec![[0, 0]; n_rows]; baseline.len()],
        spaces: Mutex::new(Vec::new()),
    };
    let stopping_rows = if validation.is_empty() { &rows } else { &validation };
    let mut losses = Vec::new();
    if stops_early {
        losses.push(loss.mean(stopping_rows, &run.scores, weights));
    }
    let mut trees = Vec::new();
    for iteration in 0..config.max_iter {
        trees.extend(run.iterate(iteration)?);
        host.progress(Progress { stage: "Boosting", done: iteration + 1, total: config.max_iter });
        if stops_early {
            losses.push(loss.mean(stopping_rows, &run.scores, weights));
            if no_longer_falls(&losses, config.n_iter_no_change, config.tol) {
                break;
            }
        }
    }
    Ok(Trained { binned, baseline, trees, losses })
}

struct Run<'a> {
    config: &'a HistGradientBoosting,
    loss: Loss<'a>,
    weights: Option<&'a [f64]>,
    ground: Ground<'a>,
    scores: Vec<Vec<f64>>,
    derivatives: Vec<Vec<Entry>>,
    spaces: Mutex<Vec<Workspace>>,
}

impl Run<'_> {
    /// Grows the trees of one iteration, each on any thread, and moves the scores.
    fn iterate(&mut self, iteration: usize) -> Result<Vec<Vec<Grown>>, LearnError> {
        let units = self.loss.derivatives(&self.scores, self.weights, &mut self.derivatives);
        let n_scores = self.scores.len();
        let scores: Vec<Mutex<&mut Vec<f64>>> = self.scores.iter_mut().map(Mutex::new).collect();
        let grow = |class: usize| {
            let mut space = self.spaces.lock().ok().and_then(|mut spaces| spaces.pop()).unwrap_or_default();
            let growth = growth(self.config, self.ground.binned, (iteration * n_scores + class) as u64);
            let tree = space.grow(self.ground, &self.derivatives[class], units, growth);
            if let Ok(mut scores) = scores[class].lock() {
                space.add_to_scores(&tree, &mut scores);
            }
            if let Ok(mut spaces) = self.spaces.lock() {
                spaces.push(space);
            }
            Ok(tree)
        };
        if n_scores == 1 {
            // One tree may use the host's threads itself.
            return if self.ground.host.cancelled() { Err(LearnError::Cancelled) } else { Ok(vec![grow(0)?]) };
        }
        map_units(self.ground.host, n_scores, grow)
    }
}

fn growth(config: &HistGradientBoosting, binned: &Binned, tree: u64) -> Growth {
    let n_features = binned.candidates.len();
    let n_chosen = ((config.max_features * n_features as f64).ceil() as usize).clamp(1, n_features.max(1));
    Growth {
        max_leaf_nodes: config.max_leaf_nodes,
        max_depth: config.max_depth,
        min_samples_leaf: config.min_samples_leaf,
        l2_regularization: config.l2_regularization,
        shrinkage: config.learning_rate,
        n_chosen: (n_chosen < n_features).then_some((n_chosen, n_features)),
        seed: config.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(tree),
    }
}

/// Whether none of the last `patience` losses is lower than the one before them by more than `tol`.
fn no_longer_falls(losses: &[f64], patience: usize, tol: f64) -> bool {
    let Some(before) = losses.len().checked_sub(patience + 1) else { return false };
    losses[before + 1..].iter().all(|loss| *loss >= losses[before] - tol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn training_goes_on_while_the_loss_falls_by_more_than_the_tolerance() {
        assert!(!no_longer_falls(&[1.0, 1.0], 2, 0.0));
        assert!(no_longer_falls(&[1.0, 1.0, 1.0], 2, 0.0));
        assert!(!no_longer_falls(&[1.0, 0.9, 1.0], 2, 0.0));
        assert!(no_longer_falls(&[1.0, 0.9, 1.0], 2, 0.2));
        assert!(no_longer_falls(&[0.5, 1.0, 0.9, 1.0], 2, 0.1));
    }
}
