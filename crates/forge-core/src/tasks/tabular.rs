//! What the tasks on a table have in common: the column they predict, the rows they use, and the rows they hold out.

use std::collections::BTreeMap;

use forge_data::{Column, Role, Table, infer_roles};
use forge_learn::train_test_split;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::columns::{features, position};
use super::task::{TaskData, TaskReport};
use crate::job::{reading_notes, with_notes};
use crate::{CoreError, by_number};

/// Works on the table of `data`; what reading it found becomes part of the warnings, or of the error where the rows that
/// are left cannot be used.
///
/// # Errors
/// Data that are no table; whatever the work reports.
pub(super) fn on_table(
    data: TaskData<'_>,
    task: &str,
    work: impl FnOnce(&Table) -> Result<TaskReport, CoreError>,
) -> Result<TaskReport, CoreError> {
    let file = data.table(task)?;
    let notes = reading_notes(file);
    let mut report = work(&file.table).map_err(|error| with_notes(error, &notes))?;
    report.warnings.splice(0..0, notes);
    Ok(report)
}

/// The columns that are predicted: those named; else those whose role the user chose to be target; else the one whose
/// values and name suggest it.
///
/// # Errors
/// A name that is not there; no name, and nothing that suggests a target.
pub(super) fn targets(table: &Table, named: &[&str], roles: &BTreeMap<String, Role>) -> Result<Vec<usize>, CoreError> {
    if !named.is_empty() {
        return named.iter().map(|name| position(table, "target", name)).collect();
    }
    let by_role: Vec<&String> = roles.iter().filter(|(_, role)| **role == Role::Target).map(|(name, _)| name).collect();
    if !by_role.is_empty() {
        return by_role.iter().map(|name| position(table, "roles", name)).collect();
    }
    let mut inferred = infer_roles(table).into_iter();
    let inferred = inferred.position(|info| info.role == Role::Target && !roles.contains_key(&info.name));
    inferred.map(|target| vec![target]).ok_or_else(|| {
        let names: Vec<&str> = table.columns().iter().map(Column::name).collect();
        CoreError::setting("target", "empty", format!("the name of a column, one of {}", names.join(", ")))
    })
}

/// The one column that is predicted.
///
/// # Errors
/// As [`targets`]; several columns whose role the user chose to be target.
pub(super) fn target(table: &Table, named: &str, roles: &BTreeMap<String, Role>) -> Result<usize, CoreError> {
    let named = Some(named).filter(|name| !name.is_empty());
    match targets(table, named.as_slice(), roles)?[..] {
        [target] => Ok(target),
        _ => Err(CoreError::setting("roles", "several targets", "one target")),
    }
}

/// The columns a model reads, at least one.
///
/// # Errors
/// As [`features`]; no column left.
pub(super) fn some_features(
    table: &Table,
    targets: &[usize],
    roles: &BTreeMap<String, Role>,
    warnings: &mut Vec<String>,
) -> Result<Vec<usize>, CoreError> {
    let columns = features(table, targets, roles, warnings)?;
    if columns.is_empty() {
        return Err(CoreError::Unusable(format!(
            "No column is left to predict {} from: the table needs at least one feature beside the target.",
            quoted(&names(table, targets))
        )));
    }
    Ok(columns)
}

/// The names of columns.
pub(super) fn names(table: &Table, columns: &[usize]) -> Vec<String> {
    columns.iter().filter_map(|&column| table.columns().get(column)).map(|column| column.name().to_owned()).collect()
}

/// Names in quotation marks, with commas between.
pub(super) fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<String>>().join(", ")
}

/// The rows of the table that `has_label`, ascending, at most `max_rows` of them drawn at random. Rows without are a
/// warning.
pub(super) fn draw(
    (table, targets): (&Table, &[usize]),
    has_label: impl Fn(u32) -> bool,
    (max_rows, seed): (Option<usize>, u64),
    warnings: &mut Vec<String>,
) -> Vec<u32> {
    let mut rows: Vec<u32> = (0..table.n_rows() as u32).filter(|&row| has_label(row)).collect();
    let missing = table.n_rows() - rows.len();
    if missing > 0 {
        let are = if missing == 1 { "row has no value in {} and is" } else { "rows have no value in {} and are" };
        let are = are.replace("{}", &quoted(&names(table, targets)));
        warnings.push(format!("{missing} {are} left out."));
    }
    if let Some(max_rows) = max_rows.filter(|&max_rows| max_rows < rows.len()) {
        rows.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        rows.truncate(max_rows);
        rows.sort_unstable();
    }
    rows
}

