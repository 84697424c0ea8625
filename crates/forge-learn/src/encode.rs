//! Turns table columns into a [`Matrix`]: numbers are imputed and standardised, categories one-hot encoded.
//!
//! The counterpart of scikit-learn's `ColumnTransformer` with `SimpleImputer` and `StandardScaler` on number and date
//! columns and `SimpleImputer(strategy="most_frequent")` and `OneHotEncoder(handle_unknown="infrequent_if_exist")` on
//! category and boolean columns. Everything learned comes from the fit rows alone. Text
//! columns become a few numbers each that follow the others, or are left out.

mod categorical;
mod date_part;
mod numeric;
mod text;

use forge_data::{Table, Values};
use serde::{Deserialize, Serialize};

use crate::{Host, LearnError, Matrix, Quiet};
use categorical::CategoryEncoder;
use date_part::Part;
use numeric::NumberEncoder;
use text::TextColumn;

/// What replaces a missing number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumericImputation {
    /// The median of the fit rows.
    #[default]
    Median,
    /// The mean of the fit rows.
    Mean,
    /// The value most of the fit rows have, the smallest of equals.
    MostFrequent,
    /// Nothing: it stays missing, for models that read missing values, as boosting does; the others refuse it.
    Keep,
}

/// What a date column becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateEncoding {
    /// One number, the seconds since 1970.
    #[default]
    Seconds,
    /// Five numbers: year, month, day, weekday (0 for Monday) and hour.
    Parts,
}

/// What a text column becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextEncoding {
    /// Up to 50 numbers from its words and letters, see [`TextEncoder`](crate::TextEncoder).
    #[default]
    Hashed,
    /// Nothing: it is left out, with a warning.
    LeaveOut,
}

/// How columns are encoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EncoderConfig {
    /// What replaces a missing number, scikit-learn's `SimpleImputer(strategy=...)`, or its absence [default median].
    pub numeric_imputation: NumericImputation,
    /// Whether numbers are centred and divided by their standard deviation, scikit-learn's `StandardScaler` [default true].
    pub scale_numeric: bool,
    /// One-hot columns per category column at most, scikit-learn's `OneHotEncoder(max_categories=...)`; the rarest
    /// levels share the last [100; 2–500].
    pub one_hot_max_categories: usize,
    /// What a date column becomes [default seconds].
    pub dates: DateEncoding,
    /// What a text column becomes [default numbers from its words and letters].
    pub texts: TextEncoding,
}

impl Default for EncoderConfig {
    fn default() -> Self {
        Self {
            numeric_imputation: NumericImputation::Median,
            scale_numeric: true,
            one_hot_max_categories: 100,
            dates: DateEncoding::Seconds,
            texts: TextEncoding::Hashed,
        }
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
    texts: Vec<TextColumn>,
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
        Self::fit_asking(table, (columns, rows), config, &Quiet)
    }

