//! Arrays as tables: one of one or two dimensions, or several of equal length.

use std::io::Cursor;

use super::header::{RawHeader, n_bytes};
use super::item::Item;
use super::{NpyOrder, refused};
use crate::archive::{Archive, ArchiveLimits};
use crate::cells::CellColumn;
use crate::csv::header::distinct_names;
use crate::table_file::Source;
use crate::{CsvOptions, DataError, Dialect, Table, TableFile, TableFormat};

/// Columns of an array at most.
const MAX_COLUMNS: usize = 100_000;

/// The arrays that a table was read from.
#[derive(Clone, Debug)]
pub(crate) struct NpySource {
    pub(super) arrays: Vec<Array>,
    /// What there is besides in an archive, as it is.
    pub(super) others: Vec<(String, Vec<u8>)>,
}

/// An array of the file.
#[derive(Clone, Debug)]
pub(super) struct Array {
    /// Its name in an archive.
    pub(super) name: String,
    pub(super) header: RawHeader,
    pub(super) item: Item,
    /// Its values.
    pub(super) data: Vec<u8>,
}

impl Array {
    fn new(file: &str, name: String, mut bytes: Vec<u8>) -> Result<Self, DataError> {
        let header = RawHeader::read(&mut Cursor::new(&bytes)).map_err(|reason| refused(file, reason))?;
        let item = Item::parse(&header.descr).ok_or_else(|| {
            let descr = &header.descr;
            refused(
                file,
                format!("its values are of type '{descr}'; numbers, texts (U, S) and dates (M8) are read, no objects"),
            )
        })?;
        let promised = n_bytes(&header.shape, item.size()).map_err(|reason| refused(file, reason))?;
        let held = bytes.len() as u64 - header.data_start;
        if held < promised {
            return Err(refused(file, format!("{held} bytes follow the header, which promises {promised}: cut short")));
        }
        bytes.drain(..header.data_start as usize);
        bytes.truncate(promised as usize);
        Ok(Self { name, header, item, data: bytes })
    }

    pub(super) fn n_rows(&self) -> usize {
        self.header.shape.first().copied().unwrap_or(1)
    }

    pub(super) fn n_columns(&self) -> usize {
        self.header.shape.get(1).copied().unwrap_or(1)
    }

    /// How far the items of a row are apart, and those of a column, counted in items.
    pub(super) fn strides(&self) -> (usize, usize) {
        match self.header.order {
            NpyOrder::RowsTogether => (1, self.n_columns()),
            NpyOrder::ColumnsTogether => (self.n_rows(), 1),
        }
    }

    /// Adds its columns under these names.
    fn columns(&self, names: &[String], options: &CsvOptions) -> Vec<CellColumn> {
        let mut columns: Vec<CellColumn> =
            names.iter().map(|name| CellColumn::new(options.types.get(name).copied())).collect();
        let (n_rows, n_columns) = (self.n_rows(), self.n_columns());
        let by_rows = self.header.order == NpyOrder::RowsTogether;
        let mut at = 0;
        self.item.each(&self.data, n_rows * n_columns, |cell| {
            let column = if by_rows { at % n_columns } else { at / n_rows };
            columns[column].push(cell);
            at += 1;
        });
        // Texts of no length take no bytes.
        columns.iter_mut().for_each(|column| column.fill(n_rows));
        columns
    }
}

/// Reads a `.npy` file of one or two dimensions.
pub(crate) fn read_npy(file: &str, bytes: Vec<u8>, options: &CsvOptions) -> Result<TableFile, DataError> {
    let array = Array::new(file, String::new(), bytes)?;
    if !(1..=2).contains(&array.header.shape.len()) {
        let n = array.header.shape.len();
        return Err(refused(file, format!("an array of {n} dimensions is no table; one or two are")));
    }
    let source = NpySource { arrays: vec![array], others: Vec::new() };
    table(file, TableFormat::Npy, source, Vec::new(), options)
}

