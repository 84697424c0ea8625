//! Isolation forest: rows that few random splits set apart are unusual (Liu, Ting and Zhou, Isolation Forest, 2008).
//!
//! Parameters, scores and offset mean what they mean in scikit-learn's `IsolationForest`; the random stream is another.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::forest::{Leaves, Node, Tree, draw_cut, predict_mean, single};
use crate::weights::check_weights;
use crate::{Contamination, Host, LearnError, Matrix, Progress, Quiet, map_units};

/// Rows a tree learns from by default.
const AUTO_SAMPLES: usize = 256;

/// The parameters of an isolation forest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IsolationForest {
    /// Number of trees [100; at least 1].
    pub n_estimators: usize,
    /// Rows a tree learns from, drawn without replacement [256, or all where there are fewer; at least 1].
    pub max_samples: Option<usize>,
    /// Share of outliers [auto: the offset is −0.5, as in the original paper].
    pub contamination: Contamination,
    /// Share of features each tree may use, drawn at random [1.0; above 0 and at most 1].
    pub max_features: f64,
    /// Start of the random streams [default 0]; scikit-learn: `random_state`.
    pub seed: u64,
}

impl Default for IsolationForest {
    fn default() -> Self {
        Self { n_estimators: 100, max_samples: None, contamination: Contamination::Auto, max_features: 1.0, seed: 0 }
    }
}

impl IsolationForest {
    /// Checks every field against its range.
    ///
    /// # Errors
    /// [`LearnError::Setting`] naming the field.
    pub fn validate(&self) -> Result<(), LearnError> {
        let refuse = |setting, value: String, range| Err(LearnError::Setting { setting, value, range });
        if self.n_estimators == 0 {
            return refuse("n_estimators", "0".to_owned(), "at least 1");
        }
        if self.max_samples == Some(0) {
            return refuse("max_samples", "0".to_owned(), "at least 1");
        }
        if !(self.max_features > 0.0 && self.max_features <= 1.0) {
            return refuse("max_features", self.max_features.to_string(), "a share above 0 and at most 1");
        }
        self.contamination.validate()
    }

    /// Learns from `features`; with `weights`, scikit-learn's `sample_weight`, rows are drawn in proportion to them.
    ///
    /// # Errors
    /// A parameter or weight outside its range, no row or feature, a missing value, or [`LearnError::Cancelled`].
    pub fn fit(
        &self,
        features: &Matrix,
        weights: Option<&[f64]>,
        host: &dyn Host,
    ) -> Result<IsolationModel, LearnError> {
        self.validate()?;
        let (n_rows, n_features) = (features.n_rows(), features.n_features());
        if n_rows == 0 {
            return Err(LearnError::TooFewRows { n_rows, least: 1 });
        }
        if n_features == 0 {
            return Err(LearnError::NoFeatures);
        }
        features.refuse_missing()?;
        check_weights(n_rows, weights)?;
        let n_samples = self.max_samples.unwrap_or(AUTO_SAMPLES).min(n_rows);
        let n_used = ((self.max_features * n_features as f64) as usize).max(1);
        // The smallest depth at which so many rows could all be apart.
        let max_depth = n_samples.max(2).next_power_of_two().trailing_zeros() as usize;
        let done = AtomicUsize::new(0);
        let trees = map_units(host, self.n_estimators, |number| {
            let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
            rng.set_stream(number as u64);
            let rows = match weights {
                None => distinct(n_rows, n_samples, &mut rng),
                Some(weights) => heavy(weights, n_samples, &mut rng),
            };
            let used = distinct(n_features, n_used, &mut rng);
            let tree = isolate(features, rows, (used, max_depth), &mut rng);
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            host.progress(Progress { stage: "growing an isolation forest", done, total: self.n_estimators });
            Ok(tree)
        })?;
        let mut model = IsolationModel { trees, n_features, expected: average_path_length(n_samples), offset: -0.5 };
        if let Contamination::Share(share) = self.contamination {
            model.offset = quantile(model.try_score_samples(features, host)?, share);
        }
        Ok(model)
    }
}

/// A fitted isolation forest.
#[derive(Clone, Debug)]
pub struct IsolationModel {
    trees: Vec<Tree>,
    n_features: usize,
    /// The path length expected among the rows of a tree.
    expected: f64,
    offset: f64,
}

impl IsolationModel {
    /// The score of each row, between -1 and 0: the lower, the more unusual.
    ///
    /// It is `-2^(-d / c)` with `d` the mean depth at which trees set the row apart and `c` the depth expected.
    pub fn score_samples(&self, features: &Matrix) -> Vec<f64> {
        self.try_score_samples(features, &Quiet).unwrap_or_else(|_| vec![-0.5; features.n_rows()])
    }

    /// The same on the threads of a host.
    ///
    /// # Errors
    /// [`LearnError::Cancelled`].
    pub fn try_score_samples(&self, features: &Matrix, host: &dyn Host) -> Result<Vec<f64>, LearnError> {
        let depths = predict_mean(&self.trees, features, (self.n_features, 1), host)?;
        // One row has no depth to expect; scikit-learn then takes a score of one half.
        let score = |depth: f64| if self.expected > 0.0 { -libm::exp2(-depth / self.expected) } else { -0.5 };
        Ok(depths.into_iter().map(score).collect())
    }

