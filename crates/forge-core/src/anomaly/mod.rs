//! Anomaly detection: rows unlike all others, in a table whose labels, if there are any, only measure the result.
//!
//! A [`Provider`] gives the rows, a [`Strategy`] made by its [name](StrategyName) scores them, and [`detect`] flags,
//! measures and explains. Scores lie in [0, 1], lower = more anomalous, and a usual row scores about one half.
//!
//! The default is isolation forest, which measures best. Means over the seven sets of `cargo xtask bench anomaly --kdd`,
//! five seeds each, as many rows flagged as are anomalies:
//!
//! | strategy | ROC AUC | average precision | F1 |
//! |---|---|---|---|
//! | `datalab_knn` | 0.599 | 0.400 | 0.412 |
//! | `isolation_forest` | 0.887 | 0.603 | 0.465 |
//! | `local_outlier_factor` | 0.584 | 0.259 | 0.272 |
//! | `ensemble` | 0.885 | 0.581 | 0.466 |
//!
//! ```
//! use forge_core::Quiet;
//! use forge_core::anomaly::{AnomalySettings, Synthetic, detect};
//!
//! let found = detect(&Synthetic::default(), &AnomalySettings::default(), &Quiet)?;
//! assert_eq!(found.report.n_flagged, 50);
//! assert!(found.report.measured.and_then(|measured| measured.f1) > Some(0.97));
//! # Ok::<(), forge_core::CoreError>(())
//! ```

mod detect;
mod ensemble;
mod injected;
mod isolation_forest;
mod knn;
mod labelled;
mod local_outlier_factor;
mod provider;
mod reasons;
mod report;
mod rows;
mod settings;
mod strategy;
mod synthetic;
#[cfg(test)]
mod tests;

pub use detect::detect;
pub use injected::Injected;
pub use labelled::{AnomalousClasses, TableRows};
pub use provider::{Provided, Provider};
pub use reasons::StandingOut;
pub use report::{Anomaly, AnomalyOutcome, AnomalyReport, Measured};
pub use rows::Rows;
pub use settings::AnomalySettings;
pub use strategy::{Strategy, StrategyName};
pub use synthetic::Synthetic;
pub(crate) use synthetic::normal;