    /// Learns as [`Encoder::fit`] does from columns and rows, asking the host in between whether to stop; texts take long.
    ///
    /// # Errors
    /// As [`Encoder::fit`], and [`LearnError::Cancelled`].
    pub fn fit_asking(
        table: &Table,
        (columns, rows): (&[usize], &[u32]),
        config: &EncoderConfig,
        host: &dyn Host,
    ) -> Result<Self, LearnError> {
        config.validate()?;
        if rows.is_empty() {
            return Err(LearnError::TooFewRows { n_rows: 0, least: 1 });
        }
        if let Some(&row) = rows.iter().find(|&&row| row as usize >= table.n_rows()) {
            return Err(LearnError::Row { row, n_rows: table.n_rows() });
        }
        let (mut numbers, mut texts, mut categories) = (Vec::new(), Vec::new(), Vec::new());
        let mut warnings = Vec::new();
        for &position in columns {
            let Some(column) = table.columns().get(position) else {
                return Err(LearnError::Column { column: position, n_columns: table.columns().len() });
            };
            if host.cancelled() {
                return Err(LearnError::Cancelled);
            }
            let name = column.name();
            let mut constant = false;
            let mut empty = false;
            match column.values() {
                Values::Number(values) | Values::Date(values) => {
                    let is_cut = config.dates == DateEncoding::Parts && matches!(column.values(), Values::Date(_));
                    let parts: &[Part] = if is_cut { &Part::OF_DATE } else { &[Part::Whole] };
                    let fitted = parts
                        .iter()
                        .filter_map(|&part| NumberEncoder::fit((position, part), name, values, rows, config));
                    let before = numbers.len();
                    numbers.extend(fitted);
                    let added = numbers.get(before..).unwrap_or_default();
                    empty = added.is_empty();
                    constant = !empty && added.iter().all(NumberEncoder::is_constant);
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
                Values::Text(values) if config.texts == TextEncoding::Hashed => {
                    match TextColumn::fit((position, name), values, rows, host)? {
                        Some(encoder) => texts.push(encoder),
                        None => empty = true,
                    }
                }
                Values::Text(_) => {
                    warnings.push(format!("Column “{name}” is free text: it was left out, as was asked for."));
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
        if numbers.is_empty() && texts.is_empty() && categories.is_empty() {
            return Err(LearnError::NoFeatures);
        }
        let n_dense = numbers.len() + texts.iter().map(TextColumn::n_columns).sum::<usize>();
        let n_features = n_dense + categories.iter().map(CategoryEncoder::n_columns).sum::<usize>();
        Ok(Self { numbers, texts, categories, n_features, warnings })
    }

    /// Encodes `rows` of `table`, which has the columns of the fitted table at the same places.
    ///
    /// A row or column the table does not have, or a column of another type, is read as missing. Missing numbers are NaN
    /// where they are kept.
    pub fn transform(&self, table: &Table, rows: &[u32]) -> Matrix {
        let p = self.numbers.len() + self.texts.iter().map(TextColumn::n_columns).sum::<usize>();
        let m = self.categories.len();
        let mut dense = vec![0.0; rows.len() * p];
        for (place, encoder) in self.numbers.iter().enumerate() {
            encoder.transform(table, rows, dense.iter_mut().skip(place).step_by(p.max(1)));
        }
        let mut place = self.numbers.len();
        for encoder in &self.texts {
            encoder.transform(table, rows, (place, p), &mut dense);
            place += encoder.n_columns();
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
        let texts = self.texts.iter().flat_map(TextColumn::feature_names);
        numbers.chain(texts).chain(self.categories.iter().flat_map(CategoryEncoder::feature_names)).collect()
    }

    /// Columns that were left out or add nothing, in sentences.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

#[cfg(test)]
mod tests {
    use forge_data::{Column, MISSING};
    use ndarray::array;

    use super::*;

    fn categories(cells: &[&str]) -> Values {
        let mut levels: Vec<String> = cells.iter().filter(|cell| !cell.is_empty()).map(|&cell| cell.into()).collect();
        levels.sort();
        levels.dedup();
        let code = |cell: &&str| levels.iter().position(|level| level == cell).map_or(MISSING, |code| code as u32);
        let codes = cells.iter().map(code).collect();
        Values::Category { codes, levels }
    }

    fn table(columns: Vec<(&str, Values)>) -> Table {
        Table::new(columns.into_iter().map(|(name, values)| Column::new(name, values)).collect()).unwrap()
    }

    fn fit(table: &Table, rows: &[u32], limit: usize) -> Encoder {
        let columns: Vec<usize> = (0..table.columns().len()).collect();
        let config = EncoderConfig { one_hot_max_categories: limit, ..EncoderConfig::default() };
        Encoder::fit(table, &columns, rows, &config).unwrap()
    }

    #[test]
    fn numbers_come_first_and_names_tell_levels() {
        let table = table(vec![
            ("sex", categories(&["f", "m", "f"])),
            ("age", Values::Number(vec![20.0, 30.0, 40.0])),
            ("member", Values::Boolean(vec![Some(true), None, Some(false)])),
        ]);
        let encoder = fit(&table, &[0, 1, 2], 100);
        assert_eq!(encoder.feature_names(), ["age", "sex=f", "sex=m", "member=false", "member=true"]);
        let encoded = encoder.transform(&table, &[1]).to_dense();
        assert_eq!(encoded, array![[0.0, 0.0, 1.0, 1.0, 0.0]]);
        assert!(encoder.warnings().is_empty());
    }

    #[test]
    fn unknown_levels_go_to_the_shared_column_or_nowhere() {
        let table = table(vec![("c", categories(&["a", "a", "b", "c", "d", "z"]))]);
        let shared = fit(&table, &[0, 1, 2, 3, 4], 3);
        // b, c and d are equally rare: the last keeps its column.
        assert_eq!(shared.feature_names(), ["c=a", "c=d", "c=(infrequent)"]);
        let encoded = shared.transform(&table, &[0, 2, 4, 5]).to_dense();
        assert_eq!(encoded, array![[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
        let separate = fit(&table, &[0, 1, 2, 3, 4], 4);
        assert_eq!(separate.transform(&table, &[5]).to_dense().sum(), 0.0);
    }

    #[test]
    fn levels_are_recognised_by_name_in_another_table() {
        let fitted = fit(&table(vec![("c", categories(&["a", "b", "c"]))]), &[0, 1, 2], 100);
        let other = table(vec![("c", categories(&["c", "new"]))]);
        assert_eq!(fitted.transform(&other, &[0, 1]).to_dense(), array![[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]);
    }

    #[test]
    fn a_column_of_another_type_is_read_as_missing() {
        let fitted = fit(&table(vec![("c", categories(&["a", "b", "b"]))]), &[0, 1, 2], 100);
        let other = table(vec![("c", Values::Number(vec![1.0]))]);
        assert_eq!(fitted.transform(&other, &[0]).to_dense(), array![[0.0, 1.0]]);
    }

    #[test]
    fn columns_without_use_are_named_and_do_no_harm() {
        let table = table(vec![
            ("empty", Values::Number(vec![f64::NAN, f64::NAN, 1.0])),
            ("flat", Values::Number(vec![1e9 + 0.1, 1e9 + 0.1, 5.0])),
            ("one", categories(&["x", "", "y"])),
            ("essay", Values::Text(vec![None, None, None])),
            ("age", Values::Number(vec![1.0, 2.0, 3.0])),
        ]);
        let encoder = fit(&table, &[0, 1], 100);
        assert_eq!(encoder.feature_names(), ["flat", "age", "one=x"]);
        let said = encoder.warnings().join("\n");
        for name in ["empty", "flat", "one", "essay"] {
            assert!(said.contains(&format!("“{name}”")), "{said}");
        }
        assert_eq!(encoder.transform(&table, &[0, 1]).to_dense().column(0).to_vec(), [0.0, 0.0]);
    }

    #[test]
    fn huge_numbers_stay_finite() {
        let table = table(vec![("x", Values::Number(vec![f64::MAX, f64::MIN, 0.0, 1e-300]))]);
        for scale_numeric in [true, false] {
            let config = EncoderConfig { scale_numeric, ..EncoderConfig::default() };
            let encoder = Encoder::fit(&table, &[0], &[0, 1, 2, 3], &config).unwrap();
            let encoded = encoder.transform(&table, &[0, 1, 2, 3]).to_dense();
            assert!(encoded.iter().all(|value| value.abs() <= 1e50));
        }
    }

    #[test]
    fn missing_numbers_stay_missing_where_they_are_kept() {
        let table = table(vec![("x", Values::Number(vec![1.0, f64::NAN, 3.0]))]);
        let config = EncoderConfig { numeric_imputation: NumericImputation::Keep, ..EncoderConfig::default() };
        let encoder = Encoder::fit(&table, &[0], &[0, 1, 2], &config).unwrap();
        let encoded = encoder.transform(&table, &[0, 1, 2]);
        // As `StandardScaler`, which leaves missing values out of mean and deviation.
        assert_eq!((encoded.dense_row(0), encoded.dense_row(2)), (&[-1.0][..], &[1.0][..]));
        assert!(encoded.has_missing() && encoded.dense_row(1)[0].is_nan());
        let labels = crate::WeightedLabels::unweighted(&[0, 1, 1], 2);
        let refused =
            crate::KNeighbors { n_neighbors: 1, ..crate::KNeighbors::default() }.fit_classes(&encoded, labels);
        assert!(refused.unwrap_err().to_string().contains("row 1: a value is missing"));
        assert!(crate::LogisticRegression::default().fit(&encoded, &[0, 1, 1], 2, &crate::Quiet).is_err());
    }

    #[test]
    fn dates_are_cut_and_texts_reduced_where_asked() {
        let texts = ["red apples", "red pears", "engine oil"].map(|text| Some(text.into())).to_vec();
        let table = table(vec![
            ("when", Values::Date(vec![0.0, 90_000.0, f64::NAN])),
            ("note", Values::Text(texts)),
            ("kind", categories(&["a", "b", "a"])),
        ]);
        let config = EncoderConfig {
            dates: DateEncoding::Parts,
            texts: TextEncoding::Hashed,
            scale_numeric: false,
            numeric_imputation: NumericImputation::MostFrequent,
            ..EncoderConfig::default()
        };
        let encoder = Encoder::fit(&table, &[0, 1, 2], &[0, 1, 2], &config).unwrap();
        let names = encoder.feature_names();
        assert_eq!(names[..5], ["when_year", "when_month", "when_day", "when_weekday", "when_hour"]);
        assert_eq!(names[5..], ["note~1", "note~2", "note~3", "kind=a", "kind=b"]);
        let encoded = encoder.transform(&table, &[1, 2]).to_dense();
        assert_eq!(encoded.row(0).to_vec()[..5], [1970.0, 1.0, 2.0, 4.0, 1.0]);
        assert_eq!(encoded.row(1).to_vec()[..5], [1970.0, 1.0, 1.0, 3.0, 0.0]);
        assert_eq!(encoded.row(0).to_vec()[8..], [0.0, 1.0]);
    }

    #[test]
    fn rows_and_columns_outside_the_table_are_refused() {
        let table = table(vec![("x", Values::Number(vec![1.0, 2.0])), ("t", Values::Text(vec![None, None]))]);
        let fit = |columns: &[usize], rows: &[u32]| {
            Encoder::fit(&table, columns, rows, &EncoderConfig::default()).map(|_| ()).unwrap_err()
        };
        assert_eq!(fit(&[0], &[2]), LearnError::Row { row: 2, n_rows: 2 });
        assert_eq!(fit(&[7], &[0]), LearnError::Column { column: 7, n_columns: 2 });
        assert_eq!(fit(&[1], &[0]), LearnError::NoFeatures);
        assert_eq!(fit(&[0], &[]), LearnError::TooFewRows { n_rows: 0, least: 1 });
    }
}
