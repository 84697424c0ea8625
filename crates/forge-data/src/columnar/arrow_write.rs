//! Writes Arrow IPC: a file again with changes, batch by batch, or a table.

use std::sync::Arc;

use arrow_array::types::{
    Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, LargeStringArray, PrimitiveArray, RecordBatch,
    StringArray, StringViewArray, TimestampMicrosecondArray, new_null_array,
};
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use arrow_select::filter::filter;
use arrow_select::interleave::interleave;

use super::arrow_read::ArrowSource;
use super::not_writable;
use super::parquet_write::all_whole;
use crate::changes::Plan;
use crate::csv::infer::{is_missing, parse_number};
use crate::csv::strings::word_value;
use crate::date::{SlashOrder, parse_date};
use crate::{Column, DataError, Table, TableFile, TableFormat, Values};

/// Rows of a batch that is written.
const BATCH_ROWS: usize = 1 << 16;

impl ArrowSource {
    /// The file with changes: schema, metadata, batches and compression stay.
    pub(crate) fn written(&self, file: &TableFile, plan: &Plan<'_>) -> Result<Vec<u8>, DataError> {
        if plan.is_empty() {
            return Ok(self.bytes.to_vec());
        }
        let format = file.format;
        let failed = |error: ArrowError| not_writable(format, error.to_string());
        let (schema, batches) = self.batches().map_err(failed)?;
        let mut fields: Vec<Arc<Field>> = schema.fields().iter().cloned().collect();
        fields.extend(plan.added.iter().map(|column| Arc::new(field(column))));
        let schema = Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()));
        let options = IpcWriteOptions::default().try_with_compression(self.survey.compression).map_err(failed)?;
        let mut writer = Writer::new(format, &schema, options).map_err(failed)?;
        let mut first = 0;
        for batch in batches {
            let batch = batch.map_err(failed)?;
            let rows = first..first + batch.num_rows();
            first = rows.end;
            let kept: Vec<usize> = rows.clone().filter(|&row| !plan.drops(row)).collect();
            let mask = BooleanArray::from(rows.clone().map(|row| !plan.drops(row)).collect::<Vec<bool>>());
            let mut arrays = Vec::with_capacity(schema.fields().len());
            let mut leaf = 0;
            for array in batch.columns() {
                let n_leaves = leaves(array.data_type(), 1);
                let mut array = Arc::clone(array);
                for index in leaf..leaf + n_leaves {
                    let changes: Vec<(usize, &str)> =
                        plan.in_column(index).filter(|(row, _)| rows.contains(row)).collect();
                    if !changes.is_empty() {
                        array = replaced(&array, &file.table.columns()[index], rows.start, &changes, format)?;
                    }
                }
                leaf += n_leaves;
                arrays.push(if kept.len() == rows.len() { array } else { filter(&array, &mask).map_err(failed)? });
            }
            arrays.extend(plan.added.iter().map(|column| of_column(column, &kept)));
            let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(kept.len()));
            let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), arrays, &options).map_err(failed)?;
            writer.write(&batch).map_err(failed)?;
        }
        writer.finish().map_err(failed)
    }
}

/// How many columns a field of this type became.
fn leaves(kind: &DataType, depth: usize) -> usize {
    match kind {
        DataType::Struct(fields) if depth < 32 && !fields.is_empty() => {
            fields.iter().map(|field| leaves(field.data_type(), depth + 1)).sum()
        }
        _ => 1,
    }
}

/// The array with new values.
fn replaced(
    array: &ArrayRef,
    column: &Column,
    first: usize,
    changes: &[(usize, &str)],
    format: TableFormat,
) -> Result<ArrayRef, DataError> {
    let mut new = Vec::with_capacity(changes.len() + 1);
    new.push(Arc::clone(array));
    let mut places: Vec<(usize, usize)> = (0..array.len()).map(|row| (0, row)).collect();
    for &(row, text) in changes {
        let value = one(array.data_type(), text).map_err(|rule| {
            let name = column.name();
            not_writable(format, format!("row {}, column \"{name}\": \"{text}\" is not allowed; {rule}", row + 1))
        })?;
        places[row - first] = (new.len(), 0);
        new.push(value);
    }
    let new: Vec<&dyn Array> = new.iter().map(AsRef::as_ref).collect();
    interleave(&new, &places).map_err(|error| not_writable(format, error.to_string()))
}

