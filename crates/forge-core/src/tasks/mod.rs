//! The tasks: one file each, from a table to a report.

mod audit;
mod clock;
mod columns;
mod run;

pub use audit::{
    AuditConfig, AuditInputs, AuditOutcome, AuditReport, CheckReport, IssueRow, audit, audit_file, audit_html,
};
pub(crate) use run::run;
