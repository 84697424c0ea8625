//! Compares what two sides returned: folders of arrays, as `bench_arrays.py` describes them.
//!
//! Integers agree exactly, floats to 1e-9 of the larger of the two (and to 1e-12 near zero); NaN agrees with NaN. Where
//! chance has a part in the results, such as which rows are held out together, floats are alike when they are correlated.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

/// Relative difference of floats that counts as agreement.
const TOLERANCE: f64 = 1e-9;

/// Below this size a float's difference is relative to this.
const NEAR_ZERO: f64 = 1e-3;

/// Correlation of floats that chance has a part in, at least: that of cleanlab with itself under another seed, 0.69 for the
/// label quality of regression with boosting (0.996 for its predictions).
const LEAST_CORRELATION: f64 = 0.69;

/// Whether two sides returned the same.
#[derive(Debug, PartialEq)]
pub(crate) enum Agreement {
    /// All integers are equal, and no two floats differ by more than this, relative.
    Agrees(f64),
    /// The same holds once cleanlab keeps equal keys in order, as we do; NumPy's order depends on the processor.
    AgreesInOrder(f64),
    /// Chance has a part in the results, and this is the least correlation of two arrays.
    Alike(f64),
    /// How many values differ, and the first of them.
    Differs(usize, String),
}

impl Agreement {
    /// A few words for the table.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Agrees(0.0) => "equal".to_owned(),
            Self::Agrees(worst) => format!("to {worst:.0e}"),
            Self::AgreesInOrder(0.0) => "equal, ties in order".to_owned(),
            Self::AgreesInOrder(worst) => format!("to {worst:.0e}, ties in order"),
            Self::Alike(correlation) => format!("alike, r = {correlation:.3}"),
            Self::Differs(count, first) => format!("{count} DIFFER: {first}"),
        }
    }

    /// Whether they did.
    pub(crate) fn holds(&self) -> bool {
        matches!(self, Self::Agrees(_) | Self::AgreesInOrder(_) | Self::Alike(_))
    }
}

/// Compares two folders of arrays.
pub(crate) fn compare(expected: &Path, got: &Path) -> Result<Agreement> {
    let (expected, got) = (read(expected)?, read(got)?);
    if expected.is_empty() {
        bail!("cleanlab's side returned no arrays");
    }
    let mut comparison = Comparison::default();
    for (name, expected) in &expected {
        match got.get(name) {
            Some(got) => comparison.add(name, expected, got),
            None => comparison.differ(format!("{name} is missing")),
        }
    }
    got.keys()
        .filter(|name| !expected.contains_key(*name))
        .for_each(|name| comparison.differ(format!("{name} is new")));
    Ok(match comparison.first {
        None => Agreement::Agrees(comparison.worst),
        Some(first) => Agreement::Differs(comparison.count, first),
    })
}

/// Compares two folders of floats by correlation.
pub(crate) fn compare_alike(expected: &Path, got: &Path) -> Result<Agreement> {
    let (expected, got) = (read(expected)?, read(got)?);
    ensure!(!expected.is_empty() && expected.keys().eq(got.keys()), "the sides returned other arrays");
    let mut least: f64 = 1.0;
    for (name, pair) in expected.iter().zip(got.values()).map(|((name, a), b)| (name, (a, b))) {
        let (Values::Floats(a), Values::Floats(b)) = pair else { bail!("{name} does not hold floats") };
        ensure!(a.len() == b.len(), "{name} has another length");
        let correlation = correlation(a, b);
        if correlation.is_nan() || correlation < LEAST_CORRELATION {
            return Ok(Agreement::Differs(a.len(), format!("{name} is correlated by {correlation:.3} only")));
        }
        least = least.min(correlation);
    }
    Ok(Agreement::Alike(least))
}

/// The one number of the array `name` in a folder.
pub(crate) fn number(folder: &Path, name: &str) -> Result<f64> {
    match read(folder)?.get(&format!("{name}.f64")) {
        Some(Values::Floats(values)) if values.len() == 1 => Ok(values[0]),
        _ => bail!("{} holds no number `{name}`", folder.display()),
    }
}

