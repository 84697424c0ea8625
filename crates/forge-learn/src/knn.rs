//! k nearest neighbours: a row gets the classes, or the mean target, of the training rows nearest to it.
//!
//! The counterparts are scikit-learn's `KNeighborsClassifier` and `KNeighborsRegressor`. Neighbours are exact; where
//! scikit-learn leaves open which of several equally distant rows count, here those with the lowest row numbers do.
//! Tables with category columns are searched as they are kept, one index per category.

mod mixed;
mod search;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::cross_validation::check_label_numbers;
use crate::{
    Classifier, ClassifierModel, Host, LearnError, Matrix, Metric, Quiet, Regressor, RegressorModel, WeightedLabels,
};
use search::{NearestRows, RowSearch};

/// How much each neighbour counts, scikit-learn's `weights`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeighborWeights {
    /// All alike.
    #[default]
    Uniform,
    /// The inverse of its distance; where some are at distance 0, those alike and the others not at all.
    Distance,
}

/// The parameters of a nearest-neighbour model, for classes and for numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KNeighbors {
    /// Neighbours asked, scikit-learn's `n_neighbors` [5; from 1 to the number of training rows].
    pub n_neighbors: usize,
    /// How much each neighbour counts, scikit-learn's `weights` [default uniform].
    pub weights: NeighborWeights,
    /// The distance, scikit-learn's `metric` [default euclidean].
    pub metric: Metric,
}

impl Default for KNeighbors {
    fn default() -> Self {
        Self { n_neighbors: 5, weights: NeighborWeights::Uniform, metric: Metric::Euclidean }
    }
}

impl KNeighbors {
    fn search(&self, features: &Matrix, weights: Option<&[f64]>) -> Result<RowSearch, LearnError> {
        if weights.is_some() {
            return Err(LearnError::Setting {
                setting: "sample_weight",
                value: "given".to_owned(),
                range: "left out: nearest neighbours count alike",
            });
        }
        if self.n_neighbors == 0 || self.n_neighbors > features.n_rows() {
            return Err(LearnError::Setting {
                setting: "n_neighbors",
                value: self.n_neighbors.to_string(),
                range: "a number from 1 to the number of training rows",
            });
        }
        RowSearch::new(features, self.metric)
    }

    /// Keeps `features` and one class number below `n_classes` per row.
    ///
    /// # Errors
    /// More neighbours than rows, a label outside its range, weights, or features that cannot be searched.
    pub fn fit_classes(&self, features: &Matrix, rows: WeightedLabels<'_>) -> Result<KNeighborsClassifier, LearnError> {
        let WeightedLabels { labels, n_classes, weights } = rows;
        check_label_numbers(features.n_rows(), labels, n_classes)?;
        let search = self.search(features, weights)?;
        Ok(KNeighborsClassifier { parameters: self.clone(), search, labels: labels.to_vec(), n_classes })
    }

    /// Keeps `features` and one finite target per row.
    ///
    /// # Errors
    /// More neighbours than rows, a target that is not finite, weights, or features that cannot be searched.
    pub fn fit_targets(
        &self,
        features: &Matrix,
        targets: &[f64],
        weights: Option<&[f64]>,
    ) -> Result<KNeighborsRegressor, LearnError> {
        if targets.len() != features.n_rows() {
            return Err(LearnError::LabelCount { n_labels: targets.len(), n_rows: features.n_rows() });
        }
        if let Some(row) = targets.iter().position(|target| !target.is_finite()) {
            return Err(LearnError::Matrix { row, rule: "its target is not finite" });
        }
        let search = self.search(features, weights)?;
        Ok(KNeighborsRegressor { parameters: self.clone(), search, targets: targets.to_vec() })
    }

    /// Calls `use_row` with each query's number, neighbours and their weights.
    fn for_each_query(&self, found: &NearestRows, mut use_row: impl FnMut(usize, &[u32], &[f64])) {
        let mut weights = vec![1.0; self.n_neighbors];
        for (query, (rows, distances)) in found.iter().enumerate() {
            if self.weights == NeighborWeights::Distance {
                let on_top = distances.first() == Some(&0.0);
                for (weight, &distance) in weights.iter_mut().zip(distances) {
                    *weight = if on_top { f64::from(u8::from(distance == 0.0)) } else { 1.0 / distance };
                }
            }
            use_row(query, rows, &weights);
        }
    }
}

impl Classifier for KNeighbors {
    fn fit(
        &self,
        features: &Matrix,
        rows: WeightedLabels<'_>,
        _host: &dyn Host,
    ) -> Result<Box<dyn ClassifierModel>, LearnError> {
        Ok(Box::new(self.fit_classes(features, rows)?))
    }

    fn takes_weights(&self) -> bool {
        false
    }
}

impl Regressor for KNeighbors {
    fn fit(
        &self,
        features: &Matrix,
        targets: &[f64],
        weights: Option<&[f64]>,
        _host: &dyn Host,
    ) -> Result<Box<dyn RegressorModel>, LearnError> {
        Ok(Box::new(self.fit_targets(features, targets, weights)?))
    }
}

/// Rows with their classes, ready to vote.
#[derive(Debug)]
pub struct KNeighborsClassifier {
    parameters: KNeighbors,
    search: RowSearch,
    labels: Vec<u32>,
    n_classes: usize,
}

