//! Writes Parquet: a file again with changes, leaf by leaf, or a table.

use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as PhysicalType};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::column::writer::ColumnWriterImpl;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnDescriptor, Type, TypePtr};

use super::leaf::{Meaning, Physical};
use super::not_writable;
use super::pages::{self, Records};
use super::parquet_read::{BATCH, ParquetSource, said};
use crate::cells::EXACT;
use crate::changes::Plan;
use crate::csv::infer::is_missing;
use crate::{Column, DataError, Table, TableFile, TableFormat, Values};

/// Rows of a row group that is written.
const GROUP_ROWS: usize = 1 << 17;

fn failed(error: ParquetError) -> DataError {
    not_writable(TableFormat::Parquet, said(&error))
}

impl ParquetSource {
    /// The file with changes: schema, metadata, row groups and compression stay.
    pub(crate) fn written(&self, file: &TableFile, plan: &Plan<'_>) -> Result<Vec<u8>, DataError> {
        if plan.is_empty() {
            return Ok(self.bytes.to_vec());
        }
        let reader = SerializedFileReader::new(self.bytes.clone()).map_err(failed)?;
        let metadata = reader.metadata();
        let about = metadata.file_metadata();
        let leaves = about.schema_descr().columns().to_vec();
        let mut fields = about.schema_descr().root_schema().get_fields().to_vec();
        fields.extend(plan.added.iter().map(field).collect::<Result<Vec<_>, _>>()?);
        let schema = Type::group_type_builder(about.schema().name()).with_fields(fields).build().map_err(failed)?;
        let mut keep: Option<Vec<KeyValue>> = about.key_value_metadata().cloned();
        if !plan.added.is_empty() {
            // The copy of the schema that Arrow keeps would no longer fit.
            keep = keep.map(|pairs| pairs.into_iter().filter(|pair| pair.key != "ARROW:schema").collect());
        }
        let mut properties =
            WriterProperties::builder().set_key_value_metadata(keep).set_compression(Compression::SNAPPY);
        if let Some(group) = metadata.row_groups().first() {
            for (leaf, chunk) in leaves.iter().zip(group.columns()) {
                properties = properties.set_column_compression(leaf.path().clone(), chunk.compression());
            }
        }
        let properties = Arc::new(properties.build());
        let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), properties).map_err(failed)?;
        let mut first = 0;
        for (number, of_group) in metadata.row_groups().iter().enumerate() {
            let n_rows = usize::try_from(of_group.num_rows()).unwrap_or_default();
            let rows = Rows { first, n: n_rows };
            first += n_rows;
            let kept: Vec<usize> = (rows.first..first).filter(|&row| !plan.drops(row)).collect();
            if kept.is_empty() {
                continue;
            }
            let group = reader.get_row_group(number).map_err(failed)?;
            let mut out = writer.next_row_group().map_err(failed)?;
            for (index, leaf) in leaves.iter().enumerate() {
                let reader = pages::column_reader(&*group, index, leaf).map_err(failed)?;
                let column = &file.table.columns()[index];
                let copy = Copy { leaf, column, index, rows, plan };
                let Some(mut writer) = out.next_column().map_err(failed)? else { break };
                copy.run(reader, &mut writer)?;
                writer.close().map_err(failed)?;
            }
            for column in plan.added {
                write_column(&mut out, column, &kept)?;
            }
            out.close().map_err(failed)?;
        }
        writer.into_inner().map_err(failed)
    }
}

/// The rows of a row group.
#[derive(Clone, Copy)]
struct Rows {
    first: usize,
    n: usize,
}

/// A leaf that is copied from one row group to another.
struct Copy<'a> {
    leaf: &'a ColumnDescriptor,
    column: &'a Column,
    index: usize,
    rows: Rows,
    plan: &'a Plan<'a>,
}

impl Copy<'_> {
    fn run(&self, reader: ColumnReader, writer: &mut SerializedColumnWriter<'_>) -> Result<(), DataError> {
        match reader {
            ColumnReader::BoolColumnReader(reader) => self.copy(reader, writer.typed()),
            ColumnReader::Int32ColumnReader(reader) => self.copy(reader, writer.typed()),
            ColumnReader::Int64ColumnReader(reader) => self.copy(reader, writer.typed()),
            ColumnReader::Int96ColumnReader(reader) => self.copy(reader, writer.typed()),
            ColumnReader::FloatColumnReader(reader) => self.copy(reader, writer.typed()),
            ColumnReader::DoubleColumnReader(reader) => self.copy(reader, writer.typed()),
            ColumnReader::ByteArrayColumnReader(reader) => self.copy(reader, writer.typed()),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => self.copy(reader, writer.typed()),
        }
    }

    fn copy<T: Physical>(
        &self,
        mut reader: ColumnReaderImpl<T>,
        writer: &mut ColumnWriterImpl<'_, T>,
    ) -> Result<(), DataError> {
        let (max_def, max_rep) = (self.leaf.max_def_level(), self.leaf.max_rep_level());
        let mut read = 0;
        while read < self.rows.n {
            let mut records = Records::<T>::default();
            let n_records = records.read(&mut reader, self.leaf, BATCH.min(self.rows.n - read)).map_err(failed)?;
            if n_records == 0 {
                return Err(not_writable(TableFormat::Parquet, "the file that was read ends early".to_owned()));
            }
            let Records { defs, reps, values, n_levels } = records;
            let (mut kept_defs, mut kept_reps, mut kept) = (Vec::new(), Vec::new(), Vec::with_capacity(values.len()));
            let mut values = values.into_iter();
            let mut row = (self.rows.first + read).wrapping_sub(1);
            for level in 0..n_levels {
                let rep = reps.get(level).copied().unwrap_or(0);
                let mut def = defs.get(level).copied().unwrap_or(max_def);
                if rep == 0 {
                    row = row.wrapping_add(1);
                }
                let mut value = if def == max_def { values.next() } else { None };
                if self.plan.drops(row) {
                    continue;
                }
                if let Some(text) = self.plan.value(row, self.index) {
                    value = self.replaced::<T>(row, text)?;
                    def = if value.is_some() { max_def } else { def.min(max_def - 1) };
                }
                kept_defs.push(def);
                kept_reps.push(rep);
                kept.extend(value);
            }
            let defs = (max_def > 0).then_some(&kept_defs[..]);
            let reps = (max_rep > 0).then_some(&kept_reps[..]);
            writer.write_batch(&kept, defs, reps).map_err(failed)?;
            read += n_records;
        }
        Ok(())
    }

    fn replaced<T: Physical>(&self, row: usize, text: &str) -> Result<Option<T::T>, DataError> {
        let refused = |rule: &str| {
            let name = self.column.name();
            let reason = format!("row {}, column \"{name}\": \"{text}\" is not allowed; {rule}", row + 1);
            Err(not_writable(TableFormat::Parquet, reason))
        };
        if self.leaf.max_rep_level() > 0 {
            return refused("the column holds lists");
        }
        if is_missing(text.as_bytes()) {
            return if self.leaf.max_def_level() > 0 { Ok(None) } else { refused("the column may not be missing") };
        }
        match T::value(text, Meaning::of(self.leaf)) {
            Ok(value) => Ok(Some(value)),
            Err(rule) => refused(&rule),
        }
    }
}

