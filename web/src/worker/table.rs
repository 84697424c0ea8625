//! Reads a file, keeps it, and answers questions about its rows.

use std::cell::RefCell;
use std::cmp::Ordering;

use forge_data::{Column, Header, MISSING, TableFile, TextFormat, Values, infer_roles, read_csv};
use js_sys::{Uint8Array, Uint32Array};
use wasm_bindgen::{JsCast, JsValue};

use super::{Answer, blob_bytes, failure};
use crate::protocol::{Facts, Failure, FileContent, Response, Source};

/// Rejected rows that are listed one by one.
const MAX_REJECTED: usize = 200;

struct Kept {
    generation: u32,
    file: TableFile,
}

thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// Reads the file; the one kept before stays if that fails.
pub(super) async fn load(source: Source, parts: &[JsValue]) -> Answer {
    let generation = source.generation;
    let (file, n_bytes) = read(source, parts).await?;
    let facts = facts(&file, n_bytes);
    KEPT.with_borrow_mut(|kept| *kept = Some(Kept { generation, file }));
    Ok((Response::Loaded { generation, facts }, Vec::new()))
}

/// Reads the file in `parts` and tells its size in bytes.
pub(super) async fn read(source: Source, parts: &[JsValue]) -> Result<(TableFile, u64), Failure> {
    let bytes = blob_bytes(parts).await?;
    let n_bytes = bytes.len() as u64;
    let file = read_csv(&source.name, bytes, &source.csv).map_err(|error| failure::of_data(&error))?;
    Ok((file, n_bytes))
}

/// The cells of `rows`; rows past the end are left out.
pub(super) fn cells(rows: Vec<u32>) -> Answer {
    with(|kept| {
        let n_rows = kept.file.table.n_rows();
        let rows: Vec<u32> = rows.into_iter().filter(|&row| (row as usize) < n_rows).collect();
        let cells = rows.iter().map(|&row| kept.file.cells(row as usize)).collect();
        let lines = rows.iter().map(|&row| kept.file.line(row as usize)).collect();
        Ok((Response::Cells { generation: kept.generation, rows, cells, lines }, Vec::new()))
    })
}

/// All rows by ascending value of a column, missing values last, equal values in row order.
pub(super) fn order(column: usize) -> Answer {
    with(|kept| {
        let mut rows: Vec<u32> = (0..kept.file.table.n_rows() as u32).collect();
        if let Some(values) = kept.file.table.columns().get(column).map(Column::values) {
            rows.sort_by(|&a, &b| compare(values, a as usize, b as usize));
        }
        let parts = vec![Uint32Array::from(rows.as_slice()).into()];
        Ok((Response::Order { generation: kept.generation, column }, parts))
    })
}

/// The file without the rows in part 0.
pub(super) fn without(parts: &[JsValue]) -> Answer {
    let rows: Vec<u32> = parts.first().and_then(JsValue::dyn_ref).map(Uint32Array::to_vec).unwrap_or_default();
    with(|kept| {
        let bytes = kept.file.without_rows(&rows).map_err(|error| failure::of_data(&error))?;
        Ok((Response::File { content: FileContent::Data }, vec![Uint8Array::from(bytes.as_slice()).into()]))
    })
}

/// The line of every row in the file.
pub(super) fn lines() -> Result<Vec<u64>, Failure> {
    with(|kept| Ok((0..kept.file.table.n_rows()).map(|row| kept.file.line(row)).collect()))
}

fn with<T>(ask: impl FnOnce(&Kept) -> Result<T, Failure>) -> Result<T, Failure> {
    KEPT.with_borrow(|kept| kept.as_ref().map_or_else(|| Err(failure::no_table()), ask))
}

fn compare(values: &Values, a: usize, b: usize) -> Ordering {
    match values {
        Values::Number(numbers) | Values::Date(numbers) => {
            let (x, y) = (numbers[a], numbers[b]);
            x.is_nan().cmp(&y.is_nan()).then(x.total_cmp(&y))
        }
        // `MISSING` is the largest code, so missing values come last here too.
        Values::Category { codes, .. } => codes[a].cmp(&codes[b]),
        Values::Text(texts) => texts[a].is_none().cmp(&texts[b].is_none()).then_with(|| texts[a].cmp(&texts[b])),
        Values::Boolean(bits) => bits[a].map_or(MISSING, u32::from).cmp(&bits[b].map_or(MISSING, u32::from)),
    }
}

fn facts(file: &TableFile, n_bytes: u64) -> Facts {
    Facts {
        n_bytes,
        n_rows: file.table.n_rows(),
        columns: infer_roles(&file.table),
        dialect: dialect(file),
        rejected: file.rejected.iter().take(MAX_REJECTED).map(|row| (row.line, row.reason.clone())).collect(),
        n_rejected: file.n_rejected() as usize,
        warnings: file.warnings.clone(),
    }
}

fn dialect(file: &TableFile) -> Vec<(String, String)> {
    let dialect = &file.dialect;
    let header = match (dialect.format, dialect.header) {
        (TextFormat::Arff, _) => "Declared",
        (TextFormat::Delimited, Header::Present) => "First row",
        (TextFormat::Delimited, _) => "None",
    };
    let byte = |byte: u8| match byte {
        b',' => "Comma".to_owned(),
        b';' => "Semicolon".to_owned(),
        b'\t' => "Tab".to_owned(),
        b'|' => "Pipe".to_owned(),
        other => char::from(other).to_string(),
    };
    let mut facts = vec![
        ("Delimiter", byte(dialect.delimiter)),
        ("Quote", byte(dialect.quote)),
        ("Encoding", dialect.encoding.name().to_owned()),
        ("Column names", header.to_owned()),
    ];
    if dialect.format == TextFormat::Arff {
        facts.push(("Format", "ARFF (Weka)".to_owned()));
    }
    if let Some(layout) = &dialect.layout {
        facts.push(("Known layout", layout.clone()));
    }
    facts.into_iter().map(|(what, found)| (what.to_owned(), found)).collect()
}
