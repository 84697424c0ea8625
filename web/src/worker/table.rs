//! Reads a file, keeps it, and answers questions about its rows.

use std::cell::RefCell;
use std::cmp::Ordering;

use forge_core::{Job, TaskConfig};
use forge_data::{Column, Header, MISSING, TableFile, TableFormat, TextFormat, Values};
use js_sys::{Uint8Array, Uint32Array};
use wasm_bindgen::{JsCast, JsValue};

use super::data::Data;
use super::{Answer, annotations, failure};
use crate::protocol::{Failure, FileContent, PictureEdit, Response, Source};

struct Kept {
    generation: u32,
    data: Data,
}

thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// Reads the file; the one kept before stays if that fails.
pub(super) async fn load(source: Source, parts: &[JsValue]) -> Answer {
    let generation = source.generation;
    let (mut data, n_bytes) = Data::read(&source, parts).await?;
    let facts = data.facts(n_bytes);
    let blobs = match &mut data {
        Data::Pictures(pictures) => pictures.hand_over(),
        Data::Table(_) | Data::Corpus(_) => Vec::new(),
    };
    KEPT.with_borrow_mut(|kept| *kept = Some(Kept { generation, data }));
    Ok((Response::Loaded { generation, facts }, blobs))
}

/// The pictures that a job is about.
pub(super) fn choose(job: &Job) -> Answer {
    with(|kept| {
        let Data::Pictures(pictures) = &kept.data else { return Err(failure::no_table()) };
        let chosen = match job {
            Job::Task(TaskConfig::ObjectDetection(config)) => config.chosen(&pictures.set),
            Job::Task(TaskConfig::Segmentation(config)) => config.chosen(&pictures.set),
            _ => Vec::new(),
        };
        let pictures = chosen.into_iter().map(|picture| picture as u32).collect();
        Ok((Response::Chosen { generation: kept.generation, pictures }, Vec::new()))
    })
}

/// The annotations of pictures with some changed.
pub(super) fn annotations(edits: &[PictureEdit]) -> Answer {
    with(|kept| {
        let Data::Pictures(pictures) = &kept.data else { return Err(failure::no_table()) };
        let (name, bytes) = annotations::write(pictures, edits).map_err(|error| failure::of_data(&error))?;
        let content = FileContent::Annotations(name);
        Ok((Response::File { content }, vec![Uint8Array::from(bytes.as_slice()).into()]))
    })
}

/// The cells of `rows`; rows past the end are left out.
pub(super) fn cells(rows: Vec<u32>) -> Answer {
    with(|kept| {
        let n_rows = kept.data.n_rows();
        let rows: Vec<u32> = rows.into_iter().filter(|&row| (row as usize) < n_rows).collect();
        let cells = rows.iter().map(|&row| kept.data.cells(row as usize)).collect();
        let lines = rows.iter().map(|&row| kept.data.line(row as usize)).collect();
        Ok((Response::Cells { generation: kept.generation, rows, cells, lines }, Vec::new()))
    })
}

/// All rows by ascending value of a column, missing values last, equal values in row order.
pub(super) fn order(column: usize) -> Answer {
    with(|kept| {
        let mut rows: Vec<u32> = (0..kept.data.n_rows() as u32).collect();
        if let Data::Table(file) = &kept.data
            && let Some(values) = file.table.columns().get(column).map(Column::values)
        {
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
        let Data::Table(file) = &kept.data else { return Err(failure::no_table()) };
        let bytes = file.without_rows(&rows).map_err(|error| failure::of_data(&error))?;
        Ok((Response::File { content: FileContent::Data }, vec![Uint8Array::from(bytes.as_slice()).into()]))
    })
}

/// The line of every row in the file.
pub(super) fn lines() -> Result<Vec<u64>, Failure> {
    with(|kept| Ok((0..kept.data.n_rows()).map(|row| kept.data.line(row)).collect()))
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

/// How a table is written.
pub(super) fn dialect(file: &TableFile) -> Vec<(String, String)> {
    let dialect = &file.dialect;
    if !matches!(file.format, TableFormat::Csv | TableFormat::Tsv | TableFormat::Arff) {
        return vec![("Format".to_owned(), file.format.title().to_owned())];
    }
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
        ("Format", file.format.title().to_owned()),
        ("Delimiter", byte(dialect.delimiter)),
        ("Quote", byte(dialect.quote)),
        ("Encoding", dialect.encoding.name().to_owned()),
        ("Column names", header.to_owned()),
    ];
    if let Some(layout) = &dialect.layout {
        facts.push(("Known layout", layout.clone()));
    }
    facts.into_iter().map(|(what, found)| (what.to_owned(), found)).collect()
}
