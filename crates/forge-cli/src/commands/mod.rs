//! One file per command.

pub(crate) mod anomaly;
pub(crate) mod apply;
pub(crate) mod audit;
pub(crate) mod call;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod datasets;
pub(crate) mod download;
pub(crate) mod explain;
pub(crate) mod job;
pub(crate) mod pictures;
pub(crate) mod profile;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod sweep;
pub(crate) mod task;

use serde::de::DeserializeOwned;

/// Reads a name as serde knows it, so that the command line and JSON speak alike.
pub(crate) fn named<T: DeserializeOwned>(name: &str) -> Result<T, String> {
    serde_json::from_value(name.into()).map_err(|error| error.to_string())
}

/// Reads `COLUMN=NAME`; a column name may hold further equal signs.
pub(crate) fn pair<T: DeserializeOwned>(text: &str) -> Result<(String, T), String> {
    let (column, name) = text.rsplit_once('=').ok_or("expected COLUMN=NAME")?;
    Ok((column.to_owned(), named(name)?))
}
