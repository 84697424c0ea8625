//! What the page and its workers say to each other: typed requests and responses. The workers that run jobs answer in the
//! same form.
//!
//! A message is a JavaScript array. Its first element is the request or response as JSON text; the others are its
//! [parts](Parts): blobs and typed arrays, which are handed over without being copied into text.

use forge_core::{AuditReport, Report, SweepReport, TaskReport};
use forge_data::{ColumnInfo, CsvOptions};
use js_sys::{Array, Object, Reflect};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};

/// Bars of the score histogram; bar `b` counts scores in `[b, b + 1) / N_BINS`, the last one includes 1.
pub const N_BINS: usize = 60;

/// Stands for "this row was not checked" among the entries by row of [`Response::Finished`].
pub const NOT_CHECKED: u32 = u32::MAX;

/// What the page asks of a worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Request {
    /// Read a file and keep it; part 0 is the blob.
    Load {
        /// Which file and which readings of its columns, so that late answers can be told apart.
        source: Source,
    },
    /// The cell texts of some rows.
    Cells {
        /// Rows of the table, counted from 0.
        rows: Vec<u32>,
    },
    /// All rows in the order of a column's values.
    Order {
        /// Position of the column.
        column: usize,
    },
    /// The file without some rows; part 0 holds them, ascending, as `Uint32Array`.
    Without,
    /// A table of findings; the parts are [`FINDING_PARTS`] and one `Uint8Array` with 1 for every excluded finding.
    Issues {
        /// Format of the file.
        format: IssueFormat,
        /// Which findings are listed.
        scope: IssueScope,
        /// Names of the classes.
        classes: Vec<String>,
    },
}

/// A file as the user wants it read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Counts every file and every change of its column types.
    pub generation: u32,
    /// File name, for messages.
    pub name: String,
    /// How to read it, with the column types chosen by the user.
    pub csv: CsvOptions,
}

/// File format of the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssueFormat {
    /// Comma-separated values with a header.
    Csv,
    /// An array of objects.
    Json,
}

/// Which findings go into the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssueScope {
    /// Flagged and excluded rows.
    Flagged,
    /// Every checked row.
    All,
}

/// Names of the typed arrays that carry findings, in the order of the parts: rows, given, suggested (`Uint32Array`),
/// scores (`Float64Array`), flags and held-out marks (`Uint8Array`).
pub const FINDING_PARTS: [&str; 6] = ["rows", "given", "suggested", "scores", "is_issue", "held_out"];

/// What a worker answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Response {
    /// The worker can take requests.
    Ready,
    /// A file was read.
    Loaded {
        /// Generation of the request.
        generation: u32,
        /// What the file holds.
        facts: Facts,
    },
    /// Answer to [`Request::Cells`].
    Cells {
        /// Generation of the file that answered.
        generation: u32,
        /// The rows, as asked.
        rows: Vec<u32>,
        /// Their cells, in column order.
        cells: Vec<Vec<String>>,
        /// Their lines in the file, counted from 1.
        lines: Vec<u64>,
    },
    /// Answer to [`Request::Order`]; part 0 holds the rows as `Uint32Array`.
    Order {
        /// Generation of the file that answered.
        generation: u32,
        /// Position of the column.
        column: usize,
    },
    /// A finished file for the user; part 0 holds its bytes.
    File {
        /// What the bytes are.
        content: FileContent,
    },
    /// A step of the running job.
    Progress {
        /// What is being done.
        stage: String,
        /// Units finished.
        done: usize,
        /// Units in this stage.
        total: usize,
    },
    /// A job ended well. An *entry* is the position of a checked row in the arrays. The parts are [`FINDING_PARTS`], the
    /// probabilities (entries × classes, `Float64Array`), the entries by ascending score (`Uint32Array`), the scores in
    /// that order (`Float64Array`), how many of its first `i` are label issues (`Uint32Array`, one longer), and the entry
    /// of each table row or [`NOT_CHECKED`] (`Uint32Array`).
    Finished {
        /// The report.
        report: Box<Report>,
        /// How the scores are spread.
        histogram: Histogram,
    },
    /// A job of another kind ended well. Part 0 is its report as a page, as `Uint8Array`.
    Found {
        /// What it found.
        found: Found,
    },
    /// A request failed; the worker stays as it was.
    Failed {
        /// Which kind of request.
        what: Failed,
        /// Why.
        failure: Failure,
    },
    /// The worker is broken and must be replaced.
    Crashed {
        /// What it said last.
        message: String,
    },
}

