//! Changes of a file that holds a table: rows removed, cells replaced, columns added.

#[cfg(feature = "excel")]
use std::borrow::Cow;
use std::collections::BTreeMap;

#[cfg(feature = "excel")]
use crate::MISSING;
use crate::csv::infer::{is_missing, parse_number};
use crate::csv::strings::word_value;
use crate::date::{SlashOrder, parse_date};
use crate::{Column, DataError, Table, Values};

/// A cell that gets another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellChange {
    /// Row of the table, from 0.
    pub row: u32,
    /// Column of the table, from 0.
    pub column: usize,
    /// The new value as people write it; empty for a missing one. It must fit the type of the column.
    pub value: String,
}

/// What is to be different in a written file. The default changes nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Changes<'a> {
    /// Rows of the table to leave out, in any order; numbers beyond the last row are ignored.
    pub without: &'a [u32],
    /// Cells with another value; of several for the same cell the last counts.
    pub replaced: &'a [CellChange],
    /// Columns to append, one value per row of the table, the rows left out included.
    pub added: &'a [Column],
}

/// Changes that fit a table.
pub(crate) struct Plan<'a> {
    /// Per row, whether it is left out; empty where none is.
    dropped: Vec<bool>,
    replaced: BTreeMap<(u32, usize), &'a str>,
    pub(crate) added: &'a [Column],
}

impl<'a> Plan<'a> {
    /// Checks changes against the table they are for.
    pub(crate) fn new(changes: &Changes<'a>, table: &Table) -> Result<Self, DataError> {
        let n_rows = table.n_rows();
        let mut dropped = Vec::new();
        for &row in changes.without.iter().filter(|&&row| (row as usize) < n_rows) {
            dropped.resize(n_rows, false);
            dropped[row as usize] = true;
        }
        let mut replaced = BTreeMap::new();
        for change in changes.replaced {
            let CellChange { row, column, value } = change;
            let Some(name) = table.columns().get(*column).map(Column::name) else {
                let known: Vec<&str> = table.columns().iter().map(Column::name).collect();
                return Err(DataError::UnknownColumn { column: column.to_string(), known: known.join(", ") });
            };
            if *row as usize >= n_rows {
                let (column, row, value) = (name.to_owned(), *row as usize, value.clone());
                return Err(DataError::InvalidValue { column, row, value, rule: "the table has no such row" });
            }
            replaced.insert((*row, *column), value.as_str());
        }
        for (index, column) in changes.added.iter().enumerate() {
            let name = column.name();
            if table.column(name).is_some() || changes.added[..index].iter().any(|other| other.name() == name) {
                return Err(DataError::DuplicateColumn { column: name.to_owned() });
            }
            if column.len() != n_rows {
                let (len, expected) = (column.len(), n_rows);
                return Err(DataError::ColumnLength { column: name.to_owned(), len, expected });
            }
        }
        Ok(Self { dropped, replaced, added: changes.added })
    }

    /// Whether the row is left out.
    pub(crate) fn drops(&self, row: usize) -> bool {
        self.dropped.get(row).copied().unwrap_or(false)
    }

