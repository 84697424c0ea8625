//! Label issues in object detection: boxes that were overlooked, badly placed or given the wrong class.
//!
//! Every image has annotated boxes with a class and predicted boxes with a class and a confidence. The rules are
//! `ObjectLab`'s (Tkachenko, Thyagarajan and Mueller, "`ObjectLab`: Automated Diagnosis of Mislabeled Images in Object
//! Detection Data", 2023). cleanlab: `object_detection`.

pub mod boxes;
pub mod comparison;
pub mod filter;
pub mod matching;
pub mod overlay;
pub mod rank;
pub mod summary;

pub use boxes::{Annotations, BoundingBox, Detections, ImageAnnotations, Predictions};
pub use comparison::{ALPHA, Comparison};
