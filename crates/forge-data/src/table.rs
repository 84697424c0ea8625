//! Typed columns of equal length: what every reader produces and every model is encoded from.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::DataError;
use crate::date::format_date;

/// The code of a missing value in [`Values::Category`] and [`ClassLabels`](crate::ClassLabels).
pub const MISSING: u32 = u32::MAX;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Real numbers.
    Number,
    /// One of a limited set of names.
    Category,
    /// Free text.
    Text,
    /// Yes or no.
    Boolean,
    /// A calendar date or a point in time.
    Date,
}

impl ColumnType {
    /// Every type, in the order faces list them.
    pub const ALL: [Self; 5] = [Self::Number, Self::Category, Self::Text, Self::Boolean, Self::Date];

    /// The name users type and JSON holds.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Category => "category",
            Self::Text => "text",
            Self::Boolean => "boolean",
            Self::Date => "date",
        }
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for ColumnType {
    type Err = DataError;

    fn from_str(text: &str) -> Result<Self, DataError> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| DataError::UnknownName {
            kind: "column type",
            value: text.to_owned(),
            known: Self::ALL.map(Self::name).join(", "),
        })
    }
}

/// The values of a column, one per row.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Finite numbers; NaN marks a missing value.
    Number(Vec<f64>),
    /// Index into `levels` per row, [`MISSING`] where the value is missing. `levels` are distinct and sorted by bytes.
    Category {
        /// Index into `levels`, or [`MISSING`].
        codes: Vec<u32>,
        /// The distinct names.
        levels: Vec<String>,
    },
    /// Free text; `None` marks a missing value.
    Text(Vec<Option<Box<str>>>),
    /// Yes or no; `None` marks a missing value.
    Boolean(Vec<Option<bool>>),
    /// Seconds since 1970-01-01T00:00:00Z; NaN marks a missing value.
    Date(Vec<f64>),
}

/// A named column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    name: String,
    values: Values,
    /// How a boolean column spells false and true.
    words: [Cow<'static, str>; 2],
}

impl Column {
    /// A column of `values`. [`Table::new`] checks them.
    pub fn new(name: impl Into<String>, values: Values) -> Self {
        Self { name: name.into(), values, words: [Cow::Borrowed("false"), Cow::Borrowed("true")] }
    }

    /// The same column, whose boolean values are spelled `no` and `yes` wherever they are shown.
    #[must_use]
    pub fn with_words(mut self, no: impl Into<String>, yes: impl Into<String>) -> Self {
        self.words = [Cow::Owned(no.into()), Cow::Owned(yes.into())];
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its values, one per row.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// How a boolean column spells false and true.
    pub fn words(&self) -> [&str; 2] {
        [&self.words[0], &self.words[1]]
    }

    /// What its values are.
    pub fn column_type(&self) -> ColumnType {
        match self.values {
            Values::Number(_) => ColumnType::Number,
            Values::Category { .. } => ColumnType::Category,
            Values::Text(_) => ColumnType::Text,
            Values::Boolean(_) => ColumnType::Boolean,
            Values::Date(_) => ColumnType::Date,
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match &self.values {
            Values::Number(values) | Values::Date(values) => values.len(),
            Values::Category { codes, .. } => codes.len(),
            Values::Text(values) => values.len(),
            Values::Boolean(values) => values.len(),
        }
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the value of `row` is missing; so is a row beyond the end.
    pub fn is_missing(&self, row: usize) -> bool {
        match &self.values {
            Values::Number(values) | Values::Date(values) => values.get(row).is_none_or(|value| value.is_nan()),
            Values::Category { codes, .. } => codes.get(row).is_none_or(|&code| code == MISSING),
            Values::Text(values) => values.get(row).is_none_or(Option::is_none),
            Values::Boolean(values) => values.get(row).is_none_or(Option::is_none),
        }
    }

    /// Number of rows whose value is missing.
    pub fn n_missing(&self) -> usize {
        match &self.values {
            Values::Number(values) | Values::Date(values) => values.iter().filter(|value| value.is_nan()).count(),
            Values::Category { codes, .. } => codes.iter().filter(|&&code| code == MISSING).count(),
            Values::Text(values) => values.iter().filter(|value| value.is_none()).count(),
            Values::Boolean(values) => values.iter().filter(|value| value.is_none()).count(),
        }
    }

    /// The value of `row` as people write it, `None` where it is missing: whole numbers without a fraction, dates in
    /// ISO 8601.
    pub fn text(&self, row: usize) -> Option<Cow<'_, str>> {
        match &self.values {
            Values::Number(values) => {
                values.get(row).filter(|value| !value.is_nan()).map(|&value| Cow::Owned(number_text(value)))
            }
            Values::Date(values) => {
                values.get(row).filter(|value| !value.is_nan()).map(|&value| Cow::Owned(format_date(value)))
            }
            Values::Category { codes, levels } => {
                let code = *codes.get(row)?;
                levels.get(code as usize).map(|level| Cow::Borrowed(level.as_str()))
            }
            Values::Text(values) => values.get(row)?.as_deref().map(Cow::Borrowed),
            Values::Boolean(values) => {
                let value = (*values.get(row)?)?;
                Some(Cow::Borrowed(&*self.words[usize::from(value)]))
            }
        }
    }

    fn check(&self) -> Result<(), DataError> {
        let invalid = |row: usize, value: String, rule: &'static str| {
            Err(DataError::InvalidValue { column: self.name.clone(), row, value, rule })
        };
        match &self.values {
            Values::Number(values) | Values::Date(values) => {
                if let Some(row) = values.iter().position(|value| value.is_infinite()) {
                    return invalid(row, values[row].to_string(), "numbers must be finite, or NaN where missing");
                }
            }
            Values::Category { codes, levels } => {
                if let Some(pair) = levels.windows(2).find(|pair| pair[0] >= pair[1]) {
                    return Err(DataError::InvalidLevels { column: self.name.clone(), level: pair[1].clone() });
                }
                let n_levels = levels.len();
                if let Some(row) = codes.iter().position(|&code| code != MISSING && code as usize >= n_levels) {
                    return invalid(row, codes[row].to_string(), "codes must be below the number of levels");
                }
            }
            Values::Text(_) | Values::Boolean(_) => {}
        }
        Ok(())
    }
}

/// A number as people write it: zero without a sign, whole numbers without a fraction.
pub(crate) fn number_text(value: f64) -> String {
    (value + 0.0).to_string()
}

/// Columns of equal length with distinct names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    columns: Vec<Column>,
    n_rows: usize,
}

