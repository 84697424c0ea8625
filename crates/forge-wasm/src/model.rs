//! Models on tables.

use forge_core::{CoreError, ModelConfig, TableModel, TablePredictions, table_cross_val_predict};
use js_sys::{Array, Float64Array, Function, Uint32Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::data::Data;
use crate::host::Caller;
use crate::{failure, findings};

/// A fitted model.
#[wasm_bindgen]
pub struct Model(TableModel);

#[wasm_bindgen]
impl Model {
    /// Fits a model on every row that has a label; `on_progress` as for `run_job`.
    ///
    /// # Errors
    /// An `Error` with `code` and a message that names column, value and rule.
    pub fn fit(config: JsValue, data: &Data, on_progress: Option<Function>) -> Result<Self, JsValue> {
        let config: ModelConfig = failure::read(config)?;
        let fitted = TableModel::fit(&config, &data.table()?.table, &Caller::new(on_progress));
        fitted.map(Self).map_err(|error| failure::of_core(&error))
    }

    /// `{classes, features, warnings}`.
    pub fn facts(&self) -> JsValue {
        let features: Array = self.0.features().map(JsValue::from_str).collect();
        findings::object([
            ("classes", findings::texts(self.0.classes())),
            ("features", features.into()),
            ("warnings", findings::texts(self.0.warnings())),
        ])
    }

    /// Predicts every row: class probabilities, or numbers.
    ///
    /// # Errors
    /// An `Error` with `code` for a table that does not have the columns the model reads.
    pub fn predict(&self, data: &Data, on_progress: Option<Function>) -> Result<JsValue, JsValue> {
        given(self.0.predict(&data.table()?.table, &Caller::new(on_progress)))
    }
}

/// Predicts every row that has a label by a model fitted without its fold.
///
/// # Errors
/// An `Error` with `code` and a message that names column, value and rule.
#[wasm_bindgen]
pub fn cross_val_predict(config: JsValue, data: &Data, on_progress: Option<Function>) -> Result<JsValue, JsValue> {
    let config: ModelConfig = failure::read(config)?;
    given(table_cross_val_predict(&config, &data.table()?.table, &Caller::new(on_progress)))
}

fn given(found: Result<TablePredictions, CoreError>) -> Result<JsValue, JsValue> {
    let found = found.map_err(|error| failure::of_core(&error))?;
    let predicted = if found.classes.is_empty() {
        let numbers: Vec<f64> = found.values.iter().copied().collect();
        ("predictions", Float64Array::from(&numbers[..]).into())
    } else {
        ("predProbs", findings::matrix(&found.values))
    };
    Ok(findings::object([
        ("classes", findings::texts(&found.classes)),
        ("rows", Uint32Array::from(&found.rows[..]).into()),
        predicted,
        ("folds", Uint32Array::from(&found.folds[..]).into()),
        ("warnings", findings::texts(&found.warnings)),
    ]))
}