/// Pearson's correlation.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let sum =
        |term: &dyn Fn(f64, f64) -> f64| -> f64 { a.iter().zip(b).map(|(a, b)| term(a - mean_a, b - mean_b)).sum() };
    sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
}

/// The values of an array.
enum Values {
    Floats(Vec<f64>),
    Integers(Vec<i32>),
}

fn read(folder: &Path) -> Result<BTreeMap<String, Values>> {
    let mut arrays = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let values = if path.extension().is_some_and(|kind| kind == "f64") {
            Values::Floats(bytes.as_chunks().0.iter().map(|&value| f64::from_le_bytes(value)).collect())
        } else {
            Values::Integers(bytes.as_chunks().0.iter().map(|&value| i32::from_le_bytes(value)).collect())
        };
        // Without the shape, which says nothing more than the length does.
        let (name, kind) = (name.split('.').next().unwrap_or_default(), name.rsplit('.').next().unwrap_or_default());
        arrays.insert(format!("{name}.{kind}"), values);
    }
    Ok(arrays)
}

#[derive(Default)]
struct Comparison {
    worst: f64,
    count: usize,
    first: Option<String>,
}

impl Comparison {
    fn differ(&mut self, difference: String) {
        self.count += 1;
        self.first.get_or_insert(difference);
    }

    fn add(&mut self, name: &str, expected: &Values, got: &Values) {
        match (expected, got) {
            (Values::Integers(a), Values::Integers(b)) if a.len() == b.len() => {
                for (place, (a, b)) in a.iter().zip(b).enumerate().filter(|(_, (a, b))| a != b) {
                    self.differ(format!("{name}[{place}] is {b}, not {a}"));
                }
            }
            (Values::Floats(a), Values::Floats(b)) if a.len() == b.len() => {
                for (place, (a, b)) in a.iter().zip(b).enumerate() {
                    let difference = relative_difference(*a, *b);
                    if difference <= TOLERANCE {
                        self.worst = self.worst.max(difference);
                    } else {
                        self.differ(format!("{name}[{place}] is {b}, not {a}"));
                    }
                }
            }
            _ => self.differ(format!("{name} has another length")),
        }
    }
}

/// 0 for equal values and for two NaN; NaN where only one is.
fn relative_difference(a: f64, b: f64) -> f64 {
    if a == b || (a.is_nan() && b.is_nan()) {
        return 0.0;
    }
    (a - b).abs() / a.abs().max(b.abs()).max(NEAR_ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(expected: Values, got: Values) -> (usize, f64) {
        let mut comparison = Comparison::default();
        comparison.add("x", &expected, &got);
        (comparison.count, comparison.worst)
    }

    #[test]
    fn integers_agree_exactly_and_floats_to_a_relative_difference() {
        assert_eq!(compared(Values::Integers(vec![1, 2]), Values::Integers(vec![1, 3])).0, 1);
        assert_eq!(compared(Values::Floats(vec![100.0]), Values::Floats(vec![100.0 + 5e-8])).0, 0);
        assert_eq!(compared(Values::Floats(vec![100.0]), Values::Floats(vec![100.0 + 5e-7])).0, 1);
        assert_eq!(compared(Values::Floats(vec![0.0]), Values::Floats(vec![1e-13])).0, 0);
    }

    #[test]
    fn a_missing_number_agrees_with_nothing_else() {
        assert_eq!(compared(Values::Floats(vec![f64::NAN]), Values::Floats(vec![f64::NAN])), (0, 0.0));
        assert_eq!(compared(Values::Floats(vec![f64::NAN]), Values::Floats(vec![0.5])).0, 1);
    }

    #[test]
    fn correlation_does_not_depend_on_unit_or_origin() {
        assert!((correlation(&[1.0, 2.0, 4.0], &[12.0, 14.0, 18.0]) - 1.0).abs() < 1e-12);
        assert!(correlation(&[1.0, 2.0, 3.0], &[1.0, -2.0, 1.0]).abs() < 1e-12);
    }

    #[test]
    fn another_length_or_type_differs() {
        assert_eq!(compared(Values::Integers(vec![1]), Values::Integers(vec![1, 1])).0, 1);
        assert_eq!(compared(Values::Integers(vec![1]), Values::Floats(vec![1.0])).0, 1);
    }
}