impl Table {
    /// A table of `columns`.
    ///
    /// # Errors
    /// Columns of different lengths or with the same name, infinite numbers, codes without a level, levels out of order.
    pub fn new(columns: Vec<Column>) -> Result<Self, DataError> {
        let n_rows = columns.first().map_or(0, Column::len);
        let mut names: Vec<&str> = columns.iter().map(Column::name).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(DataError::DuplicateColumn { column: pair[0].to_owned() });
        }
        for column in &columns {
            if column.len() != n_rows {
                return Err(DataError::ColumnLength {
                    column: column.name.clone(),
                    len: column.len(),
                    expected: n_rows,
                });
            }
            column.check()?;
        }
        Ok(Self { columns, n_rows })
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Its columns, in the order of the file.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Where the column of that name stands.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(name: &str, values: &[f64]) -> Column {
        Column::new(name, Values::Number(values.to_vec()))
    }

    #[test]
    fn columns_of_unequal_length_are_refused_with_both_lengths() {
        let error = Table::new(vec![numbers("a", &[1.0, 2.0]), numbers("b", &[1.0])]).unwrap_err();
        assert_eq!(error.to_string(), "column \"b\" has 1 rows, expected 2");
    }

    #[test]
    fn two_columns_of_the_same_name_are_refused() {
        let error = Table::new(vec![numbers("a", &[1.0]), numbers("a", &[1.0])]).unwrap_err();
        assert_eq!(error, DataError::DuplicateColumn { column: "a".into() });
    }

    #[test]
    fn an_infinite_number_is_refused_with_its_row() {
        let error = Table::new(vec![numbers("a", &[1.0, f64::INFINITY])]).unwrap_err();
        assert!(error.to_string().starts_with("column \"a\", row 1: inf"), "{error}");
    }

    #[test]
    fn codes_need_a_level_and_levels_an_order() {
        let category = |codes: Vec<u32>, levels: &[&str]| {
            let levels = levels.iter().map(ToString::to_string).collect();
            Table::new(vec![Column::new("c", Values::Category { codes, levels })])
        };
        assert!(category(vec![0, 1, MISSING], &["a", "b"]).is_ok());
        assert!(matches!(category(vec![2], &["a", "b"]), Err(DataError::InvalidValue { row: 0, .. })));
        assert!(matches!(category(vec![0], &["b", "a"]), Err(DataError::InvalidLevels { .. })));
        assert!(matches!(category(vec![0], &["a", "a"]), Err(DataError::InvalidLevels { .. })));
    }

    #[test]
    fn values_read_as_people_write_them() {
        assert_eq!(numbers("a", &[2.0]).text(0).unwrap(), "2");
        assert_eq!(numbers("a", &[-0.0]).text(0).unwrap(), "0");
        assert_eq!(numbers("a", &[f64::NAN]).text(0), None);
        assert_eq!(numbers("a", &[0.0]).text(7), None);
        assert_eq!(Column::new("d", Values::Date(vec![0.0])).text(0).unwrap(), "1970-01-01");
        let answer = Column::new("b", Values::Boolean(vec![Some(true), None])).with_words("no", "yes");
        assert_eq!(answer.text(0).unwrap(), "yes");
        assert_eq!(answer.text(1), None);
    }

    #[test]
    fn every_type_parses_back_from_its_name() {
        for kind in ColumnType::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        assert!("numeric".parse::<ColumnType>().unwrap_err().to_string().contains("number, category"));
    }
}
