//! How the labels of an example spread over the classes, cleanlab's empirical label distribution.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::label_table::Tally;
use super::{AnnotatorLabels, LabelTable};

/// Which column the share of a class goes to.
///
/// cleanlab stores a table with holes as floating-point numbers, and its `value_counts` files the counts of such labels
/// by their rank among the classes an example was given, not by class: labels 1, 1, 2 count as two of class 0 and one of
/// class 1, unless all classes occur. That touches the quality method "agreement" and the temperature of calibrated
/// probabilities, active learning included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelShares {
    /// To the column of the class's rank, as cleanlab does: its numbers.
    #[default]
    ByRank,
    /// To the column of the class: what is meant.
    ByClass,
}

impl LabelShares {
    /// Calls `take` for each example with its (column, share) pairs, by ascending column.
    pub(super) fn for_each(self, table: &LabelTable, n_classes: usize, mut take: impl FnMut(usize, &[(usize, f64)])) {
        let mut tally = Tally::new(n_classes);
        let mut shares = Vec::new();
        for (i, row) in table.rows().enumerate() {
            let n_labels = row.len() as f64;
            shares.clear();
            shares.extend(tally.of(row.labels).iter().enumerate().map(|(rank, &(class, count))| {
                let column = if self == Self::ByRank { rank } else { class as usize };
                (column, f64::from(count) / n_labels)
            }));
            take(i, &shares);
        }
    }

    /// The shares as an n × k matrix.
    pub(super) fn matrix(self, labels: &AnnotatorLabels, n_classes: usize) -> Array2<f64> {
        let mut matrix = Array2::zeros((labels.table().n_examples(), n_classes));
        self.for_each(labels.table(), n_classes, |i, shares| {
            shares.iter().for_each(|&(column, share)| matrix[[i, column]] = share);
        });
        matrix
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn shares_go_by_rank_or_by_class() {
        let table = LabelTable::from_cells(3, &[Some(1), Some(2), Some(1), None, Some(2), None]).unwrap();
        let labels = AnnotatorLabels::new(table).unwrap();
        let (two, one) = (2.0 / 3.0, 1.0 / 3.0);
        assert_eq!(LabelShares::ByRank.matrix(&labels, 3), array![[two, one, 0.0], [1.0, 0.0, 0.0]]);
        assert_eq!(LabelShares::ByClass.matrix(&labels, 3), array![[0.0, two, one], [0.0, 0.0, 1.0]]);
    }
}
