//! Fits the trees of a forest, each with its own random stream.

use std::sync::atomic::{AtomicUsize, Ordering};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::classes::Classes;
use super::columns::{Columns, SlotOrder};
use super::grow::{Grower, Grown, Limits};
use super::split::{Best, Random, Splitter};
use super::target::{Counts, Sums, Target};
use super::tree::Tree;
use super::whole::Whole;
use crate::{Host, LearnError, Matrix, Progress, map_units};

/// The rows a tree learns from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Draw {
    /// All rows.
    All,
    /// So many rows, drawn with replacement, each as likely as its weight says.
    Bootstrap(usize),
}

/// How thresholds are found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cuts {
    Best,
    Random,
}

/// All a forest needs to know, with settings turned into numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) n_estimators: usize,
    pub(super) limits: Limits,
    pub(super) draw: Draw,
    pub(super) cuts: Cuts,
    pub(super) seed: u64,
    /// What progress calls the work.
    pub(super) stage: &'static str,
}

/// What rows teach.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lesson<'a> {
    /// Class numbers, or targets around 0.
    pub(super) targets: &'a [f64],
    /// Number of classes, or 1 for targets.
    pub(super) width: usize,
    pub(super) weights: Option<&'a [f64]>,
}

/// Trees and the share of each feature in what they gained.
#[derive(Clone, Debug)]
pub(super) struct Fitted {
    pub(super) trees: Vec<Tree>,
    pub(super) importances: Vec<f64>,
}

/// Fits a forest.
pub(super) fn fit(plan: &Plan, features: &Matrix, lesson: Lesson<'_>, host: &dyn Host) -> Result<Fitted, LearnError> {
    let whole = lesson.weights.is_none() || matches!(plan.draw, Draw::Bootstrap(_));
    let n_counted = if let Draw::Bootstrap(n) = plan.draw { n } else { features.n_rows() };
    match lesson.width {
        2 if whole && n_counted <= Counts::LIMIT => fit_target(plan, features, &Counts::default(), lesson, host),
        1 if whole && n_counted <= Counts::LIMIT && plan.limits.min_samples_leaf == 1 => {
            fit_target(plan, features, &Whole::default(), lesson, host)
        }
        1 | 2 => fit_target(plan, features, &Sums::default(), lesson, host),
        n_classes => fit_target(plan, features, &Classes::new(n_classes), lesson, host),
    }
}

fn fit_target<T: Target>(
    plan: &Plan,
    features: &Matrix,
    target: &T,
    lesson: Lesson<'_>,
    host: &dyn Host,
) -> Result<Fitted, LearnError> {
    let order = if T::IS_EXACT { SlotOrder::ByRow } else { SlotOrder::ByColumn };
    match plan.cuts {
        Cuts::Best => grow_all::<T, Best<T>>(plan, &Columns::ranked(features, order), target, lesson, host),
        Cuts::Random => {
            let columns = Columns::raw(features, order);
            let looks_at_all = plan.limits.max_features == columns.n_features && columns.n_slots == 0;
            let columns = if T::HAS_LANES && looks_at_all { columns.with_table() } else { columns };
            grow_all::<T, Random<T>>(plan, &columns, target, lesson, host)
        }
    }
}

fn grow_all<T: Target, S: Splitter<T>>(
    plan: &Plan,
    columns: &Columns<S::Value>,
    target: &T,
    lesson: Lesson<'_>,
    host: &dyn Host,
) -> Result<Fitted, LearnError> {
    let done = AtomicUsize::new(0);
    let grown = map_units(host, plan.n_estimators, |number| {
        let mut rng = ChaCha8Rng::seed_from_u64(plan.seed);
        rng.set_stream(number as u64);
        let rows = draw(plan.draw, target, lesson, &mut rng);
        let grower = Grower::<T, S>::new(columns, plan.limits, target, rows, rng);
        let grown = grower.grow(lesson.width, &|| host.cancelled()).ok_or(LearnError::Cancelled)?;
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        host.progress(Progress { stage: plan.stage, done, total: plan.n_estimators });
        Ok(grown)
    })?;
    let mut importances = vec![0.0; columns.n_features];
    let mut trees = Vec::with_capacity(grown.len());
    for Grown { tree, gains } in grown {
        let total: f64 = gains.iter().sum();
        if total > 0.0 {
            importances.iter_mut().zip(gains).for_each(|(sum, gain)| *sum += gain / total);
        }
        trees.push(tree);
    }
    let total: f64 = importances.iter().sum();
    if total > 0.0 {
        importances.iter_mut().for_each(|share| *share /= total);
    }
    Ok(Fitted { trees, importances })
}

/// The rows of a tree in ascending order, and what they bring.
fn draw<T: Target>(draw: Draw, target: &T, lesson: Lesson<'_>, rng: &mut ChaCha8Rng) -> (Vec<u32>, Vec<T::Item>) {
    let n = lesson.targets.len();
    let times: Vec<f64> = match (draw, lesson.weights) {
        (Draw::All, None) => vec![1.0; n],
        (Draw::All, Some(weights)) => weights.to_vec(),
        (Draw::Bootstrap(n_drawn), weights) => {
            let mut times = vec![0.0; n];
            let sums: Option<Vec<f64>> = weights.map(cumulative);
            for _ in 0..n_drawn {
                let row = match &sums {
                    None => ((rng.next_u32() as u64 * n as u64) >> 32) as usize,
                    Some(sums) => weighted(sums, rng),
                };
                times[row] += 1.0;
            }
            times
        }
    };
    let chosen = times.iter().zip(lesson.targets).enumerate().filter(|(_, (times, _))| **times > 0.0);
    chosen.map(|(row, (&times, &y))| (row as u32, target.item(y, times))).unzip()
}

/// The running sums of weights.
fn cumulative(weights: &[f64]) -> Vec<f64> {
    let add = |sum: &mut f64, weight: &f64| {
        *sum += weight;
        Some(*sum)
    };
    weights.iter().scan(0.0, add).collect()
}

/// A row drawn with a chance in proportion to its weight.
fn weighted(sums: &[f64], rng: &mut ChaCha8Rng) -> usize {
    let share = (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    let total = sums.last().copied().unwrap_or(0.0);
    let at = sums.partition_point(|&sum| sum <= share * total);
    // Rounding may carry the share to the end, past rows of weight 0.
    at.min(sums.partition_point(|&sum| sum < total))
}