    /// The score of each row less the offset: below 0 for outliers.
    pub fn decision_function(&self, features: &Matrix) -> Vec<f64> {
        self.score_samples(features).into_iter().map(|score| score - self.offset).collect()
    }

    /// The score below which a row is an outlier.
    pub fn offset(&self) -> f64 {
        self.offset
    }
}

/// `count` of the numbers below `n`, all sets of them being equally likely (R. Floyd's algorithm, in J. Bentley,
/// Programming Pearls: a sample of brilliance, 1987).
fn distinct(n: usize, count: usize, rng: &mut ChaCha8Rng) -> Vec<u32> {
    let mut chosen = BTreeSet::new();
    for last in n - count..n {
        let drawn = ((rng.next_u32() as u64 * (last as u64 + 1)) >> 32) as u32;
        if !chosen.insert(drawn) {
            chosen.insert(last as u32);
        }
    }
    chosen.into_iter().collect()
}

/// `count` rows drawn one after the other, each in proportion to its weight among those left (Efraimidis and Spirakis,
/// Weighted random sampling with a reservoir, 2006); fewer where fewer have a weight.
fn heavy(weights: &[f64], count: usize, rng: &mut ChaCha8Rng) -> Vec<u32> {
    let mut keys = Vec::new();
    for (row, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        let share = (rng.next_u32() as f64 + 0.5) / 4_294_967_296.0;
        keys.push((-libm::log(share) / weight, row as u32));
    }
    keys.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    keys.truncate(count);
    keys.into_iter().map(|(_, row)| row).collect()
}

/// Grows a tree of random splits; leaves hold their depth plus what more rows would have added.
fn isolate(
    features: &Matrix,
    mut rows: Vec<u32>,
    (mut used, max_depth): (Vec<u32>, usize),
    rng: &mut ChaCha8Rng,
) -> Tree {
    let mut nodes: Vec<Node> = Vec::new();
    let mut leaves = Leaves::new(1);
    let mut open = vec![(0..rows.len(), 0_usize, None::<usize>)];
    let mut values = Vec::new();
    while let Some((range, depth, right_of)) = open.pop() {
        let number = nodes.len();
        if let Some(split) = right_of {
            nodes[split].right = number as u32;
        }
        let weight = range.len() as f32;
        let here = &mut rows[range.clone()];
        let split = if depth < max_depth && here.len() > 1 {
            random_split(features, here, &mut values, (&mut used, rng))
        } else {
            None
        };
        let Some((feature, threshold, n_left)) = split else {
            let leaf = leaves.push(|out| out.push(depth as f64 + average_path_length(here.len())));
            nodes.push(Node { feature: leaf, threshold: f32::NAN, right: number as u32, weight });
            continue;
        };
        nodes.push(Node { feature, threshold, right: 0, weight });
        let middle = range.start + n_left;
        open.push((middle..range.end, depth + 1, Some(number)));
        open.push((range.start..middle, depth + 1, None));
    }
    Tree { nodes, leaves }
}

/// Divides rows by the first feature drawn that varies, at a threshold between its extremes.
fn random_split(
    features: &Matrix,
    rows: &mut [u32],
    values: &mut Vec<f32>,
    (used, rng): (&mut [u32], &mut ChaCha8Rng),
) -> Option<(u32, f32, usize)> {
    for visited in 0..used.len() {
        let drawn = visited + ((rng.next_u32() as u64 * (used.len() - visited) as u64) >> 32) as usize;
        used.swap(visited, drawn);
        let feature = used[visited];
        values.clear();
        values.extend(rows.iter().map(|&row| value(features, row as usize, feature)));
        let (low, high) =
            values.iter().fold((f32::MAX, f32::MIN), |(low, high), &value| (low.min(value), high.max(value)));
        let Some(threshold) = draw_cut(low, high, rng) else { continue };
        let mut n_left = 0;
        for i in 0..rows.len() {
            if values[i] <= threshold {
                rows.swap(n_left, i);
                values.swap(n_left, i);
                n_left += 1;
            }
        }
        return Some((feature, threshold, n_left));
    }
    None
}

fn value(features: &Matrix, row: usize, feature: u32) -> f32 {
    match features.dense_row(row).get(feature as usize) {
        Some(&x) => single(x),
        None if features.slot_row(row).contains(&feature) => 1.0,
        None => 0.0,
    }
}

/// The path length expected among `n` rows: that of an unsuccessful search in a binary search tree.
fn average_path_length(n: usize) -> f64 {
    let n = n as f64;
    match n {
        ..=1.0 => 0.0,
        2.0 => 1.0,
        _ => 2.0 * (libm::log(n - 1.0) + EULER_GAMMA) - 2.0 * (n - 1.0) / n,
    }
}

const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

/// The `share` quantile of values, interpolated between neighbours as NumPy's `percentile` does.
fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = share * (values.len() - 1) as f64;
    let below = at as usize;
    let above = (below + 1).min(values.len() - 1);
    values[below] + (at - below as f64) * (values[above] - values[below])
}
