//! Takes the values of a column as it was declared, or as the user chose, and gives the column.

use std::borrow::Cow;
use std::collections::HashMap;

use super::dates::DatePattern;
use super::header::{Attribute, Kind};
use super::tokens::Token;
use crate::csv::infer::{ColumnBuilder, parse_number};
use crate::csv::strings::{Lost, Place, shorten, word_pair};
use crate::{Column, ColumnType, MISSING, Values};

/// A cell that fits its column.
pub(super) enum Value<'a> {
    Missing,
    Number(f64),
    /// A number that is not finite, as it is written.
    Infinite(Cow<'a, str>),
    Code(u32),
    Text(Cow<'a, str>),
}

/// The values of a column so far.
pub(super) enum Builder<'a> {
    Numbers {
        values: Vec<f64>,
        infinite: Lost,
    },
    Levels {
        codes: Vec<u32>,
        of_level: HashMap<&'a str, u32>,
        levels: Vec<&'a str>,
        /// No and yes, where the column is boolean.
        words: Option<[&'a str; 2]>,
    },
    Texts(Vec<Option<Box<str>>>),
    Dates {
        values: Vec<f64>,
        pattern: &'a DatePattern,
    },
    /// The user chose another type than the declared one.
    Chosen(ColumnBuilder),
}

impl<'a> Builder<'a> {
    pub(super) fn new(attribute: &'a Attribute, chosen: Option<ColumnType>) -> Self {
        let (declared, builder) = match &attribute.kind {
            Kind::Number => (ColumnType::Number, Self::Numbers { values: Vec::new(), infinite: Lost::default() }),
            Kind::Text => (ColumnType::Text, Self::Texts(Vec::new())),
            Kind::Date(pattern) => (ColumnType::Date, Self::Dates { values: Vec::new(), pattern }),
            Kind::Nominal(given) => {
                let mut levels: Vec<&str> = given.iter().map(String::as_str).collect();
                levels.sort_unstable();
                let of_level = levels.iter().zip(0..).map(|(&level, code)| (level, code)).collect();
                let words = word_pair(&levels).filter(|_| chosen != Some(ColumnType::Category));
                let declared = if words.is_some() { ColumnType::Boolean } else { ColumnType::Category };
                (declared, Self::Levels { codes: Vec::new(), of_level, levels, words })
            }
        };
        match chosen {
            Some(chosen) if chosen != declared => {
                Self::Chosen(ColumnBuilder::new(Some(chosen), std::iter::empty::<&str>()))
            }
            _ => builder,
        }
    }

    /// The value of a cell, or why it does not fit.
    pub(super) fn value<'t>(&self, cell: &Token<'t>) -> Result<Value<'t>, String> {
        if cell.is_missing() {
            return Ok(Value::Missing);
        }
        let text = &cell.text;
        let refused = |rule: &str| Err(format!("\"{}\" {rule}", shorten(text)));
        match self {
            Self::Numbers { .. } => match parse_number(text.as_bytes()) {
                Some(number) if number.is_infinite() => Ok(Value::Infinite(text.clone())),
                Some(number) => Ok(Value::Number(number)),
                None if text.eq_ignore_ascii_case("nan") => Ok(Value::Missing),
                None => refused("is no number"),
            },
            Self::Levels { of_level, levels, .. } => match of_level.get(&**text) {
                Some(&code) => Ok(Value::Code(code)),
                None => refused(&format!("is none of its values {}", listed(levels))),
            },
            Self::Dates { pattern, .. } => match pattern.parse(text) {
                Some(seconds) => Ok(Value::Number(seconds)),
                None => refused(&format!("is no date of the form {}", shorten(pattern.text()))),
            },
            Self::Texts(_) | Self::Chosen(_) => Ok(Value::Text(text.clone())),
        }
    }

    /// Takes the value of the next row.
    pub(super) fn push(&mut self, value: Value<'_>) {
        match self {
            Self::Numbers { values, infinite } => values.push(match value {
                Value::Number(number) => number,
                Value::Infinite(text) => {
                    infinite.add(values.len(), &text);
                    f64::NAN
                }
                _ => f64::NAN,
            }),
            Self::Dates { values, .. } => {
                values.push(if let Value::Number(seconds) = value { seconds } else { f64::NAN });
            }
            Self::Levels { codes, .. } => codes.push(if let Value::Code(code) = value { code } else { MISSING }),
            Self::Texts(texts) => texts.push(if let Value::Text(text) = value { Some(text.into()) } else { None }),
            Self::Chosen(builder) => builder.push(match &value {
                Value::Text(text) => text.trim_ascii().as_bytes(),
                _ => b"",
            }),
        }
    }

    /// The column. `at` says where a row stands.
    pub(super) fn finish(self, name: &str, at: Place<'_>, warnings: &mut Vec<String>) -> Column {
        match self {
            Self::Numbers { values, infinite } => {
                infinite.warn(warnings, at, name, "not finite");
                Column::new(name, Values::Number(values))
            }
            Self::Dates { values, .. } => Column::new(name, Values::Date(values)),
            Self::Texts(texts) => Column::new(name, Values::Text(texts)),
            Self::Levels { codes, levels, words: Some([no, yes]), .. } => {
                let truth = |&code: &u32| levels.get(code as usize).map(|&level| level == yes);
                Column::new(name, Values::Boolean(codes.iter().map(truth).collect())).with_words(no, yes)
            }
            Self::Levels { codes, levels, words: None, .. } => {
                let levels = levels.into_iter().map(str::to_owned).collect();
                Column::new(name, Values::Category { codes, levels })
            }
            Self::Chosen(builder) => {
                let (column, said) = builder.finish(name, at);
                warnings.extend(said);
                column
            }
        }
    }
}

/// The first of some values, for a message.
fn listed(levels: &[&str]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> = levels.iter().take(SHOWN).map(|level| shorten(level)).collect();
    let more = if levels.len() > SHOWN { format!(" and {} more", levels.len() - SHOWN) } else { String::new() };
    format!("{}{more}", shown.join(", "))
}
