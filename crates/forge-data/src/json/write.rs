//! Writes a table as JSON.

use super::value::{of_column, quoted};
use crate::Table;

/// The table as a list of objects, one per line; missing values are null.
pub(crate) fn write_json(table: &Table) -> Vec<u8> {
    let mut out = "[".to_owned();
    for row in 0..table.n_rows() {
        out.push_str(if row == 0 { "\n" } else { ",\n" });
        object(table, row, &mut out);
    }
    out.push_str("\n]\n");
    out.into_bytes()
}

/// The table as one object per line; missing values are null.
pub(crate) fn write_lines(table: &Table) -> Vec<u8> {
    let mut out = String::new();
    for row in 0..table.n_rows() {
        object(table, row, &mut out);
        out.push('\n');
    }
    out.into_bytes()
}

fn object(table: &Table, row: usize, out: &mut String) {
    out.push('{');
    for (index, column) in table.columns().iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&quoted(column.name()));
        out.push(':');
        out.push_str(&of_column(column, row));
    }
    out.push('}');
}
