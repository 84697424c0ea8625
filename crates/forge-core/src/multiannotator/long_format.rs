//! From a long table (one label per row) to a wide one (examples × annotators), and from names of classes to numbers.

use super::LabelTable;
use crate::CoreError;

/// One label: who gave it to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LongRow<T, A, L> {
    /// The example.
    pub task: T,
    /// The annotator.
    pub annotator: A,
    /// The label; `None` for a row without one.
    pub label: Option<L>,
}

/// Labels by example and annotator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WideTable<T, A, L> {
    /// The examples, ascending: the rows.
    pub tasks: Vec<T>,
    /// The annotators, ascending: the columns.
    pub annotators: Vec<A>,
    /// Row by row, examples × annotators.
    pub cells: Vec<Option<L>>,
}

/// Turns a long table into a wide one. cleanlab: `multiannotator.convert_long_to_wide_dataset`.
///
/// # Errors
/// [`CoreError::Empty`] without rows, [`CoreError::Setting`] naming the first row that labels an example a second time
/// by the same annotator.
pub fn convert_long_to_wide_dataset<T: Ord + Clone, A: Ord + Clone, L>(
    rows: Vec<LongRow<T, A, L>>,
) -> Result<WideTable<T, A, L>, CoreError> {
    if rows.is_empty() {
        return Err(CoreError::Empty { argument: "labels_multiannotator_long" });
    }
    let tasks = distinct(rows.iter().map(|row| &row.task));
    let annotators = distinct(rows.iter().map(|row| &row.annotator));
    let n_cells = tasks.len() * annotators.len();
    let mut cells: Vec<Option<L>> = std::iter::repeat_with(|| None).take(n_cells).collect();
    let mut first_rows: Vec<Option<usize>> = vec![None; n_cells];
    for (number, row) in rows.into_iter().enumerate() {
        let (Ok(task), Ok(annotator)) = (tasks.binary_search(&row.task), annotators.binary_search(&row.annotator))
        else {
            continue;
        };
        let cell = task * annotators.len() + annotator;
        if let Some(first) = first_rows[cell].replace(number) {
            return Err(CoreError::setting(
                "labels_multiannotator_long",
                format!("a table whose row {number} has the task and annotator of row {first}"),
                "one row for each task and annotator",
            ));
        }
        cells[cell] = row.label;
    }
    Ok(WideTable { tasks, annotators, cells })
}

/// Gives classes numbers in ascending order of their names; the second value is their names by number. cleanlab:
/// `internal.multiannotator_utils.format_multiannotator_labels`.
///
/// # Errors
/// As [`LabelTable::from_cells`].
pub fn format_multiannotator_labels<L: Ord + Clone>(
    n_annotators: usize,
    cells: &[Option<L>],
) -> Result<(LabelTable, Vec<L>), CoreError> {
    let classes = distinct(cells.iter().flatten());
    let number = |label: &L| classes.binary_search(label).ok().map(|class| class as u32);
    let numbers: Vec<Option<u32>> = cells.iter().map(|cell| cell.as_ref().and_then(number)).collect();
    Ok((LabelTable::from_cells(n_annotators, &numbers)?, classes))
}

fn distinct<'a, V: Ord + Clone + 'a>(values: impl Iterator<Item = &'a V>) -> Vec<V> {
    let mut sorted: Vec<&V> = values.collect();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(task: u32, annotator: &str, label: &str) -> LongRow<u32, String, String> {
        LongRow { task, annotator: annotator.to_owned(), label: Some(label.to_owned()) }
    }

    #[test]
    fn a_long_table_becomes_wide_and_its_classes_numbers() {
        let wide =
            convert_long_to_wide_dataset(vec![row(7, "b", "dog"), row(3, "a", "cat"), row(7, "a", "cat")]).unwrap();
        assert_eq!((&wide.tasks[..], &wide.annotators[..]), (&[3, 7][..], &["a".to_owned(), "b".to_owned()][..]));
        let (table, classes) = format_multiannotator_labels(2, &wide.cells).unwrap();
        assert_eq!(classes, ["cat", "dog"]);
        assert_eq!(table, LabelTable::from_cells(2, &[Some(0), None, Some(0), Some(1)]).unwrap());
    }

    #[test]
    fn a_second_label_by_the_same_annotator_is_named() {
        let error = convert_long_to_wide_dataset(vec![row(1, "a", "x"), row(1, "a", "y")]).unwrap_err().to_string();
        assert!(error.contains("row 1 has the task and annotator of row 0"), "{error}");
        assert!(convert_long_to_wide_dataset::<u32, u32, u32>(vec![]).is_err());
    }
}
