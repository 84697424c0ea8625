//! Histogram gradient boosting: scikit-learn's `HistGradientBoostingClassifier` and `HistGradientBoostingRegressor`.
//!
//! Features are cut into at most 255 bins once; each iteration then grows a tree per score, leaf by leaf, on sums of the
//! first and second derivatives of the loss (Friedman, "Greedy function approximation", 2001; Ke et al., "`LightGBM`",
//! 2017). Bins, gains, limits, baseline and early stopping are scikit-learn's, so the same rows give the same trees up to
//! near-ties; only random draws (validation rows, features per node, rows for thresholds beyond 200,000) differ.
//!
//! Missing values are read natively: each split learns which side they take. A one-hot slot is one column of codes whose
//! histogram serves all "is it this level?" questions, and dense columns of zeros and ones are bundled likewise.

mod ensemble;
mod exponential;
mod gradients;
mod grower;
mod histogram;
mod loss;
mod model;
mod split;
#[cfg(test)]
mod tests;
mod train;

use serde::{Deserialize, Serialize};

use crate::cross_validation::check_labels;
use crate::weights::check_weights;
use crate::{
    ClassWeight, Classifier, ClassifierModel, Host, LearnError, Matrix, Regressor, RegressorModel, WeightedLabels,
};
use ensemble::Ensemble;
use loss::Loss;
pub use model::{BoostedClassifier, BoostedRegressor};
use train::train;

/// Targets beyond this could overflow when squared and summed.
const LARGEST_TARGET: f64 = 1e100;

/// Whether boosting stops when a validation loss no longer falls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EarlyStopping {
    /// With more than 10,000 rows.
    #[default]
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

/// What a split asks about the one-hot columns of a matrix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OneHotSplits {
    /// Whether a row has one level, as if the columns were numbers.
    #[default]
    OneLevel,
    /// Whether a row has one of a set of levels, as scikit-learn's `categorical_features` asks of an unencoded column.
    LevelSets,
}

/// The parameters of histogram gradient boosting, for classes by log loss and for numbers by squared error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HistGradientBoosting {
    /// Factor on the value of each leaf [0.1; above 0].
    pub learning_rate: f64,
    /// Iterations at most; each grows one tree, or one per class beyond two classes [100; 1–100,000].
    pub max_iter: usize,
    /// Leaves per tree at most [31; at least 2, or none for no limit].
    pub max_leaf_nodes: Option<usize>,
    /// Splits between root and deepest leaf at most [none; at least 1].
    pub max_depth: Option<usize>,
    /// Training rows per leaf at least [20; at least 1].
    pub min_samples_leaf: usize,
    /// L2 penalty on leaf values [0; at least 0].
    pub l2_regularization: f64,
    /// Share of the features that each node chooses among at random [1; above 0, at most 1].
    pub max_features: f64,
    /// Bins per number column at most, missing values apart [255; 2–255].
    pub max_bins: usize,
    /// Dense columns whose numbers are levels without order, counted from 0 [default none]. Unlike scikit-learn, which refuses
    /// more than `max_bins` levels, up to 60,000 are accepted.
    pub categorical_features: Vec<usize>,
    /// What splits ask about one-hot columns [default one level].
    pub one_hot_splits: OneHotSplits,
    /// Whether to stop early [default auto].
    pub early_stopping: EarlyStopping,
    /// Share of the rows set aside to judge early stopping, class by class; none judges by the training rows
    /// [0.1; between 0 and 1].
    pub validation_fraction: Option<f64>,
    /// Iterations without improvement before stopping [10; at least 1].
    pub n_iter_no_change: usize,
    /// What counts as improvement of the loss [1e-7; at least 0].
    pub tol: f64,
    /// How much classes count; a fit of numbers passes it over [each row alike].
    pub class_weight: ClassWeight,
    /// Seed of all draws, scikit-learn's `random_state` [default 42].
    pub seed: u64,
}

impl Default for HistGradientBoosting {
    fn default() -> Self {
        Self {
            learning_rate: 0.1,
            max_iter: 100,
            max_leaf_nodes: Some(31),
            max_depth: None,
            min_samples_leaf: 20,
            l2_regularization: 0.0,
            max_features: 1.0,
            max_bins: 255,
            categorical_features: Vec::new(),
            one_hot_splits: OneHotSplits::OneLevel,
            early_stopping: EarlyStopping::Auto,
            validation_fraction: Some(0.1),
            n_iter_no_change: 10,
            tol: 1e-7,
            class_weight: ClassWeight::None,
            seed: 42,
        }
    }
}

