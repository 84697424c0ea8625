//! Out-of-distribution scores from numeric features: the mean distance to the nearest neighbours, scaled by the median
//! row's.

use forge_learn::{Host, Metric, NearestNeighbors, NeighborGraph, TieOrder};
use libm::exp;
use ndarray::{Array2, ArrayView2};

use crate::CoreError;
use crate::median::median;

/// Neighbours where none are asked for, cleanlab's `DEFAULT_K`.
const DEFAULT_K: usize = 10;
/// Up to this many columns the distance is euclidean by default, cleanlab's `HIGH_DIMENSION_CUTOFF`.
const LOW_DIMENSION: usize = 3;
/// Largest magnitude of a feature, so that squares do not overflow.
const LARGEST: f64 = 1e150;
/// Rounding errors that a distance is allowed before it counts as one, cleanlab's `C`.
const ROUNDINGS: f64 = 100.0;
/// Smallest divisor of a distance, cleanlab's `EPSILON`.
const SMALLEST_SCALE: f64 = 1e-6;

/// Numeric features of rows, n × d.
///
/// *Invariant*: at least one row and one column; every value is finite and at most 1e150 in magnitude.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    values: Array2<f64>,
}

impl Features {
    /// Takes an n × d matrix.
    ///
    /// # Errors
    /// [`CoreError::Shape`] for an empty matrix; [`CoreError::Setting`] naming the first value that is not finite or
    /// larger than 1e150.
    pub fn new(values: Array2<f64>) -> Result<Self, CoreError> {
        Self::check(&values)?;
        Ok(Self { values })
    }

    /// What [`Features::new`] checks.
    pub(crate) fn check(values: &Array2<f64>) -> Result<(), CoreError> {
        if values.is_empty() {
            return Err(CoreError::Shape {
                argument: "features",
                shape: format!("{} × {}", values.nrows(), values.ncols()),
                expected: "at least one row and one column (examples × features)".to_owned(),
            });
        }
        let allowed = |value: f64| value.abs() <= LARGEST;
        let all_allowed = values.iter().fold(true, |ok, &value| ok & allowed(value));
        if !all_allowed && let Some(((row, column), value)) = values.indexed_iter().find(|&(_, &v)| !allowed(v)) {
            let rule = "a finite number of at most 1e150 in magnitude";
            return Err(CoreError::setting(&format!("features[{row}, {column}]"), value, rule));
        }
        Ok(())
    }

    /// Takes a matrix that [`Features::check`] has let through.
    pub(crate) fn from_checked(values: Array2<f64>) -> Self {
        debug_assert!(Self::check(&values).is_ok());
        Self { values }
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.values.nrows()
    }

    /// Number of columns.
    pub fn n_columns(&self) -> usize {
        self.values.ncols()
    }

    /// The matrix, n × d.
    pub fn view(&self) -> ArrayView2<'_, f64> {
        self.values.view()
    }

    /// The number of neighbours to use: `k`, or 10, or all other rows where there are fewer.
    fn neighbors(&self, k: Option<usize>) -> Result<usize, CoreError> {
        let n = self.n_rows();
        if n < 2 {
            let expected = "at least 2 rows: a row is no neighbour of itself".to_owned();
            return Err(CoreError::Shape {
                argument: "features",
                shape: format!("{n} × {}", self.n_columns()),
                expected,
            });
        }
        match k {
            None => Ok(DEFAULT_K.min(n - 1)),
            Some(k) if k >= 1 && k < n => Ok(k),
            Some(k) => {
                Err(CoreError::setting("k", k, format!("1 to {}, below the number of rows in `features`", n - 1)))
            }
        }
    }
}

/// The distance used where none is asked for: euclidean up to 3 columns, cosine beyond. cleanlab:
/// `internal.neighbor.metric.decide_default_metric`.
pub fn default_metric(features: &Features) -> Metric {
    if features.n_columns() > LOW_DIMENSION { Metric::Cosine } else { Metric::Euclidean }
}