    /// The rows that stay, in order.
    pub(crate) fn kept(&self, n_rows: usize) -> impl Iterator<Item = usize> + '_ {
        (0..n_rows).filter(|&row| !self.drops(row))
    }

    /// The new value of a cell, if it gets one.
    pub(crate) fn value(&self, row: usize, column: usize) -> Option<&'a str> {
        self.replaced.get(&(row as u32, column)).copied()
    }

    /// The new values in a row, by column.
    pub(crate) fn in_row(&self, row: usize) -> impl Iterator<Item = (usize, &'a str)> + '_ {
        let row = row as u32;
        self.replaced.range((row, 0)..=(row, usize::MAX)).map(|(&(_, column), &value)| (column, value))
    }

    /// The new values in a column, by row.
    pub(crate) fn in_column(&self, column: usize) -> impl Iterator<Item = (usize, &'a str)> + '_ {
        self.replaced.iter().filter(move |((_, at), _)| *at == column).map(|(&(row, _), &value)| (row as usize, value))
    }

    /// Whether nothing is to change.
    #[cfg(any(feature = "columnar", feature = "excel"))]
    pub(crate) fn is_empty(&self) -> bool {
        self.dropped.is_empty() && self.replaced.is_empty() && self.added.is_empty()
    }

    /// The table as it will be.
    #[cfg(feature = "excel")]
    pub(crate) fn apply(&self, table: &Table) -> Result<Table, DataError> {
        let kept: Vec<usize> = self.kept(table.n_rows()).collect();
        let mut columns = Vec::with_capacity(table.columns().len() + self.added.len());
        for (index, column) in table.columns().iter().enumerate() {
            let mut changed = Cow::Borrowed(column);
            if self.in_column(index).next().is_some() {
                changed = Cow::Owned(replaced(column, self.in_column(index))?);
            }
            columns.push(taken(&changed, &kept));
        }
        columns.extend(self.added.iter().map(|column| taken(column, &kept)));
        Table::new(columns)
    }
}

/// The values of some rows.
#[cfg(feature = "excel")]
fn taken(column: &Column, rows: &[usize]) -> Column {
    let values = match column.values() {
        Values::Number(values) => Values::Number(rows.iter().map(|&row| values[row]).collect()),
        Values::Date(values) => Values::Date(rows.iter().map(|&row| values[row]).collect()),
        Values::Boolean(values) => Values::Boolean(rows.iter().map(|&row| values[row]).collect()),
        Values::Text(values) => Values::Text(rows.iter().map(|&row| values[row].clone()).collect()),
        Values::Category { codes, levels } => {
            Values::Category { codes: rows.iter().map(|&row| codes[row]).collect(), levels: levels.clone() }
        }
    };
    let [no, yes] = column.words();
    Column::new(column.name(), values).with_words(no, yes)
}

/// The column with some values replaced.
#[cfg(feature = "excel")]
fn replaced<'a>(column: &Column, changes: impl Iterator<Item = (usize, &'a str)>) -> Result<Column, DataError> {
    let mut values = column.values().clone();
    let mut named = Vec::new();
    for (row, text) in changes {
        match (&mut values, typed(column, row, text)?) {
            (Values::Number(values) | Values::Date(values), Typed::Number(value)) => values[row] = value,
            (Values::Boolean(values), Typed::Boolean(value)) => values[row] = value,
            (Values::Text(values), Typed::Text(value)) => values[row] = value.map(Into::into),
            (Values::Category { .. }, Typed::Text(value)) => named.push((row, value)),
            _ => {}
        }
    }
    if let Values::Category { codes, levels } = &mut values {
        let mut all = levels.clone();
        all.extend(named.iter().filter_map(|(_, value)| value.map(str::to_owned)));
        all.sort_unstable();
        all.dedup();
        let code_of =
            |level: &str| all.binary_search_by(|known| known.as_str().cmp(level)).map_or(MISSING, |n| n as u32);
        let moved: Vec<u32> = levels.iter().map(|level| code_of(level)).collect();
        for code in codes.iter_mut() {
            *code = moved.get(*code as usize).copied().unwrap_or(MISSING);
        }
        for (row, value) in named {
            codes[row] = value.map_or(MISSING, code_of);
        }
        *levels = all;
    }
    let [no, yes] = column.words();
    Ok(Column::new(column.name(), values).with_words(no, yes))
}

/// A value that fits its column.
pub(crate) enum Typed<'a> {
    /// A number or seconds; NaN where missing.
    Number(f64),
    Boolean(Option<bool>),
    /// Of a text or category.
    Text(Option<&'a str>),
}

/// A new value for a row of a column, read as the column's type.
///
/// # Errors
/// [`DataError::InvalidValue`] where it does not fit.
pub(crate) fn typed<'a>(column: &Column, row: usize, text: &'a str) -> Result<Typed<'a>, DataError> {
    let missing = is_missing(text.as_bytes());
    let invalid = |rule| {
        Err(DataError::InvalidValue { column: column.name().to_owned(), row, value: format!("\"{text}\""), rule })
    };
    match column.values() {
        Values::Number(_) | Values::Date(_) if missing => Ok(Typed::Number(f64::NAN)),
        Values::Number(_) => match parse_number(text.as_bytes()).filter(|number| number.is_finite()) {
            Some(number) => Ok(Typed::Number(number)),
            None => invalid("the column holds finite numbers"),
        },
        Values::Date(_) => match parse_date(text, SlashOrder::MonthFirst) {
            Some(seconds) => Ok(Typed::Number(seconds)),
            None => invalid("the column holds dates, as 2024-12-31 or 2024-12-31T23:59:59"),
        },
        Values::Boolean(_) if missing => Ok(Typed::Boolean(None)),
        Values::Boolean(_) => match word_value(text, column.words()) {
            Some(value) => Ok(Typed::Boolean(Some(value))),
            None => invalid("the column holds true and false"),
        },
        Values::Text(_) | Values::Category { .. } => Ok(Typed::Text((!missing).then_some(text))),
    }
}
