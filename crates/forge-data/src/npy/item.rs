//! The values of arrays that are tables: numbers, and texts and dates besides.

use super::{NpyKind, NpyType};
use crate::cells::{Cell, EXACT};

/// What an item of an array is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Item {
    Number(NpyType),
    /// `U`: characters of four bytes each.
    Unicode {
        length: usize,
        big_endian: bool,
    },
    /// `S`: bytes.
    Bytes(usize),
    /// `M8`: so many per second since 1970.
    Date {
        per_second: f64,
        big_endian: bool,
    },
}

impl Item {
    /// Reads a type such as `<f8`, `<U12`, `|S3` or `<M8[ns]`; none where it is another.
    pub(super) fn parse(descr: &str) -> Option<Self> {
        if let Some(number) = NpyType::parse(descr) {
            return Some(Self::Number(number));
        }
        let (mark, rest) = descr.split_at_checked(1)?;
        let big_endian = match mark {
            "<" | "|" | "=" => false,
            ">" => true,
            _ => return None,
        };
        if let Some(unit) = rest.strip_prefix("M8[").and_then(|unit| unit.strip_suffix(']')) {
            let per_second = match unit {
                "D" => 1.0 / 86_400.0,
                "h" => 1.0 / 3600.0,
                "m" => 1.0 / 60.0,
                "s" => 1.0,
                "ms" => 1e3,
                "us" => 1e6,
                "ns" => 1e9,
                _ => return None,
            };
            return Some(Self::Date { per_second, big_endian });
        }
        let (kind, length) = rest.split_at_checked(1)?;
        // Longer texts than this are no cells.
        let length = length.parse().ok().filter(|&length: &usize| length <= 1 << 24)?;
        match kind {
            "U" => Some(Self::Unicode { length, big_endian }),
            "S" => Some(Self::Bytes(length)),
            _ => None,
        }
    }

    /// Bytes of one item.
    pub(super) fn size(self) -> usize {
        match self {
            Self::Number(number) => number.size(),
            Self::Unicode { length, .. } => 4 * length,
            Self::Bytes(length) => length,
            Self::Date { .. } => 8,
        }
    }

    /// Hands every item in `bytes` to `take`.
    pub(super) fn each(self, bytes: &[u8], count: usize, mut take: impl FnMut(Cell<'_>)) {
        let size = self.size();
        let mut values = Vec::new();
        let mut text = String::new();
        for index in 0..count {
            let Some(item) = bytes.get(index * size..(index + 1) * size) else { return };
            match self {
                Self::Number(number) => {
                    values.clear();
                    number.decode(item, &mut values);
                    let value = values.first().copied().unwrap_or(f64::NAN);
                    take(match number.kind() {
                        NpyKind::Bool => Cell::Boolean(value != 0.0),
                        NpyKind::Float => Cell::Number(value),
                        _ if value.abs() > EXACT as f64 => Cell::Rounded(value),
                        _ => Cell::Number(value),
                    });
                }
                Self::Unicode { big_endian, .. } => {
                    text.clear();
                    let units = item.as_chunks::<4>().0.iter();
                    let code =
                        |&unit: &[u8; 4]| if big_endian { u32::from_be_bytes(unit) } else { u32::from_le_bytes(unit) };
                    text.extend(units.map(|unit| char::from_u32(code(unit)).unwrap_or(char::REPLACEMENT_CHARACTER)));
                    take(Cell::Text(text.trim_end_matches('\0')));
                }
                Self::Bytes(_) => {
                    let shown = String::from_utf8_lossy(item);
                    take(Cell::Text(shown.trim_end_matches('\0')));
                }
                Self::Date { per_second, big_endian } => {
                    let bytes: [u8; 8] = item.try_into().unwrap_or_default();
                    let count = if big_endian { i64::from_be_bytes(bytes) } else { i64::from_le_bytes(bytes) };
                    // The smallest number stands for "not a time".
                    take(if count == i64::MIN { Cell::Missing } else { Cell::Date(count as f64 / per_second) });
                }
            }
        }
    }

    /// The bytes of a new value; the error is the rule it breaks.
    pub(super) fn encode(self, value: NewValue<'_>) -> Result<Vec<u8>, String> {
        let refused = |rule: &str| Err(rule.to_owned());
        match (self, value) {
            (Self::Number(number), NewValue::Number(value)) => number.encode(value),
            (Self::Date { per_second, big_endian }, NewValue::Number(seconds)) => {
                let count = if seconds.is_nan() { i64::MIN } else { (seconds * per_second).round() as i64 };
                Ok(if big_endian { count.to_be_bytes() } else { count.to_le_bytes() }.to_vec())
            }
            (Self::Unicode { length, big_endian }, NewValue::Text(text)) => {
                if text.chars().count() > length {
                    return Err(format!("its texts have at most {length} characters"));
                }
                let unit = |c: char| if big_endian { (c as u32).to_be_bytes() } else { (c as u32).to_le_bytes() };
                let mut bytes: Vec<u8> = text.chars().flat_map(unit).collect();
                bytes.resize(4 * length, 0);
                Ok(bytes)
            }
            (Self::Bytes(length), NewValue::Text(text)) => {
                if text.len() > length {
                    return Err(format!("its texts have at most {length} bytes"));
                }
                let mut bytes = text.as_bytes().to_vec();
                bytes.resize(length, 0);
                Ok(bytes)
            }
            (Self::Number(_) | Self::Date { .. }, NewValue::Text(_)) => refused("the array holds numbers"),
            (Self::Unicode { .. } | Self::Bytes(_), NewValue::Number(_)) => refused("the array holds texts"),
        }
    }
}

/// A value to be stored.
#[derive(Clone, Copy)]
pub(super) enum NewValue<'a> {
    Number(f64),
    Text(&'a str),
}
