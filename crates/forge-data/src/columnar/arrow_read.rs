//! Reads Arrow IPC, as a file with a footer (Feather version 2) or as a stream.

use std::io::Cursor;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal128Type, Float16Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, Time32MillisecondType, Time32SecondType, Time64MicrosecondType,
    Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{ArrowError, DataType, Field, SchemaRef, TimeUnit};

use super::arrow_messages::{Place, Survey, survey, survey_listed};
use super::leaf::{clock, scaled};
use super::{SEPARATOR, begin, malformed};
use crate::cells::Cell;
use crate::contained::contained;
use crate::table_file::Source;
use crate::{CsvOptions, DataError, TableFile, TableFormat};

/// The file that a table was read from.
#[derive(Clone, Debug)]
pub(crate) struct ArrowSource {
    pub(super) bytes: Arc<Vec<u8>>,
    pub(super) survey: Survey,
}

/// Where messages begin in a file: after the magic bytes and their padding, to 8 or to 64 bytes.
fn file_start(bytes: &[u8]) -> usize {
    let eights = bytes.as_chunks::<8>().0.iter().skip(1);
    let padding = eights.take(7).take_while(|eight| **eight == [0; 8]).count();
    (8 + 8 * padding).min(bytes.len())
}

impl ArrowSource {
    /// Its schema and batches. A file is most often a stream between magic bytes and a footer, which is then not needed.
    pub(super) fn batches(&self) -> Result<(SchemaRef, Batches<'_>), ArrowError> {
        if self.survey.place == Place::Listed {
            let reader = FileReader::try_new(Cursor::new(&self.bytes[..]), None)?;
            return Ok((reader.schema(), Box::new(reader)));
        }
        let messages = &self.bytes[self.survey.start..self.survey.end];
        let reader = StreamReader::try_new(Cursor::new(messages), None)?;
        Ok((reader.schema(), Box::new(reader)))
    }
}

type Batches<'a> = Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + 'a>;

/// Reads Arrow IPC of this format.
pub(crate) fn read_arrow(
    file: &str,
    format: TableFormat,
    bytes: Vec<u8>,
    options: &CsvOptions,
) -> Result<TableFile, DataError> {
    if format == TableFormat::Arrow && !bytes.ends_with(b"ARROW1") {
        return Err(malformed(file, format, "its last bytes are not ARROW1: the file is cut short".to_owned()));
    }
    let start = if format == TableFormat::Arrow { file_start(&bytes) } else { 0 };
    let survey = survey(&bytes, start)
        .or_else(
            |reason| if format == TableFormat::Arrow { survey_listed(&bytes).map_err(|_| reason) } else { Err(reason) },
        )
        .map_err(|reason| malformed(file, format, reason))?;
    if survey.unpacked > options.max_bytes {
        return Err(DataError::TooLarge { file: file.to_owned(), limit: options.max_bytes });
    }
    let source = ArrowSource { bytes: Arc::new(bytes), survey };
    let begun = contained(|| source.batches(), || ArrowError::IpcError("it is damaged".to_owned()));
    let (schema, mut batches) = begun.map_err(|error| malformed(file, format, format!("its schema: {error}")))?;
    let mut leaves = Vec::new();
    for (index, field) in schema.fields().iter().enumerate() {
        flatten(field, field.name().clone(), &mut vec![index], &mut leaves);
    }
    let mut parts = begin(file, format, leaves.iter().map(|(name, _)| name.clone()).collect(), options)?;
    if survey.n_rows.saturating_mul(8).saturating_mul(leaves.len() as u64) > options.max_bytes {
        return Err(DataError::TooLarge { file: file.to_owned(), limit: options.max_bytes });
    }
    for number in 1.. {
        let next = contained(|| batches.next().transpose(), || ArrowError::IpcError("it is damaged".to_owned()));
        let next = next.map_err(|error| malformed(file, format, format!("batch {number}: {error}")))?;
        let Some(batch) = next else { break };
        parts.n_rows += batch.num_rows();
        for ((name, path), column) in leaves.iter().zip(&mut parts.columns) {
            let array = leaf(&batch, path);
            each(&array, &mut |cell| column.push(cell)).map_err(|kind| DataError::UnsupportedFormat {
                file: file.to_owned(),
                format: format!("the type {kind} of the column \"{name}\""),
                hint: "leave the column out or store it as text or numbers".to_owned(),
            })?;
        }
    }
    drop(batches);
    parts.finish(Source::Arrow(source))
}

