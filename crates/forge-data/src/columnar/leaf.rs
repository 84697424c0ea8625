//! The values of a Parquet leaf: what its physical and logical types mean, to cells and back.

use std::borrow::Cow;

use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
    Int32Type, Int64Type, Int96, Int96Type,
};
use parquet::schema::types::ColumnDescriptor;

use crate::cells::Cell;
use crate::csv::infer::parse_number;
use crate::csv::strings::word_value;
use crate::date::{SlashOrder, parse_date};

/// What the stored values of a leaf stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meaning {
    /// What they are.
    Plain,
    Unsigned,
    /// Days since 1970.
    Days,
    /// So many per second since 1970.
    Instant(f64),
    /// So many per second since midnight.
    Time(f64),
    /// Whole numbers of the unit 10^-scale.
    Decimal(i32),
    Text,
    Half,
    Uuid,
}

impl Meaning {
    pub(super) fn of(leaf: &ColumnDescriptor) -> Self {
        let per_second = |unit: &TimeUnit| match unit {
            TimeUnit::MILLIS => 1e3,
            TimeUnit::MICROS => 1e6,
            TimeUnit::NANOS => 1e9,
        };
        match leaf.logical_type_ref() {
            Some(LogicalType::String | LogicalType::Enum | LogicalType::Json) => return Self::Text,
            Some(LogicalType::Decimal(decimal)) => return Self::Decimal(decimal.scale),
            Some(LogicalType::Date) => return Self::Days,
            Some(LogicalType::Time(time)) => return Self::Time(per_second(&time.unit)),
            Some(LogicalType::Timestamp(time)) => return Self::Instant(per_second(&time.unit)),
            Some(LogicalType::Integer(int)) if !int.is_signed => return Self::Unsigned,
            Some(LogicalType::Uuid) => return Self::Uuid,
            Some(LogicalType::Float16) => return Self::Half,
            _ => {}
        }
        match leaf.converted_type() {
            ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Self::Text,
            ConvertedType::DECIMAL => Self::Decimal(leaf.type_scale()),
            ConvertedType::DATE => Self::Days,
            ConvertedType::TIME_MILLIS => Self::Time(1e3),
            ConvertedType::TIME_MICROS => Self::Time(1e6),
            ConvertedType::TIMESTAMP_MILLIS => Self::Instant(1e3),
            ConvertedType::TIMESTAMP_MICROS => Self::Instant(1e6),
            ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64 => {
                Self::Unsigned
            }
            _ => Self::Plain,
        }
    }

    /// Whole numbers that stand for this.
    fn of_whole(self, value: i64, scratch: &mut String) -> Cell<'_> {
        match self {
            Self::Days => Cell::Date(value as f64 * 86_400.0),
            Self::Instant(per_second) => Cell::Date(value as f64 / per_second),
            Self::Time(per_second) => {
                clock(value as f64 / per_second, scratch);
                Cell::Text(scratch)
            }
            Self::Decimal(scale) => Cell::Number(scaled(value as f64, scale)),
            _ => Cell::of_signed(value),
        }
    }

    /// A new value as the whole number that stands for it.
    fn to_whole(self, text: &str) -> Result<i64, String> {
        let date = || parse_date(text, SlashOrder::MonthFirst).ok_or("the column holds dates, as 2024-12-31");
        let value = match self {
            Self::Days => date()?.div_euclid(86_400.0),
            Self::Instant(per_second) => date()? * per_second,
            Self::Time(_) => return Err("times of day are not replaced".to_owned()),
            Self::Decimal(scale) => number(text)? * 10f64.powi(scale.clamp(0, 40)),
            _ => {
                // Longer numbers than an f64 keeps stay exact this way.
                if let Ok(whole) = text.parse::<i64>() {
                    return Ok(whole);
                }
                let value = number(text)?;
                if value.fract() != 0.0 {
                    return Err("the column holds whole numbers".to_owned());
                }
                value
            }
        };
        let value = value.round();
        if value.abs() < 9.2e18 { Ok(value as i64) } else { Err("it is too large for the column".to_owned()) }
    }
}

fn number(text: &str) -> Result<f64, String> {
    parse_number(text.as_bytes())
        .filter(|value| value.is_finite())
        .ok_or_else(|| "the column holds finite numbers".to_owned())
}

pub(super) fn scaled(value: f64, scale: i32) -> f64 {
    // Dividing by a power of ten that is exact gives the nearest number.
    value / 10f64.powi(scale.clamp(0, 400))
}

/// Seconds since midnight as HH:MM:SS.
pub(super) fn clock(seconds: f64, text: &mut String) {
    let day = crate::date::format_date(seconds.rem_euclid(86_400.0));
    text.clear();
    text.push_str(day.split_once('T').map_or("00:00:00", |(_, time)| time));
}

/// A physical type whose values become cells.
pub(super) trait Physical: DataType {
    /// The cell of a value, whose text may live in `scratch`.
    fn cell<'a>(value: &'a Self::T, meaning: Meaning, scratch: &'a mut String) -> Cell<'a>;

    /// The value that people write as `text`; the error is the rule it breaks.
    fn value(text: &str, meaning: Meaning) -> Result<Self::T, String>;
}

impl Physical for BoolType {
    fn cell<'a>(value: &'a bool, _: Meaning, _: &'a mut String) -> Cell<'a> {
        Cell::Boolean(*value)
    }

