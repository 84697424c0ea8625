//! Labels that several annotators gave to the same examples, from wide and long tables.
//!
//! A wide table has a row per example and a column per annotator, with blanks where an annotator gave no label; its first
//! column may name the examples. A long table has a row per label: example, annotator, label. cleanlab converts the long to
//! the wide with `cleanlab.internal.multiannotator_utils.convert_long_to_wide_dataset`.

mod detect;
mod read;
#[cfg(test)]
mod tests;
mod write;

use serde::{Deserialize, Serialize};

use crate::MISSING;

pub use read::read_annotators;
pub(crate) use read::{Names, class_order};

/// Cells of examples by annotators at most.
pub(crate) const MAX_CELLS: usize = 1 << 28;

/// How a table holds the labels of several annotators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnnotatorLayout {
    /// A row per example, a column per annotator.
    Wide,
    /// A row per label.
    Long,
}

/// How to read a table of labels by annotators. The default detects everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnnotatorOptions {
    /// The layout [detected by default].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<AnnotatorLayout>,
    /// The column that names the examples [detected by default; a wide table may do without].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// The column of a long table that names the annotators [detected by default].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotator: Option<String>,
    /// The column of a long table that holds the labels [detected by default].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The columns of a wide table that hold labels [all but the examples' names].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annotators: Vec<String>,
}

/// Labels of `n` examples by `m` annotators.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotations {
    /// Class given to each example by each annotator, `n × m`, row after row: an index into `classes`, or [`MISSING`].
    pub labels: Vec<u32>,
    /// Names of the examples, distinct.
    pub examples: Vec<String>,
    /// Names of the annotators, distinct.
    pub annotators: Vec<String>,
    /// Names of the classes: numbers in ascending order, or sorted by bytes. Every class occurs.
    pub classes: Vec<String>,
}

impl Annotations {
    /// The labels of an example, one per annotator; empty when there is no such example.
    pub fn row(&self, example: usize) -> &[u32] {
        let m = self.annotators.len();
        self.labels.get(example * m..(example + 1) * m).unwrap_or_default()
    }

    /// Number of labels that were given.
    pub fn n_labels(&self) -> usize {
        self.labels.iter().filter(|&&label| label != MISSING).count()
    }
}

/// A table of labels by annotators, once read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnotatorTable {
    /// The labels.
    pub annotations: Annotations,
    /// The layout of the table.
    pub layout: AnnotatorLayout,
    /// Columns that are neither labels nor names.
    pub others: Vec<String>,
    /// What a reader of the results should know about the table.
    pub warnings: Vec<String>,
}