/// An array of one whole number.
fn whole<T>(text: &str) -> Result<ArrayRef, String>
where
    T: arrow_array::types::ArrowPrimitiveType,
    T::Native: std::str::FromStr,
{
    let value = text.parse().map_err(|_| "the column holds whole numbers of fewer digits or another sign")?;
    Ok(Arc::new(PrimitiveArray::<T>::from_value(value, 1)))
}

/// An array of one value of this type; the error is the rule that the text breaks.
fn one(kind: &DataType, text: &str) -> Result<ArrayRef, String> {
    if is_missing(text.as_bytes()) {
        return Ok(new_null_array(kind, 1));
    }
    let float =
        || parse_number(text.as_bytes()).filter(|value| value.is_finite()).ok_or("the column holds finite numbers");
    let date = || parse_date(text, SlashOrder::MonthFirst).ok_or("the column holds dates, as 2024-12-31");
    Ok(match kind {
        DataType::Boolean => {
            let value = word_value(text, ["false", "true"]).ok_or("the column holds true and false")?;
            Arc::new(BooleanArray::from(vec![value]))
        }
        DataType::Int8 => whole::<Int8Type>(text)?,
        DataType::Int16 => whole::<Int16Type>(text)?,
        DataType::Int32 => whole::<Int32Type>(text)?,
        DataType::Int64 => whole::<Int64Type>(text)?,
        DataType::UInt8 => whole::<UInt8Type>(text)?,
        DataType::UInt16 => whole::<UInt16Type>(text)?,
        DataType::UInt32 => whole::<UInt32Type>(text)?,
        DataType::UInt64 => whole::<UInt64Type>(text)?,
        DataType::Float32 => Arc::new(PrimitiveArray::<Float32Type>::from_value(float()? as f32, 1)),
        DataType::Float64 => Arc::new(PrimitiveArray::<Float64Type>::from_value(float()?, 1)),
        DataType::Date32 => Arc::new(PrimitiveArray::<Date32Type>::from_value(date()?.div_euclid(86_400.0) as i32, 1)),
        DataType::Timestamp(unit, zone) => {
            let per_second = match unit {
                arrow_schema::TimeUnit::Second => 1.0,
                arrow_schema::TimeUnit::Millisecond => 1e3,
                arrow_schema::TimeUnit::Microsecond => 1e6,
                arrow_schema::TimeUnit::Nanosecond => 1e9,
            };
            let value = (date()? * per_second).round() as i64;
            timestamp(*unit, zone.clone(), value)
        }
        DataType::Utf8 => Arc::new(StringArray::from(vec![text])),
        DataType::LargeUtf8 => Arc::new(LargeStringArray::from(vec![text])),
        DataType::Utf8View => Arc::new(StringViewArray::from(vec![text])),
        DataType::Dictionary(keys, values) => dictionary(keys, &one(values, text)?)?,
        other => return Err(format!("values of the type {other} are not replaced")),
    })
}

fn timestamp(unit: arrow_schema::TimeUnit, zone: Option<Arc<str>>, value: i64) -> ArrayRef {
    use arrow_array::{TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray};
    let values = vec![value];
    match unit {
        arrow_schema::TimeUnit::Second => Arc::new(TimestampSecondArray::from(values).with_timezone_opt(zone)),
        arrow_schema::TimeUnit::Millisecond => {
            Arc::new(TimestampMillisecondArray::from(values).with_timezone_opt(zone))
        }
        arrow_schema::TimeUnit::Microsecond => {
            Arc::new(TimestampMicrosecondArray::from(values).with_timezone_opt(zone))
        }
        arrow_schema::TimeUnit::Nanosecond => Arc::new(TimestampNanosecondArray::from(values).with_timezone_opt(zone)),
    }
}

