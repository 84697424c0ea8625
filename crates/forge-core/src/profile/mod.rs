//! The profile of a table: what is in each column, what looks odd in it, and how it goes with the target.
//!
//! ```
//! use forge_core::profile::profile;
//! use forge_data::{CsvOptions, read_csv};
//!
//! let bytes = b"age;town\n31;Bonn\n47;Ulm\n-999;Bonn\n35;Ulm\n29;Bonn\n".to_vec();
//! let file = read_csv("people.csv", bytes, &CsvOptions::default())?;
//! let profile = profile(&file.table, None)?;
//! assert_eq!(profile.columns[0].numbers.as_ref().map(|numbers| numbers.min), Some(-999.0));
//! assert!(profile.columns[0].suspicious[0].contains("-999"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod association;
mod suspicious;

use forge_data::{Column, ColumnType, Role, Table, Values, infer_roles};
use serde::{Deserialize, Serialize};

use crate::tasks::position;
use crate::{CoreError, by_number};
use association::Binned;

/// Bars of a histogram.
const BARS: usize = 20;
/// Values listed with their counts.
const MOST_LISTED: usize = 10;
/// Columns that explain at least this much of the target on their own are named as likely leaks.
const LEAK: f64 = 0.98;

/// What is in a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Rows.
    pub n_rows: usize,
    /// The column the others are compared with; absent where none was named.
    pub target: Option<String>,
    /// One per column, in the order of the file.
    pub columns: Vec<ColumnProfile>,
    /// What a user should know: columns that nearly determine the target.
    pub warnings: Vec<String>,
}

/// What is in a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnProfile {
    /// Its name.
    pub name: String,
    /// What its values are.
    pub column_type: ColumnType,
    /// What it seems to be for.
    pub role: Role,
    /// Why it has this role, in one sentence.
    pub reason: String,
    /// Rows without a value.
    pub n_missing: usize,
    /// Distinct values that are present.
    pub n_distinct: usize,
    /// Of numbers and dates (seconds since 1970); absent for other columns and where every value is missing.
    pub numbers: Option<NumberProfile>,
    /// The most frequent values with their counts, most frequent first.
    pub top: Vec<(String, usize)>,
    /// What looks odd, in sentences.
    pub suspicious: Vec<String>,
    /// How much of the target this column explains on its own, in [0, 1]; absent where there is no target, for the
    /// target itself, and for columns of names. Of classes it is the share of the errors of the best constant guess that
    /// knowing the column avoids (Goodman and Kruskal's λ), of numbers the share of variance (the correlation ratio η²).
    pub explains_target: Option<f64>,
}

/// The spread of numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumberProfile {
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// The mean.
    pub mean: f64,
    /// The standard deviation, of the population.
    pub std: f64,
    /// The value in the middle.
    pub median: f64,
    /// Counts in bars of equal width from `min` to `max`, the last including `max`.
    pub histogram: Vec<usize>,
}

/// Looks at every column of `table`, and at how it goes with the column `target`.
///
/// # Errors
/// A target that is no column.
pub fn profile(table: &Table, target: Option<&str>) -> Result<Profile, CoreError> {
    let target = target.map(|name| position(table, "target", name)).transpose()?;
    let goal = target.map(|target| association::Goal::of(&table.columns()[target]));
    let mut columns = Vec::new();
    for (index, (column, info)) in table.columns().iter().zip(infer_roles(table)).enumerate() {
        let explains = match &goal {
            Some(goal) if Some(index) != target && info.role != Role::Id => {
                Binned::of(column).and_then(|binned| association::explained(&binned, goal))
            }
            _ => None,
        };
        columns.push(ColumnProfile {
            name: info.name,
            column_type: info.column_type,
            role: if Some(index) == target { Role::Target } else { info.role },
            reason: info.reason,
            n_missing: info.n_missing,
            n_distinct: info.n_distinct,
            numbers: numbers(column),
            top: top(column),
            suspicious: suspicious::of(column),
            explains_target: explains,
        });
    }
    let name = target.map(|target| table.columns()[target].name().to_owned());
    let warnings = name.as_ref().map_or_else(Vec::new, |name| leaks(&columns, name));
    Ok(Profile { n_rows: table.n_rows(), target: name, columns, warnings })
}

