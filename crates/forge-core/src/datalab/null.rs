//! Rows of missing values only. cleanlab's check `null`.

use std::collections::BTreeMap;

use serde_json::json;

use super::data::AuditData;
use super::found::{Found, info};
use super::stats::mean;
use crate::CoreError;

/// Flags rows in which every feature is missing; the score is the share of features that are not.
pub(super) fn find(data: &AuditData) -> Result<Found, CoreError> {
    let columns = data.columns();
    let n = data.n_rows();
    if columns.is_empty() {
        return Err(CoreError::Missing { argument: "features", rule: "missing values are looked for among them" });
    }
    if n == 0 {
        return Err(CoreError::Empty { argument: "features" });
    }
    let missing: Vec<Vec<bool>> =
        columns.iter().map(|column| (0..n).map(|row| column.values.is_missing(row)).collect()).collect();
    let counts: Vec<usize> = (0..n).map(|row| missing.iter().filter(|column| !column[row]).count()).collect();
    let scores: Vec<f64> = counts.iter().map(|&count| count as f64 / columns.len() as f64).collect();
    let score = mean(&scores);
    let share = |column: &Vec<bool>| column.iter().filter(|&&missing| missing).count() as f64 / n as f64;
    let impact: Vec<f64> = missing.iter().map(share).collect();
    Ok(Found {
        is_issue: counts.iter().map(|&count| count == 0).collect(),
        scores,
        score,
        facts: Vec::new(),
        graph: None,
        info: info! {
            "average_null_score": score,
            "most_common_issue": most_common(&missing, n),
            "column_impact": impact,
        },
    })
}

/// The most common pattern of missing values, 1 for a missing one, and the rows that have it.
fn most_common(missing: &[Vec<bool>], n: usize) -> serde_json::Value {
    let mut patterns: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for row in (0..n).filter(|&row| missing.iter().any(|column| column[row])) {
        let pattern = missing.iter().map(|column| if column[row] { '1' } else { '0' }).collect();
        patterns.entry(pattern).or_default().push(row);
    }
    // Of equally common patterns the one that occurs first.
    let first = |rows: &[usize]| rows.first().map(|&row| usize::MAX - row);
    match patterns.iter().max_by_key(|(_, rows)| (rows.len(), first(rows))) {
        Some((pattern, rows)) => json!({ "pattern": pattern, "rows_affected": rows, "count": rows.len() }),
        None => json!({ "pattern": "no_null", "rows_affected": [], "count": 0 }),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::super::data::LabelKind;
    use super::*;

    #[test]
    fn only_a_row_without_any_value_is_an_issue() {
        let nan = f64::NAN;
        let features = array![[nan, nan], [1.0, nan], [2.0, nan], [0.0, 1.0]];
        let found = find(&AuditData::new(LabelKind::Regression).with_features(features)).unwrap();
        assert_eq!(found.is_issue, [true, false, false, false]);
        assert_eq!(found.scores, [0.0, 0.5, 0.5, 1.0]);
        assert_eq!(found.info["most_common_issue"], json!({ "pattern": "01", "rows_affected": [1, 2], "count": 2 }));
        assert_eq!(found.info["column_impact"], json!([0.25, 0.75]));
    }
}
