//! Local outlier factor: how much sparser the surroundings of a row are than those of its neighbours.
//!
//! Breunig, Kriegel, Ng and Sander, "LOF: identifying density-based local outliers" (2000), as scikit-learn's
//! `neighbors.LocalOutlierFactor` computes it. A factor near 1 is an inlier; scores are the negated factors, so lower is
//! more anomalous.

use ndarray::ArrayView2;

use crate::{Contamination, Host, LearnError, Metric, NearestNeighbors, NeighborGraph};

/// Added to mean reachability distances, so that rows with many copies have a finite density.
const SMALLEST_REACH: f64 = 1e-10;
/// The factor above which a row is an outlier where no share is given.
const AUTO_FACTOR: f64 = 1.5;
/// A factor beyond this comes from copies of rows.
const ABSURD_FACTOR: f64 = 1e7;

/// The parameters of a local outlier factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalOutlierFactor {
    /// Neighbours asked, scikit-learn's `n_neighbors` [20; at least 1]; fewer where there are fewer other rows.
    pub n_neighbors: usize,
    /// Which share of the rows is anomalous [auto: rows whose factor is above 1.5].
    pub contamination: Contamination,
    /// The distance, scikit-learn's `metric` [default euclidean].
    pub metric: Metric,
}

impl Default for LocalOutlierFactor {
    fn default() -> Self {
        Self { n_neighbors: 20, contamination: Contamination::Auto, metric: Metric::Euclidean }
    }
}

impl LocalOutlierFactor {
    /// Checks every field against its range.
    ///
    /// # Errors
    /// [`LearnError::Setting`] naming the field.
    pub fn validate(&self) -> Result<(), LearnError> {
        if self.n_neighbors == 0 {
            return Err(LearnError::Setting { setting: "n_neighbors", value: "0".to_owned(), range: "at least 1" });
        }
        self.contamination.validate()
    }

    /// Scores the rows of `features` (n × d) against each other and keeps them to score new ones.
    ///
    /// # Errors
    /// A parameter outside its range, fewer than two rows, features that cannot be searched, or
    /// [`LearnError::Cancelled`].
    pub fn fit(&self, features: ArrayView2<'_, f64>, host: &dyn Host) -> Result<LocalOutlierFactorModel, LearnError> {
        self.validate()?;
        let n_rows = features.nrows();
        if n_rows < 2 {
            return Err(LearnError::TooFewRows { n_rows, least: 2 });
        }
        let index = NearestNeighbors::new(features, self.metric)?;
        let k = self.n_neighbors.min(n_rows - 1);
        let graph = index.among_themselves(k, host)?;
        let (kth, densities, scores) = among_themselves(&graph);
        let offset = match self.contamination {
            Contamination::Auto => -AUTO_FACTOR,
            Contamination::Share(share) => quantile(&scores, share),
        };
        Ok(LocalOutlierFactorModel { index, k, kth, densities, scores, offset })
    }

    /// The score of each row of a graph of rows among themselves, as [`LocalOutlierFactorModel::scores`] with the graph's
    /// number of neighbours: for callers that have measured the neighbours already.
    pub fn scores_of_graph(graph: &NeighborGraph) -> Vec<f64> {
        among_themselves(graph).2
    }
}

/// Rows with their local densities.
#[derive(Debug)]
pub struct LocalOutlierFactorModel {
    index: NearestNeighbors,
    k: usize,
    /// Distance of each row to its k-th neighbour.
    kth: Vec<f64>,
    densities: Vec<f64>,
    scores: Vec<f64>,
    offset: f64,
}

impl LocalOutlierFactorModel {
    /// The score of each fitted row, the negated factor: near −1 for inliers, lower for outliers. scikit-learn:
    /// `negative_outlier_factor_`.
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    /// The score below which a row is an outlier, scikit-learn's `offset_`.
    pub fn offset(&self) -> f64 {
        self.offset
    }

    /// Neighbours used, scikit-learn's `n_neighbors_`.
    pub fn n_neighbors(&self) -> usize {
        self.k
    }

    /// Which fitted rows are outliers, scikit-learn's `fit_predict(X) == -1`.
    pub fn outliers(&self) -> Vec<bool> {
        self.scores.iter().map(|&score| score < self.offset).collect()
    }

