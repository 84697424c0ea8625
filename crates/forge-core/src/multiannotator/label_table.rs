//! The labels several annotators gave: examples × annotators, with holes where an annotator did not label an example.
//! Only the labels that exist are stored, row by row.

use ndarray::ArrayView2;

use crate::{CoreError, PredProbs};

/// Name of the argument, as cleanlab has it.
const ARGUMENT: &str = "labels_multiannotator";

/// Class numbers must be below this, so that classes can be counted in a plain list.
const CLASS_LIMIT: u32 = 1 << 20;

/// Labels of n examples by m annotators, any of which may be missing.
///
/// *Invariant*: at least one example and one annotator, every label a class number below 2²⁰.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelTable {
    n_annotators: usize,
    /// Row i's labels are those from `starts[i]` to `starts[i + 1]`.
    starts: Vec<usize>,
    annotators: Vec<u32>,
    labels: Vec<u32>,
}

impl LabelTable {
    /// Takes an n × m matrix of class numbers in which NaN stands for "not labelled".
    ///
    /// # Errors
    /// [`CoreError::Shape`] for an empty matrix, [`CoreError::Annotation`] naming the first value that is not a class
    /// number.
    pub fn from_f64(values: ArrayView2<'_, f64>) -> Result<Self, CoreError> {
        let class = |place: (usize, usize), &value: &f64| match value {
            v if v.is_nan() => Ok(None),
            v if v.fract() == 0.0 && v >= 0.0 && v < f64::from(CLASS_LIMIT) => Ok(Some(v as u32)),
            v => Err(not_a_class(place, &v.to_string())),
        };
        Self::build(values.nrows(), values.ncols(), values.indexed_iter().map(|(place, value)| class(place, value)))
    }

    /// Takes n × m cells row by row, `None` where an annotator did not label an example.
    ///
    /// # Errors
    /// [`CoreError::Shape`] without cells or with a last row of another length, [`CoreError::Annotation`] for a class
    /// number of 2²⁰ or more.
    pub fn from_cells(n_annotators: usize, cells: &[Option<u32>]) -> Result<Self, CoreError> {
        let n_examples = cells.len().checked_div(n_annotators).unwrap_or(0);
        if n_examples * n_annotators != cells.len() {
            return Err(CoreError::Shape {
                argument: ARGUMENT,
                shape: format!("{} cells", cells.len()),
                expected: format!("whole rows of {n_annotators} annotators"),
            });
        }
        let checked = cells.iter().enumerate().map(|(i, &cell)| match cell {
            Some(label) if label >= CLASS_LIMIT => {
                Err(not_a_class((i / n_annotators, i % n_annotators), &label.to_string()))
            }
            cell => Ok(cell),
        });
        Self::build(n_examples, n_annotators, checked)
    }

    fn build(
        n_examples: usize,
        n_annotators: usize,
        cells: impl Iterator<Item = Result<Option<u32>, CoreError>>,
    ) -> Result<Self, CoreError> {
        if n_examples == 0 || n_annotators == 0 {
            return Err(CoreError::Shape {
                argument: ARGUMENT,
                shape: format!("{n_examples} × {n_annotators}"),
                expected: "at least one row and one column (examples × annotators)".to_owned(),
            });
        }
        let mut table = Self {
            n_annotators,
            starts: Vec::with_capacity(n_examples + 1),
            annotators: Vec::new(),
            labels: Vec::new(),
        };
        let mut annotator = n_annotators;
        for cell in cells {
            if annotator == n_annotators {
                annotator = 0;
                table.starts.push(table.labels.len());
            }
            if let Some(label) = cell? {
                table.annotators.push(annotator as u32);
                table.labels.push(label);
            }
            annotator += 1;
        }
        table.starts.push(table.labels.len());
        Ok(table)
    }

    /// The table of several models' predicted classes, each model an annotator. Classes must lie below 2²⁰.
    pub(super) fn from_predictions(n_examples: usize, predictions: &[Vec<u32>]) -> Result<Self, CoreError> {
        let cells =
            (0..n_examples).flat_map(|row| predictions.iter().map(move |classes| Ok(classes.get(row).copied())));
        Self::build(n_examples, predictions.len(), cells)
    }

