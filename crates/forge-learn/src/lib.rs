//! Encoding, models, cross-validation and metrics: a small scikit-learn over [`forge_data::Table`].
//!
//! An [`Encoder`] learns from some rows how columns become numbers and turns rows into a [`Matrix`]; a [`Classifier`]
//! such as [`LogisticRegression`] learns class probabilities from it; [`cross_val_predict`] does both once per fold, so
//! every row is predicted by a model that never saw it; [`classification_metrics`] says how good predictions are. Results
//! equal scikit-learn's on the same rows. Long work asks its [`Host`] whether to stop and tells it how far it is.
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
//!
//! # Why smartcore is not used
//!
//! smartcore 0.7.0 offers much of the same. A part of it would be used if its numbers were scikit-learn's (coefficients
//! to 1e-4, predictions to 1e-5, metrics and neighbours exactly), if it were as quick as what is here, and if a seed
//! meant the same in wasm as natively. Measured in seconds of one processor, the best of a few runs, fitting alone
//! unless said otherwise; the last column compares native and wasm (with SIMD) on 500 × 6 made-up rows:
//!
//! | Task (rows × features)                      | smartcore   | scikit-learn 1.9.1 | here         | Same in wasm |
//! |---------------------------------------------|-------------|--------------------|--------------|--------------|
//! | ridge, Bike 17,379 × 12                     | 0.0087      | 0.0009             | 0.0006       | to the bit   |
//! | ridge, 20,000 × 50                          | 0.144       | 0.0030             | 0.0130       | to the bit   |
//! | logistic regression, 20,000 × 50, 3 classes | 1.81        | 0.087              | 0.019        | to 1e-14     |
//! | kNN probabilities, 20,000 × 8, k = 15       | 3.18        | 0.35               | 0.18         |              |
//! | forest of 100 trees, 20,000 × 50, 3 classes | 46.9        | 8.7                | 1.9          | no           |
//! | forest for numbers, Bike, fit and predict   | 1.94        | 3.80               | 0.84         |              |
//! | extra trees for numbers, Bike, likewise     | 2.35        | 2.72               | 0.76         |              |
//! | 100 rounds of boosting, Bike, likewise      | 1.77        | 0.21               | 0.07         |              |
//! | DBSCAN, 20,000 × 8                          | 1.05 + 1.22 | 0.50               | 0.15 + 0.001 |              |
//! | k-means, 20,000 × 8, 12 clusters            | 0.087       | 0.034              | absent       | no           |
//! | SVD, 20,000 × 50, all                       | 0.137       | 0.020              | 0.33         | to 1e-15     |
//! | SVD, 20,000 × 50, first 10                  | 0.137 (all) | 0.035              | 0.13         | to 1e-15     |
//! | SVD, 20,000 × 200, first 50                 | 2.73 (all)  | 0.25               | 1.07         | to 1e-15     |
//! | SVD, 80 × 11                                | 0.00005     | 0.00002            | 0.00013      | to 1e-15     |
//! | PCA, 20,000 × 50                            | 0.139       | 0.0025             | absent       |              |
//! | accuracy, 20,000 labels (µs)                | 3           | 430                | 5            | to the bit   |
//! | macro F1, 3 classes (µs)                    | 530         | 1,440              | 190          | no           |
//! | ROC AUC, 20,000 scores (µs)                 | 1,050       | 3,350              | 185          |              |
//! | R², 20,000 numbers (µs)                     | 63          | 209                | 36           | to the bit   |
//!
//! * Ridge fits no intercept, or one with a penalty on standardised columns (predictions off by 6.4 on Bike): only a
//!   caller that centres both sides, as timed here, gets scikit-learn's coefficients (to 4e-10). No row weights, and an
//!   error unless rows outnumber columns.
//! * Logistic regression agrees (9e-8), with neither probabilities nor weights. Neighbours agree exactly.
//! * The forest for classes gives labels alone. There is no boosting, extra trees or isolation forest for classes, and
//!   no local outlier factor. Seeds draw from xoshiro256++ natively and xoshiro128++ in wasm: other trees, other
//!   clusters.
//! * DBSCAN takes no graph of neighbours, which an audit already has (the 0.15 here), and hides the clusters of the
//!   rows it learned from; asking for them (the 1.22) puts 335 of 20,000 elsewhere. k-means draws poorer starts: its
//!   best inertia of 10 seeds is 380,906, where half of scikit-learn's seeds reach 358,008.
//! * SVD and PCA agree (to 3e-15 and 4e-13), of dense matrices and whole. Here a matrix is reduced only if wider than
//!   50 columns, and most such are sparse. For a small dense one smartcore's is the one to take; nothing here needs
//!   that.
//! * Metrics agree (to 5e-14), but panic on unequal lengths. F1 of three classes adds them in the order of a hash map,
//!   so its last bit changes from run to run; F1 without a hit is NaN, not 0. AUC is for two classes. There is no log
//!   loss, no average precision and no weight. Accuracy passes all bars but the panic; it is two lines here.
//!
//! So nothing of it is used. It builds for wasm (without its feature `js`): ridge and five metrics add 104 KB, 32 KB
//! compressed, to a module that has those of this crate.

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
mod share;
mod sort_rows;
mod sparse_logistic;
mod sparse_texts;
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
pub use host::{Host, Muted, Progress, Quiet, map_units};
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
pub use share::{
    Beside, ByteUnit, Errand, Exchanged, Memo, Part, Phase, PhasePart, Turn, errand, share_units, share_work,
};
pub use sort_rows::sort_rows;
pub use sparse_logistic::{SparseLogisticModel, SparseLogisticRegression};
pub use text::{TextEncoder, TextModel};
pub use truncated_svd::{TruncatedSvd, TruncatedSvdModel};
