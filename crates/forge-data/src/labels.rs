//! A column read as class labels: consecutive class numbers and their names.

use crate::table::number_text;
use crate::{Column, DataError, MISSING, Values};

/// Most classes a label column may have.
pub const MAX_CLASSES: usize = 1000;

/// Class numbers per row and the names of the classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassLabels {
    /// Class of each row, an index into `names`; [`MISSING`] where the label is missing.
    pub codes: Vec<u32>,
    /// Name of each class; every class occurs at least once.
    pub names: Vec<String>,
}

impl Column {
    /// The column as class labels.
    ///
    /// A category gives the levels that occur, a boolean false before true in the words of the file, a number its
    /// distinct values in ascending order, text and dates their distinct values sorted.
    ///
    /// # Errors
    /// [`DataError::NotClasses`] when no value or more than [`MAX_CLASSES`] distinct values are present.
    pub fn class_labels(&self) -> Result<ClassLabels, DataError> {
        let labels = match self.values() {
            Values::Category { codes, levels } => used(codes, levels),
            Values::Boolean(values) => {
                let codes: Vec<u32> = values.iter().map(|value| value.map_or(MISSING, u32::from)).collect();
                used(&codes, &self.words().map(str::to_owned))
            }
            Values::Number(values) => {
                let keys: Vec<Option<u64>> = values.iter().map(|&value| order_key(value)).collect();
                distinct(&keys, |&key| number_text(from_order_key(key)))
            }
            Values::Text(values) => distinct(values, ToString::to_string),
            Values::Date(_) => {
                let texts: Vec<Option<String>> = (0..self.len()).map(|row| self.text(row).map(Into::into)).collect();
                distinct(&texts, Clone::clone)
            }
        };
        let n_distinct = labels.names.len();
        let rule = match n_distinct {
            0 => "at least one value that is present",
            n if n > MAX_CLASSES => "at most 1,000",
            _ => return Ok(labels),
        };
        Err(DataError::NotClasses { column: self.name().to_owned(), n_distinct, rule })
    }
}

/// Class labels of `codes` without the levels that no row has.
fn used(codes: &[u32], levels: &[String]) -> ClassLabels {
    let mut new_code = vec![MISSING; levels.len()];
    for &code in codes {
        if let Some(slot) = new_code.get_mut(code as usize) {
            *slot = 0;
        }
    }
    let mut names = Vec::new();
    for (slot, level) in new_code.iter_mut().zip(levels) {
        if *slot == 0 {
            *slot = names.len() as u32;
            names.push(level.clone());
        }
    }
    let codes = codes.iter().map(|&code| new_code.get(code as usize).copied().unwrap_or(MISSING)).collect();
    ClassLabels { codes, names }
}

/// Class labels of values that are sorted as they are.
fn distinct<T: Ord>(values: &[Option<T>], name: impl Fn(&T) -> String) -> ClassLabels {
    let mut sorted: Vec<&T> = values.iter().flatten().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let code = |value: &T| sorted.binary_search(&value).map_or(MISSING, |index| index as u32);
    ClassLabels {
        codes: values.iter().map(|value| value.as_ref().map_or(MISSING, code)).collect(),
        names: sorted.iter().map(|value| name(value)).collect(),
    }
}

/// An integer that sorts as the number does, the same for both zeros; `None` for NaN.
pub(crate) fn order_key(value: f64) -> Option<u64> {
    if value.is_nan() {
        return None;
    }
    let bits = (value + 0.0).to_bits();
    Some(if bits >> 63 == 1 { !bits } else { bits | 1 << 63 })
}

fn from_order_key(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_that_no_row_has_are_no_classes() {
        let levels = ["a", "b", "c"].map(str::to_owned).to_vec();
        let column = Column::new("y", Values::Category { codes: vec![2, 0, MISSING, 2], levels });
        let labels = column.class_labels().unwrap();
        assert_eq!(labels.names, ["a", "c"]);
        assert_eq!(labels.codes, [1, 0, MISSING, 1]);
    }

    #[test]
    fn numbers_become_classes_in_ascending_order_without_a_fraction() {
        let column = Column::new("y", Values::Number(vec![10.0, 2.0, f64::NAN, -1.5, 2.0, 0.0, -0.0]));
        let labels = column.class_labels().unwrap();
        assert_eq!(labels.names, ["-1.5", "0", "2", "10"]);
        assert_eq!(labels.codes, [3, 2, MISSING, 0, 2, 1, 1]);
    }

    #[test]
    fn booleans_keep_the_words_of_the_file_and_put_false_first() {
        let column = Column::new("y", Values::Boolean(vec![Some(true), None, Some(false)])).with_words("no", "yes");
        let labels = column.class_labels().unwrap();
        assert_eq!(labels.names, ["no", "yes"]);
        assert_eq!(labels.codes, [1, MISSING, 0]);
        let only_true = Column::new("y", Values::Boolean(vec![Some(true)])).class_labels().unwrap();
        assert_eq!(only_true.names, ["true"]);
    }

    #[test]
    fn text_and_dates_become_sorted_classes() {
        let text = Column::new("y", Values::Text(vec![Some("b".into()), None, Some("a".into())]));
        assert_eq!(text.class_labels().unwrap().codes, [1, MISSING, 0]);
        let date = Column::new("y", Values::Date(vec![86_400.0, 0.0]));
        assert_eq!(date.class_labels().unwrap().names, ["1970-01-01", "1970-01-02"]);
    }

    #[test]
    fn too_many_or_no_values_are_refused_with_the_count() {
        let many = Column::new("y", Values::Number((0..1001).map(f64::from).collect()));
        assert_eq!(
            many.class_labels().unwrap_err().to_string(),
            "column \"y\" has 1001 distinct values; a label column needs at most 1,000"
        );
        let none = Column::new("y", Values::Number(vec![f64::NAN]));
        assert!(matches!(none.class_labels(), Err(DataError::NotClasses { n_distinct: 0, .. })));
    }
}
