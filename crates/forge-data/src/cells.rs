//! Columns from cells that already have a type: what JSON, columnar files and workbooks hold.
//!
//! A column is of numbers, truth values or dates when all its cells are; anything else becomes text, which is then typed by
//! the rules of text tables (`csv/strings.rs`): two words of a pair are boolean, dates dates, values that repeat a category.
//! Texts that stand for a missing value there, such as `?` and `NA`, are missing here too, so that a table is the same
//! whatever format it comes in.

#[cfg(any(feature = "columnar", feature = "excel"))]
use std::borrow::Cow;

use crate::csv::infer::{ColumnBuilder, is_missing, parse_number};
use crate::csv::strings::{Lost, Place};
use crate::table::number_text;
use crate::{Column, ColumnType, Values};

/// A cell of a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    Missing,
    Number(f64),
    /// A whole number of more digits than an `f64` keeps.
    Rounded(f64),
    Boolean(bool),
    /// Seconds since 1970.
    Date(f64),
    Text(&'a str),
    /// What a list or an object was made into.
    Nested(&'a str),
}

/// Whole numbers up to here, 2^53, are exact.
pub(crate) const EXACT: u64 = 1 << 53;

impl Cell<'_> {
    #[cfg(any(feature = "columnar", feature = "excel", test))]
    pub(crate) fn of_signed(value: i64) -> Self {
        if value.unsigned_abs() > EXACT { Self::Rounded(value as f64) } else { Self::Number(value as f64) }
    }

    #[cfg(feature = "columnar")]
    pub(crate) fn of_unsigned(value: u64) -> Self {
        if value > EXACT { Self::Rounded(value as f64) } else { Self::Number(value as f64) }
    }
}

#[cfg(any(feature = "columnar", feature = "excel"))]
impl<'a> Cell<'a> {
    /// As people write it, empty where missing.
    pub(crate) fn text(self) -> Cow<'a, str> {
        match self {
            Self::Missing => Cow::Borrowed(""),
            Self::Number(value) | Self::Rounded(value) => Cow::Owned(number_text(value)),
            Self::Date(value) => Cow::Owned(crate::date::format_date(value)),
            Self::Boolean(value) => Cow::Borrowed(if value { "true" } else { "false" }),
            Self::Text(text) | Self::Nested(text) => Cow::Borrowed(text),
        }
    }
}

enum State {
    /// Nothing but missing cells so far.
    Missing(usize),
    Numbers(Vec<f64>),
    Booleans(Vec<Option<bool>>),
    Dates(Vec<f64>),
    Strings(ColumnBuilder),
}

/// Takes the cells of a column one by one.
pub(crate) struct CellColumn {
    chosen: Option<ColumnType>,
    state: State,
    infinite: Lost,
    rounded: Lost,
    nested: usize,
    len: usize,
}

impl CellColumn {
    /// A builder for a column of the type the user chose, or of the type its cells have.
    pub(crate) fn new(chosen: Option<ColumnType>) -> Self {
        let state = State::Missing(0);
        Self { chosen, state, infinite: Lost::default(), rounded: Lost::default(), nested: 0, len: 0 }
    }

    /// Adds missing cells until there are `len`.
    pub(crate) fn fill(&mut self, len: usize) {
        while self.len < len {
            self.push(Cell::Missing);
        }
    }

    pub(crate) fn push(&mut self, cell: Cell<'_>) {
        let row = self.len;
        self.len += 1;
        let cell = match cell {
            Cell::Number(value) if value.is_nan() => Cell::Missing,
            Cell::Date(value) if value.is_nan() => Cell::Missing,
            Cell::Number(value) | Cell::Date(value) if value.is_infinite() => {
                self.infinite.add(row, &value.to_string());
                Cell::Missing
            }
            Cell::Rounded(value) => {
                self.rounded.add(row, &number_text(value));
                Cell::Number(value)
            }
            Cell::Text(text) if is_missing(text.trim_ascii().as_bytes()) => Cell::Missing,
            Cell::Nested(text) => {
                self.nested += 1;
                if text.is_empty() { Cell::Missing } else { Cell::Text(text) }
            }
            other => other,
        };
        match (&mut self.state, cell) {
            (State::Missing(n), Cell::Missing) => *n += 1,
            (State::Missing(n), cell) => {
                let n = *n;
                self.state = self.begun(n, cell);
                self.add(cell);
            }
            _ => self.add(cell),
        }
    }

    /// The state of a column whose first cell after `n` missing ones is this.
    fn begun(&self, n: usize, cell: Cell<'_>) -> State {
        match (self.chosen, cell) {
            (None | Some(ColumnType::Number), Cell::Number(_)) => State::Numbers(vec![f64::NAN; n]),
            (None | Some(ColumnType::Boolean), Cell::Boolean(_)) => State::Booleans(vec![None; n]),
            (None | Some(ColumnType::Date), Cell::Date(_)) => State::Dates(vec![f64::NAN; n]),
            _ => State::Strings(self.strings(n)),
        }
    }

    fn strings(&self, n: usize) -> ColumnBuilder {
        let mut builder = match self.chosen {
            None => ColumnBuilder::for_strings(),
            chosen => ColumnBuilder::new(chosen, std::iter::empty()),
        };
        (0..n).for_each(|_| builder.push(b""));
        builder
    }

