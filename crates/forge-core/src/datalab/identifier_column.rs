//! Columns that only number the rows. cleanlab's check `identifier_column`.

use super::found::{Found, info};
use crate::CoreError;

/// A column as the check sees it.
#[derive(Clone, Debug, PartialEq)]
pub enum IdColumn {
    /// Whole numbers.
    Integers(Vec<i64>),
    /// Anything else, with its number of values.
    Other(usize),
}

impl IdColumn {
    /// Number of values.
    fn len(&self) -> usize {
        match self {
            Self::Integers(values) => values.len(),
            Self::Other(n) => *n,
        }
    }

    /// Whether the values are all whole numbers from the smallest to the largest, at least two of them.
    pub fn is_sequential(&self) -> bool {
        let Self::Integers(values) = self else { return false };
        let mut distinct = values.clone();
        distinct.sort_unstable();
        distinct.dedup();
        distinct.len() > 1 && distinct.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1]))
    }
}

/// Finds the columns that hold consecutive whole numbers. No row is flagged; the score of the data set is 0 where there is
/// such a column, and 1 otherwise.
///
/// # Errors
/// No column.
pub fn identifier_columns(columns: &[IdColumn]) -> Result<Found, CoreError> {
    let n = columns.first().map(IdColumn::len).ok_or(CoreError::Empty { argument: "features" })?;
    let found: Vec<usize> = (0..columns.len()).filter(|&column| columns[column].is_sequential()).collect();
    Ok(Found {
        is_issue: vec![false; n],
        scores: vec![1.0; n],
        score: if found.is_empty() { 1.0 } else { 0.0 },
        facts: Vec::new(),
        graph: None,
        info: info! { "num_identifier_columns": found.len(), "identifier_columns": found },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consecutive_whole_numbers_in_any_order_are_an_identifier() {
        let columns = [
            IdColumn::Integers(vec![7, 5, 6]),
            IdColumn::Integers(vec![7, 5, 8]),
            IdColumn::Other(3),
            IdColumn::Integers(vec![4, 4, 4]),
        ];
        let found = identifier_columns(&columns).unwrap();
        assert_eq!((found.score, &found.info["identifier_columns"]), (0.0, &serde_json::json!([0])));
        assert_eq!(identifier_columns(&columns[1..]).unwrap().score, 1.0);
        assert!(!IdColumn::Integers(vec![i64::MAX, i64::MIN]).is_sequential());
    }
}