impl HistGradientBoosting {
    /// Checks every field against its range.
    ///
    /// # Errors
    /// [`LearnError::Setting`] naming the field.
    pub fn validate(&self) -> Result<(), LearnError> {
        let number = |value: f64| value.to_string();
        let count = |value: Option<usize>| value.map_or_else(|| "none".to_owned(), |value| value.to_string());
        let fraction = self.validation_fraction;
        let checks = [
            (
                "learning_rate",
                self.learning_rate > 0.0 && self.learning_rate <= 1e6,
                number(self.learning_rate),
                "a number above 0",
            ),
            (
                "max_iter",
                (1..=100_000).contains(&self.max_iter),
                count(Some(self.max_iter)),
                "a number from 1 to 100,000",
            ),
            (
                "max_leaf_nodes",
                self.max_leaf_nodes.is_none_or(|n| n >= 2),
                count(self.max_leaf_nodes),
                "at least 2, or none",
            ),
            ("max_depth", self.max_depth.is_none_or(|n| n >= 1), count(self.max_depth), "at least 1, or none"),
            ("min_samples_leaf", self.min_samples_leaf >= 1, count(Some(self.min_samples_leaf)), "at least 1"),
            (
                "l2_regularization",
                self.l2_regularization >= 0.0 && self.l2_regularization.is_finite(),
                number(self.l2_regularization),
                "a number of at least 0",
            ),
            (
                "max_features",
                self.max_features > 0.0 && self.max_features <= 1.0,
                number(self.max_features),
                "a number above 0 and at most 1",
            ),
            ("max_bins", (2..=255).contains(&self.max_bins), count(Some(self.max_bins)), "a number from 2 to 255"),
            (
                "validation_fraction",
                fraction.is_none_or(|share| share > 0.0 && share < 1.0),
                number(fraction.unwrap_or_default()),
                "a number between 0 and 1, or none",
            ),
            ("n_iter_no_change", self.n_iter_no_change >= 1, count(Some(self.n_iter_no_change)), "at least 1"),
            ("tol", self.tol >= 0.0 && self.tol.is_finite(), number(self.tol), "a number of at least 0"),
        ];
        match checks.into_iter().find(|check| !check.1) {
            Some((setting, _, value, range)) => Err(LearnError::Setting { setting, value, range }),
            None => Ok(()),
        }
    }

    /// Learns class probabilities from `features`, in which numbers may be missing, and one class number per row.
    ///
    /// Classes without a row are left out of the fit and get probability 0.
    ///
    /// # Errors
    /// A parameter, label or weight outside its range, labels of one class, or [`LearnError::Cancelled`].
    pub fn fit_classes(
        &self,
        features: &Matrix,
        rows: WeightedLabels<'_>,
        host: &dyn Host,
    ) -> Result<BoostedClassifier, LearnError> {
        let WeightedLabels { labels, n_classes, weights } = rows;
        self.check(features)?;
        check_labels(features.n_rows(), labels, n_classes)?;
        check_weights(features.n_rows(), weights)?;
        let weights = self.class_weight.by_count(labels, n_classes, weights)?;
        check_weights(features.n_rows(), weights.as_deref())?;
        let mut place = vec![None; n_classes];
        labels.iter().for_each(|&label| place[label as usize] = Some(0));
        let classes: Vec<u32> = (0..n_classes as u32).filter(|&class| place[class as usize].is_some()).collect();
        classes.iter().enumerate().for_each(|(k, &class)| place[class as usize] = Some(k as u32));
        let targets: Vec<u32> = labels.iter().filter_map(|&label| place[label as usize]).collect();
        let loss =
            if classes.len() == 2 { Loss::Binomial(&targets) } else { Loss::Multinomial(&targets, classes.len()) };
        let mut trained = train(self, features, loss, weights.as_deref(), host)?;
        let validation_losses = std::mem::take(&mut trained.losses);
        let ensemble = Ensemble::new(trained, features);
        Ok(BoostedClassifier { ensemble, classes, n_classes, validation_losses })
    }

    /// Learns to predict numbers from `features`, in which numbers may be missing, and one finite target per row.
    ///
    /// # Errors
    /// A parameter, target or weight outside its range, no rows, or [`LearnError::Cancelled`].
    pub fn fit_numbers(
        &self,
        features: &Matrix,
        targets: &[f64],
        weights: Option<&[f64]>,
        host: &dyn Host,
    ) -> Result<BoostedRegressor, LearnError> {
        self.check(features)?;
        let n_rows = features.n_rows();
        if targets.len() != n_rows {
            return Err(LearnError::LabelCount { n_labels: targets.len(), n_rows });
        }
        if n_rows < 2 {
            return Err(LearnError::TooFewRows { n_rows, least: 2 });
        }
        // A comparison that NaN fails too.
        if let Some(row) = targets.iter().position(|target| !matches!(target.abs(), 0.0..=LARGEST_TARGET)) {
            return Err(LearnError::Matrix { row, rule: "its target is not finite or beyond 1e100" });
        }
        check_weights(n_rows, weights)?;
        let mut trained = train(self, features, Loss::SquaredError(targets), weights, host)?;
        let validation_losses = std::mem::take(&mut trained.losses);
        Ok(BoostedRegressor { ensemble: Ensemble::new(trained, features), validation_losses })
    }

    fn check(&self, features: &Matrix) -> Result<(), LearnError> {
        self.validate()?;
        if features.n_features() == 0 {
            return Err(LearnError::NoFeatures);
        }
        match self.categorical_features.iter().find(|&&column| column >= features.n_dense()) {
            Some(&column) => Err(LearnError::Column { column, n_columns: features.n_dense() }),
            None => Ok(()),
        }
    }
}

impl Classifier for HistGradientBoosting {
    fn fit(
        &self,
        features: &Matrix,
        rows: WeightedLabels<'_>,
        host: &dyn Host,
    ) -> Result<Box<dyn ClassifierModel>, LearnError> {
        Ok(Box::new(self.fit_classes(features, rows, host)?))
    }
}

impl Regressor for HistGradientBoosting {
    fn fit(
        &self,
        features: &Matrix,
        targets: &[f64],
        weights: Option<&[f64]>,
        host: &dyn Host,
    ) -> Result<Box<dyn RegressorModel>, LearnError> {
        Ok(Box::new(self.fit_numbers(features, targets, weights, host)?))
    }
}