    fn add(&mut self, cell: Cell<'_>) {
        match (&mut self.state, cell) {
            (State::Numbers(values), Cell::Number(value)) | (State::Dates(values), Cell::Date(value)) => {
                values.push(value);
            }
            (State::Numbers(values) | State::Dates(values), Cell::Missing) => values.push(f64::NAN),
            (State::Booleans(values), Cell::Boolean(value)) => values.push(Some(value)),
            (State::Booleans(values), Cell::Missing) => values.push(None),
            (State::Strings(builder), cell) => push_text(builder, cell),
            (_, cell) => {
                // A cell of another kind: what came before is shown as text.
                let earlier = match std::mem::replace(&mut self.state, State::Missing(0)) {
                    State::Numbers(values) => Column::new("", Values::Number(values)),
                    State::Dates(values) => Column::new("", Values::Date(values)),
                    State::Booleans(values) => Column::new("", Values::Boolean(values)),
                    State::Missing(_) | State::Strings(_) => Column::new("", Values::Text(Vec::new())),
                };
                let mut builder = self.strings(0);
                for row in 0..earlier.len() {
                    builder.push(earlier.text(row).as_deref().unwrap_or_default().as_bytes());
                }
                push_text(&mut builder, cell);
                self.state = State::Strings(builder);
            }
        }
    }

    /// The column, and what its reader should know.
    pub(crate) fn finish(self, name: &str, at: Place<'_>) -> (Column, Vec<String>) {
        let mut warnings = Vec::new();
        self.infinite.warn(&mut warnings, at, name, "not finite");
        if let Some((n, first, place)) = self.rounded.first(at) {
            warnings.push(format!(
                "column \"{name}\": {n} whole numbers beyond 2^53 are rounded, the first to {first} ({place}); choose the \
                 type text if they are identifiers"
            ));
        }
        if self.nested > 0 {
            warnings.push(format!(
                "column \"{name}\" holds {} lists or objects; a list is shown as its values with ; between them",
                self.nested
            ));
        }
        let column = match self.state {
            State::Missing(n) => {
                let mut builder = match self.chosen {
                    None => ColumnBuilder::new(None, std::iter::empty()),
                    chosen => ColumnBuilder::new(chosen, std::iter::empty()),
                };
                (0..n).for_each(|_| builder.push(b""));
                builder.finish(name, at).0
            }
            State::Numbers(values) => Column::new(name, Values::Number(values)),
            State::Booleans(values) => Column::new(name, Values::Boolean(values)),
            State::Dates(values) => Column::new(name, Values::Date(values)),
            State::Strings(builder) => {
                let (column, said) = builder.finish(name, at);
                warnings.extend(said);
                warnings.extend(warning_of_numbers(&column).filter(|_| self.chosen.is_none()));
                column
            }
        };
        (column, warnings)
    }
}

fn push_text(builder: &mut ColumnBuilder, cell: Cell<'_>) {
    match cell {
        Cell::Missing => builder.push(b""),
        Cell::Number(value) | Cell::Rounded(value) => builder.push(number_text(value).as_bytes()),
        Cell::Date(value) => builder.push(crate::date::format_date(value).as_bytes()),
        Cell::Boolean(value) => builder.push(if value { b"true" } else { b"false" }),
        Cell::Text(text) | Cell::Nested(text) => builder.push(text.trim_ascii().as_bytes()),
    }
}

/// Numbers that are stored as text stay text, which their reader may not expect.
fn warning_of_numbers(column: &Column) -> Option<String> {
    let is_number = |text: &str| parse_number(text.as_bytes()).is_some();
    let (mut all, mut some) = (true, false);
    match column.values() {
        Values::Category { levels, .. } => {
            all = levels.iter().all(|level| is_number(level));
            some = !levels.is_empty();
        }
        Values::Text(texts) => {
            for text in texts.iter().flatten() {
                some = true;
                all = all && is_number(text);
            }
        }
        _ => return None,
    }
    (all && some).then(|| {
        format!("column \"{}\" holds numbers written as text; choose the type number to count with them", column.name())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(cells: &[Cell<'_>], chosen: Option<ColumnType>) -> (Column, Vec<String>) {
        let mut builder = CellColumn::new(chosen);
        cells.iter().for_each(|cell| builder.push(*cell));
        builder.finish("c", &|row| format!("row {}", row + 1))
    }

    #[test]
    fn cells_of_one_kind_keep_it_and_others_become_text() {
        let numbers = [Cell::Missing, Cell::Number(1.0), Cell::Number(2.5)];
        assert_eq!(column(&numbers, None).0.column_type(), ColumnType::Number);
        let mixed = [Cell::Number(1.0), Cell::Boolean(true), Cell::Text("x"), Cell::Date(0.0), Cell::Missing];
        let (mixed, _) = column(&mixed, None);
        let texts: Vec<_> = (0..5).map(|row| mixed.text(row).map(std::borrow::Cow::into_owned)).collect();
        assert_eq!(
            texts.iter().map(Option::as_deref).collect::<Vec<_>>(),
            [Some("1"), Some("true"), Some("x"), Some("1970-01-01"), None]
        );
        assert_eq!(column(&[Cell::Missing; 3], None).0.n_missing(), 3);
        let words = [Cell::Text("yes"), Cell::Text("no"), Cell::Text("?")];
        assert_eq!(column(&words, None).0.column_type(), ColumnType::Boolean);
    }

    #[test]
    fn what_gets_lost_is_told_with_its_place() {
        let (_, said) = column(&[Cell::Number(f64::INFINITY), Cell::of_signed(i64::MAX), Cell::Nested("a;b")], None);
        assert!(said[0].ends_with("counted as missing, the first \"inf\" (row 1)"), "{said:?}");
        assert!(said[1].contains("beyond 2^53") && said[1].contains("(row 2)"), "{said:?}");
        assert!(said[2].contains("1 lists"), "{said:?}");
        let texts = [Cell::Text("1"), Cell::Text("2")];
        assert!(column(&texts, None).1[0].contains("written as text"));
        let (chosen, said) = column(&texts, Some(ColumnType::Number));
        assert_eq!((chosen.column_type(), said.len()), (ColumnType::Number, 0));
    }
}