/// Refuses so few rows that folds would be nearly empty.
///
/// # Errors
/// [`CoreError::Unusable`] with the number of rows there are and the number that is needed.
pub(super) fn enough_rows(n_rows: usize, n_folds: usize) -> Result<(), CoreError> {
    let least = 2 * n_folds;
    if n_rows < least {
        return Err(CoreError::Unusable(format!(
            "{n_rows} labelled rows are too few for {n_folds} folds: at least {least} are needed."
        )));
    }
    Ok(())
}

/// Positions of the training and of the held-out rows, ascending; with `labels`, in the same share of each class.
///
/// # Errors
/// Fewer than two rows.
pub(super) fn split(
    n_rows: usize,
    labels: Option<&[u32]>,
    test_size: f64,
    seed: u64,
) -> Result<[Vec<usize>; 2], CoreError> {
    let (train, test) = train_test_split(n_rows, labels, test_size, seed)?;
    Ok([train, test].map(|rows| rows.into_iter().map(|row| row as usize).collect()))
}

/// The values at `positions`.
pub(super) fn pick<T: Copy>(values: &[T], positions: &[usize]) -> Vec<T> {
    positions.iter().map(|&position| values[position]).collect()
}

/// What a user should know of classes with few rows: those missing from a fold's training rows, and those left unflagged.
pub(super) fn notes_on_rare_classes(classes: &[String], absent: &[(u32, u32)], skipped: &[usize]) -> Vec<String> {
    let absent = absent.iter().map(|&(class, _)| {
        let name = &classes[class as usize];
        format!("Class \"{name}\" is missing from the training rows of some folds: its probability there is 0.")
    });
    let skipped = skipped.iter().map(|&class| {
        let name = &classes[class];
        format!("Class \"{name}\" has too few rows for the rule: its issues are not flagged.")
    });
    absent.chain(skipped).collect()
}

/// Adds warnings that are not there yet.
pub(super) fn note(warnings: &mut Vec<String>, more: impl IntoIterator<Item = String>) {
    for warning in more {
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
}

/// The places where `flagged`, lowest score first.
pub(super) fn worst_first(flagged: &[bool], scores: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..flagged.len()).filter(|&place| flagged[place]).collect();
    by_number::sort(&mut places, |&place| scores[place]);
    places
}

#[cfg(test)]
mod tests {
    use forge_data::Values;

    use super::*;

    fn table() -> Table {
        let number = |name: &str, values: [f64; 4]| Column::new(name, Values::Number(values.to_vec()));
        Table::new(vec![number("x", [0.5, 1.5, 2.5, 3.5]), number("grade", [1.0, 2.0, f64::NAN, 2.0])]).unwrap()
    }

    #[test]
    fn the_target_is_named_or_chosen_by_role_or_guessed() {
        let none = BTreeMap::new();
        let as_role = |name: &str, role| BTreeMap::from([(name.to_owned(), role)]);
        assert_eq!(target(&table(), "x", &none), Ok(0));
        assert_eq!(target(&table(), "", &as_role("x", Role::Target)), Ok(0));
        assert_eq!(target(&table(), "", &none), Ok(1));
        let said = target(&table(), "", &as_role("grade", Role::Feature)).unwrap_err().to_string();
        assert_eq!(said, "`target` is empty, expected the name of a column, one of x, grade");
        let said = target(&table(), "grades", &none).unwrap_err().to_string();
        assert_eq!(said, "`target` is \"grades\", expected the name of a column; perhaps `grade`");
    }

    #[test]
    fn rows_without_a_label_are_left_out_and_counted() {
        let mut warnings = Vec::new();
        let rows = draw((&table(), &[1]), |row| row != 2, (Some(2), 7), &mut warnings);
        assert_eq!(rows.len(), 2);
        assert!(!rows.contains(&2) && rows.is_sorted());
        assert_eq!(warnings, ["1 row has no value in \"grade\" and is left out."]);
        assert_eq!(rows, draw((&table(), &[1]), |row| row != 2, (Some(2), 7), &mut Vec::new()));
    }
}
