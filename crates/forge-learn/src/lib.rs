//! Encoding, models, cross-validation and metrics: a small scikit-learn over [`forge_data::Table`].
//!
//! An [`Encoder`] learns from some rows how columns become numbers and turns rows into a [`Matrix`]; a [`Classifier`]
//! such as [`LogisticRegression`] learns class probabilities from it; [`cross_val_predict`] does both once per fold, so
//! every row is predicted by a model that never saw it; [`classification_metrics`] says how good predictions are. Results
//! equal scikit-learn's on the same rows. Long work asks its [`Host`] whether to stop and tells it how far it is.
//!
//! The models are written here rather than taken from smartcore 0.7, which was measured against scikit-learn on 20,000
//! rows × 50 features and three classes, in seconds of one processor: its random forest of 100 trees takes 59 (scikit-learn
//! 10.9) and gives no probabilities, its logistic regression 1.75 (0.16), and it has no extra trees, boosting or isolation
//! forest for classes. Its random numbers differ between native and wasm, so a seed would not mean the same in both.
//!
//! ```
//! use forge_learn::{LogisticRegression, Matrix, Quiet, classification_metrics};
//! use ndarray::array;
//!
//! let heights = Matrix::from_dense(&array![[-1.2], [-0.9], [-0.1], [0.2], [1.0], [1.4]])?;
//! let labels = [0, 0, 1, 0, 1, 1];
//! let model = LogisticRegression::default().fit(&heights, &labels, 2, &Quiet)?;
//! let pred_probs = model.predict_proba(&heights);
//! let metrics = classification_metrics(&labels, &pred_probs)?;
//! assert!(metrics.roc_auc > Some(0.8));
//! # Ok::<(), forge_learn::LearnError>(())
//! ```

mod binning;
mod boosting;
mod class_weight;
mod classifier;
mod contamination;
mod contributions;
mod cross_validation;
mod encode;
mod error;
mod folds;
mod forest;
mod host;
mod isolation_forest;
mod knn;
mod linear;
mod linear_terms;
mod local_outlier_factor;
mod logistic;
mod matrix;
mod metrics;
mod model;
mod neighbors;
mod path_contributions;
mod permutation_importance;
mod r_squared;
mod regressor;
mod text;
mod truncated_svd;
mod weights;

pub use boosting::{BoostedClassifier, BoostedRegressor, EarlyStopping, HistGradientBoosting, OneHotSplits};
pub use class_weight::ClassWeight;
pub use classifier::{Classifier, ClassifierModel, WeightedLabels};
pub use contamination::Contamination;
pub use contributions::Contribution;
pub use cross_validation::fold::{FoldModel, FoldResult, FoldRows, FoldUnit, fold_units, run_fold};
pub use cross_validation::numbers::{CrossValidatedNumbers, cross_val_predict_numbers};
pub use cross_validation::{CrossValidated, CrossValidation, LabelledRows, cross_val_predict};
pub use encode::{DateEncoding, Encoder, EncoderConfig, NumericImputation, TextEncoding};
pub use error::LearnError;
pub use folds::{k_fold, stratified_k_fold, train_test_split};
pub use forest::{ExtraTrees, ForestClassifier, ForestRegressor, MaxFeatures, MaxSamples, RandomForest};
pub use host::{Host, Progress, Quiet, map_units};
pub use isolation_forest::{IsolationForest, IsolationModel};
pub use knn::{KNeighbors, KNeighborsClassifier, KNeighborsRegressor, NeighborWeights};
pub use linear::{LinearModel, LinearRegression, Ridge};
pub use linear_terms::LinearTerms;
pub use local_outlier_factor::{LocalOutlierFactor, LocalOutlierFactorModel};
pub use logistic::{LogisticModel, LogisticRegression, MultiClass, OneVsRestModel};
pub use matrix::{Matrix, NONE};
pub use metrics::{
    ClassificationMetrics, RegressionMetrics, accuracy, average_precision, classification_metrics, f1_macro,
    f1_macro_labels, f1_micro_labels, f1_weighted, hamming_loss, log_loss, mean_absolute_error, precision_weighted,
    predicted_labels, regression_metrics, roc_auc, roc_auc_of_scores, root_mean_squared_error, subset_accuracy,
};
pub use model::{ModelSpec, Task};
pub use neighbors::{ApproximateNeighbors, ApproximateOptions, Metric, NearestNeighbors, NeighborGraph, TieOrder};
pub use path_contributions::PathContributions;
pub use permutation_importance::{Importance, PermutationImportance};
pub use r_squared::r2_score;
pub use regressor::{Regressor, RegressorModel};
pub use text::{TextEncoder, TextModel};
pub use truncated_svd::{TruncatedSvd, TruncatedSvdModel};