impl KNeighborsClassifier {
    /// Class probabilities, rows × classes: the share of the neighbours' weight that each class has.
    ///
    /// # Errors
    /// Features that cannot be searched, or [`LearnError::Cancelled`].
    pub fn predict_proba(&self, features: &Matrix, host: &dyn Host) -> Result<Array2<f64>, LearnError> {
        let found = self.search.nearest(features, self.parameters.n_neighbors, host)?;
        let mut out = Array2::zeros((features.n_rows(), self.n_classes));
        self.parameters.for_each_query(&found, |query, rows, weights| {
            let mut probs = out.row_mut(query);
            for (&row, weight) in rows.iter().zip(weights) {
                if let Some(sum) = self.labels.get(row as usize).and_then(|&label| probs.get_mut(label as usize)) {
                    *sum += weight;
                }
            }
            let total = probs.sum();
            probs.mapv_inplace(|sum| sum / total);
        });
        Ok(out)
    }
}

impl ClassifierModel for KNeighborsClassifier {
    /// Rows that cannot be compared with the training rows get equal probabilities.
    fn predict_proba(&self, features: &Matrix) -> Array2<f64> {
        let equal = || Array2::from_elem((features.n_rows(), self.n_classes), 1.0 / self.n_classes.max(1) as f64);
        self.predict_proba(features, &Quiet).unwrap_or_else(|_| equal())
    }

    fn try_predict_proba(&self, features: &Matrix, host: &dyn Host) -> Result<Array2<f64>, LearnError> {
        self.predict_proba(features, host)
    }
}

/// Rows with their targets, ready to be averaged.
#[derive(Debug)]
pub struct KNeighborsRegressor {
    parameters: KNeighbors,
    search: RowSearch,
    targets: Vec<f64>,
}

impl KNeighborsRegressor {
    /// The weighted mean target of each row's neighbours.
    ///
    /// # Errors
    /// Features that cannot be searched, or [`LearnError::Cancelled`].
    pub fn predict(&self, features: &Matrix, host: &dyn Host) -> Result<Vec<f64>, LearnError> {
        let found = self.search.nearest(features, self.parameters.n_neighbors, host)?;
        let mut out = vec![0.0; features.n_rows()];
        self.parameters.for_each_query(&found, |query, rows, weights| {
            let targets = rows.iter().filter_map(|&row| self.targets.get(row as usize));
            let sum: f64 = targets.zip(weights).map(|(target, weight)| target * weight).sum();
            if let Some(mean) = out.get_mut(query) {
                *mean = sum / weights.iter().sum::<f64>();
            }
        });
        Ok(out)
    }
}

impl RegressorModel for KNeighborsRegressor {
    /// Rows that cannot be compared with the training rows get the mean of all targets.
    fn predict(&self, features: &Matrix) -> Vec<f64> {
        let mean = || self.targets.iter().sum::<f64>() / self.targets.len().max(1) as f64;
        self.predict(features, &Quiet).unwrap_or_else(|_| vec![mean(); features.n_rows()])
    }

    fn try_predict(&self, features: &Matrix, host: &dyn Host) -> Result<Vec<f64>, LearnError> {
        self.predict(features, host)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn line() -> Matrix {
        Matrix::from_dense(&array![[0.0], [1.0], [2.0], [10.0]]).unwrap()
    }

    #[test]
    fn neighbours_on_top_of_a_row_outvote_all_others() {
        let model = KNeighbors { n_neighbors: 3, weights: NeighborWeights::Distance, ..KNeighbors::default() };
        let labels = WeightedLabels::unweighted(&[0, 1, 1, 1], 2);
        let queries = Matrix::from_dense(&array![[0.0], [0.5]]).unwrap();
        let probs = model.fit_classes(&line(), labels).unwrap().predict_proba(&queries, &Quiet).unwrap();
        assert_eq!(probs.row(0).to_vec(), [1.0, 0.0]);
        assert!((probs[[1, 0]] - 2.0 / (2.0 + 2.0 + 1.0 / 1.5)).abs() < 1e-15);
        let numbers = model.fit_targets(&line(), &[5.0, 1.0, 1.0, 1.0], None).unwrap();
        assert_eq!(numbers.predict(&queries, &Quiet).unwrap()[0], 5.0);
    }

    #[test]
    fn a_number_of_neighbours_beyond_the_rows_is_refused() {
        let labels = WeightedLabels::unweighted(&[0, 1, 1, 1], 2);
        let refused = KNeighbors::default().fit_classes(&line(), labels).unwrap_err().to_string();
        assert!(refused.starts_with("n_neighbors is 5"), "{refused}");
    }

    #[test]
    fn weights_are_refused_and_one_class_is_no_error() {
        let model = KNeighbors { n_neighbors: 2, ..KNeighbors::default() };
        assert!(model.fit_targets(&line(), &[0.0; 4], Some(&[1.0; 4])).is_err());
        let one = model.fit_classes(&line(), WeightedLabels::unweighted(&[1; 4], 2)).unwrap();
        assert_eq!(ClassifierModel::predict_proba(&one, &line()).column(1).sum(), 4.0);
    }
}
