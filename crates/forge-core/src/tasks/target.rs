//! The labels of a table, read from the target columns: what they are is decided by their values.

use std::collections::BTreeSet;

use forge_data::{MISSING, Table, Values};

use crate::datalab::{AuditData, LabelKind, Targets};
use crate::{CoreError, Labels};

/// Numbers with more distinct values are no classes.
const MOST_NUMERIC_CLASSES: usize = 20;

/// The labels of the rows that have one.
pub(super) enum Target {
    /// None at all.
    None(LabelKind),
    /// A class per row, and the classes' names.
    Classes(Labels, Vec<String>),
    /// A number per row.
    Numbers(Vec<f64>),
    /// The classes of each row, and the classes' names.
    Sets(Vec<Vec<u32>>, Vec<String>),
}

impl Target {
    /// The labels as the checks take them.
    pub(super) fn data(&self) -> AuditData {
        match self {
            Self::None(kind) => AuditData::new(*kind),
            Self::Classes(labels, names) => AuditData::of(Targets::Classes(labels.clone(), names.clone())),
            Self::Numbers(numbers) => AuditData::of(Targets::Numbers(numbers.clone())),
            Self::Sets(sets, names) => AuditData::of(Targets::Sets(sets.clone())).with_class_names(names.clone()),
        }
    }
}

/// The rows with a label, ascending, and their labels.
///
/// Numbers with more than 20 distinct values are numbers, all else classes, unless `chosen` says otherwise.
///
/// # Errors
/// A target without any value, of the wrong type for what was chosen, or of too many classes.
pub(super) fn read(
    chosen: Option<LabelKind>,
    table: &Table,
    targets: &[usize],
    warnings: &mut Vec<String>,
) -> Result<(Vec<u32>, Target), CoreError> {
    let all = || (0..table.n_rows() as u32).collect::<Vec<u32>>();
    if table.n_rows() == 0 {
        return Err(CoreError::Unusable("The table has no rows.".to_owned()));
    }
    let &[target] = targets else {
        if targets.is_empty() {
            return Ok((all(), Target::None(chosen.unwrap_or(LabelKind::Classification))));
        }
        return Ok((all(), sets(table, targets)?));
    };
    let column = &table.columns()[target];
    let kind = chosen.unwrap_or_else(|| match column.values() {
        Values::Number(values) if n_distinct(values) > MOST_NUMERIC_CLASSES => LabelKind::Regression,
        _ => LabelKind::Classification,
    });
    let (rows, target) = match kind {
        LabelKind::Regression => {
            let Values::Number(values) = column.values() else {
                let rule = "a column of numbers, for regression";
                return Err(CoreError::setting("target", format!("\"{}\"", column.name()), rule));
            };
            let rows: Vec<u32> = all().into_iter().filter(|&row| !values[row as usize].is_nan()).collect();
            let numbers = rows.iter().map(|&row| values[row as usize]).collect();
            (rows, Target::Numbers(numbers))
        }
        LabelKind::Classification => {
            let given = column.class_labels()?;
            let rows: Vec<u32> = all().into_iter().filter(|&row| given.codes[row as usize] != MISSING).collect();
            let labels = Labels::new(rows.iter().map(|&row| given.codes[row as usize]).collect())?;
            (rows, Target::Classes(labels, given.names))
        }
        LabelKind::Multilabel => (all(), sets(table, targets)?),
    };
    let missing = table.n_rows() - rows.len();
    if missing > 0 {
        warnings.push(format!("{missing} rows have no value in \"{}\" and are left out.", column.name()));
    }
    if rows.is_empty() {
        return Err(CoreError::Unusable(format!("Column \"{}\" has no value in any row.", column.name())));
    }
    Ok((rows, target))
}

/// Columns of 0 and 1, or of yes and no, as the classes of each row.
fn sets(table: &Table, targets: &[usize]) -> Result<Target, CoreError> {
    let mut sets = vec![Vec::new(); table.n_rows()];
    let mut names = Vec::with_capacity(targets.len());
    for (class, &target) in (0_u32..).zip(targets) {
        let column = &table.columns()[target];
        let refused = |row: usize, value: String| {
            let rule = format!("0 or 1, or yes or no, in row {row}: one column per class");
            CoreError::setting(&format!("target `{}`", column.name()), value, rule)
        };
        for (row, set) in sets.iter_mut().enumerate() {
            let given = match column.values() {
                Values::Boolean(values) => values[row].ok_or_else(|| refused(row, "missing".to_owned()))?,
                Values::Number(values) if values[row] == 0.0 || values[row] == 1.0 => values[row] == 1.0,
                Values::Category { codes, levels } => match levels.get(codes[row] as usize).map(String::as_str) {
                    Some("0") => false,
                    Some("1") => true,
                    other => return Err(refused(row, other.unwrap_or("missing").to_owned())),
                },
                _ => {
                    let text = column.text(row).map_or_else(|| "missing".to_owned(), |text| format!("\"{text}\""));
                    return Err(refused(row, text));
                }
            };
            if given {
                set.push(class);
            }
        }
        names.push(column.name().to_owned());
    }
    Ok(Target::Sets(sets, names))
}

/// Distinct numbers, counted no further than matters.
fn n_distinct(values: &[f64]) -> usize {
    let mut seen = BTreeSet::new();
    for value in values.iter().filter(|value| !value.is_nan()) {
        seen.insert(value.to_bits());
        if seen.len() > MOST_NUMERIC_CLASSES {
            break;
        }
    }
    seen.len()
}