/// Adds the leaves of a field: the fields of a struct one by one, by their path of indices.
fn flatten(field: &Field, name: String, path: &mut Vec<usize>, leaves: &mut Vec<(String, Vec<usize>)>) {
    /// Structs within structs at most; what is deeper is refused as a cell.
    const MAX_DEPTH: usize = 32;
    match field.data_type() {
        DataType::Struct(fields) if path.len() < MAX_DEPTH && !fields.is_empty() => {
            for (index, inner) in fields.iter().enumerate() {
                path.push(index);
                flatten(inner, format!("{name}.{}", inner.name()), path, leaves);
                path.pop();
            }
        }
        _ => leaves.push((name, path.clone())),
    }
}

/// The array of a leaf, missing where a struct around it is.
fn leaf(batch: &RecordBatch, path: &[usize]) -> ArrayRef {
    let mut array = Arc::clone(batch.column(path[0]));
    for &index in &path[1..] {
        let Some(of_struct) = array.as_struct_opt() else { return array };
        let inner = Arc::clone(of_struct.column(index));
        array = match of_struct.nulls() {
            Some(nulls) if nulls.null_count() > 0 => {
                let present = arrow_array::BooleanArray::new(nulls.inner().clone(), None);
                masked(&inner, &present).unwrap_or(inner)
            }
            _ => inner,
        };
    }
    array
}

/// The array with missing values where `present` is false.
fn masked(array: &ArrayRef, present: &arrow_array::BooleanArray) -> Result<ArrayRef, ArrowError> {
    let missing = arrow_array::new_null_array(array.data_type(), 1);
    let places: Vec<(usize, usize)> =
        (0..array.len()).map(|row| if present.value(row) { (0, row) } else { (1, 0) }).collect();
    arrow_select::interleave::interleave(&[array, &missing], &places)
}

