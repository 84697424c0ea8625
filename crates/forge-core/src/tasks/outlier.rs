//! Outliers, near-duplicates and drift among rows of numbers.
//!
//! Standardised numeric features → the checks `outlier`, `near_duplicate` and `non_iid` of [`crate::datalab`] → the worst
//! rows, and the sets of rows that are almost or exactly the same. Missing numbers are replaced by the median. No model is
//! trained and no label is needed.

mod features;
mod report;

use std::collections::BTreeMap;

use forge_data::{CsvOptions, Role, Table};
use forge_learn::{Host, Metric};

use super::clock::Clock;
use super::experiment::{PREPARE, noise_report, stage};
use super::neighbors;
use super::setting::{Settings, settings};
use super::tabular::on_table;
use super::task::{TaskData, TaskReport};
use crate::CoreError;
use crate::NoiseReport;
use crate::datalab::{
    AuditData, Check, Datalab, IssueType, LabelKind, NearDuplicateSettings, NonIidSettings, OutlierSettings,
};
use features::Numeric;
use report::Facts;
pub use report::{DuplicateSet, IssueSummary, OutlierDetail, OutlierRow};

/// Neighbours of each row.
const NEIGHBORS: usize = 10;

const MEASURE: &str = "Measuring distances";
const CHECK: &str = "Checking the data";

settings! {
    /// The settings of the search for outliers, near-duplicates and drift.
    pub struct OutlierConfig {
        /// A column of labels to leave out of the features, if there is one.
        target "Target": Option<String> = None;
        /// How the file is read.
        csv "Reading": CsvOptions = CsvOptions::default();
        /// Roles chosen by the user, by column name; all others are inferred.
        roles "Roles": BTreeMap<String, Role> = BTreeMap::new();
        /// Rows drawn from the table at most.
        max_rows "Rows at most": Option<usize> = None, 100 to inf;
        /// Share of the rows whose first number is multiplied on purpose, to see how many are found again.
        outlier_frac "Outliers put in": f64 = 0.0, 0 to 0.2;
        /// What it is multiplied by.
        outlier_scale "Factor": f64 = 50.0, 1 to 100;
        /// Rows listed of each kind at most.
        top_k_outliers "Rows listed": usize = 15, 1 to 100;
        /// How far apart rows are.
        metric "Distance": Metric = Metric::Euclidean;
        /// Seed of every random choice.
        seed "Seed": u64 = 42;
    }
}

/// Runs the task.
///
/// # Errors
/// A setting outside its range, a table that cannot be used, or [`CoreError::Cancelled`].
pub(super) fn run(config: &OutlierConfig, data: TaskData<'_>, host: &dyn Host) -> Result<TaskReport, CoreError> {
    config.check_ranges()?;
    on_table(data, "outlier", |table| run_on(config, table, host))
}

fn run_on(config: &OutlierConfig, table: &Table, host: &dyn Host) -> Result<TaskReport, CoreError> {
    let mut clock = Clock::new(host);
    let mut warnings = Vec::new();
    let mut numeric = Numeric::read(config, table, &mut warnings, host)?;
    let wrong = numeric.inject(config, &mut warnings);
    let features = numeric.standardised();
    clock.lap(PREPARE);

    let n = numeric.rows.len();
    let k = NEIGHBORS.min(n - 1);
    let measured = stage(MEASURE, host, || neighbors::of_many(features.view(), (config.metric, k), config.seed, host))?;
    let mut data = AuditData::new(LabelKind::Classification).with_columns(numeric.columns()).with_features(features);
    if let Some(measured) = measured {
        warnings.extend(measured.warning);
        data = data.with_graph(measured.graph);
        clock.lap(MEASURE);
    }
    let metric = Some(config.metric);
    let mut lab = Datalab::new(data);
    let checks = [
        Check::Outlier(OutlierSettings { k, metric, ..OutlierSettings::default() }),
        Check::NearDuplicate(NearDuplicateSettings { metric, k, ..NearDuplicateSettings::default() }),
        Check::NonIid(NonIidSettings { metric, k, ..NonIidSettings::default() }),
    ];
    lab.find_issues(&checks, host)?;
    warnings.extend(lab.failures().map(|(issue, error)| format!("The check {} failed: {error}", issue.name())));
    clock.lap(CHECK);

    let noise = (config.outlier_frac > 0.0).then(|| {
        let flagged = lab.result(IssueType::Outlier).map(|found| found.is_issue.as_slice());
        // Nothing is pruned, so there is no recall of it either.
        NoiseReport { recall_at_prune: None, ..noise_report(&wrong, &[], flagged.unwrap_or_default()) }
    });
    Ok(Facts { config, numeric: &numeric, lab: &lab, wrong: &wrong }.report(noise, warnings, clock.laps))
}

#[cfg(test)]
mod tests;
