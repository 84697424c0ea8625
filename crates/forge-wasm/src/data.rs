//! Data that were read: they stay in the memory of the module until they are freed.

use std::collections::BTreeMap;

use forge_core::TaskData;
use forge_data::{
    ColumnType, CorpusFile, CorpusOptions, CsvOptions, Given, TableFile, infer_roles, read_corpus, read_table,
};
use js_sys::{Array, Float64Array, Int32Array, JsString, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::failure;

/// Endings of the names of files of sentences.
const CORPUS_ENDINGS: [&str; 6] = ["conllu", "conll", "iob", "iob2", "bio", "tags"];

enum Held {
    Table(TableFile),
    Corpus(CorpusFile),
    Nothing,
}

/// A table, or sentences of tagged tokens.
#[wasm_bindgen]
pub struct Data {
    name: String,
    held: Held,
}

/// What is told of data.
#[derive(Serialize)]
struct Facts {
    kind: &'static str,
    n_rows: usize,
    columns: Vec<forge_data::ColumnInfo>,
    n_rejected: u64,
    rejected: Vec<Rejected>,
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct Rejected {
    line: u64,
    reason: String,
}

#[wasm_bindgen]
impl Data {
    /// Reads the bytes of a file; `kind` is "table", "sentences" or "", which leaves it to the ending of the name.
    ///
    /// # Errors
    /// An `Error` with the code `data` that names file, line, column, value and rule.
    pub fn read(name: &str, bytes: Vec<u8>, kind: &str, options: JsValue) -> Result<Self, JsValue> {
        let lower = name.to_lowercase();
        let plain = lower.strip_suffix(".gz").unwrap_or(&lower);
        let by_name = plain.rsplit_once('.').is_some_and(|(_, ending)| CORPUS_ENDINGS.contains(&ending));
        let held = if kind == "sentences" || (kind.is_empty() && by_name) {
            let options: CorpusOptions = given(options)?;
            read_corpus(name, bytes, &options).map(Held::Corpus)
        } else {
            let options: CsvOptions = given(options)?;
            read_table(name, bytes, &options).map(Held::Table)
        };
        Ok(Self { name: name.to_owned(), held: held.map_err(|error| failure::of_data(&error))? })
    }

    /// A table of columns, each `[name, kind, values]` with the kinds "numbers" and "dates" (`Float64Array`, dates in
    /// seconds since 1970), "booleans" (`Uint8Array` of 0, 1 and 2 for a missing one) and "texts", which has a fourth
    /// element: `Int32Array` of places in that list of texts, −1 for a missing one.
    ///
    /// # Errors
    /// An `Error` with the code `data` for columns of different lengths or with the same name.
    #[wasm_bindgen(js_name = "ofColumns")]
    pub fn of_columns(name: &str, columns: Array, types: JsValue) -> Result<Self, JsValue> {
        let types: BTreeMap<String, ColumnType> = given(types)?;
        let columns = columns.iter().map(column).collect::<Option<Vec<_>>>();
        let columns = columns.ok_or_else(|| failure::thrown("internal", &std::fmt::Error))?;
        let file = TableFile::of_columns(columns, &types).map_err(|error| failure::of_data(&error))?;
        Ok(Self { name: name.to_owned(), held: Held::Table(file) })
    }

    /// No data, for work that makes its rows up.
    pub fn nothing() -> Self {
        Self { name: String::new(), held: Held::Nothing }
    }

    /// Rows, columns with what they seem to be for, rows that could not be read, warnings.
    ///
    /// # Errors
    /// None that is known.
    pub fn facts(&self) -> Result<JsValue, JsValue> {
        let listed = |rows: &[forge_data::RejectedRow]| {
            rows.iter().map(|row| Rejected { line: row.line, reason: row.reason.clone() }).collect()
        };
        failure::plain(&match &self.held {
            Held::Table(file) => Facts {
                kind: "table",
                n_rows: file.table.n_rows(),
                columns: infer_roles(&file.table),
                n_rejected: file.n_rejected(),
                rejected: listed(&file.rejected),
                warnings: file.warnings.clone(),
            },
            Held::Corpus(file) => Facts {
                kind: "sentences",
                n_rows: file.corpus.sentences.len(),
                columns: Vec::new(),
                n_rejected: file.n_rejected(),
                rejected: listed(&file.rejected),
                warnings: file.warnings.clone(),
            },
            Held::Nothing => Facts {
                kind: "nothing",
                n_rows: 0,
                columns: Vec::new(),
                n_rejected: 0,
                rejected: Vec::new(),
                warnings: Vec::new(),
            },
        })
    }

    /// The cells of a row as they are written; empty for a row there is not, and for sentences.
    pub fn cells(&self, row: u32) -> Vec<String> {
        match &self.held {
            Held::Table(file) => file.cells(row as usize),
            Held::Corpus(_) | Held::Nothing => Vec::new(),
        }
    }

    /// The file without some rows, otherwise as it was.
    ///
    /// # Errors
    /// An `Error` with the code `unusable` for sentences.
    #[wasm_bindgen(js_name = "withoutRows")]
    pub fn without_rows(&self, rows: &[u32]) -> Result<Vec<u8>, JsValue> {
        self.table()?.without_rows(rows).map_err(|error| failure::of_data(&error))
    }
}

impl Data {
    /// The name of the file, for messages.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// As a job takes it.
    pub(crate) fn task_data(&self) -> TaskData<'_> {
        match &self.held {
            Held::Table(file) => TaskData::Table(file),
            Held::Corpus(file) => TaskData::Corpus(file),
            Held::Nothing => TaskData::Nothing,
        }
    }

    /// The table, for what takes nothing else.
    pub(crate) fn table(&self) -> Result<&TableFile, JsValue> {
        match &self.held {
            Held::Table(file) => Ok(file),
            Held::Corpus(_) | Held::Nothing => {
                let message = "this works on a table, but was given something else".to_owned();
                Err(failure::of_core(&forge_core::CoreError::Unusable(message)))
            }
        }
    }
}

/// Options, or their defaults.
fn given<T: serde::de::DeserializeOwned + Default>(options: JsValue) -> Result<T, JsValue> {
    if options.is_undefined() || options.is_null() { Ok(T::default()) } else { failure::read(options) }
}

fn column(parts: JsValue) -> Option<(String, Given)> {
    let parts: Array = parts.dyn_into().ok()?;
    let values = parts.get(2);
    let numbers = || values.dyn_ref::<Float64Array>().map(Float64Array::to_vec);
    let given = match parts.get(1).as_string()?.as_str() {
        "numbers" => Given::Numbers(numbers()?),
        "dates" => Given::Dates(numbers()?),
        "booleans" => {
            let values = values.dyn_ref::<Uint8Array>()?.to_vec();
            Given::Booleans(values.into_iter().map(|value| (value < 2).then_some(value == 1)).collect())
        }
        _ => {
            let texts: Vec<String> =
                parts.get(3).dyn_ref::<Array>()?.iter().map(|text| text.unchecked_into::<JsString>().into()).collect();
            let codes = values.dyn_ref::<Int32Array>()?.to_vec();
            let text = |code: i32| usize::try_from(code).ok().and_then(|code| texts.get(code)).cloned();
            Given::Texts(codes.into_iter().map(text).collect())
        }
    };
    Some((parts.get(0).as_string()?, given))
}