/// A dictionary array of one row.
fn dictionary(keys: &DataType, values: &ArrayRef) -> Result<ArrayRef, String> {
    use arrow_array::DictionaryArray;
    fn of<K>(values: &ArrayRef) -> Result<ArrayRef, String>
    where
        K: arrow_array::types::ArrowDictionaryKeyType,
        K::Native: From<bool>,
    {
        let keys = PrimitiveArray::<K>::from_value(K::Native::from(false), 1);
        let array = DictionaryArray::try_new(keys, Arc::clone(values)).map_err(|error| error.to_string())?;
        Ok(Arc::new(array))
    }
    match keys {
        DataType::Int8 => of::<Int8Type>(values),
        DataType::Int16 => of::<Int16Type>(values),
        DataType::Int32 => of::<Int32Type>(values),
        DataType::Int64 => of::<Int64Type>(values),
        DataType::UInt8 => of::<UInt8Type>(values),
        DataType::UInt16 => of::<UInt16Type>(values),
        DataType::UInt32 => of::<UInt32Type>(values),
        DataType::UInt64 => of::<UInt64Type>(values),
        other => Err(format!("{other} is no type of dictionary keys")),
    }
}

/// The field of a column in a schema.
fn field(column: &Column) -> Field {
    let kind = match column.values() {
        Values::Number(values) if all_whole(values) => DataType::Int64,
        Values::Number(_) => DataType::Float64,
        Values::Date(_) => DataType::Timestamp(arrow_schema::TimeUnit::Microsecond, None),
        Values::Boolean(_) if column.words() == ["false", "true"] => DataType::Boolean,
        Values::Boolean(_) | Values::Category { .. } | Values::Text(_) => DataType::LargeUtf8,
    };
    Field::new(column.name(), kind, true)
}

/// Some rows of a column.
fn of_column(column: &Column, rows: &[usize]) -> ArrayRef {
    let present = |row: usize, value: f64| (!column.is_missing(row)).then_some(value);
    match column.values() {
        Values::Number(values) if all_whole(values) => {
            let whole = |&row: &usize| present(row, values[row]).map(|value| value as i64);
            Arc::new(rows.iter().map(whole).collect::<Int64Array>())
        }
        Values::Number(values) => Arc::new(rows.iter().map(|&row| present(row, values[row])).collect::<Float64Array>()),
        Values::Date(values) => {
            let micros = |&row: &usize| present(row, values[row]).map(|value| (value * 1e6).round() as i64);
            Arc::new(rows.iter().map(micros).collect::<TimestampMicrosecondArray>())
        }
        Values::Boolean(values) if column.words() == ["false", "true"] => {
            Arc::new(rows.iter().map(|&row| values[row]).collect::<BooleanArray>())
        }
        Values::Boolean(_) | Values::Category { .. } | Values::Text(_) => {
            Arc::new(rows.iter().map(|&row| column.text(row)).collect::<LargeStringArray>())
        }
    }
}

/// The table as Arrow IPC: whole numbers as `int64`, others as `float64`, dates as timestamps, texts and categories as
/// strings.
pub(crate) fn write_arrow(table: &Table, format: TableFormat) -> Result<Vec<u8>, DataError> {
    let failed = |error: ArrowError| not_writable(format, error.to_string());
    let schema = Arc::new(Schema::new(table.columns().iter().map(field).collect::<Vec<_>>()));
    let mut writer = Writer::new(format, &schema, IpcWriteOptions::default()).map_err(failed)?;
    for first in (0..table.n_rows()).step_by(BATCH_ROWS) {
        let rows: Vec<usize> = (first..table.n_rows().min(first + BATCH_ROWS)).collect();
        let arrays = table.columns().iter().map(|column| of_column(column, &rows)).collect();
        let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(failed)?;
        writer.write(&batch).map_err(failed)?;
    }
    writer.finish().map_err(failed)
}

enum Writer {
    File(FileWriter<Vec<u8>>),
    Stream(StreamWriter<Vec<u8>>),
}

impl Writer {
    fn new(format: TableFormat, schema: &Schema, options: IpcWriteOptions) -> Result<Self, ArrowError> {
        if format == TableFormat::Arrow {
            FileWriter::try_new_with_options(Vec::new(), schema, options).map(Self::File)
        } else {
            StreamWriter::try_new_with_options(Vec::new(), schema, options).map(Self::Stream)
        }
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        match self {
            Self::File(writer) => writer.write(batch),
            Self::Stream(writer) => writer.write(batch),
        }
    }

    fn finish(self) -> Result<Vec<u8>, ArrowError> {
        match self {
            Self::File(mut writer) => {
                writer.finish()?;
                writer.into_inner()
            }
            Self::Stream(mut writer) => {
                writer.finish()?;
                writer.into_inner()
            }
        }
    }
}
