//! The checks of a table's rows that measure distances, as the audit and the tabular run share them: columns become
//! numbers, one graph of neighbours serves every check.
//!
//! Distances are euclidean on standardised numbers and one-hot levels, reduced to 50 dimensions where there are more.
//! cleanlab would take the cosine beyond 3 columns: on standardised columns it sees only the direction from the mean, and
//! misses rows that are far out on the same side as others.

use forge_data::{Table, Values};
use forge_learn::{Encoder, EncoderConfig, Host, Metric, TruncatedSvd};
use ndarray::Array2;

use super::neighbors;
use crate::CoreError;
use crate::classification::filter::FilterOptions;
use crate::datalab::{
    AuditColumn, AuditData, AuditValues, Check, Datalab, Dbscan, IssueType, UnderperformingGroupSettings,
};

/// The distance of a table's rows where none is chosen.
pub(crate) const DEFAULT_METRIC: Metric = Metric::Euclidean;

pub(super) const MEASURE: &str = "Measuring distances";
pub(super) const CHECK: &str = "Checking the data";

/// Dimensions that distances are measured in at most.
const DIMENSIONS: usize = 50;
/// Neighbours of each row.
const NEIGHBORS: usize = 10;
/// Neighbours within reach that make a row the core of a group, scikit-learn's `min_samples` without the row itself.
const CORE: usize = 4;

/// Which checks are run, and how.
#[derive(Clone, Debug)]
pub(super) struct TableChecks {
    /// The checks; by default all that the data allow, but `data_valuation`.
    pub(super) wanted: Option<Vec<IssueType>>,
    /// How far apart rows are.
    pub(super) metric: Metric,
    /// Which class labels are issues; by default as the audit decides.
    pub(super) label_filter: Option<FilterOptions>,
}

impl Default for TableChecks {
    fn default() -> Self {
        Self { wanted: None, metric: DEFAULT_METRIC, label_filter: None }
    }
}

impl TableChecks {
    /// Runs the checks; groups of similar rows are found at the scale of these data.
    ///
    /// # Errors
    /// [`CoreError::Cancelled`]; a check that fails is kept in `lab` with its error.
    pub(super) fn run(&self, lab: &mut Datalab, host: &dyn Host) -> Result<(), CoreError> {
        let mut checks = lab.default_checks();
        if let Some(wanted) = &self.wanted {
            if wanted.contains(&IssueType::DataValuation) {
                checks.push(Check::default_of(IssueType::DataValuation, lab.data().kind()));
            }
            checks.retain(|check| wanted.contains(&check.issue()));
        }
        let (metric, k) = (Some(self.metric), NEIGHBORS.min(lab.data().n_rows().saturating_sub(1)));
        for check in &mut checks {
            match check {
                Check::Outlier(settings) => (settings.metric, settings.k) = (metric, k),
                Check::NearDuplicate(settings) => (settings.metric, settings.k) = (metric, k),
                Check::NonIid(settings) => (settings.metric, settings.k) = (metric, k),
                Check::DataValuation(settings) => (settings.metric, settings.k) = (metric, k),
                Check::UnderperformingGroup(settings) => (settings.metric, settings.k) = (metric, k),
                Check::ClassLabel(settings) => {
                    if let Some(filter) = &self.label_filter {
                        settings.clean_learning.filter = filter.clone();
                    }
                }
                _ => {}
            }
        }
        let (groups, others): (Vec<Check>, Vec<Check>) =
            checks.into_iter().partition(|check| check.issue() == IssueType::UnderperformingGroup);
        lab.find_issues(&others, host)?;
        if groups.is_empty() {
            return Ok(());
        }
        let reach = lab.result(IssueType::Outlier).and_then(|found| found.graph.as_ref()).map(|graph| {
            let mut reach: Vec<f64> = graph.distances().filter_map(|row| row.get(CORE - 1).copied()).collect();
            reach.sort_unstable_by(f64::total_cmp);
            reach.get(reach.len() / 2).copied().unwrap_or(0.0)
        });
        let scaled = groups.into_iter().map(|check| match (check, reach) {
            (Check::UnderperformingGroup(settings), Some(eps)) if eps > 0.0 => {
                let clustering_kwargs = Dbscan { eps, ..settings.clustering_kwargs };
                Check::UnderperformingGroup(UnderperformingGroupSettings { clustering_kwargs, ..settings })
            }
            (check, _) => check,
        });
        lab.find_issues(&scaled.collect::<Vec<_>>(), host)
    }
}

