//! Rows whose order says something about them. cleanlab's check `non_iid`.
//!
//! Where rows are independent and identically distributed, near neighbours are no nearer in the file than any two rows.
//! The Kolmogorov–Smirnov statistic of the distances in the file between neighbours is compared with what it is when the
//! rows are shuffled.

mod permutation;

use forge_learn::{Host, Metric, NeighborGraph, map_units};
use libm::{erfc, pow, sqrt, tanh};
use serde::Deserialize;

use super::data::AuditData;
use super::found::{Found, info};
use super::graph::{GraphRequest, SharedGraph, UsedGraph};
use crate::CoreError;
use crate::outlier::Features;
use permutation::Permutations;

/// Permutations that are drawn before they are measured.
const BATCH: usize = 8;

/// Settings of the check.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NonIidSettings {
    /// Distance between rows; by default cosine beyond 3 columns.
    pub metric: Option<Metric>,
    /// Neighbours of each row [default 10].
    pub k: usize,
    /// Shuffles that the order is compared with [25; at least 2].
    pub num_permutations: usize,
    /// Seed of the shuffling, NumPy's `random.seed` [default 0].
    pub seed: u32,
    /// A p-value below this is an issue [default 0.05].
    pub significance_threshold: f64,
}

impl Default for NonIidSettings {
    fn default() -> Self {
        Self { metric: None, k: 10, num_permutations: 25, seed: 0, significance_threshold: 0.05 }
    }
}

/// Scores every row by how near its neighbours are in the file; where the order matters, flags the row of the lowest
/// score, since the issue is one of the whole data set, whose score is the p-value.
pub(super) fn find(
    data: &AuditData,
    shared: &mut SharedGraph,
    settings: NonIidSettings,
    host: &dyn Host,
) -> Result<Found, CoreError> {
    let request = GraphRequest { k: settings.k, metric: settings.metric };
    let of_predictions = !shared.serves(data, settings.k) && !data.has_features() && data.has_pred_probs();
    let used = if of_predictions {
        let features = Features::new(data.pred_probs()?.view().to_owned())?;
        shared.get(data, Ok(&features), request, host)?
    } else {
        shared.get(data, data.features(), request, host)?
    };
    let n = used.graph.n_rows();
    if n < 3 {
        return Err(CoreError::setting("features", format!("{n} rows"), "at least 3 rows, to have an order"));
    }
    let p_value = p_value(&used.graph, settings, host)?;
    let scores = scores(&used.graph);
    let mut is_issue = vec![false; n];
    if p_value < settings.significance_threshold {
        let lowest = (0..n).min_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or(0);
        is_issue[lowest] = true;
    }
    if !of_predictions {
        shared.keep(&used);
    }
    let UsedGraph { graph, metric } = used;
    Ok(Found {
        is_issue,
        scores,
        score: p_value,
        facts: Vec::new(),
        graph: Some(graph),
        info: info! { "p-value": p_value, "metric": metric, "k": settings.k },
    })
}

/// The share of shuffles that would order the rows as strongly, smoothed by a Gaussian kernel (Scott's bandwidth).
fn p_value(graph: &NeighborGraph, settings: NonIidSettings, host: &dyn Host) -> Result<f64, CoreError> {
    let m = settings.num_permutations;
    if m < 2 {
        return Err(CoreError::setting("num_permutations", m, "at least 2"));
    }
    let background = Background::new(graph.n_rows());
    let identity: Vec<u32> = (0..graph.n_rows() as u32).collect();
    let observed = background.statistic(graph, &identity);
    let mut shuffled = Vec::with_capacity(m);
    let mut permutations = Permutations::new(settings.seed);
    while shuffled.len() < m {
        let batch: Vec<Vec<u32>> = (shuffled.len()..m).take(BATCH).map(|_| permutations.next(graph.n_rows())).collect();
        shuffled.extend(map_units(host, batch.len(), |i| {
            Ok(batch.get(i).map_or(0.0, |permutation| background.statistic(graph, permutation)))
        })?);
    }
    let mean = shuffled.iter().sum::<f64>() / m as f64;
    let variance = shuffled.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (m as f64 - 1.0);
    let width = sqrt(variance) * pow(m as f64, -0.2);
    if width.is_nan() || width <= 0.0 {
        return Err(CoreError::Unusable(
            "all shuffles of the rows order them alike, so their order cannot be judged".to_owned(),
        ));
    }
    // The kernel's mass from the observed statistic to 100, which is beyond any.
    let upper_tail = |x: f64| 0.5 * erfc((observed - x) / (width * std::f64::consts::SQRT_2));
    Ok((shuffled.into_iter().map(upper_tail).sum::<f64>() / m as f64).clamp(0.0, 1.0))
}

