//! `cargo xtask bench`: our work beside the same work by scikit-learn and cleanlab, one thread each.

mod agreement;
pub(crate) mod algorithms;
mod inputs;
mod items;
mod measure;
mod python;
pub(crate) mod run;
mod table;