/// Reads a `.npz` file: arrays of equal length are columns; those of other than one or two dimensions are left out.
pub(crate) fn read_npz(
    file: &str,
    bytes: Vec<u8>,
    options: &CsvOptions,
    limits: &ArchiveLimits,
) -> Result<TableFile, DataError> {
    let archive = Archive::open(file, bytes, *limits)?;
    let (mut arrays, mut others, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    let mut left = limits.max_bytes;
    for (index, entry) in archive.entries().iter().enumerate() {
        let bytes = archive.read(index)?;
        left = left
            .checked_sub(bytes.len() as u64)
            .ok_or_else(|| DataError::TooLarge { file: file.to_owned(), limit: limits.max_bytes })?;
        let Some(name) = entry.name.strip_suffix(".npy") else {
            warnings.push(format!("the file \"{}\" in it is no array and is left out", entry.name));
            others.push((entry.name.clone(), bytes));
            continue;
        };
        let copy = bytes.clone();
        let array = Array::new(&format!("{file}: {}", entry.name), name.to_owned(), bytes)?;
        if (1..=2).contains(&array.header.shape.len()) {
            arrays.push(array);
        } else {
            let n = array.header.shape.len();
            warnings.push(format!("the array \"{name}\" of {n} dimensions is left out; columns have one or two"));
            others.push((entry.name.clone(), copy));
        }
    }
    table(file, TableFormat::Npz, NpySource { arrays, others }, warnings, options)
}

fn table(
    file: &str,
    format: TableFormat,
    source: NpySource,
    mut warnings: Vec<String>,
    options: &CsvOptions,
) -> Result<TableFile, DataError> {
    let malformed = |reason: String| DataError::Malformed { file: file.to_owned(), format: format.title(), reason };
    let Some(first) = source.arrays.first() else {
        return Err(malformed("no array in it has one or two dimensions".to_owned()));
    };
    let n_rows = first.n_rows();
    let mut names = Vec::new();
    for array in &source.arrays {
        if array.n_rows() != n_rows {
            let (name, n) = (&array.name, array.n_rows());
            return Err(malformed(format!(
                "the arrays \"{}\" and \"{name}\" have {n_rows} and {n} rows; columns of a table have the same",
                first.name
            )));
        }
        let n_columns = array.n_columns();
        if names.len().saturating_add(n_columns) > MAX_COLUMNS {
            return Err(malformed(format!("it has more than {MAX_COLUMNS} columns")));
        }
        match (array.header.shape.len(), array.name.as_str()) {
            (1, "") => names.push("column_1".to_owned()),
            (1, name) => names.push(name.to_owned()),
            (_, "") => names.extend((1..=n_columns).map(|column| format!("column_{column}"))),
            (_, name) => names.extend((1..=n_columns).map(|column| format!("{name}_{column}"))),
        }
    }
    if n_rows == 0 || names.is_empty() {
        return Err(malformed("there are no values in it".to_owned()));
    }
    let names = distinct_names(names, &mut warnings);
    if let Some(unknown) = options.types.keys().find(|name| !names.contains(name)) {
        return Err(DataError::UnknownColumn { column: unknown.clone(), known: names.join(", ") });
    }
    let mut columns = Vec::with_capacity(names.len());
    let mut rest = &names[..];
    for array in &source.arrays {
        let (own, others) = rest.split_at(array.n_columns());
        rest = others;
        for (column, name) in array.columns(own, options).into_iter().zip(own) {
            let (column, said) = column.finish(name, &|row| format!("row {}", row + 1));
            columns.push(column);
            warnings.extend(said);
        }
    }
    Ok(TableFile {
        table: Table::new(columns)?,
        format,
        dialect: Dialect::default(),
        rejected: Vec::new(),
        warnings,
        n_rejected: 0,
        source: Source::Npy(source),
    })
}
