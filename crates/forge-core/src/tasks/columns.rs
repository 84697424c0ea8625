//! Which columns of a table a task reads, by what the user chose and what their values suggest.

use std::collections::BTreeMap;

use forge_data::{Column, Role, Table, infer_roles};

use crate::CoreError;
use crate::call::nearest;

/// The place of a column that `setting` names.
///
/// # Errors
/// [`CoreError::Setting`] with the nearest name there is.
pub(crate) fn position(table: &Table, setting: &str, name: &str) -> Result<usize, CoreError> {
    table.position(name).ok_or_else(|| {
        let hint = nearest(name, table.columns().iter().map(Column::name))
            .map_or_else(String::new, |best| format!("; perhaps `{best}`"));
        CoreError::setting(setting, format!("\"{name}\""), format!("the name of a column{hint}"))
    })
}

/// The columns a model reads: all features but the targets. What is left out without the user's word is a warning.
///
/// # Errors
/// A role for a column that is not there, or a second target.
pub(super) fn features(
    table: &Table,
    targets: &[usize],
    roles: &BTreeMap<String, Role>,
    warnings: &mut Vec<String>,
) -> Result<Vec<usize>, CoreError> {
    for name in roles.keys() {
        position(table, "roles", name)?;
    }
    let mut columns = Vec::new();
    for (column, info) in infer_roles(table).into_iter().enumerate().filter(|(column, _)| !targets.contains(column)) {
        // A further column that looks like a target is a feature; only those that were named are checked.
        let inferred = if info.role == Role::Target { Role::Feature } else { info.role };
        let chosen = roles.get(&info.name).copied();
        match chosen.unwrap_or(inferred) {
            Role::Feature | Role::Text => columns.push(column),
            Role::Target => {
                let names: Vec<String> =
                    targets.iter().map(|&target| format!("\"{}\"", table.columns()[target].name())).collect();
                let rule = match names.as_slice() {
                    [] => "the target to be named as `target`".to_owned(),
                    [only] => format!("one target only, and that is {only}"),
                    several => format!("no target beside {}", several.join(", ")),
                };
                return Err(CoreError::setting("roles", format!("\"{}\" as target", info.name), rule));
            }
            Role::Id | Role::Ignored if chosen.is_some() => {}
            Role::Id | Role::Ignored => warnings.push(format!("Column \"{}\" is left out. {}", info.name, info.reason)),
        }
    }
    Ok(columns)
}
