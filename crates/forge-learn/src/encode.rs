//! Turns table columns into a [`Matrix`]: numbers are imputed and standardised, categories one-hot encoded.
//!
//! The counterpart of scikit-learn's `ColumnTransformer` with `SimpleImputer` and `StandardScaler` on number and date
//! columns and `SimpleImputer(strategy="most_frequent")` and `OneHotEncoder(handle_unknown="infrequent_if_exist")` on
//! category and boolean columns. Everything learned comes from the fit rows alone. Text columns are left out.

mod categorical;
mod numeric;

use forge_data::{Table, Values};
use serde::{Deserialize, Serialize};

use crate::{LearnError, Matrix};
use categorical::CategoryEncoder;
use numeric::NumberEncoder;

/// What replaces a missing number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumericImputation {
    /// The median of the fit rows.
    #[default]
    Median,
    /// The mean of the fit rows.
    Mean,
}

/// How columns are encoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EncoderConfig {
    /// What replaces a missing number, scikit-learn's `SimpleImputer(strategy=...)` [median].
    pub numeric_imputation: NumericImputation,
    /// Whether numbers are centred and divided by their standard deviation, scikit-learn's `StandardScaler` [true].
    pub scale_numeric: bool,
    /// One-hot columns per category column at most, scikit-learn's `OneHotEncoder(max_categories=...)`; the rarest
    /// levels share the last [100; 2–500].
    pub one_hot_max_categories: usize,
}

impl Default for EncoderConfig {
    fn default() -> Self {
        Self { numeric_imputation: NumericImputation::Median, scale_numeric: true, one_hot_max_categories: 100 }
    }
}

impl EncoderConfig {
    /// Checks every field against its range.
    ///
    /// # Errors
    /// [`LearnError::Setting`] naming the field.
    pub fn validate(&self) -> Result<(), LearnError> {
        if (2..=500).contains(&self.one_hot_max_categories) {
            Ok(())
        } else {
            Err(LearnError::Setting {
                setting: "one_hot_max_categories",
                value: self.one_hot_max_categories.to_string(),
                range: "a number from 2 to 500",
            })
        }
    }
}

/// A fitted encoding of chosen columns.
///
/// Features are ordered as scikit-learn's `ColumnTransformer` orders them: all numbers, then the one-hot columns, each in
/// the order the columns were given.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoder {
    numbers: Vec<NumberEncoder>,
    categories: Vec<CategoryEncoder>,
    n_features: usize,
    warnings: Vec<String>,
}

impl Encoder {
    /// Learns the encoding of `columns` from `rows` of `table`, both counted from 0.
    ///
    /// A column that cannot be used, or adds nothing, is named in [`Encoder::warnings`].
    ///
    /// # Errors
    /// A row or column outside the table, no rows, a setting outside its range, or no usable column.
    pub fn fit(table: &Table, columns: &[usize], rows: &[u32], config: &EncoderConfig) -> Result<Self, LearnError> {
        config.validate()?;
        if rows.is_empty() {
            return Err(LearnError::TooFewRows { n_rows: 0, least: 1 });
        }
        if let Some(&row) = rows.iter().find(|&&row| row as usize >= table.n_rows()) {
            return Err(LearnError::Row { row, n_rows: table.n_rows() });
        }
        let (mut numbers, mut categories, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
        for &position in columns {
            let Some(column) = table.columns().get(position) else {
                return Err(LearnError::Column { column: position, n_columns: table.columns().len() });
            };
            let name = column.name();
            let mut constant = false;
            let mut empty = false;
            match column.values() {
                Values::Number(values) | Values::Date(values) => {
                    match NumberEncoder::fit(position, name, values, rows, config) {
                        Some(encoder) => {
                            constant = encoder.is_constant();
                            numbers.push(encoder);
                        }
                        None => empty = true,
                    }
                }
                Values::Category { .. } | Values::Boolean(_) => {
                    match CategoryEncoder::fit(position, name, column.values(), rows, config.one_hot_max_categories) {
                        Some(encoder) => {
                            constant = encoder.n_columns() == 1;
                            categories.push(encoder);
                        }
                        None => empty = true,
                    }
                }
                Values::Text(_) => {
                    warnings.push(format!("Column “{name}” is free text, which no model reads: it was left out."));
                }
            }
            if empty {
                warnings.push(format!("Column “{name}” has no value in the rows used for training: it was left out."));
            } else if constant {
                warnings.push(format!(
                    "Column “{name}” has one value only in the rows used for training: it adds nothing."
                ));
            }
        }
        if numbers.is_empty() && categories.is_empty() {
            return Err(LearnError::NoFeatures);
        }
        let n_features = numbers.len() + categories.iter().map(CategoryEncoder::n_columns).sum::<usize>();
        Ok(Self { numbers, categories, n_features, warnings })
    }

    /// Encodes `rows` of `table`, which has the columns of the fitted table at the same places.
    ///
    /// A row or column the table does not have, or a column of another type, is read as missing.
    pub fn transform(&self, table: &Table, rows: &[u32]) -> Matrix {
        let (p, m) = (self.numbers.len(), self.categories.len());
        let mut dense = vec![0.0; rows.len() * p];
        for (place, encoder) in self.numbers.iter().enumerate() {
            encoder.transform(table, rows, dense.iter_mut().skip(place).step_by(p.max(1)));
        }
        let mut one_hot = vec![0; rows.len() * m];
        let mut first = p;
        for (place, encoder) in self.categories.iter().enumerate() {
            let cells = one_hot.iter_mut().skip(place).step_by(m.max(1));
            encoder.transform(table, rows, (first as u32, self.n_features as u32), cells);
            first += encoder.n_columns();
        }
        Matrix::from_parts(dense, one_hot, rows.len(), (p, m, self.n_features))
    }

    /// Names of the features in order: `age`, `workclass=Private`; the shared column of rare levels is
    /// `native_country=(infrequent)`.
    pub fn feature_names(&self) -> Vec<String> {
        let numbers = self.numbers.iter().map(|encoder| encoder.name().to_owned());
        numbers.chain(self.categories.iter().flat_map(CategoryEncoder::feature_names)).collect()
    }

    /// Columns that were left out or add nothing, in sentences.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}
