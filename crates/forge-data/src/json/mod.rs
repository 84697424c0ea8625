//! JSON tables: records in an array or one per line, or columns, in the forms that pandas writes.
//!
//! | text | rows |
//! |---|---|
//! | `[{"a": 1, "b": 2}, …]` | an object each (pandas `orient="records"`) |
//! | `[[1, 2], …]` | a list each (`orient="values"`); columns are `column_1`, … |
//! | `{"columns": ["a", "b"], "index": […], "data": [[1, 2], …]}` | a list each (`orient="split"`) |
//! | `{"schema": {…}, "data": [{"a": 1}, …]}` | an object each (`orient="table"`) |
//! | `{"a": [1, …], "b": [2, …]}` | a place in every list |
//! | `{"a": {"0": 1, …}, "b": {"0": 2, …}}` | a key of the objects (`orient="columns"`, the default of `to_json`) |
//! | `{"a": 1, "b": 2}`, one per line | a line each (`lines=True`) |
//!
//! The text is kept, so that a written file is byte for byte the same where nothing changed. A list in a cell becomes text
//! with `;` between its values, an object its JSON text; an empty list is a missing value.

mod edit;
mod items;
mod read;
#[cfg(test)]
mod tests;
mod value;
mod write;

pub(crate) use read::{looks_like, read};
pub(crate) use write::{write_json, write_lines};

use crate::Encoding;
use crate::csv::decode::Decoded;

/// The text of a JSON table and where its rows stand in it.
#[derive(Clone, Debug)]
pub(crate) struct JsonSource {
    text: String,
    encoding: Encoding,
    byte_order_mark: bool,
    shape: Shape,
    /// The key of each column in the objects.
    keys: Vec<String>,
}

/// A piece of the text: start and end.
type Piece = (u32, u32);

/// How rows and columns lie in the text.
#[derive(Clone, Debug)]
enum Shape {
    /// A row per line: place of the object and its line number.
    Lines(Vec<(Piece, u32)>),
    /// A row per object or list of an array.
    Records {
        rows: List,
        kind: RecordKind,
        /// Lists beside the rows: the index and the column names of `orient="split"`.
        index: Option<List>,
        names: Option<List>,
    },
    /// A list or an object per column.
    Columns {
        columns: Vec<List>,
        kind: RecordKind,
        /// The keys of the rows where columns are objects, as they are written.
        row_keys: Vec<Piece>,
        /// Where the closing brace of all stands.
        end: u32,
    },
}

/// Whether members have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RecordKind {
    Object,
    List,
}

/// The members of a list or object in the text.
#[derive(Clone, Debug, Default)]
struct List {
    /// Members, each with its key where it has one.
    items: Vec<Piece>,
    /// After the opening bracket.
    start: u32,
    /// Before the closing bracket.
    end: u32,
}

impl JsonSource {
    fn new(decoded: Decoded, shape: Shape, keys: Vec<String>) -> Self {
        let Decoded { text, encoding, byte_order_mark, .. } = decoded;
        Self { text, encoding, byte_order_mark, shape, keys }
    }

    /// What rows are counted by.
    pub(crate) fn place(&self) -> &'static str {
        if matches!(self.shape, Shape::Lines(_)) { "line" } else { "row" }
    }

    /// The line of a row, or its number.
    pub(crate) fn line(&self, row: usize) -> u64 {
        match &self.shape {
            Shape::Lines(lines) => lines.get(row).map_or(0, |(_, line)| u64::from(*line)),
            _ => row as u64 + 1,
        }
    }
}