/// The nearest neighbours of every row, exact copies first. cleanlab:
/// `internal.neighbor.knn_graph.create_knn_graph_and_index`.
///
/// `k` defaults to 10 or all other rows, `metric` to [`default_metric`]. Equally distant rows come in the order that
/// scikit-learn gives them ([`TieOrder`]).
///
/// # Errors
/// A single row, `k` not from 1 to n − 1, cancellation.
pub fn neighbor_graph(
    features: &Features,
    k: Option<usize>,
    metric: Option<Metric>,
    host: &dyn Host,
) -> Result<(NeighborGraph, NearestNeighbors), CoreError> {
    let k = features.neighbors(k)?;
    let ties = if metric.is_none() { TieOrder::Cleanlab } else { TieOrder::ScikitLearn };
    let index = NearestNeighbors::new(features.view(), metric.unwrap_or_else(|| default_metric(features)))?;
    let index = index.with_ties(ties);
    let mut graph = index.among_themselves(k, host)?;
    graph.correct_exact_duplicates(features.view());
    Ok((graph, index))
}

/// Settings of [`FeatureOod`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeatureOodOptions {
    /// Neighbours whose distance is averaged, from 1 to n − 1. Default: 10, or n − 1 where that is fewer.
    pub k: Option<usize>,
    /// How fast scores fall with distance: exp(−t · distance / scale); above 0. Default: 1.
    pub t: f64,
}

impl Default for FeatureOodOptions {
    fn default() -> Self {
        Self { k: None, t: 1.0 }
    }
}

/// Scores rows by their distance to a data set. cleanlab: `OutOfDistribution` fitted on `features`.
///
/// *Invariant*: k is at least 1 and at most the number of rows; the scale is above 0.
#[derive(Debug)]
pub struct FeatureOod {
    index: NearestNeighbors,
    k: usize,
    t: f64,
    scaling_factor: f64,
}

impl FeatureOod {
    /// Learns the rows and their typical distance, and scores them, each by its neighbours among the others.
    ///
    /// # Errors
    /// A setting outside its range, a single row, cancellation.
    pub fn fit_score(
        features: &Features,
        options: FeatureOodOptions,
        host: &dyn Host,
    ) -> Result<(Self, Vec<f64>), CoreError> {
        if !(options.t > 0.0 && options.t.is_finite()) {
            return Err(CoreError::setting("t", options.t, "a number above 0"));
        }
        let (graph, index) = neighbor_graph(features, options.k, None, host)?;
        let mut distances = graph.mean_distances();
        let scaling_factor = typical_distance(&distances);
        scores_of_distances(&mut distances, Some(index.metric()), options.t, scaling_factor);
        Ok((Self { k: graph.k(), t: options.t, scaling_factor, index }, distances))
    }

    /// A score in [0, 1] per row of other features (m × d) by its neighbours in the data set; lower is less typical.
    ///
    /// # Errors
    /// Features of another number of columns than was fitted; cancellation.
    pub fn score(&self, features: &Features, host: &dyn Host) -> Result<Vec<f64>, CoreError> {
        if features.n_columns() != self.index.n_columns() {
            return Err(CoreError::Shape {
                argument: "features",
                shape: format!("{} × {}", features.n_rows(), features.n_columns()),
                expected: format!("{} columns, as were fitted", self.index.n_columns()),
            });
        }
        let mut distances = self.index.mean_distances(features.view(), self.k, host)?;
        scores_of_distances(&mut distances, Some(self.index.metric()), self.t, self.scaling_factor);
        Ok(distances)
    }

    /// Neighbours whose distance is averaged.
    pub fn k(&self) -> usize {
        self.k
    }

    /// The distance used.
    pub fn metric(&self) -> Metric {
        self.index.metric()
    }

    /// The median row's mean distance, at least 100 machine epsilons.
    pub fn scaling_factor(&self) -> f64 {
        self.scaling_factor
    }
}

/// The median, at least 100 machine epsilons.
pub(crate) fn typical_distance(distances: &[f64]) -> f64 {
    median(distances).max(ROUNDINGS * f64::EPSILON)
}