fn numbers<T: ArrowPrimitiveType>(
    array: &dyn Array,
    take: &mut dyn FnMut(Cell<'_>),
    cell: impl Fn(T::Native) -> Cell<'static>,
) {
    for value in array.as_primitive::<T>() {
        take(value.map_or(Cell::Missing, &cell));
    }
}

/// Times of day, so many units per second.
fn times<T: ArrowPrimitiveType>(array: &dyn Array, take: &mut dyn FnMut(Cell<'_>), per_second: f64)
where
    T::Native: Into<i64>,
{
    let mut text = String::new();
    for value in array.as_primitive::<T>() {
        match value {
            None => take(Cell::Missing),
            Some(value) => {
                clock(Into::<i64>::into(value) as f64 / per_second, &mut text);
                take(Cell::Text(&text));
            }
        }
    }
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>, take: &mut dyn FnMut(Cell<'_>)) {
    values.for_each(|value| take(value.map_or(Cell::Missing, Cell::Text)));
}

fn bytes<'a>(values: impl Iterator<Item = Option<&'a [u8]>>, take: &mut dyn FnMut(Cell<'_>)) {
    for value in values {
        match value.map(|bytes| (std::str::from_utf8(bytes), bytes.len())) {
            None => take(Cell::Missing),
            Some((Ok(text), _)) => take(Cell::Text(text)),
            Some((Err(_), n)) => take(Cell::Text(&format!("{n} bytes"))),
        }
    }
}

/// Hands every value to `take`; the error names a type that is no cell.
fn each(array: &dyn Array, take: &mut dyn FnMut(Cell<'_>)) -> Result<(), String> {
    let date = |per_second: f64| move |value: i64| Cell::Date(value as f64 / per_second);
    match array.data_type() {
        DataType::Null => (0..array.len()).for_each(|_| take(Cell::Missing)),
        DataType::Boolean => {
            array.as_boolean().iter().for_each(|value| take(value.map_or(Cell::Missing, Cell::Boolean)));
        }
        DataType::Int8 => numbers::<Int8Type>(array, take, |value| Cell::Number(f64::from(value))),
        DataType::Int16 => numbers::<Int16Type>(array, take, |value| Cell::Number(f64::from(value))),
        DataType::Int32 => numbers::<Int32Type>(array, take, |value| Cell::Number(f64::from(value))),
        DataType::Int64 => numbers::<Int64Type>(array, take, Cell::of_signed),
        DataType::UInt8 => numbers::<UInt8Type>(array, take, |value| Cell::Number(f64::from(value))),
        DataType::UInt16 => numbers::<UInt16Type>(array, take, |value| Cell::Number(f64::from(value))),
        DataType::UInt32 => numbers::<UInt32Type>(array, take, |value| Cell::Number(f64::from(value))),
        DataType::UInt64 => numbers::<UInt64Type>(array, take, Cell::of_unsigned),
        DataType::Float16 => numbers::<Float16Type>(array, take, |value| Cell::Number(value.to_f64())),
        DataType::Float32 => numbers::<Float32Type>(array, take, |value| Cell::Number(f64::from(value))),
        DataType::Float64 => numbers::<Float64Type>(array, take, Cell::Number),
        DataType::Date32 => numbers::<Date32Type>(array, take, |days| Cell::Date(f64::from(days) * 86_400.0)),
        DataType::Date64 => numbers::<Date64Type>(array, take, date(1e3)),
        DataType::Timestamp(TimeUnit::Second, _) => numbers::<TimestampSecondType>(array, take, date(1.0)),
        DataType::Timestamp(TimeUnit::Millisecond, _) => numbers::<TimestampMillisecondType>(array, take, date(1e3)),
        DataType::Timestamp(TimeUnit::Microsecond, _) => numbers::<TimestampMicrosecondType>(array, take, date(1e6)),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => numbers::<TimestampNanosecondType>(array, take, date(1e9)),
        DataType::Decimal128(_, scale) => {
            numbers::<Decimal128Type>(array, take, |value| Cell::Number(scaled(value as f64, i32::from(*scale))));
        }
        DataType::Time32(TimeUnit::Second) => times::<Time32SecondType>(array, take, 1.0),
        DataType::Time32(_) => times::<Time32MillisecondType>(array, take, 1e3),
        DataType::Time64(TimeUnit::Microsecond) => times::<Time64MicrosecondType>(array, take, 1e6),
        DataType::Time64(_) => times::<Time64NanosecondType>(array, take, 1e9),
        DataType::Utf8 => texts(array.as_string::<i32>().iter(), take),
        DataType::LargeUtf8 => texts(array.as_string::<i64>().iter(), take),
        DataType::Utf8View => texts(array.as_string_view().iter(), take),
        DataType::Binary => bytes(array.as_binary::<i32>().iter(), take),
        DataType::LargeBinary => bytes(array.as_binary::<i64>().iter(), take),
        DataType::BinaryView => bytes(array.as_binary_view().iter(), take),
        DataType::FixedSizeBinary(_) => bytes(array.as_fixed_size_binary().iter(), take),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let mut known: Vec<Known> = Vec::with_capacity(dictionary.values().len());
            each(dictionary.values(), &mut |cell| known.push(Known::of(cell)))?;
            let keys = dictionary.normalized_keys();
            for row in 0..array.len() {
                let cell =
                    if dictionary.keys().is_null(row) { None } else { keys.get(row).and_then(|&key| known.get(key)) };
                take(cell.map_or(Cell::Missing, Known::cell));
            }
        }
        DataType::List(_) => {
            let lists = array.as_list::<i32>();
            (0..lists.len()).try_for_each(|row| list(lists.is_valid(row).then(|| lists.value(row)), take))?;
        }
        DataType::LargeList(_) => {
            let lists = array.as_list::<i64>();
            (0..lists.len()).try_for_each(|row| list(lists.is_valid(row).then(|| lists.value(row)), take))?;
        }
        DataType::FixedSizeList(..) => {
            let lists = array.as_fixed_size_list();
            (0..lists.len()).try_for_each(|row| list(lists.is_valid(row).then(|| lists.value(row)), take))?;
        }
        other => return Err(other.to_string()),
    }
    Ok(())
}

/// The values of a list as one cell.
fn list(values: Option<ArrayRef>, take: &mut dyn FnMut(Cell<'_>)) -> Result<(), String> {
    let Some(values) = values else {
        take(Cell::Missing);
        return Ok(());
    };
    let mut joined = String::new();
    each(&values, &mut |cell| {
        if cell != Cell::Missing {
            if !joined.is_empty() {
                joined.push(SEPARATOR);
            }
            joined.push_str(&cell.text());
        }
    })?;
    take(Cell::Nested(&joined));
    Ok(())
}

/// A value of a dictionary.
enum Known {
    Text(String),
    Other(Cell<'static>),
}

impl Known {
    fn of(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Text(text) | Cell::Nested(text) => Self::Text(text.to_owned()),
            Cell::Missing => Self::Other(Cell::Missing),
            Cell::Number(value) => Self::Other(Cell::Number(value)),
            Cell::Rounded(value) => Self::Other(Cell::Rounded(value)),
            Cell::Boolean(value) => Self::Other(Cell::Boolean(value)),
            Cell::Date(value) => Self::Other(Cell::Date(value)),
        }
    }

    fn cell(&self) -> Cell<'_> {
        match self {
            Self::Text(text) => Cell::Text(text),
            Self::Other(cell) => *cell,
        }
    }
}
