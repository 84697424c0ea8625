//! Jobs on data that were read: what the command line does with a file.

use forge_core::{AuditConfig, AuditInputs, CoreError, Host, Job, JobOutcome, TaskConfig, audit_file, audit_html};
use js_sys::{Array, Function};
use ndarray::Array2;
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::data::Data;
use crate::host::Caller;
use crate::{failure, findings, lent};

/// Runs a job, a plain object as the page and the command line save it; gives `{report}`, with `findings` for every row
/// where the job is a run or an audit.
///
/// `on_progress`, where given, is called with `(stage, done, total)`; when it returns `true` the work is cancelled.
///
/// # Errors
/// An `Error` with `code` and a message that names column, value and rule.
#[wasm_bindgen]
pub fn run_job(job: JsValue, data: &Data, on_progress: Option<Function>) -> Result<JsValue, JsValue> {
    let job: Job = failure::read(job)?;
    let outcome = job.run_on(data.task_data(), &Caller::new(on_progress)).map_err(|error| failure::of_core(&error))?;
    found(outcome)
}

/// What a job found, with `findings` for every row where it is a run or an audit.
pub(crate) fn found(outcome: JobOutcome) -> Result<JsValue, JsValue> {
    let report = |report: JsValue| [("report", report)];
    Ok(match outcome {
        JobOutcome::Run(outcome) => {
            let entries = report(failure::plain(&outcome.report)?);
            findings::object(entries.into_iter().chain([("findings", findings::of_run(&outcome.findings))]))
        }
        JobOutcome::Audit(outcome) => {
            let entries = report(failure::plain(&outcome.report)?);
            findings::object(entries.into_iter().chain([("findings", findings::of_audit(&outcome))]))
        }
        JobOutcome::Sweep(sweep) => findings::object(report(failure::plain(&sweep)?)),
        JobOutcome::Task(task) => findings::object(report(failure::plain(&task)?)),
    })
}

/// Audits a table with predictions or features of the caller's own: `arrays` as for `invoke`, named `pred_probs` and
/// `features`. Gives what [`run_job`] gives for an audit.
///
/// # Errors
/// As [`run_job`].
#[wasm_bindgen]
pub fn audit_with(
    config: JsValue,
    data: &Data,
    arrays: Array,
    on_progress: Option<Function>,
) -> Result<JsValue, JsValue> {
    let config: AuditConfig = failure::read(config)?;
    let host = Caller::new(on_progress);
    let outcome = inputs(&arrays)
        .and_then(|inputs| {
            let file = data.task_data();
            match file {
                forge_core::TaskData::Table(file) => audit_file(&config, file, inputs, &host as &dyn Host),
                _ => Err(CoreError::Unusable("`audit` works on a table, but was given something else.".to_owned())),
            }
        })
        .map_err(|error| failure::of_core(&error))?;
    let report = failure::plain(&outcome.report)?;
    Ok(findings::object([("report", report), ("findings", findings::of_audit(&outcome))]))
}

fn inputs(arrays: &Array) -> Result<AuditInputs, CoreError> {
    let mut inputs = AuditInputs::default();
    for array in arrays.iter() {
        let (name, source) = lent::argument(array)?;
        let (argument, slot) = match name.as_str() {
            "pred_probs" => ("pred_probs", &mut inputs.pred_probs),
            _ => ("features", &mut inputs.features),
        };
        let shape = source.shape();
        let (n_rows, n_columns) = match *shape {
            [n_rows] => (n_rows, 1),
            [n_rows, n_columns] => (n_rows, n_columns),
            _ => {
                let expected = "rows × columns".to_owned();
                return Err(CoreError::Shape { argument, shape: format!("{shape:?}"), expected });
            }
        };
        let values = source.read(0..n_rows)?;
        let shaped = Array2::from_shape_vec((n_rows, n_columns), values);
        *slot = Some(shaped.map_err(|error| CoreError::Unusable(error.to_string()))?);
    }
    Ok(inputs)
}

/// What is in each column, what looks odd in it, and how well it alone predicts `target`.
///
/// # Errors
/// An `Error` with the code `setting` for a target that is no column.
#[wasm_bindgen]
pub fn profile(data: &Data, target: Option<String>) -> Result<JsValue, JsValue> {
    let profile = forge_core::profile::profile(&data.table()?.table, target.as_deref());
    failure::plain(&profile.map_err(|error| failure::of_core(&error))?)
}

/// The page of a report as it is saved.
///
/// # Errors
/// An `Error` with the code `unusable` for anything else.
#[wasm_bindgen]
pub fn report_page(report: JsValue) -> Result<String, JsValue> {
    let report: Value = failure::read(report)?;
    forge_core::report_html(&report).map_err(|error| failure::of_core(&error))
}

/// The page of the report of an audit, with the cells of the rows in the data it was made from.
///
/// # Errors
/// An `Error` with the code `setting` for anything else.
#[wasm_bindgen]
pub fn audit_page(report: JsValue, data: &Data) -> Result<String, JsValue> {
    Ok(audit_html(&failure::read(report)?, data.table()?, data.name()))
}

/// The settings of a task: names, kinds, defaults, ranges and help.
///
/// # Errors
/// An `Error` with the code `setting` for a name there is not.
#[wasm_bindgen]
pub fn settings_of(task: &str) -> Result<JsValue, JsValue> {
    use forge_core::{ModelConfig, RunConfig, Settings};
    failure::plain(&match task {
        "run" => RunConfig::settings(),
        "model" => ModelConfig::settings(),
        task => TaskConfig::settings(task).map_err(|error| failure::of_core(&error))?,
    })
}