    /// Number of examples, n.
    pub fn n_examples(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of annotators, m.
    pub fn n_annotators(&self) -> usize {
        self.n_annotators
    }

    /// The labels of each example, by ascending annotator.
    pub(super) fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> + Clone {
        self.starts.windows(2).map(|range| Row {
            annotators: &self.annotators[range[0]..range[1]],
            labels: &self.labels[range[0]..range[1]],
        })
    }

    /// All labels there are, in order of example and annotator.
    pub(super) fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// One more than the largest label; 0 without labels.
    pub fn n_classes(&self) -> usize {
        self.labels.iter().max().map_or(0, |&label| label as usize + 1)
    }

    /// Where the first label is for which `wanted` holds.
    fn place(&self, wanted: impl Fn(u32) -> bool) -> Option<(usize, usize, u32)> {
        let at = self.labels.iter().position(|&label| wanted(label))?;
        let row = self.starts.partition_point(|&start| start <= at) - 1;
        Some((row, self.annotators[at] as usize, self.labels[at]))
    }

    /// Refuses probabilities of another number of rows, or with fewer columns than there are classes.
    pub(super) fn matches(&self, pred_probs: &PredProbs) -> Result<(), CoreError> {
        if pred_probs.n_rows() != self.n_examples() {
            return Err(CoreError::Length {
                argument: "pred_probs",
                length: pred_probs.n_rows(),
                reference: ARGUMENT,
                expected: self.n_examples(),
            });
        }
        let n_classes = pred_probs.n_classes();
        match self.place(|label| label as usize >= n_classes) {
            Some((row, annotator, label)) => Err(CoreError::Annotation {
                place: format!("[{row}, {annotator}]"),
                value: label.to_string(),
                rule: format!("`pred_probs` has {n_classes} columns, and a label must be below their number"),
            }),
            None => Ok(()),
        }
    }
}

fn not_a_class((row, annotator): (usize, usize), value: &str) -> CoreError {
    CoreError::Annotation {
        place: format!("[{row}, {annotator}]"),
        value: value.to_owned(),
        rule: format!("labels must be class numbers 0, 1, 2, … below {CLASS_LIMIT}, or NaN where there is none"),
    }
}

/// The labels of one example.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    /// Who labelled it, ascending.
    pub(super) annotators: &'a [u32],
    /// What they said.
    pub(super) labels: &'a [u32],
}

impl Row<'_> {
    /// Annotator and label.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, u32)> {
        self.annotators.iter().zip(self.labels).map(|(&annotator, &label)| (annotator as usize, label))
    }

    /// Number of labels.
    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }
}

/// Labels of n examples by m annotators, where every example and every annotator has at least one.
///
/// *Invariant*: a [`LabelTable`] without an empty row or column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnotatorLabels(LabelTable);

impl AnnotatorLabels {
    /// Takes a table.
    ///
    /// # Errors
    /// [`CoreError::Annotation`] naming the first example or annotator without a label.
    pub fn new(table: LabelTable) -> Result<Self, CoreError> {
        if let Some(row) = table.rows().position(|row| row.len() == 0) {
            return Err(CoreError::Annotation {
                place: format!("[{row}, ..]"),
                value: "without a label".to_owned(),
                rule: "each example must be labelled by at least one annotator".to_owned(),
            });
        }
        let mut labelled = vec![false; table.n_annotators];
        table.annotators.iter().for_each(|&annotator| labelled[annotator as usize] = true);
        match labelled.iter().position(|&any| !any) {
            Some(annotator) => Err(CoreError::Annotation {
                place: format!("[.., {annotator}]"),
                value: "without a label".to_owned(),
                rule: "each annotator must have labelled at least one example".to_owned(),
            }),
            None => Ok(Self(table)),
        }
    }

    /// The table.
    pub fn table(&self) -> &LabelTable {
        &self.0
    }

    /// Whether no example has more than one label.
    pub(super) fn is_single(&self) -> bool {
        self.0.labels.len() == self.0.n_examples()
    }

