//! Recipes: decisions about rows that can be replayed on another file.

use forge_core::{CoreError, DecideFlagged, Decision, DecisionAction, Findings, Recipe};
use forge_data::{CellChange, Changes, TableFile};
use js_sys::Uint8Array;
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::data::Data;
use crate::{failure, findings};

/// A decision by the number of a row.
#[derive(Deserialize)]
struct Decided {
    row: u32,
    #[serde(flatten)]
    action: DecisionAction,
}

/// A recipe of decisions about rows of a table: `decisions` as `[{row, action: "exclude" | "keep" | "relabel", to?}]`.
///
/// # Errors
/// An `Error` with the code `setting` for a column or a row that is not there.
#[wasm_bindgen]
pub fn make_recipe(
    data: &Data,
    target: &str,
    id_column: Option<String>,
    decisions: JsValue,
) -> Result<JsValue, JsValue> {
    let decisions: Vec<Decided> = failure::read(decisions)?;
    let made = recipe(data.table()?, (target, id_column.as_deref()), decisions);
    failure::plain(&made.map_err(|error| failure::of_core(&error))?)
}

fn recipe(file: &TableFile, names: (&str, Option<&str>), decisions: Vec<Decided>) -> Result<Recipe, CoreError> {
    let n_rows = file.table.n_rows();
    if let Some(beyond) = decisions.iter().find(|decided| decided.row as usize >= n_rows) {
        return Err(CoreError::Setting {
            setting: "decisions".to_owned(),
            value: format!("about row {}", beyond.row),
            expected: format!("about rows below {n_rows}"),
        });
    }
    // Every row that was decided about counts as flagged; what was decided is put in its place afterwards.
    let n = decisions.len();
    let flagged = Findings {
        rows: decisions.iter().map(|decided| decided.row).collect(),
        given: vec![0; n],
        suggested: vec![0; n],
        is_issue: vec![true; n],
        ..Findings::default()
    };
    let mut recipe = Recipe::of_findings(&flagged, names, DecideFlagged::Exclude, file)?;
    let labels = file.table.column(names.0);
    let given = |row: u32| labels.and_then(|column| column.text(row as usize)).unwrap_or_default().into_owned();
    recipe.decisions = std::mem::take(&mut recipe.decisions)
        .into_iter()
        .zip(decisions)
        .map(|(decision, Decided { row, action })| Decision { given: given(row), action, ..decision })
        .collect();
    Ok(recipe)
}

/// Replays a recipe on a table: `{applied, file}`, the second the bytes of the changed file.
///
/// # Errors
/// An `Error` with the code `setting` for a recipe of another form, or whose columns are not there.
#[wasm_bindgen]
pub fn apply_recipe(data: &Data, recipe: JsValue) -> Result<JsValue, JsValue> {
    let recipe: Recipe = failure::read(recipe)?;
    let file = data.table()?;
    let applied = recipe.apply(file).map_err(|error| failure::of_core(&error))?;
    let column = file.table.position(&recipe.target).unwrap_or_default();
    let replaced: Vec<CellChange> =
        applied.relabelled.iter().map(|(row, value)| CellChange { row: *row, column, value: value.clone() }).collect();
    let changes = Changes { without: &applied.excluded, replaced: &replaced, ..Changes::default() };
    let bytes = file.written(&changes).map_err(|error| failure::of_data(&error))?;
    Ok(findings::object([("applied", failure::plain(&applied)?), ("file", Uint8Array::from(&bytes[..]).into())]))
}
