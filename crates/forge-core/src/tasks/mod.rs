//! The tasks: one file each, from a table to a report.

mod audit;
mod clock;
mod columns;
mod run;

pub use audit::{AuditConfig, AuditOutcome, AuditReport, CheckReport, IssueRow, audit, audit_file};
pub(crate) use run::run;