    /// Mean number of labels per example.
    pub(super) fn mean_annotations(&self) -> f64 {
        self.0.labels.len() as f64 / self.0.n_examples() as f64
    }

    /// Refuses a table in which nobody labelled what another did: agreement is then not defined.
    pub(super) fn require_overlap(&self) -> Result<(), CoreError> {
        let rule = match (self.0.n_annotators, self.is_single()) {
            (1, _) => {
                "more than one annotator is needed; the labels of one are scored by `rank.get_label_quality_scores`"
            }
            (_, true) => {
                "some examples need two labels or more; \
                 one label for each is scored by `rank.get_label_quality_scores`"
            }
            _ => return Ok(()),
        };
        Err(CoreError::Annotation {
            place: String::new(),
            value: format!(
                "a table of {} labels for {} examples by {} annotators",
                self.0.labels.len(),
                self.0.n_examples(),
                self.0.n_annotators
            ),
            rule: rule.to_owned(),
        })
    }
}

/// Counts the labels of a row, with room that is used again for the next.
#[derive(Debug)]
pub(super) struct Tally {
    counts: Vec<u32>,
    classes: Vec<(u32, u32)>,
}

impl Tally {
    /// Room for classes below `n_classes`.
    pub(super) fn new(n_classes: usize) -> Self {
        Self { counts: vec![0; n_classes], classes: Vec::new() }
    }

    /// Each class in `labels` with how often it occurs, by ascending class.
    pub(super) fn of(&mut self, labels: &[u32]) -> &[(u32, u32)] {
        self.classes.clear();
        for &label in labels {
            let count = &mut self.counts[label as usize];
            if *count == 0 {
                self.classes.push((label, 0));
            }
            *count += 1;
        }
        for (label, count) in &mut self.classes {
            *count = std::mem::take(&mut self.counts[*label as usize]);
        }
        self.classes.sort_unstable_by_key(|&(label, _)| label);
        &self.classes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    const NONE: f64 = f64::NAN;

    #[test]
    fn a_label_that_is_no_class_number_is_named() {
        for (value, text) in [(0.5, "0.5"), (-1.0, "-1"), (f64::INFINITY, "inf"), (1e9, "1000000000")] {
            let error = LabelTable::from_f64(array![[0.0, NONE], [1.0, value]].view()).unwrap_err().to_string();
            assert!(error.starts_with(&format!("`labels_multiannotator`[1, 1] is {text}: ")), "{error}");
        }
        assert!(LabelTable::from_cells(2, &[Some(0), None, Some(1)]).is_err());
        assert!(LabelTable::from_cells(0, &[]).is_err());
    }

    #[test]
    fn an_example_or_annotator_without_labels_is_named() {
        let empty_row = LabelTable::from_f64(array![[0.0, 1.0], [NONE, NONE]].view()).unwrap();
        assert!(AnnotatorLabels::new(empty_row).unwrap_err().to_string().contains("[1, ..]"));
        let empty_column = LabelTable::from_f64(array![[0.0, NONE], [1.0, NONE]].view()).unwrap();
        assert!(AnnotatorLabels::new(empty_column).unwrap_err().to_string().contains("[.., 1]"));
    }

    #[test]
    fn both_ways_in_give_the_same_table() {
        let cells = [Some(0), None, None, Some(2)];
        let table = LabelTable::from_f64(array![[0.0, NONE], [NONE, 2.0]].view()).unwrap();
        assert_eq!(LabelTable::from_cells(2, &cells).unwrap(), table);
        assert_eq!((table.n_examples(), table.n_annotators(), table.n_classes()), (2, 2, 3));
        assert_eq!(table.place(|label| label == 2), Some((1, 1, 2)));
    }

    #[test]
    fn a_tally_counts_by_ascending_class_and_starts_anew() {
        let mut tally = Tally::new(4);
        assert_eq!(tally.of(&[3, 1, 3]), [(1, 1), (3, 2)]);
        assert_eq!(tally.of(&[1]), [(1, 1)]);
    }
}
