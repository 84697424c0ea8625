//! `cargo xtask bench`: our work beside the same work by scikit-learn and cleanlab, one thread each; and a tab's.

mod agreement;
pub(crate) mod algorithms;
pub(crate) mod anomaly;
pub(crate) mod browser;
mod inputs;
mod items;
mod measure;
mod model_items;
mod model_table;
pub(crate) mod models;
mod python;
pub(crate) mod run;
mod sides;
mod table;