/// Whether all numbers are whole ones that an `f64` keeps.
pub(super) fn all_whole(values: &[f64]) -> bool {
    values.iter().all(|value| value.is_nan() || (value.fract() == 0.0 && value.abs() <= EXACT as f64))
}

/// The field of a column in a schema.
fn field(column: &Column) -> Result<TypePtr, DataError> {
    let (physical, logical) = match column.values() {
        Values::Number(values) if all_whole(values) => (PhysicalType::INT64, None),
        Values::Number(_) => (PhysicalType::DOUBLE, None),
        Values::Date(_) => (PhysicalType::INT64, Some(LogicalType::timestamp(false, TimeUnit::MICROS))),
        Values::Boolean(_) if column.words() == ["false", "true"] => (PhysicalType::BOOLEAN, None),
        Values::Boolean(_) | Values::Category { .. } | Values::Text(_) => {
            (PhysicalType::BYTE_ARRAY, Some(LogicalType::String))
        }
    };
    Type::primitive_type_builder(column.name(), physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
        .map(Arc::new)
        .map_err(failed)
}

/// The table as Parquet: whole numbers as `INT64`, others as `DOUBLE`, dates as timestamps, texts and categories as strings.
pub(crate) fn write_parquet(table: &Table) -> Result<Vec<u8>, DataError> {
    let fields = table.columns().iter().map(field).collect::<Result<Vec<_>, _>>()?;
    let schema = Type::group_type_builder("schema").with_fields(fields).build().map_err(failed)?;
    let properties = Arc::new(WriterProperties::builder().set_compression(Compression::SNAPPY).build());
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), properties).map_err(failed)?;
    for first in (0..table.n_rows()).step_by(GROUP_ROWS) {
        let rows: Vec<usize> = (first..table.n_rows().min(first + GROUP_ROWS)).collect();
        let mut group = writer.next_row_group().map_err(failed)?;
        for column in table.columns() {
            write_column(&mut group, column, &rows)?;
        }
        group.close().map_err(failed)?;
    }
    writer.into_inner().map_err(failed)
}

/// Writes some rows of a column as the next leaf of a row group.
fn write_column(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    column: &Column,
    rows: &[usize],
) -> Result<(), DataError> {
    let Some(mut writer) = group.next_column().map_err(failed)? else { return Ok(()) };
    let defs: Vec<i16> = rows.iter().map(|&row| i16::from(!column.is_missing(row))).collect();
    let present = rows.iter().copied().filter(|&row| !column.is_missing(row));
    let written = match column.values() {
        Values::Number(values) if all_whole(values) => {
            let values: Vec<i64> = present.map(|row| values[row] as i64).collect();
            writer.typed::<Int64Type>().write_batch(&values, Some(&defs), None)
        }
        Values::Number(values) => {
            let values: Vec<f64> = present.map(|row| values[row]).collect();
            writer.typed::<DoubleType>().write_batch(&values, Some(&defs), None)
        }
        Values::Date(values) => {
            let values: Vec<i64> = present.map(|row| (values[row] * 1e6).round() as i64).collect();
            writer.typed::<Int64Type>().write_batch(&values, Some(&defs), None)
        }
        Values::Boolean(values) if column.words() == ["false", "true"] => {
            let values: Vec<bool> = present.map(|row| values[row] == Some(true)).collect();
            writer.typed::<BoolType>().write_batch(&values, Some(&defs), None)
        }
        Values::Boolean(_) | Values::Category { .. } | Values::Text(_) => {
            let values: Vec<ByteArray> = present
                .filter_map(|row| column.text(row))
                .map(|text| ByteArray::from(text.as_bytes().to_vec()))
                .collect();
            writer.typed::<ByteArrayType>().write_batch(&values, Some(&defs), None)
        }
    };
    written.map_err(failed)?;
    writer.close().map_err(failed)
}