    /// The scores of new rows (m × d) among the fitted ones, scikit-learn's `score_samples` with `novelty=True`; a fitted
    /// row given again has itself as a neighbour.
    ///
    /// # Errors
    /// Queries that differ in columns or cannot be searched, or [`LearnError::Cancelled`].
    pub fn score_samples(&self, queries: ArrayView2<'_, f64>, host: &dyn Host) -> Result<Vec<f64>, LearnError> {
        let graph = self.index.of(queries, self.k, host)?;
        Ok(scores(&graph, &densities(&graph, &self.kth), &self.densities))
    }

    /// What a user should know about the fit.
    pub fn warnings(&self) -> Vec<String> {
        if self.scores.iter().all(|&score| score >= -ABSURD_FACTOR) {
            return Vec::new();
        }
        vec!["Rows with many exact copies distort the local outlier factors: raise n_neighbors.".to_owned()]
    }
}

/// The distance to the last neighbour, the density and the score of each row of a graph of rows among themselves.
fn among_themselves(graph: &NeighborGraph) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let kth: Vec<f64> = graph.distances().map(|row| row.last().copied().unwrap_or_default()).collect();
    let densities = densities(graph, &kth);
    let scores = scores(graph, &densities, &densities);
    (kth, densities, scores)
}

/// The local reachability density of each query: the inverse of its mean reachability distance.
fn densities(graph: &NeighborGraph, kth: &[f64]) -> Vec<f64> {
    let density = |(rows, distances): (&[u32], &[f64])| {
        let reach = |(&row, &distance): (&u32, &f64)| kth.get(row as usize).map_or(distance, |kth| kth.max(distance));
        let sum: f64 = rows.iter().zip(distances).map(reach).sum();
        1.0 / (sum / rows.len() as f64 + SMALLEST_REACH)
    };
    graph.neighbors().zip(graph.distances()).map(density).collect()
}

/// The negated mean ratio of the neighbours' densities to the query's own.
fn scores(graph: &NeighborGraph, own: &[f64], fitted: &[f64]) -> Vec<f64> {
    let score = |(rows, own): (&[u32], &f64)| {
        let ratios = rows.iter().filter_map(|&row| fitted.get(row as usize)).map(|density| density / own);
        -ratios.sum::<f64>() / rows.len() as f64
    };
    graph.neighbors().zip(own).map(score).collect()
}

/// Linear interpolation between order statistics, `numpy.percentile`.
fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let place = share * (sorted.len() - 1) as f64;
    let at = |i: usize| sorted.get(i).copied().unwrap_or_default();
    let (low, high) = (at(place.floor() as usize), at(place.ceil() as usize));
    low + (high - low) * place.fract()
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::Quiet;

    #[test]
    fn a_row_far_from_a_cluster_stands_out() {
        let rows =
            Array2::from_shape_fn((30, 2), |(i, j)| if i == 29 { 9.0 } else { ((i * 7 + j * 3) % 11) as f64 * 0.1 });
        let model =
            LocalOutlierFactor { n_neighbors: 5, ..LocalOutlierFactor::default() }.fit(rows.view(), &Quiet).unwrap();
        assert!(model.outliers()[29]);
        assert_eq!(model.outliers().iter().filter(|out| **out).count(), 1);
        let new = model.score_samples(array![[0.5, 0.5], [50.0, 50.0]].view(), &Quiet).unwrap();
        assert!(new[0] > -2.0 && new[1] < -20.0, "{new:?}");
    }

    #[test]
    fn copies_alone_are_inliers_and_few_rows_use_fewer_neighbours() {
        let model = LocalOutlierFactor::default().fit(Array2::zeros((3, 2)).view(), &Quiet).unwrap();
        assert_eq!((model.n_neighbors(), model.scores()), (2, [-1.0; 3].as_slice()));
        assert!(model.warnings().is_empty());
        assert!(LocalOutlierFactor::default().fit(Array2::zeros((1, 2)).view(), &Quiet).is_err());
        let half = LocalOutlierFactor { contamination: Contamination::Share(0.7), ..LocalOutlierFactor::default() };
        assert!(half.validate().unwrap_err().to_string().starts_with("contamination is 0.7"));
    }
}
