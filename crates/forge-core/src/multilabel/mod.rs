//! Label issues where a row has any number of classes, cleanlab's `multilabel_classification`. Each class is a binary
//! problem of its own; the scores of a row's classes are pooled into one (Thyagarajan et al., 2022, "Identifying
//! Incorrect Annotations in Multi-Label Classification Data").

pub mod filter;
mod moving_average;
pub mod rank;
pub mod summary;

pub use crate::classification::multilabel_count::MultilabelData;
