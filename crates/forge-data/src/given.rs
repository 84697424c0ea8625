//! A table from columns that a program already holds, such as arrays of another language.

use std::collections::BTreeMap;

use crate::cells::{Cell, CellColumn};
use crate::table_file::Source;
use crate::{Column, ColumnType, DataError, Dialect, Table, TableFile, TableFormat, Values};

/// The values of a column as a program holds them, one per row.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// Numbers; NaN is one that is missing.
    Numbers(Vec<f64>),
    /// Seconds since 1970-01-01T00:00:00Z; NaN is one that is missing.
    Dates(Vec<f64>),
    /// Truth values.
    Booleans(Vec<Option<bool>>),
    /// Texts. They are typed as those of a file are: what repeats is a category, dates are dates; numbers stay text.
    Texts(Vec<Option<String>>),
}

impl Given {
    fn column(self, name: &str, chosen: Option<ColumnType>) -> (Column, Vec<String>) {
        match (self, chosen) {
            // What needs no look at each cell, save for infinite numbers, stays as it is.
            (Self::Numbers(values), None | Some(ColumnType::Number)) if values.iter().all(|v| !v.is_infinite()) => {
                (Column::new(name, Values::Number(values)), Vec::new())
            }
            (given, chosen) => {
                let mut column = CellColumn::new(chosen);
                match &given {
                    Self::Numbers(values) => values.iter().for_each(|&value| column.push(Cell::Number(value))),
                    Self::Dates(values) => values.iter().for_each(|&value| column.push(Cell::Date(value))),
                    Self::Booleans(values) => {
                        values.iter().for_each(|value| column.push(value.map_or(Cell::Missing, Cell::Boolean)));
                    }
                    Self::Texts(values) => {
                        values.iter().for_each(|v| column.push(v.as_deref().map_or(Cell::Missing, Cell::Text)));
                    }
                }
                column.finish(name, &|row| format!("row {}", row + 1))
            }
        }
    }
}

impl TableFile {
    /// A table of `columns`, each a name and its values; `types` are the types chosen for some of them. It is written as
    /// CSV.
    ///
    /// # Errors
    /// Columns of different lengths or with the same name; a type for a column that is not there.
    pub fn of_columns(columns: Vec<(String, Given)>, types: &BTreeMap<String, ColumnType>) -> Result<Self, DataError> {
        if let Some(unknown) = types.keys().find(|name| columns.iter().all(|(known, _)| known != *name)) {
            let known = columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
            return Err(DataError::UnknownColumn { column: unknown.clone(), known });
        }
        let mut warnings = Vec::new();
        let typed = columns.into_iter().map(|(name, given)| {
            let (column, said) = given.column(&name, types.get(&name).copied());
            warnings.extend(said);
            column
        });
        let table = Table::new(typed.collect())?;
        Ok(Self {
            table,
            format: TableFormat::Csv,
            dialect: Dialect::default(),
            rejected: Vec::new(),
            warnings,
            n_rejected: 0,
            source: Source::Memory,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &[&str]) -> Given {
        Given::Texts(values.iter().map(|value| (!value.is_empty()).then(|| (*value).to_owned())).collect())
    }

    fn of(columns: Vec<(&str, Given)>) -> Result<TableFile, DataError> {
        let columns = columns.into_iter().map(|(name, given)| (name.to_owned(), given)).collect();
        TableFile::of_columns(columns, &BTreeMap::new())
    }

    #[test]
    fn columns_keep_their_kind_and_texts_are_typed_as_those_of_files() {
        let file = of(vec![
            ("x", Given::Numbers(vec![1.5, f64::NAN, 3.0, f64::INFINITY])),
            ("on", Given::Booleans(vec![Some(true), None, Some(false), Some(true)])),
            ("day", Given::Dates(vec![0.0, 86_400.0, f64::NAN, 0.0])),
            ("kind", texts(&["a", "b", "", "a"])),
        ])
        .unwrap();
        let types: Vec<ColumnType> = file.table.columns().iter().map(Column::column_type).collect();
        assert_eq!(types, [ColumnType::Number, ColumnType::Boolean, ColumnType::Date, ColumnType::Category]);
        assert_eq!(file.table.columns()[0].n_missing(), 2);
        assert!(file.warnings[0].contains("not finite"), "{:?}", file.warnings);
        assert_eq!(file.cells(1), ["", "", "1970-01-02", "b"]);
        assert_eq!((file.line(1), file.line(4), file.place()), (2, 0, "row"));
    }

    #[test]
    fn a_table_of_columns_is_written_as_csv() {
        let file = of(vec![("x", Given::Numbers(vec![1.5, 2.0])), ("kind", texts(&["a, b", "c"]))]).unwrap();
        assert_eq!(file.without_rows(&[1]).unwrap(), b"x,kind\n1.5,\"a, b\"\n");
    }

    #[test]
    fn columns_that_do_not_fit_together_are_refused_by_name() {
        let error = of(vec![("x", Given::Numbers(vec![1.0])), ("y", texts(&["a", "b"]))]).unwrap_err();
        assert_eq!(error.to_string(), "column \"y\" has 2 rows, expected 1");
        assert!(of(vec![("x", texts(&["a"])), ("x", texts(&["a"]))]).is_err());
        let types = BTreeMap::from([("z".to_owned(), ColumnType::Text)]);
        let error = TableFile::of_columns(vec![("x".to_owned(), Given::Numbers(vec![1.0]))], &types).unwrap_err();
        assert!(error.to_string().contains("no column \"z\""), "{error}");
    }
}
