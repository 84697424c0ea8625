//! The tasks: one file each, from a table to a report.

mod run;

pub(crate) use run::run;