/// The feature columns as numbers for distances: rows × at most 50.
///
/// # Errors
/// Columns that cannot be encoded, or [`CoreError::Cancelled`].
pub(super) fn numbers(
    (table, columns, rows): (&Table, &[usize], &[u32]),
    (encoder, seed): (&EncoderConfig, u64),
    warnings: &mut Vec<String>,
    host: &dyn Host,
) -> Result<Array2<f64>, CoreError> {
    let encoder = Encoder::fit_asking(table, (columns, rows), encoder, host)?;
    for warning in encoder.warnings() {
        if !warnings.contains(warning) {
            warnings.push(warning.clone());
        }
    }
    let matrix = encoder.transform(table, rows);
    if matrix.n_features() <= DIMENSIONS {
        return Ok(matrix.to_dense());
    }
    let svd = TruncatedSvd { n_components: DIMENSIONS.min(matrix.n_rows()), seed, ..TruncatedSvd::default() };
    Ok(svd.fit(&matrix, host)?.transform(&matrix))
}

/// Whether any of the checks looks at neighbours; without a choice some do.
pub(super) fn measures_distances(checks: Option<&[IssueType]>) -> bool {
    let near = |check: &IssueType| {
        matches!(
            check,
            IssueType::Outlier
                | IssueType::NearDuplicate
                | IssueType::NonIid
                | IssueType::UnderperformingGroup
                | IssueType::DataValuation
        )
    };
    checks.is_none_or(|checks| checks.iter().any(near))
}

/// The data with features to measure distances between; among many rows the neighbours are searched here, and what that
/// misses becomes a warning.
///
/// # Errors
/// Values that distances cannot be measured between; [`CoreError::Cancelled`].
pub(super) fn with_distances(
    data: AuditData,
    features: Array2<f64>,
    (metric, seed): (Metric, u64),
    warnings: &mut Vec<String>,
    host: &dyn Host,
) -> Result<AuditData, CoreError> {
    let k = NEIGHBORS.min(features.nrows().saturating_sub(1));
    let measured = neighbors::of_many(features.view(), (metric, k), seed, host)?;
    let data = data.with_features(features);
    let Some(measured) = measured else { return Ok(data) };
    warnings.extend(measured.warning);
    Ok(data.with_graph(measured.graph))
}

/// A column of the table as the audit speaks of it.
pub(super) fn audit_column(table: &Table, column: usize, rows: &[u32]) -> AuditColumn {
    let column = &table.columns()[column];
    let pick = |values: &[f64]| rows.iter().map(|&row| values[row as usize]).collect();
    let values = match column.values() {
        Values::Number(values) | Values::Date(values) => AuditValues::Numbers(pick(values)),
        Values::Category { codes, levels } => {
            AuditValues::Levels(rows.iter().map(|&row| codes[row as usize]).collect(), levels.clone())
        }
        Values::Boolean(values) => {
            let code = |&row: &u32| values[row as usize].map_or(u32::MAX, u32::from);
            AuditValues::Levels(rows.iter().map(code).collect(), column.words().map(str::to_owned).to_vec())
        }
        Values::Text(values) => {
            let code = |&row: &u32| if values[row as usize].is_some() { 0 } else { u32::MAX };
            AuditValues::Levels(rows.iter().map(code).collect(), vec!["text".to_owned()])
        }
    };
    AuditColumn { name: column.name().to_owned(), values }
}
