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

mod classifier;
mod cross_validation;
mod encode;
mod error;
mod folds;
mod forest;
mod host;
mod isolation_forest;
mod linear;
mod logistic;
mod matrix;
mod metrics;
mod neighbors;
mod r_squared;
mod regressor;
mod weights;

pub use classifier::{Classifier, ClassifierModel, WeightedLabels};
pub use cross_validation::{CrossValidated, CrossValidation, LabelledRows, cross_val_predict};
pub use encode::{Encoder, EncoderConfig, NumericImputation};
pub use error::LearnError;
pub use folds::{k_fold, stratified_k_fold, train_test_split};
pub use forest::{
    ClassWeight, ExtraTrees, ForestClassifier, ForestRegressor, MaxFeatures, MaxSamples, PathContributions,
    RandomForest,
};
pub use host::{Host, Progress, Quiet, map_units};
pub use isolation_forest::{Contamination, IsolationForest, IsolationModel};
pub use linear::{LinearModel, LinearRegression};
pub use logistic::{LogisticModel, LogisticRegression};
pub use matrix::{Matrix, NONE};
pub use metrics::{
    ClassificationMetrics, accuracy, classification_metrics, f1_macro, f1_weighted, log_loss, precision_weighted,
    predicted_labels, roc_auc,
};
pub use neighbors::{Metric, NearestNeighbors, NeighborGraph};
pub use r_squared::r2_score;
pub use regressor::{Regressor, RegressorModel};
