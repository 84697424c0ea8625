//! Where the rows of a search come from, and what is known of them beforehand.

use std::borrow::Cow;
use std::collections::BTreeMap;

use forge_data::{Role, Table, infer_roles};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::CoreError;
use crate::call::nearest;

/// A source of rows. Searches are handed one and know no data set by name.
pub trait Provider {
    /// The name in reports.
    fn name(&self) -> &'static str;

    /// The rows, made or changed by random choices from `seed` where the source makes such.
    ///
    /// # Errors
    /// A setting outside its range, or a table that has not what the source needs.
    fn provide(&self, seed: u64) -> Result<Provided<'_>, CoreError>;
}

/// Rows to search.
#[derive(Clone, Debug)]
pub struct Provided<'a> {
    /// The table.
    pub table: Cow<'a, Table>,
    /// Rows of it that are searched, ascending.
    pub rows: Vec<u32>,
    /// Columns that are features.
    pub columns: Vec<usize>,
    /// Whether each of `rows` is an anomaly, where that is known.
    pub truth: Option<Vec<bool>>,
    /// The share of anomalies where they were put in on purpose.
    pub share: Option<f64>,
    /// What a user should know.
    pub warnings: Vec<String>,
}

/// Which columns of a table are features: all that seem to be, or that the user says are, but the target.
pub(super) fn feature_columns(
    table: &Table,
    target: Option<usize>,
    roles: &BTreeMap<String, Role>,
) -> Result<(Vec<usize>, Vec<String>), CoreError> {
    if let Some(name) = roles.keys().find(|name| table.position(name).is_none()) {
        return Err(unknown_column(table, "roles", name));
    }
    let (mut columns, mut warnings) = (Vec::new(), Vec::new());
    for (column, info) in infer_roles(table).into_iter().enumerate().filter(|&(column, _)| Some(column) != target) {
        let chosen = roles.get(&info.name).copied();
        let role = chosen.unwrap_or(info.role);
        // What looks like a target is a feature unless the user says otherwise.
        if role == Role::Feature || (role == Role::Target && chosen.is_none()) {
            columns.push(column);
        } else if chosen.is_none() {
            warnings.push(match role {
                Role::Text => format!("Column \"{}\" holds free text and is left out.", info.name),
                _ => format!("Column \"{}\" is left out. {}", info.name, info.reason),
            });
        }
    }
    Ok((columns, warnings))
}

/// The place of a column that the user names.
pub(super) fn named_column(table: &Table, setting: &str, name: &str) -> Result<usize, CoreError> {
    table.position(name).ok_or_else(|| unknown_column(table, setting, name))
}

fn unknown_column(table: &Table, setting: &str, name: &str) -> CoreError {
    let names = table.columns().iter().map(forge_data::Column::name);
    let hint = nearest(name, names).map_or_else(String::new, |best| format!("; perhaps `{best}`"));
    CoreError::setting(setting, format!("\"{name}\""), format!("the name of a column{hint}"))
}

/// `count` distinct numbers below `n`, drawn at random.
pub(super) fn drawn(rng: &mut ChaCha8Rng, n: usize, count: usize) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..n).collect();
    let (drawn, _) = numbers.partial_shuffle(rng, count);
    drawn.to_vec()
}
