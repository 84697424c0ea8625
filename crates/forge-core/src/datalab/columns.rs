//! Feature columns as people know them: what reasons speak of, and where missing values are looked for.

use super::stats::{quantile, sorted};

/// A named feature column, as it stands in the user's table.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditColumn {
    /// Its name.
    pub name: String,
    /// Its values.
    pub values: AuditValues,
}

/// The values of an [`AuditColumn`], one per row.
#[derive(Clone, Debug, PartialEq)]
pub enum AuditValues {
    /// Numbers; NaN is a missing value.
    Numbers(Vec<f64>),
    /// Levels by number, and their names; a number without a name is a missing value.
    Levels(Vec<u32>, Vec<String>),
}

impl AuditValues {
    /// Whether a row has no value.
    pub(super) fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Numbers(numbers) => numbers.get(row).is_none_or(|number| number.is_nan()),
            Self::Levels(codes, names) => codes.get(row).is_none_or(|&code| code as usize >= names.len()),
        }
    }
}

/// What is usual in a column.
#[derive(Clone, Debug)]
pub(super) enum Usual {
    /// The middle of the numbers and their spread; a spread of 0 means that all are alike.
    Numbers { middle: f64, spread: f64 },
    /// The share of each level.
    Levels(Vec<f64>),
}

impl Usual {
    /// What is usual in `values`.
    pub(super) fn of(values: &AuditValues) -> Self {
        match values {
            AuditValues::Numbers(numbers) => {
                let known = sorted(&numbers.iter().copied().filter(|number| number.is_finite()).collect::<Vec<_>>());
                let [low, middle, high] = [0.25, 0.5, 0.75].map(|q| quantile(&known, q));
                let distance: f64 = known.iter().map(|number| (number - middle).abs()).sum();
                // Where most numbers are equal the quartiles say nothing about the rest.
                let spread = if high > low { high - low } else { distance / known.len().max(1) as f64 };
                Self::Numbers { middle, spread }
            }
            AuditValues::Levels(codes, names) => {
                let mut counts = vec![0_usize; names.len()];
                for &code in codes {
                    if let Some(count) = counts.get_mut(code as usize) {
                        *count += 1;
                    }
                }
                Self::Levels(counts.into_iter().map(|count| count as f64 / codes.len().max(1) as f64).collect())
            }
        }
    }

    /// How unusual the value of a row is: spreads from the middle for a number, and for a level as many as a number has
    /// that is as rare; with the value as text.
    pub(super) fn surprise(&self, values: &AuditValues, row: usize) -> Option<(f64, String)> {
        match (self, values) {
            (Self::Numbers { middle, spread }, AuditValues::Numbers(numbers)) => {
                let number = numbers.get(row).copied().filter(|number| number.is_finite())?;
                (*spread > 0.0).then(|| ((number - middle).abs() / spread, super::reason::number(number)))
            }
            (Self::Levels(shares), AuditValues::Levels(codes, names)) => {
                let code = *codes.get(row)? as usize;
                let (share, name) = (shares.get(code)?, names.get(code)?);
                // One row in a thousand is as surprising as a number ten spreads away.
                Some((libm::sqrt(0.1 / share.max(1e-12)), format!("“{name}”")))
            }
            _ => None,
        }
    }
}
