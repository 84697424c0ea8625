//! Out-of-distribution scores: how typical each row is of a data set, from 1 (typical) down to 0. Mirrors
//! `cleanlab.outlier.OutOfDistribution`; Kuan and Mueller (2022), "Back to the basics: revisiting out-of-distribution
//! detection baselines".
//!
//! [`PredictionOod`] scores by how unsure a classifier is, [`FeatureOod`] by how far a row's nearest neighbours are. Both
//! are fitted to one data set and score the same or another.

#[cfg(feature = "tasks")]
mod features;
mod predictions;

#[cfg(feature = "tasks")]
pub use features::{FeatureOod, FeatureOodOptions, Features, default_metric, neighbor_graph};
#[cfg(feature = "tasks")]
pub(crate) use features::{scores_of_distances, typical_distance};
pub use predictions::{OodMethod, PredictionOod, PredictionOodOptions};