/// Turns mean distances into scores exp(−t · distance / scale), and 1 where a distance is no more than rounding of a
/// known metric.
/// cleanlab: `internal.outlier.transform_distances_to_scores` and `correct_precision_errors`.
pub(crate) fn scores_of_distances(distances: &mut [f64], metric: Option<Metric>, t: f64, scaling_factor: f64) {
    let rounding = match metric {
        None => f64::NEG_INFINITY,
        Some(Metric::Cosine) => ROUNDINGS * f64::EPSILON / 2.0,
        Some(Metric::Euclidean) => (ROUNDINGS * f64::EPSILON).sqrt(),
    };
    let scale = scaling_factor.max(SMALLEST_SCALE);
    for distance in distances {
        *distance = if *distance < rounding { 1.0 } else { exp(-t * *distance / scale) };
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Axis, array, concatenate};
    use proptest::prelude::*;

    use super::*;
    use crate::Quiet;

    fn scores(rows: Array2<f64>, k: usize) -> Vec<f64> {
        let options = FeatureOodOptions { k: Some(k), ..Default::default() };
        FeatureOod::fit_score(&Features::new(rows).unwrap(), options, &Quiet).unwrap().1
    }

    fn rows(values: &[f64], d: usize) -> Array2<f64> {
        let n = values.len() / d;
        Array2::from_shape_vec((n, d), values[..n * d].to_vec()).unwrap()
    }

    proptest! {
        #[test]
        fn reversing_rows_reverses_scores(values in prop::collection::vec(-5.0_f64..5.0, 40..400), d in 1_usize..8) {
            let rows = rows(&values, d);
            prop_assume!(rows.nrows() > 4);
            let mut reversed = rows.clone();
            reversed.invert_axis(Axis(0));
            let mut backwards = scores(reversed, 3);
            backwards.reverse();
            prop_assert_eq!(scores(rows, 3), backwards);
        }

        #[test]
        fn doubling_rows_and_neighbours_leaves_scores(values in prop::collection::vec(-5.0_f64..5.0, 40..400), d in 1_usize..8) {
            let rows = rows(&values, d);
            prop_assume!(rows.nrows() > 4);
            let once = scores(rows.clone(), 3);
            // Each row has its copy at distance 0 and each of its neighbours twice.
            let twice = scores(concatenate![Axis(0), rows, rows], 7);
            prop_assert!(once.iter().zip(&twice).all(|(a, b)| (a - b).abs() < 1e-9), "{:?} {:?}", once, twice);
        }
    }

    #[test]
    fn the_row_far_from_the_others_scores_lowest() {
        let features = Features::new(array![[0.0], [0.1], [0.2], [0.3], [9.0]]).unwrap();
        let options = FeatureOodOptions { k: Some(2), ..Default::default() };
        let (ood, scores) = FeatureOod::fit_score(&features, options, &Quiet).unwrap();
        assert!(scores[..4].iter().all(|&score| score > 0.3) && scores[4] < 1e-10, "{scores:?}");
        assert_eq!(ood.metric(), Metric::Euclidean);
        assert!(ood.score(&Features::new(array![[0.15], [-40.0]]).unwrap(), &Quiet).unwrap()[1] < 1e-100);
    }

    #[test]
    fn copies_of_one_row_all_score_one() {
        let features = Features::new(Array2::from_elem((20, 5), 0.1)).unwrap();
        let (ood, scores) = FeatureOod::fit_score(&features, FeatureOodOptions::default(), &Quiet).unwrap();
        assert_eq!((scores, ood.k()), (vec![1.0; 20], 10));
    }

    #[test]
    fn bad_features_and_settings_are_named() {
        assert!(Features::new(array![[0.0, f64::NAN]]).unwrap_err().to_string().contains("`features[0, 1]` is NaN"));
        let features = Features::new(array![[0.0], [1.0], [2.0]]).unwrap();
        let fit = |k, t| FeatureOod::fit_score(&features, FeatureOodOptions { k, t }, &Quiet).unwrap_err().to_string();
        assert!(fit(Some(3), 1.0).contains("`k` is 3"));
        assert!(fit(Some(0), 1.0).contains("`k` is 0"));
        assert!(fit(None, 0.0).contains("`t` is 0"));
        let (ood, _) = FeatureOod::fit_score(&features, FeatureOodOptions::default(), &Quiet).unwrap();
        assert!(matches!(ood.score(&Features::new(array![[0.0, 1.0]]).unwrap(), &Quiet), Err(CoreError::Shape { .. })));
    }
}