/// Columns that all but tell the target.
fn leaks(columns: &[ColumnProfile], target: &str) -> Vec<String> {
    let leaking = columns.iter().filter_map(|column| Some((column, column.explains_target.filter(|&r| r >= LEAK)?)));
    leaking
        .map(|(column, explained)| {
            format!(
                "Column \"{}\" alone explains {:.1} % of \"{target}\": it may hold the answer. If so, leave it out by its role (ignored).",
                column.name,
                100.0 * explained
            )
        })
        .collect()
}

/// The numbers that are present.
fn present(column: &Column) -> Option<Vec<f64>> {
    match column.values() {
        Values::Number(values) | Values::Date(values) => {
            Some(values.iter().copied().filter(|value| !value.is_nan()).collect())
        }
        _ => None,
    }
}

fn numbers(column: &Column) -> Option<NumberProfile> {
    let mut values = present(column).filter(|values| !values.is_empty())?;
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len() as f64;
    let (min, max) = (values[0], values[values.len() - 1]);
    let mean = values.iter().map(|value| value / n).sum::<f64>();
    let variance = values.iter().map(|value| (value - mean) * (value - mean) / n).sum::<f64>();
    let mut histogram = vec![0; if max > min { BARS } else { 1 }];
    let last = histogram.len() - 1;
    for value in &values {
        let bar = if max > min { ((value - min) / (max - min) * BARS as f64) as usize } else { 0 };
        histogram[bar.min(last)] += 1;
    }
    let middle = values.len() / 2;
    let median = if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) };
    Some(NumberProfile { min, max, mean, std: variance.sqrt(), median, histogram })
}

/// The most frequent values; equals in the order of their text.
fn top(column: &Column) -> Vec<(String, usize)> {
    let mut texts: Vec<String> =
        (0..column.len()).filter_map(|row| column.text(row).map(std::borrow::Cow::into_owned)).collect();
    texts.sort_unstable();
    let mut counts: Vec<(String, usize)> = Vec::new();
    for text in texts {
        match counts.last_mut() {
            Some((last, count)) if *last == text => *count += 1,
            _ => counts.push((text, 1)),
        }
    }
    // A stable sort: equal counts stay in the order of their text.
    by_number::sort(&mut counts, |&(_, count)| -(count as f64));
    counts.truncate(MOST_LISTED);
    counts
}

#[cfg(test)]
mod tests {
    use forge_data::{CsvOptions, read_csv};

    use super::*;

    fn table(text: &str) -> Table {
        read_csv("t.csv", text.as_bytes().to_vec(), &CsvOptions::default()).unwrap().table
    }

    #[test]
    fn numbers_are_summed_up() {
        let numbers = profile(&table("a,b\n1,x\n2,x\n3,y\n10,x\n"), None).unwrap().columns[0].numbers.clone().unwrap();
        assert_eq!((numbers.min, numbers.max, numbers.mean, numbers.median), (1.0, 10.0, 4.0, 2.5));
        assert_eq!(numbers.histogram.iter().sum::<usize>(), 4);
        assert!((numbers.std - 12.5_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn the_most_frequent_values_come_first() {
        let profile = profile(&table("a,b\n1,x\n2,x\n3,y\n10,x\n"), None).unwrap();
        assert_eq!(profile.columns[1].top, [("x".to_owned(), 3), ("y".to_owned(), 1)]);
    }

    #[test]
    fn a_column_that_tells_the_target_is_named() {
        let row = |i: usize| format!("{},{},{}", i * 7 % 50, i % 4, ["a", "b", "c", "d"][i % 4]);
        let rows = (0..200).map(row).collect::<Vec<_>>().join("\n");
        let profile = profile(&table(&format!("noise,code,label\n{rows}")), Some("label")).unwrap();
        assert_eq!(profile.columns[1].explains_target, Some(1.0));
        assert!(profile.columns[0].explains_target.unwrap() < 0.9);
        assert_eq!(profile.warnings.len(), 1);
        assert!(profile.warnings[0].starts_with("Column \"code\" alone explains 100.0 %"), "{}", profile.warnings[0]);
        assert!(super::profile(&table("a,b\n1,2\n"), Some("c")).is_err());
    }

    #[test]
    fn numbers_are_explained_by_variance() {
        let rows = (0..500).map(|i| format!("{},{},{}", i, i * 37 % 11, i * i)).collect::<Vec<_>>().join("\n");
        let profile = profile(&table(&format!("x,noise,y\n{rows}")), Some("y")).unwrap();
        assert!(profile.columns[0].explains_target.is_none_or(|explained| explained > 0.99));
        assert!(profile.columns[1].explains_target.unwrap() < 0.1);
    }
}