    fn value(text: &str, _: Meaning) -> Result<bool, String> {
        word_value(text, ["false", "true"]).ok_or_else(|| "the column holds true and false".to_owned())
    }
}

impl Physical for Int32Type {
    fn cell<'a>(value: &'a i32, meaning: Meaning, scratch: &'a mut String) -> Cell<'a> {
        match meaning {
            Meaning::Unsigned => Cell::Number(f64::from(value.cast_unsigned())),
            _ => meaning.of_whole(i64::from(*value), scratch),
        }
    }

    fn value(text: &str, meaning: Meaning) -> Result<i32, String> {
        let whole = meaning.to_whole(text)?;
        let value = match meaning {
            Meaning::Unsigned => u32::try_from(whole).map(u32::cast_signed),
            _ => i32::try_from(whole),
        };
        value.map_err(|_| "the column holds whole numbers of 32 bits".to_owned())
    }
}

impl Physical for Int64Type {
    fn cell<'a>(value: &'a i64, meaning: Meaning, scratch: &'a mut String) -> Cell<'a> {
        match meaning {
            Meaning::Unsigned => Cell::of_unsigned(value.cast_unsigned()),
            _ => meaning.of_whole(*value, scratch),
        }
    }

    fn value(text: &str, meaning: Meaning) -> Result<i64, String> {
        if meaning == Meaning::Unsigned
            && let Ok(value) = text.parse::<u64>()
        {
            return Ok(value.cast_signed());
        }
        meaning.to_whole(text)
    }
}

impl Physical for Int96Type {
    fn cell<'a>(value: &'a Int96, _: Meaning, _: &'a mut String) -> Cell<'a> {
        // Nanoseconds of the day and the Julian day.
        let &[low, high, day] = value.data() else { return Cell::Missing };
        let nanoseconds = (u64::from(high) << 32 | u64::from(low)) as f64;
        Cell::Date((f64::from(day) - 2_440_588.0) * 86_400.0 + nanoseconds / 1e9)
    }

    fn value(_: &str, _: Meaning) -> Result<Int96, String> {
        Err("times of the old type INT96 are not replaced".to_owned())
    }
}

impl Physical for FloatType {
    fn cell<'a>(value: &'a f32, _: Meaning, _: &'a mut String) -> Cell<'a> {
        Cell::Number(f64::from(*value))
    }

    fn value(text: &str, _: Meaning) -> Result<f32, String> {
        number(text).map(|value| value as f32)
    }
}

impl Physical for DoubleType {
    fn cell<'a>(value: &'a f64, _: Meaning, _: &'a mut String) -> Cell<'a> {
        Cell::Number(*value)
    }

    fn value(text: &str, _: Meaning) -> Result<f64, String> {
        number(text)
    }
}

/// What bytes stand for.
fn bytes_cell<'a>(bytes: &'a [u8], meaning: Meaning, scratch: &'a mut String) -> Cell<'a> {
    match meaning {
        Meaning::Decimal(scale) => {
            let sign = if bytes.first().is_some_and(|&byte| byte > 127) { -1.0 } else { 0.0 };
            let value = bytes.iter().fold(sign, |value, &byte| value * 256.0 + f64::from(byte));
            Cell::Number(scaled(value, scale))
        }
        Meaning::Half => {
            let mut values = Vec::new();
            if let Some(half) = crate::npy::half_type() {
                half.decode(bytes, &mut values);
            }
            values.first().map_or(Cell::Missing, |&value| Cell::Number(value))
        }
        Meaning::Uuid => {
            scratch.clear();
            for (place, byte) in bytes.iter().enumerate() {
                let dash = if matches!(place, 4 | 6 | 8 | 10) { "-" } else { "" };
                scratch.push_str(dash);
                let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
                scratch.extend([digit(byte >> 4), digit(byte & 15)]);
            }
            Cell::Text(scratch)
        }
        _ => {
            if let Ok(text) = std::str::from_utf8(bytes) {
                return Cell::Text(text);
            }
            scratch.clear();
            match meaning {
                Meaning::Text => scratch.push_str(&String::from_utf8_lossy(bytes)),
                _ => scratch.extend([Cow::Owned(bytes.len().to_string()), Cow::Borrowed(" bytes")]),
            }
            Cell::Text(scratch)
        }
    }
}

fn bytes_value(text: &str, meaning: Meaning) -> Result<Vec<u8>, String> {
    match meaning {
        Meaning::Text | Meaning::Plain => Ok(text.as_bytes().to_vec()),
        _ => Err("decimals, identifiers and numbers that are stored as bytes are not replaced".to_owned()),
    }
}

impl Physical for ByteArrayType {
    fn cell<'a>(value: &'a ByteArray, meaning: Meaning, scratch: &'a mut String) -> Cell<'a> {
        bytes_cell(value.data(), meaning, scratch)
    }

    fn value(text: &str, meaning: Meaning) -> Result<ByteArray, String> {
        bytes_value(text, meaning).map(ByteArray::from)
    }
}

impl Physical for FixedLenByteArrayType {
    fn cell<'a>(value: &'a FixedLenByteArray, meaning: Meaning, scratch: &'a mut String) -> Cell<'a> {
        bytes_cell(value.data(), meaning, scratch)
    }

    fn value(_: &str, _: Meaning) -> Result<FixedLenByteArray, String> {
        Err("values of a fixed number of bytes are not replaced".to_owned())
    }
}
