//! The columns of a table as a fitted model expects them: by name, and of the type it was fitted on.

use forge_data::{Column, ColumnType, MISSING, Table, Values};

use crate::CoreError;
use crate::tasks::columns::position;

/// What a model expects of a column.
pub(super) struct Expected {
    name: String,
    column_type: ColumnType,
    words: [String; 2],
}

impl Expected {
    pub(super) fn of(column: &Column) -> Self {
        Self {
            name: column.name().to_owned(),
            column_type: column.column_type(),
            words: column.words().map(str::to_owned),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The column as the type expected. What people write alike is alike: the category "1" and the number 1.
    fn found(&self, column: &Column) -> Result<Column, CoreError> {
        if column.column_type() == self.column_type && self.column_type != ColumnType::Boolean {
            return Ok(column.clone());
        }
        let rows = 0..column.len();
        let texts = || rows.clone().map(|row| column.text(row));
        let refused = || {
            let found = format!("a column of type {}", column.column_type().name());
            let rule = format!("of type {}, as the model was fitted on", self.column_type.name());
            Err(CoreError::setting(&format!("column \"{}\"", self.name), found, rule))
        };
        let values = match self.column_type {
            ColumnType::Number | ColumnType::Date if column.n_missing() == column.len() => {
                let missing = vec![f64::NAN; column.len()];
                if self.column_type == ColumnType::Date { Values::Date(missing) } else { Values::Number(missing) }
            }
            ColumnType::Number | ColumnType::Date => return refused(),
            ColumnType::Text => Values::Text(texts().map(|text| text.map(Into::into)).collect()),
            ColumnType::Boolean => {
                let word = |text: &str| self.words.iter().position(|word| word == text).map(|word| word == 1);
                let values: Vec<Option<bool>> = texts().map(|text| word(&text?)).collect();
                if values.iter().zip(rows.clone()).any(|(value, row)| value.is_none() && !column.is_missing(row)) {
                    return refused();
                }
                Values::Boolean(values)
            }
            ColumnType::Category => {
                let mut levels: Vec<String> = texts().flatten().map(std::borrow::Cow::into_owned).collect();
                levels.sort_unstable();
                levels.dedup();
                let code = |text: &str| levels.binary_search_by(|level| level.as_str().cmp(text)).ok();
                let codes = texts().map(|text| text.and_then(|text| code(&text)).map_or(MISSING, |code| code as u32));
                Values::Category { codes: codes.collect(), levels }
            }
        };
        Ok(Column::new(&self.name, values).with_words(&self.words[0], &self.words[1]))
    }
}

/// The columns of `table` that are expected, in that order.
///
/// # Errors
/// A column that is not there, or of a type that cannot be read as the one expected.
pub(super) fn aligned(expected: &[Expected], table: &Table) -> Result<Table, CoreError> {
    let found = expected.iter().map(|column| {
        let place = position(table, "data", &column.name).map_err(|_| {
            CoreError::Unusable(format!("There is no column \"{}\", which the model reads.", column.name))
        })?;
        column.found(&table.columns()[place])
    });
    Ok(Table::new(found.collect::<Result<_, CoreError>>()?)?)
}