/// The distribution of the distance in the file between two rows picked at random.
struct Background {
    /// Cumulative, by distance from 1.
    cumulative: Vec<f64>,
}

impl Background {
    fn new(n: usize) -> Self {
        let pairs = (n as f64) * (n as f64 - 1.0) / 2.0;
        let mut sum = 0.0;
        let cumulative = (1..n)
            .map(|distance| {
                sum += (n - distance) as f64 / pairs;
                sum
            })
            .collect();
        Self { cumulative }
    }

    /// The Kolmogorov–Smirnov statistic of the distances between neighbours where row i stands at `place[i]`.
    fn statistic(&self, graph: &NeighborGraph, place: &[u32]) -> f64 {
        let mut counts = vec![0_u32; self.cumulative.len() + 1];
        for (neighbors, &here) in graph.neighbors().zip(place) {
            for &neighbor in neighbors {
                let there = place.get(neighbor as usize).copied().unwrap_or(here);
                counts[here.abs_diff(there) as usize] += 1;
            }
        }
        let total = counts.iter().map(|&count| count as usize).sum::<usize>();
        let (mut before, mut statistic) = (0_usize, 0.0_f64);
        for (distance, &count) in counts.iter().enumerate().filter(|&(_, &count)| count > 0) {
            // NumPy's index −1 is the last element: a distance of 0 counts as the largest.
            let expected = distance.checked_sub(1).map_or(1.0, |i| self.cumulative[i]);
            let last = before + count as usize - 1;
            for position in [before, last] {
                statistic = statistic.max((position as f64 / total as f64 - expected).abs());
            }
            before = last + 1;
        }
        let largest = self.cumulative.last().copied().unwrap_or(1.0);
        statistic.max((1.0 - largest).abs())
    }
}

/// A score per row: the area between the distribution of its neighbours' distances in the file and that of all rows'.
fn scores(graph: &NeighborGraph) -> Vec<f64> {
    let n = graph.n_rows();
    let last = (n - 1) as f64;
    let mut distances: Vec<u32> = Vec::with_capacity(graph.k() + 1);
    let score = |(row, neighbors): (usize, &[u32])| {
        distances.clear();
        distances.extend(neighbors.iter().map(|&neighbor| neighbor.abs_diff(row as u32)));
        distances.sort_unstable();
        distances.push((n - 1) as u32);
        // Up to this distance there are rows on both sides.
        let both = if row > (n - 1) / 2 { n - 1 - row } else { row } as f64;
        let to_both = both * both / last;
        let to_one = 0.5 * (2.0 * both / last + 1.0) * (n as f64 - 2.0 * both - 1.0);
        let area_to = |d: f64| {
            if d <= both {
                d * d / last
            } else if d <= n as f64 - both - 1.0 {
                to_both + 0.5 * ((d + 3.0 * both) * (d - both) / last)
            } else {
                to_both + to_one + (d - (n as f64 - both - 1.0))
            }
        };
        let k = neighbors.len() as f64;
        let (mut previous, mut previous_area, mut total) = (0.0, 0.0, 0.0);
        for (i, &distance) in distances.iter().enumerate() {
            let d = f64::from(distance);
            let area = area_to(d);
            total += (i as f64 / k * (d - previous) - (area - previous_area)).abs();
            (previous, previous_area) = (d, area);
        }
        let furthest = row.max(n - row) as f64;
        tanh(-total / furthest) + 1.0
    };
    graph.neighbors().enumerate().map(score).collect()
}
