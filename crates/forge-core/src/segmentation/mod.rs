//! Label issues in semantic segmentation, where every pixel has a class. Mirrors cleanlab's `segmentation`; the scores
//! are those of Lad and Mueller (2023), "Estimating label quality and errors in semantic segmentation data via any
//! model".

pub mod filter;
pub mod rank;
pub mod summary;

mod inputs;
mod pixels;

pub use inputs::SegmentationData;
