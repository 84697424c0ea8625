//! Writes arrays again with rows left out, values replaced and, in an archive, columns added.

use super::header::header_bytes;
use super::item::NewValue;
use super::table::{Array, NpySource};
use super::{NpyOrder, write};
use crate::changes::{Plan, Typed, typed};
use crate::{DataError, TableFile, TableFormat};

impl NpySource {
    /// The file with changes; types and order of the arrays stay.
    pub(crate) fn written(&self, file: &TableFile, plan: &Plan<'_>) -> Result<Vec<u8>, DataError> {
        let mut first = 0;
        let mut arrays = Vec::with_capacity(self.arrays.len());
        for array in &self.arrays {
            arrays.push((format!("{}.npy", array.name), changed(array, first, file, plan)?));
            first += array.n_columns();
        }
        if file.format == TableFormat::Npz {
            let kept: Vec<usize> = plan.kept(file.table.n_rows()).collect();
            for column in plan.added {
                arrays.push((format!("{}.npy", column.name()), write::column(column, &kept)?));
            }
            let others = self.others.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
            return write::archive(arrays.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).chain(others));
        }
        if !plan.added.is_empty() {
            let reason = "an array has no room for columns of other types; write CSV, Parquet or npz".to_owned();
            return Err(DataError::NotWritable { format: file.format.title(), reason });
        }
        Ok(arrays.pop().map(|(_, bytes)| bytes).unwrap_or_default())
    }
}

/// An array with changes, whose first column is this one of the table.
fn changed(array: &Array, first: usize, file: &TableFile, plan: &Plan<'_>) -> Result<Vec<u8>, DataError> {
    let (n_rows, n_columns, size) = (array.n_rows(), array.n_columns(), array.item.size());
    let (in_row, in_column) = array.strides();
    let mut data = array.data.clone();
    for column in 0..n_columns {
        let of_table = &file.table.columns()[first + column];
        for (row, text) in plan.in_column(first + column) {
            let typed = typed(of_table, row, text)?;
            let value = match &typed {
                Typed::Number(value) => NewValue::Number(*value),
                Typed::Boolean(value) => NewValue::Number(value.map_or(f64::NAN, f64::from)),
                Typed::Text(value) => NewValue::Text(value.unwrap_or_default()),
            };
            let bytes = array.item.encode(value).map_err(|rule| DataError::NotWritable {
                format: file.format.title(),
                reason: format!("row {}, column \"{}\": \"{text}\" is not allowed; {rule}", row + 1, of_table.name()),
            })?;
            let place = (row * in_column + column * in_row) * size;
            data[place..place + size].copy_from_slice(&bytes);
        }
    }
    let kept: Vec<usize> = plan.kept(n_rows).collect();
    let mut shape = array.header.shape.clone();
    shape[0] = kept.len();
    let mut bytes = header_bytes(&array.header.descr, array.header.order, &shape);
    match array.header.order {
        NpyOrder::RowsTogether => {
            let row_bytes = n_columns * size;
            kept.iter().for_each(|row| bytes.extend(&data[row * row_bytes..(row + 1) * row_bytes]));
        }
        NpyOrder::ColumnsTogether => {
            for column in 0..n_columns {
                let start = column * n_rows;
                kept.iter().for_each(|row| bytes.extend(&data[(start + row) * size..(start + row + 1) * size]));
            }
        }
    }
    Ok(bytes)
}
