//! Takes the cells of a column and gives the column: numbers as long as every value is one, strings otherwise.

use std::collections::HashMap;

use super::records::text;
use super::strings::{Lost, Place, Strings};
use crate::date::{SlashOrder, slash_order};
use crate::{Column, ColumnType, MISSING, Values};

/// Distinct values of a category at most, unless the user chose that type.
pub(crate) const MAX_LEVELS: usize = 10_000;

/// Whether a cell stands for a missing value: empty, `?`, and NA, N/A, NaN, null, None in any case.
pub(crate) fn is_missing(cell: &[u8]) -> bool {
    match cell.len() {
        0 => true,
        1 => cell == b"?",
        2 => cell.eq_ignore_ascii_case(b"na"),
        3 => cell.eq_ignore_ascii_case(b"n/a") || cell.eq_ignore_ascii_case(b"nan"),
        4 => cell.eq_ignore_ascii_case(b"null") || cell.eq_ignore_ascii_case(b"none"),
        _ => false,
    }
}

/// The number a cell holds, with a decimal point and no thousands separators. It may be infinite.
pub(crate) fn parse_number(cell: &[u8]) -> Option<f64> {
    if (1..=15).contains(&cell.len()) && cell.iter().all(u8::is_ascii_digit) {
        return Some(cell.iter().fold(0u64, |value, digit| value * 10 + u64::from(digit - b'0')) as f64);
    }
    match cell.first()? {
        b'0'..=b'9' | b'-' | b'+' | b'.' | b'i' | b'I' => text(cell).parse().ok().filter(|value: &f64| !value.is_nan()),
        _ => None,
    }
}

enum State {
    Numbers {
        values: Vec<f64>,
        infinite: Lost,
        misfits: Lost,
    },
    /// Codes in order of appearance.
    Levels {
        codes: Vec<u32>,
        levels: HashMap<Box<str>, u32>,
    },
    Texts(Vec<Option<Box<str>>>),
    /// A column taken for numbers turned out to hold something else; its cells must be read again.
    NotNumbers,
}

/// Takes the cells of a column one by one.
pub(crate) struct ColumnBuilder {
    chosen: Option<ColumnType>,
    state: State,
}

impl ColumnBuilder {
    /// A builder for a column of the type `chosen`, or of the type that its cells show; `start` are its first cells.
    pub(crate) fn new<'a>(chosen: Option<ColumnType>, mut start: impl Iterator<Item = &'a str>) -> Self {
        let numeric = match chosen {
            Some(kind) => kind == ColumnType::Number,
            None => start.all(|cell| is_missing(cell.as_bytes()) || parse_number(cell.as_bytes()).is_some()),
        };
        let state = if numeric {
            State::Numbers { values: Vec::new(), infinite: Lost::default(), misfits: Lost::default() }
        } else if chosen == Some(ColumnType::Text) {
            State::Texts(Vec::new())
        } else {
            State::Levels { codes: Vec::new(), levels: HashMap::new() }
        };
        Self { chosen, state }
    }

    /// A builder for the cells of a column that are not all numbers.
    pub(crate) fn for_strings() -> Self {
        Self { chosen: None, state: State::Levels { codes: Vec::new(), levels: HashMap::new() } }
    }

    /// Whether the cells must be read again by a builder [`for_strings`](Self::for_strings).
    pub(crate) fn must_read_again(&self) -> bool {
        matches!(self.state, State::NotNumbers)
    }

    /// Takes the cell of the next row.
    pub(crate) fn push(&mut self, cell: &[u8]) {
        let missing = is_missing(cell);
        match &mut self.state {
            State::Numbers { values, infinite, misfits } => {
                let value = if missing { Some(f64::NAN) } else { parse_number(cell) };
                match value {
                    Some(value) if value.is_infinite() => {
                        infinite.add(values.len(), text(cell));
                        values.push(f64::NAN);
                    }
                    Some(value) => values.push(value),
                    None if self.chosen.is_some() => {
                        misfits.add(values.len(), text(cell));
                        values.push(f64::NAN);
                    }
                    None => self.state = State::NotNumbers,
                }
            }
            State::Levels { codes, .. } if missing => codes.push(MISSING),
            State::Levels { codes, levels } => {
                let cell = text(cell);
                if let Some(&code) = levels.get(cell) {
                    codes.push(code);
                    return;
                }
                let code = levels.len() as u32;
                levels.insert(cell.into(), code);
                codes.push(code);
                if levels.len() > MAX_LEVELS && self.chosen.is_none() {
                    let strings = Strings::new(std::mem::take(codes), std::mem::take(levels));
                    self.state = State::Texts(strings.map(|cell| Some(cell.into())));
                }
            }
            State::Texts(texts) => texts.push((!missing).then(|| text(cell).into())),
            State::NotNumbers => {}
        }
    }

    /// The column, and what its reader should know. `at` says where a row stands.
    pub(crate) fn finish(self, name: &str, at: Place<'_>) -> (Column, Vec<String>) {
        let mut warnings = Vec::new();
        let strings = match self.state {
            State::Numbers { values, infinite, misfits } => {
                infinite.warn(&mut warnings, at, name, "not finite");
                misfits.warn(&mut warnings, at, name, "no number");
                return (Column::new(name, Values::Number(values)), warnings);
            }
            State::Levels { codes, levels } => Strings::new(codes, levels),
            State::Texts(texts) => Strings::Texts(texts),
            State::NotNumbers => Strings::Texts(Vec::new()),
        };
        let column = match self.chosen {
            Some(ColumnType::Boolean) => {
                let mut lost = Lost::default();
                let column = strings.booleans(name, &mut lost);
                lost.warn(&mut warnings, at, name, "neither true nor false");
                column
            }
            Some(ColumnType::Date) => {
                let order = match slash_order(strings.distinct()) {
                    None | Some(SlashOrder::Ambiguous) => {
                        warnings.push(format!(
                            "column \"{name}\": nothing tells day from month in its dates; read as month/day/year"
                        ));
                        SlashOrder::MonthFirst
                    }
                    Some(order) => order,
                };
                let mut lost = Lost::default();
                let column = strings.dates(name, order, &mut lost);
                lost.warn(&mut warnings, at, name, "no date");
                column
            }
            Some(ColumnType::Category) => strings.category(name),
            Some(ColumnType::Text | ColumnType::Number) => strings.texts(name),
            None => strings.infer(name, at, &mut warnings),
        };
        (column, warnings)
    }
}
