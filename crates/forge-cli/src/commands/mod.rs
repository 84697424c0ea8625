//! One file per command.

pub(crate) mod anomaly;
pub(crate) mod audit;
pub(crate) mod call;
pub(crate) mod check;
pub(crate) mod explain;
pub(crate) mod job;
pub(crate) mod run;
