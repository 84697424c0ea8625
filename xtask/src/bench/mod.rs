//! `cargo xtask bench`: our work beside the same work by scikit-learn and cleanlab, one thread each.

mod agreement;
pub(crate) mod algorithms;
pub(crate) mod anomaly;
mod inputs;
mod items;
mod measure;
mod python;
pub(crate) mod run;
mod table;