/// What a job other than a run found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Found {
    /// A run that predicts numbers.
    Run(Box<Report>),
    /// Several models, compared.
    Sweep(Box<SweepReport>),
    /// A task.
    Task(Box<TaskReport>),
    /// An audit.
    Audit(Box<AuditReport>),
}

/// The request a failure belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failed {
    /// Reading a file.
    Load,
    /// Running a job.
    Run,
    /// Writing a file.
    Export,
    /// Anything about single rows.
    Rows,
}

/// What a file made for the user contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileContent {
    /// The data without the excluded rows.
    Data,
    /// The findings as CSV.
    IssuesCsv,
    /// The findings as JSON.
    IssuesJson,
}

/// An error as the user reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// A word that stays the same when the message is reworded.
    pub code: String,
    /// What is wrong, with the numbers.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// How scores are spread over [0, 1]; each has [`N_BINS`] counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    /// All checked rows.
    pub all: Vec<u32>,
    /// Flagged rows.
    pub flagged: Vec<u32>,
}

/// What kind of data a file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataKind {
    /// Rows and columns.
    #[default]
    Table,
    /// Sentences of tagged words.
    Corpus,
}

/// What a file of sentences holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorpusFacts {
    /// Words and signs.
    pub n_tokens: usize,
    /// Those without a tag.
    pub n_missing: usize,
    /// Tags, how many tokens have each, and a few of those.
    pub tags: Vec<(String, usize, Vec<String>)>,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// What kind of data it is.
    pub kind: DataKind,
    /// What is known of its sentences, where it holds sentences.
    pub corpus: Option<CorpusFacts>,
    /// Whether it looks like labels by several annotators.
    pub has_annotators: bool,
    /// Size as given, in bytes (compressed, if it was).
    pub n_bytes: u64,
    /// Rows of the table, or sentences.
    pub n_rows: usize,
    /// Columns, in file order.
    pub columns: Vec<ColumnInfo>,
    /// How the file was read: what, and what was found.
    pub dialect: Vec<(String, String)>,
    /// The first rows that could not be read: line in the file and reason.
    pub rejected: Vec<(u64, String)>,
    /// Rows that could not be read.
    pub n_rejected: usize,
    /// What the user should know.
    pub warnings: Vec<String>,
}

/// The blobs and typed arrays of a message.
pub type Parts = Vec<JsValue>;

/// Builds the array that carries `head` and `parts`.
///
/// # Errors
/// A failure with the code `protocol` if `head` cannot be written as JSON.
pub fn pack(head: &impl Serialize, parts: &[JsValue]) -> Result<Array, Failure> {
    let json = serde_json::to_string(head).map_err(|error| protocol_failure(&error.to_string()))?;
    let message = Array::of1(&JsValue::from_str(&json));
    for part in parts {
        message.push(part);
    }
    Ok(message)
}

/// Takes a message apart.
///
/// # Errors
/// A failure with the code `protocol` if the message is not one of this protocol.
pub fn unpack<T: DeserializeOwned>(message: &JsValue) -> Result<(T, Parts), Failure> {
    let array: &Array = message.dyn_ref().ok_or_else(|| protocol_failure("not an array"))?;
    let json = array.get(0).as_string().ok_or_else(|| protocol_failure("no text in front"))?;
    let head = serde_json::from_str(&json).map_err(|error| protocol_failure(&error.to_string()))?;
    Ok((head, array.iter().skip(1).collect()))
}

/// The buffers behind the typed arrays among `parts`, which change owner instead of being copied.
pub fn transferable(parts: &[JsValue]) -> Array {
    parts
        .iter()
        .filter(|part| part.is_instance_of::<Object>())
        .filter_map(|part| Reflect::get(part, &JsValue::from_str("buffer")).ok())
        .filter(JsValue::is_object)
        .collect()
}

fn protocol_failure(detail: &str) -> Failure {
    Failure {
        code: "protocol".to_owned(),
        message: format!("The page and its worker do not understand each other ({detail})."),
        hint: Some("Reload the page: it may have been updated while it was open.".to_owned()),
    }
}
