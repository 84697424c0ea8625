//! What a check finds.

use std::sync::Arc;

use forge_learn::NeighborGraph;
use serde_json::{Map, Value};

/// Lists of rows or classes, one per row of the data.
///
/// *Invariant*: the ends ascend and the last one is the number of members.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RowLists {
    ends: Vec<u32>,
    members: Vec<u32>,
}

impl RowLists {
    /// The list of each row in turn.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        (0..self.ends.len()).map(|row| self.row(row))
    }

    /// The list of a row; empty for a row that is not there.
    pub fn row(&self, row: usize) -> &[u32] {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(row).copied().unwrap_or(start);
        self.members.get(start as usize..end as usize).unwrap_or_default()
    }
}

impl<T: AsRef<[u32]>> FromIterator<T> for RowLists {
    fn from_iter<I: IntoIterator<Item = T>>(lists: I) -> Self {
        let mut all = Self::default();
        for list in lists {
            all.members.extend_from_slice(list.as_ref());
            all.ends.push(all.members.len() as u32);
        }
        all
    }
}

/// A fact about every row.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowFacts {
    /// A class number per row.
    Classes(Vec<u32>),
    /// A number per row.
    Numbers(Vec<f64>),
    /// A group per row; −1 for a row in none.
    Groups(Vec<i64>),
    /// A list per row.
    Lists(RowLists),
}

/// The result of one check.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Whether each row has the issue. cleanlab: `is_<check>_issue`.
    pub is_issue: Vec<bool>,
    /// How well each row does, from 0, the worst, to 1. cleanlab: `<check>_score`.
    pub scores: Vec<f64>,
    /// How well the data set does, in [0, 1].
    pub score: f64,
    /// What else is known of each row, by cleanlab's name for it.
    pub facts: Vec<(&'static str, RowFacts)>,
    /// The neighbours that were looked at, where the check looks at any.
    pub graph: Option<Arc<NeighborGraph>>,
    /// What else is known of the data set, by cleanlab's names.
    pub info: Map<String, Value>,
}

impl Found {
    /// Rows with the issue.
    pub fn n_issues(&self) -> usize {
        self.is_issue.iter().filter(|&&issue| issue).count()
    }

    /// A fact by name.
    pub fn fact(&self, name: &str) -> Option<&RowFacts> {
        self.facts.iter().find(|(known, _)| *known == name).map(|(_, facts)| facts)
    }
}

/// A JSON object of named values.
macro_rules! info {
    ($($name:literal: $value:expr),* $(,)?) => {
        serde_json::Map::from_iter([$(($name.to_owned(), serde_json::json!($value))),*])
    };
}
pub(super) use info;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_back_row_by_row() {
        let lists: RowLists = [vec![3, 1], vec![], vec![2]].into_iter().collect();
        assert_eq!(lists.iter().collect::<Vec<_>>(), [&[3, 1][..], &[], &[2]]);
        assert_eq!(lists.row(9), [0_u32; 0]);
    }
}
